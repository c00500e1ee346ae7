package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// serverAsk is the line below the results of a search when there are messages whose texts are not here: it offers to ask their servers, shows
// how far that is, and what came of it. UI thread only.
type serverAsk struct {
	env   *env
	query string
	gen   int // counts searches: what belongs to an older one is dropped

	count   int // messages that servers could be asked about
	found   mail.ServerFound
	also    *store.Also // what they found; nil: they were not asked
	stop    func()      // ends what is under way: the counting, or the asking
	asking  bool
	failure error // of the asking as a whole

	words   *kit.Label
	button  *kit.Button
	content *fyne.Container

	// changed is called when it is higher or lower, or gone.
	changed func()
	// OnFound is called when servers found more.
	OnFound func()
}

func newServerAsk(e *env) *serverAsk {
	a := &serverAsk{env: e, OnFound: func() {}}
	a.words = kit.NewLabel("", kit.Meta).Wrapped()
	a.button = kit.NewButton(kit.Outline, "", "", a.press).Small()
	row := kit.HBox(10, kit.Grow(a.words), a.button)
	a.content = kit.VBox(0, kit.HLine(), kit.NewSurface(theme.Side, kit.Pad(8, rowPad, 8, rowPad, row)))
	a.content.Hide()
	return a
}

// Show turns to a place; what servers found for a search stays as long as it is shown.
func (a *serverAsk) Show(p model.Place) {
	query := searchedIn(p)
	if query == a.query {
		return
	}
	a.leave()
	a.query, a.count, a.found, a.also, a.failure = query, 0, mail.ServerFound{}, nil, nil
	a.update()
}

// leave ends what is under way.
func (a *serverAsk) leave() {
	a.gen++
	a.asking = false
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

// Count finds out whether there is anything to ask, once the results are there.
func (a *serverAsk) Count() {
	if a.query == "" || a.stop != nil || a.also != nil {
		return
	}
	gen, query := a.gen, a.query
	a.stop = a.env.loop.Cancellable(func(ctx context.Context) func() {
		n, err := a.env.store.AskCount(ctx, query)
		return func() {
			if gen != a.gen {
				return
			}
			a.stop = nil
			if err == nil { // else the list, which is read in the same way, tells
				a.count = n
				a.update()
			}
		}
	})
}

// Offered reports whether servers can be asked now.
func (a *serverAsk) Offered() bool { return !a.asking && a.query != "" && (a.count > 0 || a.failed()) }

// failed reports whether not all could be asked.
func (a *serverAsk) failed() bool {
	return a.failure != nil || len(a.found.Problems) > 0 || a.also != nil && a.found.Done < a.found.Total && !a.found.Full
}

func (a *serverAsk) press() {
	if a.asking {
		a.leave()
		a.update()
		return
	}
	a.Ask()
}

// Ask asks the servers.
func (a *serverAsk) Ask() {
	if !a.Offered() {
		return
	}
	a.leave()
	gen, query := a.gen, a.query
	a.asking, a.failure, a.found = true, nil, mail.ServerFound{Total: a.count}
	a.also = store.NewAlso(nil)
	a.update()
	a.stop = a.env.loop.Cancellable(func(ctx context.Context) func() {
		err := a.env.engine.SearchServers(ctx, query, func(f mail.ServerFound) {
			a.env.loop.Post(func() {
				if gen == a.gen {
					a.take(f)
				}
			})
		})
		return func() {
			if gen != a.gen {
				return
			}
			a.stop, a.asking = nil, false
			if !errors.Is(err, context.Canceled) {
				a.failure = err
			}
			a.update()
		}
	})
}

// take takes what is known so far.
func (a *serverAsk) take(f mail.ServerFound) {
	more := len(f.Messages) != a.also.Len()
	a.found = f
	if more {
		a.also = store.NewAlso(f.Messages)
		a.OnFound()
	}
	a.update()
}

// update shows where things are.
func (a *serverAsk) update() {
	words, do := "", ""
	switch {
	case a.asking:
		words, do = lang.T("search.server.asking", a.found.Done, a.found.Total), "search.server.stop"
	case a.also != nil:
		words = a.result()
		if a.failed() {
			do = "search.server.again"
		}
	case a.count > 0:
		words, do = lang.N("search.server.offer", a.count), "search.server.ask"
	}
	a.words.SetText(words)
	if do != "" {
		a.button.SetText(lang.T(do))
	}
	a.button.Hidden = do == ""
	a.content.Hidden = words == ""
	a.content.Refresh()
	a.changed()
}

// result says what came of it.
func (a *serverAsk) result() string {
	words := lang.T("search.server.nothing")
	switch n := a.also.Len(); {
	case a.found.Full:
		words = lang.N("search.server.full", n)
	case n > 0:
		words = lang.N("search.server.found", n)
	case a.failed():
		words = ""
	}
	add := func(s string) { words += pick(words == "", "", " ") + s }
	for _, p := range a.found.Problems {
		account, _ := a.env.tree.Account(p.Account)
		add(lang.ProblemWords(p, account.Email))
	}
	switch {
	case a.failure != nil:
		add(lang.T("search.server.failed") + " " + lang.ErrorWords(a.failure))
	case len(a.found.Problems) == 0 && a.failed():
		add(lang.T("search.server.stopped", a.found.Done, a.found.Total))
	}
	return words
}
