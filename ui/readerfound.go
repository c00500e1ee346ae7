package ui

import (
	"peyk/store"
	"peyk/ui/model"
)

// maxMarked bounds how many places of a message are marked that a search found.
const maxMarked = 5000

// Searched tells the words of the search that the messages are opened from, "" for none: they are marked in the text.
func (r *readerPane) Searched(words string) {
	if r.searched == words {
		return
	}
	r.searched = words
	if !r.find.Shown() {
		r.markSearched()
	}
}

// markSearched marks the words of the search in all open messages, unless a search in the text has its own marks there.
func (r *readerPane) markSearched() {
	for _, m := range r.views() {
		m.body.MarkWords(r.searched)
	}
}

// MarkWords marks the words of a search in the text.
func (b *readerBody) MarkWords(query string) {
	if b.plain.Visible() {
		b.plain.Mark(foundPlaces(b.plain.Text(), query))
		return
	}
	b.html.MarkWords(query)
}

// MarkWords marks the words of a search.
func (b *htmlBody) MarkWords(query string) {
	b.marks, b.mark = nil, -1
	if b.view != nil && query != "" {
		b.marks = inRunes(string(b.view.Runes()), query)
	}
	b.Repaint()
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
