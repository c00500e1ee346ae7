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
// Lines are folded one by one: a line break ends every word, and lines of nothing but ASCII, which most mail has mostly, need
// neither normalisation nor tables.
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
		if !x.ascii(line) {
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

// lowered is the folded form of each ASCII byte of a word, 0 for what stands between words.
var lowered = func() (t [utf8.RuneSelf]byte) {
	for c, e := range ascii {
		if e.cls == clsWord {
			t[c] = e.out[0]
		}
	}
	return t
}()
