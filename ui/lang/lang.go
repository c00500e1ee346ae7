// Package lang is the language of the window, changeable at run time: strings with plurals, direction, digits, numbers,
// sizes and dates.
//
// The strings are in assets/lang/<language>/<area>.json, one flat object a file, from a stable id ("toolbar.reply") to
// either a text or an object of CLDR plural categories ("one", "other", …). Files of one language are merged; English is
// the fallback. {0}, {1}, … stand for arguments; numbers among them are written in the digits of the language, texts are
// isolated (UAX #9) in a right-to-left language so that they cannot reorder the sentence around them.
//
// Every language has every id (a test holds that). Persian counts its dates in the Jalali calendar; Arabic in the Gregorian
// one with the month names of Egypt and the Gulf (يناير), which are understood everywhere, and the digits ٠-٩.
//
// All functions may be called from any goroutine; listeners of OnChange run on the caller of Set.
package lang

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"peyk/assets"
	"peyk/internal/text"
)

// Language is one that the window speaks.
type Language struct {
	Code string // BCP 47: "en", "fa", …
	Name string // in the language itself
	RTL  bool
}

var all = []Language{
	{"en", "English", false},
	{"fa", "فارسی", true},
	{"de", "Deutsch", false},
	{"ar", "العربية", true},
}

// Available lists the languages there are, English first.
func Available() []Language { return append([]Language(nil), all...) }

// entry is one text: plain, or one for each plural category.
type entry struct {
	text   string
	plural map[string]string
}

// other is the text, or the general one of the plural forms.
func (e entry) other() string {
	if e.plural != nil {
		return e.plural["other"]
	}
	return e.text
}

type state struct {
	lang    Language
	entries map[string]entry // nil: only the English ones
}

// english is read when the first text is asked for: most commands of the command line ask for none.
var english = sync.OnceValue(func() map[string]entry { return load("en") })

var (
	current atomic.Pointer[state]

	mu        sync.Mutex
	listeners = map[int]func(){}
	nextID    int
)

func init() { current.Store(&state{lang: all[0]}) }

// load reads every file of one language. A broken file is a fault of the build that the tests find; it gives no texts.
func load(code string) map[string]entry {
	out := map[string]entry{}
	files, _ := fs.Glob(assets.Lang, path.Join("lang", code, "*.json"))
	for _, f := range files {
		b, err := assets.Lang.ReadFile(f)
		if err != nil {
			continue
		}
		one, err := parse(b)
		if err != nil {
			continue
		}
		for id, e := range one {
			out[id] = e
		}
	}
	return out
}

// parse reads one file of texts.
func parse(b []byte) (map[string]entry, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	out := make(map[string]entry, len(raw))
	for id, v := range raw {
		var e entry
		if json.Unmarshal(v, &e.text) != nil {
			if err := json.Unmarshal(v, &e.plural); err != nil {
				return nil, fmt.Errorf("%s: neither a text nor plural forms: %w", id, err)
			}
		}
		out[id] = e
	}
	return out, nil
}

// Set changes the language ("fa", "fa-IR", …; "" or "system" for the system's) and tells the listeners. An unknown one
// gives English.
func Set(code string) {
	if code == "" || code == "system" {
		code = System()
	}
	l := match(code)
	if current.Load().lang.Code == l.Code {
		return
	}
	var entries map[string]entry
	if l.Code != "en" {
		entries = catalogue(l.Code)
	}
	current.Store(&state{l, entries})
	mu.Lock()
	fs := make([]func(), 0, len(listeners))
	for i := 0; i < nextID; i++ {
		if f := listeners[i]; f != nil {
			fs = append(fs, f)
		}
	}
	mu.Unlock()
	for _, f := range fs {
		f()
	}
}

func match(code string) Language {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(code, "_", "-")), "-")
	for _, l := range all {
		if l.Code == base {
			return l
		}
	}
	return all[0]
}

// Current is the language in force.
func Current() Language { return current.Load().lang }

// RTL reports whether the window runs from right to left.
func RTL() bool { return current.Load().lang.RTL }

// OnChange calls f after each change of language, until stop is called.
func OnChange(f func()) (stop func()) {
	mu.Lock()
	defer mu.Unlock()
	id := nextID
	nextID++
	listeners[id] = f
	return func() {
		mu.Lock()
		defer mu.Unlock()
		delete(listeners, id)
	}
}

// T returns the text of id with its arguments filled in. An id without a text is returned as it is.
func T(id string, args ...any) string {
	s := current.Load()
	e, ok := s.find(id)
	if !ok {
		return fill(s, id, args)
	}
	return fill(s, e.other(), args)
}

// Everywhere returns the texts of an id in all languages, the one of the window first: what is looked for by its name is found by any of them.
func Everywhere(id string) []string {
	out := []string{T(id)}
	for _, l := range all {
		if e, ok := catalogue(l.Code)[id]; ok && e.other() != out[0] {
			out = append(out, e.other())
		}
	}
	return out
}

// catalogue is what there is in one language, read when it is asked for first.
func catalogue(code string) map[string]entry { return catalogues[code]() }

var catalogues = func() map[string]func() map[string]entry {
	out := map[string]func() map[string]entry{"en": english}
	for _, l := range all[1:] {
		out[l.Code] = sync.OnceValue(func() map[string]entry { return load(l.Code) })
	}
	return out
}()

// N returns the plural form of id for n; {0} is n, {1}… are args.
func N(id string, n int, args ...any) string {
	s := current.Load()
	e, ok := s.find(id)
	if !ok {
		return fill(s, id, append([]any{n}, args...))
	}
	text := e.text
	if e.plural != nil {
		if text, ok = e.plural[category(s.lang.Code, n)]; !ok {
			text = e.plural["other"]
		}
	}
	return fill(s, text, append([]any{n}, args...))
}

// Has reports whether there is a text for id in the current language or in English.
func Has(id string) bool {
	_, ok := current.Load().find(id)
	return ok
}

func (s *state) find(id string) (entry, bool) {
	if e, ok := s.entries[id]; ok {
		return e, true
	}
	e, ok := english()[id]
	return e, ok
}

// category is the CLDR plural category of an integer.
func category(code string, n int) string {
	if n < 0 {
		n = -n
	}
	switch code {
	case "fa":
		if n <= 1 {
			return "one"
		}
	case "ar":
		switch m := n % 100; {
		case n == 0:
			return "zero"
		case n == 1:
			return "one"
		case n == 2:
			return "two"
		case m >= 3 && m <= 10:
			return "few"
		case m >= 11:
			return "many"
		}
	default:
		if n == 1 {
			return "one"
		}
	}
	return "other"
}

// fill puts arguments in the places {0}, {1}, ….
func fill(s *state, text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(text[i:], '}')
		if j < 0 {
			break
		}
		n, err := strconv.Atoi(text[i+1 : i+j])
		if err != nil || n < 0 || n >= len(args) {
			b.WriteString(text[:i+j+1])
			text = text[i+j+1:]
			continue
		}
		b.WriteString(text[:i])
		b.WriteString(argument(s, args[n]))
		text = text[i+j+1:]
	}
	b.WriteString(text)
	return b.String()
}

func argument(s *state, a any) string {
	switch v := a.(type) {
	case int:
		return num(s.lang, int64(v))
	case int64:
		return num(s.lang, v)
	case uint32:
		return num(s.lang, int64(v))
	case string:
		return isolate(s.lang, v)
	case error:
		return isolate(s.lang, v.Error())
	}
	return isolate(s.lang, fmt.Sprint(a))
}

// isolate wraps a text that could reorder the sentence around it, or be reordered by it, into FSI … PDI: in a right-to-left
// sentence one with Latin letters or several numbers (535 5.7.8), in a left-to-right one any with right-to-left letters;
// everywhere what has directional controls of its own, which are closed within.
func isolate(l Language, v string) string {
	if strings.ContainsAny(v, explicit) {
		w := wrap(v)
		if l.RTL && onlyIsolates(v) {
			// What holds nothing but isolated parts would go from left to right (UAX #9 P3), and its parts with it.
			w = rli + strings.TrimPrefix(w, fsi)
		}
		return w
	}
	if !l.RTL {
		if text.HasRTL(v) {
			return wrap(v)
		}
		return v
	}
	for _, r := range v {
		if r < 0x590 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0) {
			return wrap(v)
		}
	}
	if strings.Contains(v, " ") && strings.ContainsAny(v, "0123456789") {
		return wrap(v)
	}
	return v
}

// The isolating characters, and all that set directions for what follows them (UAX #9 section 2).
const (
	fsi, rli, pdi = "\u2068", "\u2067", "\u2069"
	explicit      = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

// Dots puts parts behind each other with a middle dot between them, isolated as the arguments of a sentence are: without
// that a number after a Latin name would stand on the wrong side of it in a right-to-left line. Empty parts are left out.
func Dots(parts ...string) string {
	l := Current()
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(isolate(l, p))
	}
	return b.String()
}

// List puts names behind each other with the comma of the language between them, isolated as the arguments of a sentence are: names in different
// directions would change places otherwise.
func List(names ...string) string {
	l := Current()
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = isolate(l, n)
	}
	return strings.Join(parts, T("list.comma"))
}

// wrap isolates v; what it opens is closed, and what it would close is not.
func wrap(v string) string {
	if strings.ContainsAny(v, explicit) {
		return text.Isolate(v)
	}
	return fsi + v + pdi
}

// onlyIsolates reports whether every letter of a text stands in an isolated part of it.
func onlyIsolates(v string) bool {
	depth := 0
	for _, r := range v {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069:
			depth = max(0, depth-1)
		case depth == 0 && unicode.IsLetter(r):
			return false
		}
	}
	return true
}

// Path puts the levels of a path behind each other. Where they run in different directions each is isolated, so that none changes places with
// its neighbour and every slash stands between the two that it divides; a path in one direction is left as people know it.
func Path(levels ...string) string {
	const slash = " / "
	whole := strings.Join(levels, slash)
	if !text.HasRTL(whole) || isolate(Language{RTL: true}, whole) == whole {
		return whole
	}
	parts := make([]string, len(levels))
	for i, s := range levels {
		parts[i] = wrap(s)
	}
	return strings.Join(parts, slash)
}

// Plain takes the isolates out of a text that goes where they are not understood: window titles, notifications.
func Plain(s string) string {
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(s)
}
