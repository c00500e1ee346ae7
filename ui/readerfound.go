package ui

import (
	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// maxMarked bounds how many places of a message are marked that a search found.
const maxMarked = 5000

// readerFound is what the search that the messages were opened from found in them: its words are marked in the text, the first of the chosen
// message is brought into view, and F3 goes from one to the next. The search in the text takes its place while its bar is open.
type readerFound struct {
	words  string // "": not opened from a search
	places markedPlaces
	// seek is the message whose first place is still to be gone to, once its text is there; 0: none.
	seek mail.MessageID
	told bool // the status line tells which place is looked at
}

// Searched tells the words of the search that the messages are opened from, "" for none.
func (r *readerPane) Searched(words string) {
	if r.found.words == words {
		return
	}
	r.found.words, r.found.seek = words, 0
	if len(r.rows) > 0 {
		r.head.Show(r.rows, words)
	}
	if !r.find.Shown() {
		r.markSearched()
	}
}

// seekFound brings the first place of the chosen message into view: now, or when its text is there.
func (r *readerPane) seekFound() {
	if r.found.words != "" {
		r.found.seek = r.id
		r.marks()
	}
}

// leaveFound forgets the places of what was open.
func (r *readerPane) leaveFound() {
	r.found.places.forget()
	r.found.seek = 0
	r.tellFound()
}

// markSearched marks the words of the search in all open messages, unless a search in the text has its own marks there.
func (r *readerPane) markSearched() {
	f := &r.found
	f.places.count(r.views(), func(b *readerBody) int { return b.MarkWords(f.words) })
	r.lookForFirst()
	r.tellFound()
}

// lookForFirst goes to the first place of the message that is sought, as soon as its whole text is there. One that stands in the quotation
// at the end unfolds it.
func (r *readerPane) lookForFirst() {
	f := &r.found
	for _, m := range r.views() {
		if f.seek == 0 || m.row.ID != f.seek || !m.body.ready || m.content.Partial {
			continue
		}
		if at := f.places.firstIn(m.body); at >= 0 {
			f.seek = 0
			r.lookAtFound(at)
		} else if !m.body.unfoldFor(f.words) { // else it comes here again when that is laid out
			f.seek = 0
		}
	}
}

// lookAtFound goes to a place.
func (r *readerPane) lookAtFound(at int) {
	if body, y, h := r.found.places.distinguish(at); body != nil {
		r.reveal(body, y, h)
	}
}

// StepFound goes to the next place or the one before, around the ends; it reports false when there is none, or the search in the text is
// open: that has places of its own.
func (r *readerPane) StepFound(n int) bool {
	if r.find.Shown() || r.found.places.total == 0 {
		return false
	}
	r.found.seek = 0
	r.lookAtFound(r.found.places.next(n))
	r.tellFound()
	return true
}

// FindStep is F3: through what the search found, else through what the search in the text finds.
func (r *readerPane) FindStep(n int) {
	if !r.StepFound(n) {
		r.find.Step(n)
	}
}

// tellFound says in the status line which place is looked at, and how to go on.
func (r *readerPane) tellFound() {
	f := &r.found
	tell := f.places.at >= 0 && !r.find.Shown()
	if tell {
		r.env.hint(lang.T("find.found", f.places.at+1, f.places.total))
	} else if f.told {
		r.env.hint("")
	}
	f.told = tell
}

// MarkWords marks the words of a search in the text and returns how many places there are.
func (b *readerBody) MarkWords(query string) int {
	if b.plain.Visible() {
		return b.plain.Mark(foundPlaces(b.plain.Text(), query))
	}
	return b.html.MarkWords(query)
}

// unfoldFor shows the quotation at the end when the words of a search stand there only; it reports whether that is so.
func (b *readerBody) unfoldFor(query string) bool {
	if b.unfolded || !b.quote.Visible() || b.plain.Visible() || len(foundPlaces(b.content.Text, query)) == 0 {
		return false
	}
	b.toggleQuote()
	return true
}

// MarkWords marks the words of a search and returns how many places there are.
func (b *htmlBody) MarkWords(query string) int {
	return b.markAll("words:"+query, func() [][2]int {
		if query == "" {
			return nil
		}
		return inRunes(string(b.view.Runes()), query)
	})
}

// foundPlaces lists where the words of a search stand in a text, in bytes.
func foundPlaces(text, query string) [][2]int {
	if query == "" {
		return nil
	}
	var out [][2]int
	for _, s := range store.Highlight(text, query, store.InText) {
		if len(out) == maxMarked {
			break
		}
		out = append(out, [2]int{s.Start, s.End})
	}
	return out
}

// inRunes is foundPlaces in runes.
func inRunes(text, query string) [][2]int {
	out := foundPlaces(text, query)
	n, k := 0, 0
	for i := range text {
		for k < 2*len(out) && out[k/2][k%2] <= i {
			out[k/2][k%2] = n
			k++
		}
		n++
	}
	for ; k < 2*len(out); k++ {
		out[k/2][k%2] = n
	}
	return out
}

// searchedIn are the words that a place was searched for.
func searchedIn(p model.Place) string {
	if p.Kind != model.PlaceSearch {
		return ""
	}
	return p.Search
}
