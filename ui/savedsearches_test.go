package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// searchRows are the saved searches that the folder pane shows, with their counts.
func (b *bench) searchRows() []string {
	var out []string
	for _, h := range b.w.folders.tree.Nodes() {
		if n := b.w.folders.rows[h.ID]; n.Place.Kind == model.PlaceSearch {
			out = append(out, strings.TrimSpace(h.Text+" "+strings.Repeat("•", h.Count)))
		}
	}
	return out
}

func (b *bench) wantSearches(what string, want ...string) {
	b.Helper()
	var have []string
	b.until(what, func() bool {
		have = b.searchRows()
		return slices.Equal(have, want)
	})
}

// answer types a name into the dialog that asks for one.
func (b *bench) answer(name string) {
	b.Helper()
	b.until("the dialog", func() bool {
		return b.w.Window().Canvas().Focused() != nil && b.w.Window().Canvas().Overlays().Top() != nil
	})
	c := b.w.Window().Canvas()
	for _, r := range name {
		c.Focused().TypedRune(r)
	}
	b.drain()
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.until("the end of the dialog", func() bool { return c.Overlays().Top() == nil })
}

// find types a search.
func (b *bench) find(words string) {
	b.Helper()
	b.w.search.Show(words)
	b.w.search.now(words)
	b.until("the results of "+words, func() bool { return b.w.list.place.Search == words && b.w.list.pager.Loaded() })
	b.drain()
}

// savedSearches are two searches in the folder pane: "Reza" (from:reza), with how much of it is unread, and "بودجه‌ها".
func (b *bench) savedSearches() {
	b.Helper()
	b.saveReza()
	b.find("بودجه")
	b.w.list.filters.save.OnTapped()
	b.answer("بودجه‌ها")
	b.until("its count", func() bool { return len(b.searchRows()) == 2 })
}

func (b *bench) saveReza() {
	b.Helper()
	b.find("from:reza")
	b.w.run(b.w.byID["savesearch"])
	b.answer("Reza")
}

// A search is kept under a name and stands beside the folders with what is unread of it, and is there again in the next window.
func TestSavingASearch(t *testing.T) {
	b := newBench(t, prefs(quiet))
	if b.w.byID["savesearch"].when(b.w) {
		t.Error("a folder can be saved as a search")
	}
	b.wantSearches("none at first")
	b.find("from:reza")
	_, unread, err := b.store.Count(t.Context(), model.QueryFor(b.w.list.place, model.FilterAll, model.Order{}))
	b.ok(err)
	if unread == 0 {
		t.Fatal("nothing to count")
	}
	b.saveReza()
	b.wantSearches("the search", "Reza "+strings.Repeat("•", unread))
	if got := b.w.list.header.title.Text(); got != "Reza" {
		t.Errorf("the title of its results is %q", got)
	}
	if b.w.folders.tree.Selected() != "search:from:reza" {
		t.Errorf("selected in the folder pane: %q", b.w.folders.tree.Selected())
	}
}

// From the folder pane it is opened, with its words in the field; what is read is no longer counted.
func TestOpeningASavedSearch(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.savedSearches()
	b.shot("searches")
	b.w.searchEnd()
	b.w.folders.tree.OnSelect("search:from:reza")
	b.until("the results", func() bool {
		return b.w.list.place.Search == "from:reza" && b.w.search.entry.Text() == "from:reza" && b.w.list.pager.Loaded()
	})
	ids := make([]mail.MessageID, 0)
	for i := range b.w.list.pager.Total() {
		if r, ok := b.w.list.pager.Row(i); ok {
			ids = append(ids, r.ID)
		}
	}
	b.w.do(mail.Action{Kind: mail.ActRead, Messages: ids})
	b.until("nothing unread", func() bool { return b.searchRows()[0] == "Reza" })

	// It is offered by its name in the search field, and what is about a search is not.
	for _, g := range b.w.search.suggest("rez") {
		if g.Value == any(model.Place{Kind: model.PlaceSearch, Search: "from:reza"}) {
			b.w.searchEnd()
			b.w.search.take(g)
		}
	}
	b.until("the results again", func() bool { return b.w.list.place.Search == "from:reza" && b.w.search.entry.Text() == "from:reza" })
	for _, g := range b.w.search.suggest("sav") {
		if c, ok := g.Value.(*command); ok && c.id == "savesearch" {
			t.Error("choosing it would end the search that it saves")
		}
	}
}

// The menu of its row moves it, gives it another name and deletes it, and all that can be taken back.
func TestTheMenuOfASavedSearch(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.savedSearches()
	b.w.searchEnd()
	b.w.folders.tree.OnSelect("search:from:reza")
	b.until("the results", func() bool { return b.w.list.place.Search == "from:reza" })
	items := b.w.saved.Items("from:reza")
	if !items[1].Disabled || items[2].Disabled {
		t.Error("the first can be moved up, or not down")
	}
	items[2].Do()
	b.until("below", func() bool {
		r := b.searchRows()
		return strings.HasPrefix(r[0], "بودجه‌ها") && strings.HasPrefix(r[1], "Reza")
	})
	b.w.saved.Items("from:reza")[0].Do()
	b.answer("From Reza")
	b.until("another name", func() bool {
		return strings.HasPrefix(b.searchRows()[1], "From Reza") && b.w.list.header.title.Text() == "From Reza"
	})
	b.w.saved.Items("from:reza")[4].Do()
	b.until("deleted", func() bool { return len(b.searchRows()) == 1 && b.w.list.header.title.Text() == lang.T("place.search") })
	b.w.env.act.Undo()
	b.until("back", func() bool { r := b.searchRows(); return len(r) == 2 && strings.HasPrefix(r[1], "From Reza") })
	b.w.env.act.Undo() // the name
	b.until("the old name", func() bool { return strings.HasPrefix(b.searchRows()[1], "Reza") })
	b.w.env.act.Undo() // the place
	b.until("the old place", func() bool { return strings.HasPrefix(b.searchRows()[0], "Reza") })
}

// A name that is there takes the new query, and the profile keeps it.
func TestSavingASearchAgain(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.savedSearches()
	b.find("from:reza meeting")
	b.w.saveSearch()
	b.answer("reza")
	b.until("another query", func() bool { return b.w.env.tree.Searches.Of("from:reza meeting") == 0 && len(b.searchRows()) == 2 })

	kept, err := model.LoadSearches(t.Context(), b.store)
	b.until("the profile", func() bool {
		kept, err = model.LoadSearches(t.Context(), b.store)
		return err == nil && len(kept) == 2 && kept[0] == model.SavedSearch{Name: "reza", Query: "from:reza meeting"}
	})
	lang.Set("fa")
	b.until("the other language", func() bool { return len(b.searchRows()) == 2 })
	b.shot("searches-fa")
}
