package fold

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Index returns the folded words of s separated by spaces, ready for a tokenizer that splits at spaces only. The joined
// forms of words with ZWNJ follow at the end, where they disturb no phrase.
//
// Lines are folded one by one: a line break ends every word. Lines of nothing but ASCII, which most mail has mostly, need neither
// normalisation nor tables; those of alphabets whose letters are normal already need no normalisation.
func Index(s string) string {
	x, _ := indexers.Get().(*indexer)
	if x == nil {
		x = &indexer{}
	}
	x.out, x.joined = x.out[:0], x.joined[:0]
	defer indexers.Put(x)
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
	if len(x.out) == 0 {
		return ""
	}
	return string(x.out[1:])
}

var indexers sync.Pool // of *indexer, for their memory

// indexer collects words, each after a space.
type indexer struct {
	out, joined []byte
}

func (x *indexer) word(w Word) {
	x.out = append(append(x.out, ' '), w.Text...)
	if w.Joined != "" {
		x.joined = append(append(x.joined, ' '), w.Joined...)
	}
}

// ascii folds a line, or leaves it alone and returns false when it holds anything but ASCII.
func (x *indexer) ascii(line string) bool {
	before := len(x.out)
	start := -1 // of the word under way, in out
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c >= utf8.RuneSelf {
			x.out = x.out[:before]
			return false
		}
		c = lowered[c]
		switch {
		case c == 0:
			start = -1
			continue
		case start < 0:
			x.out = append(x.out, ' ')
			start = len(x.out)
		case len(x.out)-start >= maxWord:
			continue
		}
		x.out = append(x.out, c)
	}
	return true
}

// plain does what Scan does with a line whose runes are all in the table, normal whatever stands around them, and of no script that
// is cut into pairs; it leaves other lines alone and returns false.
func (x *indexer) plain(line string) bool {
	before, joined := len(x.out), len(x.joined)
	p := parts{start: -1}
	for _, r := range line {
		e := &odd
		switch {
		case r < utf8.RuneSelf:
			e = &ascii[r]
		case r == zwnj:
			e = &joiner
		case r < tableSize:
			if e = lookup(r); !e.normal {
				e = &odd
			}
		}
		switch e.cls {
		case clsWord:
			if p.start < 0 {
				x.out = append(x.out, ' ')
				p.start = len(x.out)
			}
			x.out = append(x.out, e.out...)
		case clsJoin:
			x.endPart(&p)
		case clsSep:
			x.endWord(&p)
		case clsPair, clsSymbol:
			x.out, x.joined = x.out[:before], x.joined[:joined]
			return false
		}
	}
	x.endWord(&p)
	return true
}

// parts is the word under way in indexer.out.
type parts struct {
	start int // of the part under way, -1 between parts
	first int // of the first part
	n     int // parts that ended
}

func (x *indexer) endPart(p *parts) {
	if p.start < 0 {
		return
	}
	if len(x.out)-p.start > maxWord {
		cut := p.start + maxWord
		for !utf8.RuneStart(x.out[cut]) {
			cut--
		}
		x.out = x.out[:cut]
	}
	if p.n == 0 {
		p.first = p.start
	}
	p.n++
	p.start = -1
}

// endWord ends the word; one of several parts is indexed whole, too.
func (x *indexer) endWord(p *parts) {
	x.endPart(p)
	if p.n > 1 {
		x.joined = append(x.joined, ' ')
		from := len(x.joined)
		for _, c := range x.out[p.first:] {
			if c != ' ' {
				x.joined = append(x.joined, c)
			}
		}
		if len(x.joined)-from > maxWord {
			cut := from + maxWord
			for !utf8.RuneStart(x.joined[cut]) {
				cut--
			}
			x.joined = x.joined[:cut]
		}
	}
	p.n = 0
}

var (
	joiner = entry{cls: clsJoin}
	odd    = entry{cls: clsSymbol} // leave the line alone
)

// lowered is the folded form of each ASCII byte of a word, 0 for what stands between words.
var lowered = func() (t [utf8.RuneSelf]byte) {
	for c, e := range ascii {
		if e.cls == clsWord {
			t[c] = e.out[0]
		}
	}
	return t
}()
