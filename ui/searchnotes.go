package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// maxNotes is how many notes about a query are shown: the first ones are what to look at first.
const maxNotes = 2

// searchNotes say above the results what in a query may be wrong: nothing is an error there, so nobody else would say it.
type searchNotes struct {
	env     *env
	content *fyne.Container
	shown   []store.QueryNote
	query   string
	// OnCorrect searches for what was probably meant.
	OnCorrect func(query string)
}

func newSearchNotes(e *env) *searchNotes {
	return &searchNotes{env: e, content: kit.VBox(0), OnCorrect: func(string) {}}
}

// Show turns to a query, "" for none. While it is typed nothing is said about its last word.
func (n *searchNotes) Show(query string, typing bool) {
	var notes []store.QueryNote
	if query != "" {
		notes = store.ExplainQuery(query, typing, n.env.tree.Folders(0), n.env.tree.Accounts())
	}
	notes = notes[:min(len(notes), maxNotes)]
	same := len(notes) == len(n.shown)
	for i := range notes {
		same = same && notes[i] == n.shown[i]
	}
	n.query = query
	if same {
		return
	}
	n.shown = notes
	n.content.Objects = nil
	for _, note := range notes {
		n.content.Add(kit.NewBanner(kit.LevelWarning, "", noteWords(note), n.actions(note)...))
		n.content.Add(kit.HLine())
	}
	n.content.Refresh()
}

// noteWords put a note into words.
func noteWords(n store.QueryNote) string {
	return lang.T("search.note."+string(n.Kind), n.Term, n.Hint)
}

func (n *searchNotes) actions(note store.QueryNote) []kit.Action {
	if note.Hint == "" {
		return nil
	}
	return []kit.Action{{Text: lang.T("search.note.correct", note.Hint), Do: func() {
		n.OnCorrect(strings.Replace(n.query, note.Term, note.Hint, 1))
	}}}
}

// countPartly finds out how many messages a search knows by their header only, once for all searches that follow one another.
func (p *listPane) countPartly() {
	p.env.loop.Go(func(ctx context.Context) func() {
		n, err := p.env.store.HeaderOnly(ctx)
		return func() {
			if err == nil && n != p.partly { // where it cannot be counted the list says why it cannot be read
				p.partly = n
				p.header.update()
				p.OnSearched()
			}
		}
	})
}
