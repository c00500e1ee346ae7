package ui

import (
	"context"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Of a message that was found a row shows where the words stand: their surroundings in the text instead of its beginning. Most texts are not
// in the row, so the messages on the screen are read for that, one after the other, those that came into view last first.
const (
	foundRunes = 75  // as much as a row has room for, with the words in its first third
	foundQueue = 60  // rows that wait: more than a screen has
	foundKept  = 600 // rows whose words are kept
	// Larger messages, in bytes, are not read for this: they would hold up all others.
	foundLargest = 16 << 20
)

// foundTexts finds the words of a search in the messages of a list. UI thread only.
type foundTexts struct {
	env    *env
	words  string
	texts  map[mail.MessageID]string // "": they stand nowhere in the text
	queue  []mail.Row
	cancel func() // the message that is read now
	// Changed is called when there is another text for a row.
	Changed func(id mail.MessageID)
}

// Search turns to the words of another search, "" for none.
func (f *foundTexts) Search(words string) {
	if f.cancel != nil {
		f.cancel()
		f.cancel = nil
	}
	f.words, f.texts, f.queue = words, map[mail.MessageID]string{}, nil
}

// Of is what a row shows of a message below its subject; "" for what it shows in any list.
func (f *foundTexts) Of(r mail.Row) string {
	if f.words == "" || r.ID == 0 || r.Failed != "" {
		return ""
	}
	if t, known := f.texts[r.ID]; known {
		return t
	}
	if shown, spans := store.Snippet(model.Visible(r.Snippet), f.words, foundRunes); len(spans) > 0 {
		return shown
	}
	if r.HasBody && r.Size <= foundLargest {
		f.want(r)
	}
	return ""
}

func (f *foundTexts) want(r mail.Row) {
	for _, q := range f.queue {
		if q.ID == r.ID {
			return
		}
	}
	f.queue = append(f.queue, r)
	if len(f.queue) > foundQueue {
		f.queue = f.queue[1:]
	}
	if f.cancel == nil {
		f.next()
	}
}

// next reads the message that came into view last.
func (f *foundTexts) next() {
	n := len(f.queue) - 1
	if n < 0 {
		f.cancel = nil
		return
	}
	row, words := f.queue[n], f.words
	f.queue = f.queue[:n]
	f.cancel = f.env.loop.Cancellable(func(ctx context.Context) func() {
		// One that cannot be read shows its beginning; opening it tells why.
		c, err := f.env.engine.Content(ctx, row.ID)
		text := ""
		if err == nil {
			text = foundIn(c, words)
		}
		return func() {
			if len(f.texts) >= foundKept {
				f.texts = map[mail.MessageID]string{}
			}
			f.texts[row.ID] = text
			if text != "" {
				f.Changed(row.ID)
			}
			f.next()
		}
	})
}

// foundIn says where in a message the words stand, when it is neither subject nor sender.
func foundIn(c mail.Content, words string) string {
	if shown, spans := store.Snippet(c.Text, words, foundRunes); len(spans) > 0 {
		return model.Visible(shown)
	}
	for _, a := range c.Attachments {
		if name := model.Visible(a.Filename); len(store.Highlight(name, words, store.InFileName)) > 0 {
			return lang.T("search.in.file", name)
		}
	}
	for _, to := range [][]mail.Address{c.Row.To, c.Cc, c.Bcc} {
		for _, a := range to {
			if s := strings.TrimSpace(a.Name + " " + a.Addr); len(store.Highlight(s, words, store.InRecipients)) > 0 {
				return lang.T("search.in.recipient", model.Visible(s))
			}
		}
	}
	return ""
}

// foundSpans marks the words of a search in a text.
func foundSpans(text, words string, in store.Place) []kit.Span {
	if words == "" || text == "" {
		return nil
	}
	var out []kit.Span
	for _, s := range store.Highlight(text, words, in) {
		out = append(out, kit.Span{Start: s.Start, End: s.End, Mark: true})
	}
	return out
}

// markFound marks in a row what a search found in it.
func (m *messageRow) markFound(words string) {
	if words == "" {
		return // the texts were set with what else is marked in them
	}
	m.who.Mark(foundSpans(m.who.Text(), words, pick(m.shown.outgoing, store.InRecipients, store.InSender)))
	m.subject.Mark(foundSpans(m.subject.Text(), words, store.InSubject))
	m.text.Mark(foundSpans(m.text.Text(), words, store.InText))
}
