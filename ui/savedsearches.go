package ui

import (
	"context"
	"slices"
	"time"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// savedSearches are the searches that the user kept under a name: they stand in the folder pane with the number of unread messages that
// they find. UI thread only.
type savedSearches struct {
	env *env
	// changed is called when they or their counts became others.
	changed func()

	cancel func() // the counting under way; nil: none
	again  bool   // something changed since it began
	wait   func() // the clock before the next counting
}

// Counting takes at most a twentieth of the time, so that a first download, which changes everything all the time, is not held up by it.
const (
	countGap   = time.Second
	countShare = 20
	// countLongest is how long one counting may take: what is not counted by then shows no number.
	countLongest = 20 * time.Second
)

// load reads what the profile keeps.
func (s *savedSearches) load(ctx context.Context) error {
	list, err := model.LoadSearches(ctx, s.env.store)
	s.env.tree.Searches = list
	return err
}

// Count counts the unread messages of each search: at once when the last counting is long ago, else a while later.
func (s *savedSearches) Count() {
	switch {
	case len(s.env.tree.Searches) == 0:
		s.stop()
	case s.cancel != nil:
		s.again = true
	case s.wait == nil:
		s.count()
	default:
		s.again = true
	}
}

// stop ends the counting.
func (s *savedSearches) stop() {
	for _, f := range []*func(){&s.cancel, &s.wait} {
		if *f != nil {
			(*f)()
			*f = nil
		}
	}
	s.again = false
}

func (s *savedSearches) count() {
	list, began := slices.Clone(s.env.tree.Searches), time.Now()
	s.again = false
	s.cancel = s.env.loop.Cancellable(func(ctx context.Context) func() {
		ctx, stop := context.WithTimeout(ctx, countLongest)
		defer stop()
		counts := map[string]int{}
		for _, x := range list {
			// One that cannot be counted shows no number; opening it tells why.
			if _, unread, err := s.env.store.Count(ctx, model.QueryFor(x.Place(), model.FilterAll, model.Order{})); err == nil {
				counts[x.Query] = unread
			}
		}
		return func() { s.counted(counts, time.Since(began)) }
	})
}

func (s *savedSearches) counted(counts map[string]int, took time.Duration) {
	s.cancel = nil
	if s.env.tree.SetFound(counts) {
		s.changed()
	}
	s.wait = s.env.loop.After(max(countGap, countShare*took), func() {
		s.wait = nil
		if s.again {
			s.Count()
		}
	})
}

// Follow counts again after a change in the store that may have changed what is found.
func (s *savedSearches) Follow(c mail.Change) {
	if c.Reload || len(c.Folders)+len(c.Messages)+len(c.Arrived) > 0 {
		s.Count()
	}
}

// set takes another list, keeps it, says so, and can take it back.
func (s *savedSearches) set(list model.SavedSearches, said string) {
	was := s.env.tree.Searches
	if slices.Equal(list, was) {
		return
	}
	s.put(list)
	undo := s.env.act.Local("local", func() { s.put(was) })
	if said != "" {
		kit.ShowToast(s.env.win, said, toastTime, kit.Action{Text: lang.T("cmd.undo"), Do: undo})
	}
}

func (s *savedSearches) put(list model.SavedSearches) {
	s.env.tree.Searches = list
	s.env.loop.Serial(func(ctx context.Context) func() {
		if err := model.SaveSearches(ctx, s.env.store, list); err != nil {
			return func() { s.env.fail(lang.T("fail.searches"), err) }
		}
		return nil
	})
	s.changed()
	s.stop()
	s.Count()
}

// Ask asks for the name under which a query is kept. One that is kept already gets another name.
func (s *savedSearches) Ask(query string) {
	list := s.env.tree.Searches
	title, do, name := lang.T("searches.save"), lang.T("searches.save.do"), query
	if at := list.Of(query); at >= 0 {
		title, do, name = lang.T("searches.rename"), lang.T("folder.rename.do"), list[at].Name
	} else if list.Full() {
		kit.Inform(s.env.win, title, lang.T("searches.full", len(list)))
		return
	}
	ask(s.env, title, lang.T("searches.about"), name, do, func(name string) {
		now := s.env.tree.Searches
		said := lang.T("searches.saved", name)
		if other := now.Named(name); other >= 0 && now[other].Query != query {
			said = lang.T("searches.replaced", name)
		}
		s.set(now.Keep(name, query), said)
	})
}

// Drop forgets one.
func (s *savedSearches) Drop(query string) {
	list := s.env.tree.Searches
	if at := list.Of(query); at >= 0 {
		s.set(list.Without(at), lang.T("searches.dropped", list[at].Name))
	}
}

// Items is the menu of one.
func (s *savedSearches) Items(query string) []*kit.MenuItem {
	list := s.env.tree.Searches
	at := list.Of(query)
	if at < 0 {
		return nil
	}
	up := kit.Item(lang.T("searches.up"), icons.ArrowUp, func() { s.set(list.Moved(at, -1), "") })
	down := kit.Item(lang.T("searches.down"), icons.ArrowDown, func() { s.set(list.Moved(at, 1), "") })
	up.Disabled, down.Disabled = at == 0, at == len(list)-1
	drop := kit.Item(lang.T("searches.drop"), icons.Trash2, func() { s.Drop(query) })
	drop.Danger = true
	return []*kit.MenuItem{kit.Item(lang.T("searches.rename"), icons.Pencil, func() { s.Ask(query) }), up, down, kit.MenuLine(), drop}
}

// connectSearches makes the saved searches part of the window.
func (w *MainWindow) connectSearches() {
	w.saved.changed = func() {
		w.folders.Show()
		w.folders.Select(w.list.place)
		w.list.header.update()
		w.list.filters.Show(w.list.place)
	}
	w.list.filters.OnSave = w.saveSearch
}

// openPlace turns to a place of the folder pane: a saved search stands in the search field, too.
func (w *MainWindow) openPlace(p model.Place) {
	if p.Kind != model.PlaceSearch {
		w.Go(p)
		return
	}
	w.search.wait(nil)
	w.search.Show(p.Search)
	w.search.wait(nil) // nothing was typed
	w.searchFor(p.Search)
}

// searching reports whether the list shows the results of a search.
func (w *MainWindow) searching() bool { return w.list.place.Kind == model.PlaceSearch }

func (w *MainWindow) saveSearch() { w.saved.Ask(w.list.place.Search) }
