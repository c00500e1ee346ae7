// Package fold normalises text for search, the same way for the index and for what users type: compatibility forms
// (NFKC) and case are folded; Latin, Greek, Cyrillic, Arabic and Hebrew letters lose their marks; Arabic and Persian
// variants of one letter become one (ي ى ی, ك ک, ة ه, أ إ آ ا, ؤ و, ئ ی); tatweel and directional characters vanish; all decimal
// digits become ASCII; katakana becomes hiragana.
//
// Words are runs of letters, marks and digits. A zero-width non-joiner splits a word, and the joined form is indexed too.
// Scripts without spaces (Chinese, Japanese, Thai and others, and Korean) are cut into overlapping pairs of characters.
package fold

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a rune does in a text.
type class uint8

const (
	clsSep    class = iota // ends a word
	clsWord                // part of a word
	clsDrop                // vanishes without a trace
	clsJoin                // ZWNJ: splits a word, the joined form counts too
	clsPair                // a script that is cut into pairs
	clsSymbol              // a word of its own (emoji)
)

const zwnj = '\u200c'

// tableSize covers the alphabets of the blocks below General Punctuation, and the dashes and quotation marks there.
const tableSize = 0x2070

var (
	tableOnce sync.Once
	table     [tableSize]entry
)

type entry struct {
	out    string
	cls    class
	normal bool // NFKC leaves it as it is whatever stands around it; known for runes of the table only
}

func lookup(r rune) *entry {
	if r < tableSize {
		tableOnce.Do(fillTable)
		return &table[r]
	}
	e := compute(r)
	return &e
}

func fillTable() {
	for i := range table {
		e := compute(rune(i))
		s := string(rune(i))
		e.normal = norm.NFKC.QuickSpanString(s) == len(s) && norm.NFKC.PropertiesString(s).BoundaryBefore()
		table[i] = e
	}
}

// letters that no decomposition maps.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ł': "l", 'þ': "th", 'ŋ': "n", 'ŧ': "t",
	'ς': "σ",
	'ي': "ی", 'ى': "ی", 'ے': "ی", 'ې': "ی", 'ۍ': "ی", 'ك': "ک", 'ڪ': "ک", 'ة': "ه", 'ہ': "ه", 'ۃ': "ه", 'ھ': "ه", 'ە': "ه", 'ۂ': "ه",
	'ٱ': "ا", 'ٲ': "ا", 'ٳ': "ا", 'ٵ': "ا", 'ٶ': "و", 'ٷ': "و", 'ٸ': "ی",
	'ء': "", 'ـ': "",
}

func compute(r rune) entry {
	switch {
	case r == zwnj:
		return entry{cls: clsJoin}
	case r == '\u00ad', r == '\u200d', r == '\u200b', r == '\u2060', r == '\ufeff', r == '\u061c', r == '\u034f',
		r >= '\u200e' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069',
		r >= '\ufe00' && r <= '\ufe0f', r >= 0xe0100 && r <= 0xe01ef, dropMark(r):
		return entry{cls: clsDrop}
	case unicode.Is(unicode.Nd, r):
		return entry{cls: clsWord, out: string(rune('0' + digit(r)))}
	case pairScript(r):
		if r >= 'ァ' && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
		}
		return entry{cls: clsPair, out: string(r)}
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.Is(unicode.N, r):
		out := letter(r)
		if out == "" {
			return entry{cls: clsDrop}
		}
		return entry{cls: clsWord, out: out}
	case unicode.Is(unicode.So, r), r >= 0x1f3fb && r <= 0x1f3ff:
		if r < 0x2190 || r == '\ufffc' || r == '\ufffd' {
			return entry{cls: clsSep}
		}
		return entry{cls: clsSymbol, out: string(r)}
	}
	return entry{cls: clsSep}
}

// dropMark reports marks that search ignores: the general combining marks, Hebrew points and Arabic harakat. Vowel signs of other scripts
// are letters in effect and stay.
func dropMark(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036f, r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff,
		r >= 0x0483 && r <= 0x0489,
		r >= 0x0591 && r <= 0x05bd, r == 0x05bf, r == 0x05c1, r == 0x05c2, r == 0x05c4, r == 0x05c5, r == 0x05c7,
		r >= 0x0610 && r <= 0x061a, r >= 0x064b && r <= 0x065f, r == 0x0670,
		r >= 0x06d6 && r <= 0x06dc, r >= 0x06df && r <= 0x06e8, r >= 0x06ea && r <= 0x06ed, r >= 0x08d3 && r <= 0x08ff:
		return true
	}
	return false
}

func pairScript(r rune) bool {
	if r < 0x0e00 {
		return false
	}
	return r == 'ー' || r == '々' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar) && (unicode.IsLetter(r) || unicode.IsMark(r))
}

// digit is the value of a decimal digit: Unicode keeps each ten of them together (UAX #44).
func digit(r rune) int {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return 0
}

func letter(r rune) string {
	r = unicode.ToLower(r)
	if s, ok := letters[r]; ok {
		return s
	}
	if !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) {
		return string(r)
	}
	d := norm.NFKD.String(string(r))
	if d == string(r) {
		return d
	}
	var b strings.Builder
	for _, x := range d {
		if dropMark(x) || unicode.IsMark(x) || x == ' ' { // marks that stand alone are written on a space (ͺ, ﹰ)
			continue
		}
		x = unicode.ToLower(x)
		if s, ok := letters[x]; ok {
			b.WriteString(s)
		} else {
			b.WriteRune(x)
		}
	}
	return b.String()
}

// maxWord bounds words in bytes; what is longer is cut, in the index and in queries alike.
const maxWord = 64

// Scan calls fn for each word of s with its place in bytes. Words come folded, in order, split at ZWNJ; joined is set
// with the last part of a word that was split, to the whole of it. Pairs of a script without spaces overlap; tail marks
// the single last character of such a run.
func Scan(s string, fn func(w Word)) {
	sc := scanner{fn: fn}
	for i, r := range s {
		var e *entry
		if r < utf8.RuneSelf {
			e = &ascii[r]
		} else {
			e = lookup(r)
		}
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			end = i + 1
		}
		sc.step(e, i, end)
	}
	sc.endWord()
	sc.endPairs()
}

// Word is one word that Scan found.
type Word struct {
	Text       string
	Start, End int
	Joined     string // with the last part of a word with ZWNJ: the whole word
	JoinedFrom int    // where that begins
	Tail       bool   // the last character of a run that was cut into pairs
}

var ascii = func() (t [utf8.RuneSelf]entry) {
	for r := range t {
		c := byte(r)
		switch {
		case c >= 'A' && c <= 'Z':
			t[r] = entry{cls: clsWord, out: string(rune(c + 32))}
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[r] = entry{cls: clsWord, out: string(rune(c))}
		}
	}
	return t
}()

type scanner struct {
	fn         func(Word)
	word       []byte
	start, end int
	parts      []Word // earlier parts of a word with ZWNJ
	prev       string // last character of a run of pairs
	prevStart  int
	prevEnd    int
}

func (s *scanner) step(e *entry, from, to int) {
	switch e.cls {
	case clsDrop:
		return
	case clsWord:
		s.endPairs()
		if len(s.word) == 0 {
			s.start = from
		}
		s.word = append(s.word, e.out...)
		s.end = to
		return
	case clsJoin:
		if len(s.word) > 0 {
			s.parts = append(s.parts, s.take())
		}
		return
	}
	s.endWord()
	switch e.cls {
	case clsPair:
		if s.prev != "" {
			s.fn(Word{Text: s.prev + e.out, Start: s.prevStart, End: to})
		}
		s.prev, s.prevStart, s.prevEnd = e.out, from, to
		return
	case clsSymbol:
		s.endPairs()
		s.fn(Word{Text: e.out, Start: from, End: to})
	default:
		s.endPairs()
	}
}

func (s *scanner) take() Word {
	w := s.word
	if len(w) > maxWord {
		w = w[:maxWord]
		for len(w) > 0 && !utf8.Valid(w) {
			w = w[:len(w)-1]
		}
	}
	out := Word{Text: string(w), Start: s.start, End: s.end}
	s.word = s.word[:0]
	return out
}

func (s *scanner) endWord() {
	if len(s.word) > 0 {
		s.parts = append(s.parts, s.take())
	}
	if len(s.parts) == 0 {
		return
	}
	if len(s.parts) > 1 {
		var b strings.Builder
		for _, p := range s.parts {
			b.WriteString(p.Text)
		}
		j := b.String()
		if len(j) > maxWord {
			j = strings.ToValidUTF8(j[:maxWord], "")
		}
		s.parts[len(s.parts)-1].Joined, s.parts[len(s.parts)-1].JoinedFrom = j, s.parts[0].Start
	}
	for _, p := range s.parts {
		s.fn(p)
	}
	s.parts = s.parts[:0]
}

func (s *scanner) endPairs() {
	if s.prev != "" {
		s.fn(Word{Text: s.prev, Start: s.prevStart, End: s.prevEnd, Tail: true})
		s.prev = ""
	}
}

// Term is what a user typed as one word or one phrase, folded.
type Term struct {
	Words []string // in order; matched as a phrase
	// Others are the other ways to write it.
	Others []Spelling
	// Partial says that the last word may go on: it ends in a pair script's single character.
	Partial bool
}

// Query folds a word or phrase of a query.
func Query(s string) Term {
	s = norm.NFKC.String(s)
	var t Term
	var all []Word
	Scan(s, func(w Word) { all = append(all, w) })
	groups := map[int]group{}
	from := map[int]int{} // the words by where they begin
	for i, w := range all {
		if w.Tail && i == len(all)-1 {
			if i > 0 && all[i-1].End == w.End {
				continue // the pairs before say it all
			}
			t.Partial = true
		}
		if n := len(t.Words); !w.Tail {
			from[w.Start] = n
			if w.Joined != "" {
				first := from[w.JoinedFrom]
				groups[first] = group{n + 1 - first, w.Joined}
			}
		}
		t.Words = append(t.Words, w.Text)
	}
	if len(t.Words) > 0 && !t.Partial {
		t.Others = spellings(t.Words, groups)
	}
	return t
}

// String folds s to its words, one space between, without joined forms: for comparing names.
func String(s string) string {
	var b strings.Builder
	Scan(norm.NFKC.String(s), func(w Word) {
		if w.Tail && b.Len() > 0 && strings.HasSuffix(b.String(), w.Text) {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	})
	return b.String()
}

// Rune folds one character for comparing texts in place: "" for one that makes no difference (marks, joiners, tatweel), a
// space for any white space, itself in lower case for punctuation.
func Rune(r rune) string {
	e := lookup(r)
	switch {
	case e.out != "":
		return e.out
	case e.cls == clsDrop || e.cls == clsJoin:
		return ""
	case unicode.IsSpace(r):
		return " "
	}
	return string(unicode.ToLower(r))
}
