package compose

import (
	"context"
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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
	was := w.body.Document()
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
			if w.plain || w.finished || w.sending || !reflect.DeepEqual(w.body.Document(), was) {
				return
			}
			w.body.ReplaceRange(from, to, doc)
		}
	})
}

// formatted is the document of pasted HTML, nil where that adds nothing to the words, or does not say the same: the program that wrote it may hide some of them from others, and
// what is in the clipboard may have been copied since. Pictures in it are named by their words: they lie with a stranger, or are not in the clipboard.
func formatted(src, words string) richtext.Doc {
	doc := richtext.FromHTML(src).KeepImages(func(string) bool { return false }).Trim()
	if len(doc) == 0 || !saysTheSame(words, doc) {
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
	if !doc.Formatted() {
		return nil
	}
	return doc
}

// listMark is what programs write before an item of a list in the words: a number, a letter, or the letter that looks like a bullet in Word.
var listMark = regexp.MustCompile(`(?m)^\s*(?:(?:[0-9۰-۹٠-٩]{1,4}|[a-zA-Z]|[ivxIVX]{1,6})[.)]|o)\s`)

// saysTheSame reports whether a document has the letters and digits of the words. Case may differ, for a page can show its letters in another.
func saysTheSame(words string, doc richtext.Doc) bool {
	var b strings.Builder
	list := false
	for i := range doc {
		b.WriteString(doc[i].Text)
		b.WriteByte('\n')
		list = list || doc[i].List != richtext.NoList
	}
	return says(b.String(), letters(words)) || list && says(b.String(), letters(listMark.ReplaceAllString(words, "")))
}

// maxName is how long the name of a picture in brackets is taken for one, bytes.
const maxName = 300

// says compares with what letters gave; names of pictures, in brackets, need not be among it.
func says(text, want string) bool {
	for text != "" {
		if end := strings.IndexByte(text[:min(len(text), maxName)], ']'); text[0] == '[' && end > 0 && !strings.HasPrefix(want, letters(text[:end])) {
			text = text[end:]
			continue
		}
		_, n := utf8.DecodeRuneInString(text)
		var ok bool
		if want, ok = strings.CutPrefix(want, letters(text[:n])); !ok {
			return false
		}
		text = text[n:]
	}
	return want == ""
}

// letters are the letters and digits, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
