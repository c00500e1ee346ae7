package fold

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Index returns the folded words of s separated by spaces, ready for a tokenizer that splits at spaces only. The joined
// forms of words with ZWNJ follow at the end, where they disturb no phrase.
func Index(s string) string {
	x := takeIndexer()
	x.own = x.add(x.own[:0], s)
	out := string(x.own)
	x.give()
	return out
}

// Append appends what Index returns to dst.
func Append(dst []byte, s string) []byte {
	x := takeIndexer()
	dst = x.add(dst, s)
	x.give()
	return dst
}

var indexers sync.Pool // of *indexer, for their memory

func takeIndexer() *indexer {
	if x, ok := indexers.Get().(*indexer); ok {
		return x
	}
	return &indexer{}
}

func (x *indexer) give() {
	x.out = nil
	indexers.Put(x)
}

// indexer collects words, each with a space behind it.
type indexer struct {
	out, joined []byte
	own         []byte // for out when the caller has no memory for it
}

// add folds s to the end of out and returns that.
//
// Lines are folded one by one: a line break ends every word. Lines of nothing but ASCII, which most mail has mostly, need neither
// normalisation nor runes; those of alphabets whose letters are normal already need no normalisation.
func (x *indexer) add(out []byte, s string) []byte {
	from := len(out)
	x.out, x.joined = out, x.joined[:0]
	for len(s) > 0 {
		line := s
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			line = s[:i+1]
		}
		s = s[len(line):]
		if !x.ascii(line) && !x.plain(line) {
			Scan(norm.NFKC.String(line), x.word)
		}
	}
	x.out = append(x.out, x.joined...)
	if n := len(x.out); n > from {
		x.out = x.out[:n-1]
	}
	return x.out
}

func (x *indexer) word(w Word) {
	x.out = append(append(x.out, w.Text...), ' ')
	if w.Joined != "" {
		x.joined = append(append(x.joined, w.Joined...), ' ')
	}
}

// room returns out with n bytes more, and where they begin.
func (x *indexer) room(n int) ([]byte, int) {
	x.out = slices.Grow(x.out, n)
	return x.out[:len(x.out)+n], len(x.out)
}

// ascii folds a line, or leaves it alone and returns false when it holds anything but ASCII.
//
// Every byte is written, and those between two words over each other: a processor would have to guess where words end, and guesses
// wrong at every other.
func (x *indexer) ascii(line string) bool {
	out, from := x.room(len(line) + 1)
	n, inside := from, uint16(0)
	for i := range len(line) {
		c := line[i]
		if c >= utf8.RuneSelf {
			return false
		}
		f := lowered[c]
		out[n] = byte(f)
		n += int((f | inside) >> 8)
		inside = f &^ 0xff
	}
	if inside != 0 {
		out[n] = ' '
		n++
	}
	x.out = out[:n]
	// Each word that is too long has a byte at one of these places.
	for at := from + maxWord; at < n; at += maxWord {
		if out[at] != ' ' && wordLength(out[from:n], at-from) > maxWord {
			x.out = cutWords(x.out, from)
			break
		}
	}
	return true
}

// wordLength is how long the word at a place is; a space is behind every word.
func wordLength(b []byte, at int) int {
	return at + bytes.IndexByte(b[at:], ' ') - 1 - bytes.LastIndexByte(b[:at], ' ')
}

// cutWords shortens the words behind a place to what a word may have.
func cutWords(b []byte, from int) []byte {
	n, start := from, from
	for _, c := range b[from:] {
		switch {
		case c == ' ':
			start = n + 1
		case n-start >= maxWord:
			continue
		}
		b[n] = c
		n++
	}
	return b[:n]
}

// plain does what Scan does with a line whose runes are all in the table, normal whatever stands around them, and of no script that
// is cut into pairs; it leaves other lines alone and returns false.
func (x *indexer) plain(line string) bool {
	glyphsOnce.Do(fillGlyphs)
	out, from := x.room(len(line) + 1 + len(glyph{}.out))
	p := parts{out: out, n: from, start: -1, joined: x.joined}
	for i := 0; i < len(line); {
		r, size := rune(line[i]), 1
		switch {
		case r < utf8.RuneSelf:
		case r >= 0xc2 && r < 0xe0 && i+1 < len(line) && line[i+1]&0xc0 == 0x80: // most that are not ASCII
			r, size = r&0x1f<<6|rune(line[i+1]&0x3f), 2
		default:
			if r, size = utf8.DecodeRuneInString(line[i:]); r >= tableSize {
				return false
			}
		}
		i += size
		switch e := &glyphs[r]; e.cls {
		case clsWord:
			if p.start < 0 {
				p.start = p.n
			}
			*(*[len(e.out)]byte)(p.out[p.n:]) = e.out
			p.n += int(e.n)
		case clsSep:
			p.endWord()
		case clsJoin:
			p.endPart()
		case clsSymbol:
			return false
		}
	}
	p.endWord()
	x.out, x.joined = p.out[:p.n], p.joined
	return true
}

// glyph is a rune as plain needs it: clsSymbol is any that it leaves alone.
type glyph struct {
	out [4]byte
	n   uint8
	cls class
}

var (
	glyphsOnce sync.Once
	glyphs     [tableSize]glyph
)

func fillGlyphs() {
	for r := range rune(tableSize) {
		g := &glyphs[r]
		e := lookup(r)
		if r < utf8.RuneSelf {
			e = &ascii[r]
		}
		// No word gets longer by folding, so that there is room for them.
		usual := e.normal || r < utf8.RuneSelf || e.cls == clsJoin
		if !usual || e.cls == clsPair || len(e.out) > min(utf8.RuneLen(r), len(g.out)) {
			g.cls = clsSymbol
			continue
		}
		g.cls, g.n = e.cls, uint8(copy(g.out[:], e.out))
	}
}

// parts is what plain has written, and the word under way in it. A word consists of parts when there is ZWNJ in it.
type parts struct {
	out    []byte
	n      int // bytes in out
	start  int // of the part under way, -1 between parts
	first  int // where the first part begins
	ended  int // parts
	joined []byte
}

func (p *parts) endPart() {
	if p.start < 0 {
		return
	}
	if p.n-p.start > maxWord {
		p.n = p.start + cutAt(p.out[p.start:p.n])
	}
	p.out[p.n] = ' '
	p.n++
	if p.ended == 0 {
		p.first = p.start
	}
	p.ended++
	p.start = -1
}

// endWord ends the word; one of several parts is indexed whole, too.
func (p *parts) endWord() {
	p.endPart()
	if p.ended > 1 {
		from := len(p.joined)
		for _, c := range p.out[p.first:p.n] {
			if c != ' ' {
				p.joined = append(p.joined, c)
			}
		}
		if len(p.joined)-from > maxWord {
			p.joined = p.joined[:from+cutAt(p.joined[from:])]
		}
		p.joined = append(p.joined, ' ')
	}
	p.ended = 0
}

// cutAt is where a word that is too long is cut: not inside of a rune.
func cutAt(word []byte) int {
	cut := maxWord
	for !utf8.RuneStart(word[cut]) {
		cut--
	}
	return cut
}

// lowered is the folded form of each ASCII byte of a word, with 1<<8, and a space for what stands between words.
var lowered = func() (t [utf8.RuneSelf]uint16) {
	for c, e := range ascii {
		t[c] = ' '
		if e.cls == clsWord {
			t[c] = 1<<8 | uint16(e.out[0])
		}
	}
	return t
}()
