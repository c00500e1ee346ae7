package message

import (
	"strings"

	"peyk/internal/mail"
)

// maxAddresses bounds one address list.
const maxAddresses = 20000

// ParseAddressList reads an address header (RFC 5322 §3.4, obsolete forms of §4.4 included) and what people and
// mailers write instead: semicolons as separators, missing angle brackets, unquoted commas and dots in names, addresses
// in comments, encoded words in quotes. It never fails; an entry without an address keeps its name only.
func ParseAddressList(s string) []mail.Address {
	return parseAddresses(unfold([]byte(s)), "")
}

func parseAddresses(s, hint string) []mail.Address {
	var out []mail.Address
	p := addrScanner{s: s}
	for !p.done() && len(out) < maxAddresses {
		el := p.element()
		if list := el.bareList(); list != nil {
			for _, x := range list {
				if addr := cleanAddr(x); addr != "" {
					out = append(out, mail.Address{Addr: addr})
				}
			}
			continue
		}
		if a, ok := el.address(hint); ok && (a.Name != "" || a.Addr != "") { // of a lone colon nothing is left
			out = append(out, a)
		}
	}
	return out
}

// element is what stands between two separators of an address list.
type element struct {
	phrase   []piece // before the angle bracket, or everything
	angle    string  // inside the angle brackets
	hasAngle bool
	after    []piece // after the angle bracket
	comments []string
}

// piece is a run of text: quoted or not; blank tells that white space stands before it.
type piece struct {
	text   string
	quoted bool
	blank  bool
}

// addrScanner walks over an address list.
type addrScanner struct {
	s       string
	i       int
	inGroup bool
	// spent counts the bytes looked through for comments and quotes that never end; beyond spentMax they are not looked
	// for any more, which keeps hostile headers linear.
	spent int
	room  [6]piece // for the words of an element
}

const spentMax = 1 << 20

func (p *addrScanner) done() bool { return p.i >= len(p.s) }

// element reads up to the next separator: a comma, or a semicolon (the end of a group; Outlook's separator).
func (p *addrScanner) element() element {
	e := element{phrase: p.room[:0]}
	blank := false
	add := func(t string, quoted bool) {
		list := &e.phrase
		if e.hasAngle {
			list = &e.after
		}
		*list = append(*list, piece{t, quoted, blank})
		blank = false
	}
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			blank = true
			p.i++
		case c == ',' || c == ';':
			if c == ';' {
				p.inGroup = false
			}
			p.i++
			return e
		case c == ':' && !p.inGroup && p.groupName(e):
			p.i++
			p.inGroup = true
			e = element{}
		case c == '"':
			if t, n, ok := p.quoted(); ok {
				add(t, true)
				p.i = n
				continue
			}
			p.i++ // a quote that never ends is dropped
		case c == '(':
			n := -1
			if p.spent < spentMax {
				n = commentEnd(p.s[p.i:])
			}
			if n < 0 {
				p.spent += len(p.s) - p.i
				add(p.s[p.i:p.i+1], false)
				p.i++
				continue
			}
			e.comments = append(e.comments, unquotePairs(p.s[p.i+1:p.i+n-1]))
			blank = true
			p.i += n
		case c == '<':
			p.angle(&e)
		case c == '>':
			p.i++ // a stray bracket
		default:
			add(p.atom(), false)
		}
	}
	return e
}

// groupName tells whether what was read is the name of a group: words without an address.
func (p *addrScanner) groupName(e element) bool {
	if e.hasAngle || len(e.phrase) == 0 {
		return false
	}
	for _, x := range e.phrase {
		if !x.quoted && strings.ContainsAny(x.text, "@=") {
			return false
		}
	}
	return true
}

// atom reads up to a character with a meaning. Encoded words are taken whole, whatever they hold.
func (p *addrScanner) atom() string {
	start := p.i
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '=' && strings.HasPrefix(p.s[p.i:], "=?") {
			if w, ok := wordAt(p.s, p.i); ok && w.end > p.i && !strings.ContainsAny(w.text, "<>\"") {
				p.i = w.end
				continue
			}
		}
		if c == '\\' && p.i+1 < len(p.s) {
			p.i += 2
			continue
		}
		if c == '[' { // a domain literal may hold colons
			if k := strings.IndexByte(p.s[p.i:min(len(p.s), p.i+100)], ']'); k > 0 && p.i > start && p.s[p.i-1] == '@' {
				p.i += k + 1
				continue
			}
		}
		if strings.IndexByte(" \t\r\n,;<>\"(", c) >= 0 || c == ':' && !p.inGroup && p.i > start && strings.IndexByte(p.s[start:p.i], '@') < 0 {
			break
		}
		p.i++
	}
	if p.i == start {
		p.i++
	}
	return p.s[start:min(p.i, len(p.s))]
}

// quoted reads the quoted-string at p.i; ok is false when it never ends.
func (p *addrScanner) quoted() (text string, next int, ok bool) {
	if p.spent >= spentMax {
		return "", 0, false
	}
	for i := p.i + 1; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case '"':
			return unquotePairs(p.s[p.i+1 : i]), i + 1, true
		}
	}
	p.spent += len(p.s) - p.i
	return "", 0, false
}

// angle reads <addr>. Without its end the address ends at the first separator after an "@".
func (p *addrScanner) angle(e *element) {
	p.i++
	for p.i < len(p.s) && p.s[p.i] == '<' {
		p.i++
	}
	rest := p.s[p.i:]
	end := angleEnd(rest)
	if end < 0 {
		end = len(rest)
		if at := strings.IndexByte(rest, '@'); at >= 0 {
			if k := strings.IndexAny(rest[at:], ",; \t"); k >= 0 {
				end = at + k
			}
		}
		p.i += end
	} else {
		p.i += end + 1
	}
	inner := strings.TrimSpace(rest[:end])
	if e.hasAngle && !strings.Contains(inner, "@") {
		return
	}
	if e.hasAngle && strings.Contains(e.angle, "@") {
		e.after = append(e.after, piece{text: "<" + inner + ">", blank: true})
		return
	}
	if e.hasAngle {
		// "<name> <addr>": the first bracket held a name.
		e.phrase = append(e.phrase, piece{text: e.angle, blank: true})
		e.phrase = append(e.phrase, e.after...)
		e.after = nil
	}
	e.angle, e.hasAngle = inner, true
}

// angleEnd finds the ">" that ends an address, past quoted local parts; -1 when another bracket opens first.
func angleEnd(s string) int {
	at := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>':
			return i
		case '@':
			at = true
		case '<':
			if at {
				return -1
			}
		case '"':
			if k := strings.IndexByte(s[i+1:min(len(s), i+1+maxQuotedLocal)], '"'); k >= 0 && strings.HasPrefix(s[i+k+2:], "@") {
				i += k + 1
			}
		}
	}
	return -1
}

// maxQuotedLocal is the longest quoted local part that is recognised.
const maxQuotedLocal = 300

func unquotePairs(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}

// address makes a mail.Address of an element; ok is false for an empty one.
func (e element) address(hint string) (mail.Address, bool) {
	var a mail.Address
	if e.hasAngle {
		a.Addr = cleanAddr(e.angle)
		a.Name = phraseText(e.phrase, hint)
		if a.Name == "" {
			a.Name = phraseText(e.after, hint)
		}
		return a, a.Addr != "" || a.Name != ""
	}
	e.splitGlued()
	at := -1
	for i, x := range e.phrase {
		if !x.quoted && strings.Contains(x.text, "@") && !startsWithWord(x.text) {
			at = i
		}
	}
	if at < 0 {
		return e.bare(hint)
	}
	// The address is the run of pieces around the "@" that no white space cuts: a quoted local part belongs to it.
	lo, hi := at, at
	for lo > 0 && (!e.phrase[lo].blank || strings.HasPrefix(e.phrase[lo].text, "@")) && (lo == at) {
		lo--
	}
	for lo > 0 && (e.phrase[lo-1].text == "." || strings.HasPrefix(e.phrase[lo].text, ".")) && !e.phrase[lo-1].quoted {
		lo-- // "a . b@c": blanks around the dots (RFC 5322 §4.4)
	}
	for hi+1 < len(e.phrase) && (strings.HasSuffix(e.phrase[hi].text, "@") || strings.HasPrefix(e.phrase[hi+1].text, ".") || e.phrase[hi].text == "." || !e.phrase[hi+1].blank && !e.phrase[hi+1].quoted) {
		hi++
	}
	var b strings.Builder
	for _, x := range e.phrase[lo : hi+1] {
		if x.quoted {
			b.WriteString(quoteLocal(x.text))
		} else {
			b.WriteString(x.text)
		}
	}
	a.Addr = cleanAddr(b.String())
	// What stands after a bare address is not a name: dates from mbox lines, remarks.
	a.Name = phraseText(e.phrase[:lo], hint)
	if a.Name == "" {
		a.Name = commentText(e.comments, hint)
	}
	return a, true
}

// splitGlued cuts "=?utf-8?q?Name?=addr@example.com": the blank between name and address is missing.
func (e *element) splitGlued() {
	if n := len(e.phrase) - 1; n >= 0 && !e.phrase[n].quoted && strings.HasPrefix(e.phrase[n].text, "=?") {
		x := e.phrase[n]
		w, ok := wordAt(x.text, 0)
		if rest := x.text[min(w.end, len(x.text)):]; ok && strings.IndexByte(rest, '@') > 0 && !strings.HasPrefix(rest, "=?") {
			e.phrase = append(e.phrase[:n:n], piece{text: x.text[:w.end], blank: x.blank}, piece{text: rest, blank: true})
		}
	}
}

// bareList is the addresses of an element that is nothing but several addresses with blanks between them: the commas are
// missing. nil for every other element. Taken as one, the first would be shown as the name of the last.
func (e element) bareList() []string {
	if e.hasAngle || len(e.phrase) < 2 || len(e.comments) > 0 {
		return nil
	}
	var out []string
	for _, x := range e.phrase {
		at := strings.IndexByte(x.text, '@')
		if x.quoted || !x.blank && len(out) > 0 || at <= 0 || at != strings.LastIndexByte(x.text, '@') || at == len(x.text)-1 || strings.HasPrefix(x.text, "=?") {
			return nil
		}
		out = append(out, x.text)
	}
	return out
}

// startsWithWord: an encoded word stands at the start.
func startsWithWord(s string) bool {
	if !strings.HasPrefix(s, "=?") {
		return false
	}
	_, ok := wordAt(s, 0)
	return ok
}

// bare handles an element without an address: one word is a local mailbox, more words are a name.
func (e element) bare(hint string) (mail.Address, bool) {
	name := phraseText(e.phrase, hint)
	if name == "" {
		return mail.Address{}, false
	}
	if len(e.phrase) == 1 && !e.phrase[0].quoted && !startsWithWord(e.phrase[0].text) {
		return mail.Address{Name: commentText(e.comments, hint), Addr: cleanAddr(name)}, true
	}
	return mail.Address{Name: name}, true
}

// phraseText joins the words of a display name and decodes them. Encoded words inside quotes are decoded too (against
// RFC 2047 §5, but that is how they arrive).
func phraseText(list []piece, hint string) string {
	if len(list) == 0 {
		return ""
	}
	if len(list) == 1 {
		t := list[0].text
		if !list[0].quoted {
			t = unquotePairs(t)
		}
		return oneBlank(decodeHeader(t, hint))
	}
	n := len(list)
	for _, x := range list {
		n += len(x.text)
	}
	var b strings.Builder
	b.Grow(n)
	for i, x := range list {
		if i > 0 && x.blank {
			b.WriteByte(' ')
		}
		t := x.text
		if !x.quoted {
			t = unquotePairs(t)
		}
		b.WriteString(t)
	}
	return oneBlank(decodeHeader(b.String(), hint))
}

func commentText(list []string, hint string) string {
	if len(list) == 0 {
		return ""
	}
	return oneBlank(decodeHeader(strings.Join(list, " "), hint))
}

// cleanAddr brings an addr-spec into the form to keep: no route (RFC 5322 §4.4), no white space, no mailto.
func cleanAddr(s string) string {
	if !isWord(s) {
		s = cleanLine(decodeRaw([]byte(s), ""))
	}
	if strings.HasPrefix(s, "@") {
		if c := strings.IndexByte(s, ':'); c >= 0 {
			s = s[c+1:]
		}
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if !strings.HasPrefix(s, `"`) {
		s = stripComments(s)
		s = strings.Trim(s, "<>'")
		if strings.Contains(s, "@") {
			s = noBlanks(s)
		} else {
			s = oneBlank(s) // words, not an address
		}
	}
	return strings.TrimLeft(strings.TrimSuffix(s, "."), ":")
}

// quoteLocal writes a quoted local part again with quotes.
func quoteLocal(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
