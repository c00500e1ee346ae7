package ui

import (
	"context"
	"slices"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// Into a search and back: what was selected before is selected again, so that a command that was looked for by its name, which is a search as well while it is
// typed, is carried out on that.

// searchedFrom is where a search was begun from.
type searchedFrom struct {
	place model.Place
	open  mail.MessageID   // in the reader
	can   []*command       // what could be done there
	rows  []mail.MessageID // keys of the selected rows, when they are several
	// coming says that the list is on its way back there; then is what is done when it has arrived, nil: nothing.
	coming bool
	then   func()
}

// maxSelectedAgain bounds how many rows are looked up to be selected again.
const maxSelectedAgain = 200

func (w *MainWindow) searchFor(words string) {
	if w.list.place.Kind != model.PlaceSearch {
		w.before = searchedFrom{place: w.list.place, open: w.reader.Message(), can: w.possible()}
		if n := w.list.sel.Len(); n > 1 && n <= maxSelectedAgain {
			w.before.rows = slices.Clone(w.list.sel.IDs())
		}
	}
	w.Go(model.Place{Kind: model.PlaceSearch, Search: words})
}

// searchEnd goes back to where the search was begun from.
func (w *MainWindow) searchEnd() {
	if w.list.place.Kind != model.PlaceSearch {
		return
	}
	w.search.Show("")
	w.before.coming = true
	place := w.before.place
	w.list.Show(place, func() {
		back := func(same bool) {
			if !w.before.coming || w.list.place != place {
				return
			}
			then := w.before.then
			w.before.coming, w.before.then = false, nil
			if same && then != nil {
				then()
			}
		}
		switch {
		case len(w.before.rows) > 0:
			w.list.SelectRows(w.before.rows, back)
		case w.before.open != 0:
			w.list.selectMessage(w.before.open, back)
		default:
			back(true)
		}
	})
	w.folders.Select(place)
	w.remember()
}

// runFound carries out a command that was chosen below the search field: on what is selected of what was found, else on what was selected before, which
// ends the search.
func (w *MainWindow) runFound(c *command) {
	if w.list.place.Kind == model.PlaceSearch && w.list.SelectedCount() > 0 {
		w.search.Show(w.list.place.Search)
		w.run(c)
		return
	}
	w.search.Clear()
	if w.before.coming {
		w.before.then = func() {
			if readsText[c.id] {
				w.whenRead(func() { w.run(c) })
				return
			}
			w.run(c)
		}
		return
	}
	w.run(c)
}

// readsText are the commands that ask the open message, which is read again behind a search: before that they could do nothing.
var readsText = map[string]bool{"print": true, "pdf": true, "saveall": true, "savemessage": true, "source": true, "find": true, "replylist": true, "unfold": true, "nextinthread": true, "previousinthread": true}

// whenRead does something once the selected message was read, unless another one is selected meanwhile.
func (w *MainWindow) whenRead(do func()) {
	if m := w.reader.Current(); m != nil && m.cancel == nil || w.list.SelectedCount() != 1 || !w.list.place.Messages() {
		do()
		return
	}
	opening := w.opening
	w.reader.OnRead = func() {
		w.reader.OnRead = nil
		if opening == w.opening {
			do()
		}
	}
}

// SelectRows selects rows by their keys, those that are there, and calls then: with false when something else was selected meanwhile.
func (p *listPane) SelectRows(keys []mail.MessageID, then func(ok bool)) {
	src, gen := p.pager.Source(), p.gen
	p.env.loop.Go(func(ctx context.Context) func() {
		var rows []int
		for _, key := range keys {
			if at, err := src.Position(ctx, key); err == nil && at >= 0 {
				rows = append(rows, at)
			}
		}
		slices.Sort(rows)
		rows = slices.Compact(rows)
		return func() {
			if gen != p.gen {
				then(false)
				return
			}
			if len(rows) > 0 && rows[len(rows)-1] < p.pager.Total() {
				p.list.SetSelected(rows, rows[0])
				p.userSelected()
			}
			p.WhenChosen(func() { then(true) })
		}
	})
}
