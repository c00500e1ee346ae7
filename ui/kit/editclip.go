package kit

import (
	"strings"

	"peyk/internal/richtext"
)

// clip remembers the formatting of what was copied last: the clipboard of the toolkit holds only words.
type clip struct {
	words string
	doc   richtext.Doc
}

// copied belongs to the UI goroutine, as the clipboard it goes with.
var copied clip

// take remembers a document and returns its words for the clipboard.
func (c *clip) take(doc richtext.Doc) string {
	if len(doc) == 1 {
		doc[0].Block = richtext.Block{}
	}
	c.words, c.doc = doc.Plain(), doc
	return c.words
}

// knows reports whether words are what was copied here.
func (c *clip) knows(words string) bool { return words == c.words && len(c.doc) > 0 }

// give is what the words of the clipboard mean: what was copied, with its formatting, or lines of text.
func (c *clip) give(words string) richtext.Doc {
	if c.knows(words) {
		return c.doc.Clone()
	}
	return linesDoc(words)
}

// pasteDoc puts words of the clipboard in the place of the selection, with the formatting that is known of them.
func (t *textField) pasteDoc(words string) {
	at, _ := t.m.selection()
	from := t.m.offset(at)
	t.insertDoc(copied.give(words))
	if t.OnPasted != nil && !copied.knows(words) {
		t.OnPasted(words, from, t.m.offset(t.m.caret))
	}
}

// linesDoc makes a document of pasted text: lines stay lines.
func linesDoc(s string) richtext.Doc {
	var out richtext.Doc
	for i, l := range strings.Split(normalize(s), "\n") {
		out = append(out, richtext.Paragraph{Text: l, Block: richtext.Block{Tight: i > 0}})
	}
	return out
}
