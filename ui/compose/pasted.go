package compose

import (
	"context"
	"strings"
	"unicode"

	"peyk/internal/clipimage"
	"peyk/internal/richtext"
)

// The clipboard of the toolkit holds only words. What a browser or an office program has copied is formatted, and the system knows how; but it has to be asked off the UI
// thread, and another program answers when it likes. So the words are pasted at once, and get their formatting when it comes, unless something was written meanwhile. One
// step back takes the formatting off again, two the words.

// pastedWords asks how the words are formatted that were just pasted at the bytes [from, to).
func (w *Window) pastedWords(words string, from, to int) {
	read := w.opt.Formatted
	if read == nil {
		read = clipimage.ReadHTML
	}
	text := w.body.Text()
	w.opt.Loop.Go(func(ctx context.Context) func() {
		src, err := read(ctx)
		if err != nil {
			return nil // the words are there
		}
		doc := formatted(src, words)
		if doc == nil {
			return nil
		}
		return func() {
			if w.plain || w.finished || w.sending || w.body.Text() != text {
				return
			}
			w.body.ReplaceRange(from, to, doc)
		}
	})
}

// formatted is the document of pasted HTML, nil where that adds nothing to the words, or leaves some of them out. Pictures in it are named by their words: they lie with a stranger, or
// are not in the clipboard.
func formatted(src, words string) richtext.Doc {
	doc := richtext.FromHTML(src).KeepImages(func(string) bool { return false }).Trim()
	if len(doc) == 0 || !doc.Formatted() || letters(doc.Plain()) < letters(words) {
		return nil
	}
	if len(doc) == 1 { // a part of a line
		doc[0].Block = richtext.Block{}
		blanks := len(words) - len(strings.TrimLeft(words, " "))
		doc[0].Text = words[:blanks] + doc[0].Text + words[len(strings.TrimRight(words, " ")):]
		for i := range doc[0].Spans {
			doc[0].Spans[i].Start += blanks
			doc[0].Spans[i].End += blanks
		}
	}
	return doc
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
