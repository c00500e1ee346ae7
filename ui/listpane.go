package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// listPane is the middle of the window: a header and the virtual list of a place. It keeps a bounded window of rows.
type listPane struct {
	env   *env
	pager *model.Pager
	sel   model.Selection
	// messages are those that the selected rows stand for: in a list of conversations more than the rows.
	messages []mail.MessageID
	place    model.Place
	view     listView
	open     []model.Unfolded // the conversations that are unfolded
	// leaving is set while an action of the user takes the selected messages away: the next one is selected then.
	leaving bool
	hinted  mail.MessageID // the row whose date the status bar shows in the other calendar
	gen     int            // counts selections: a late answer about an older one is dropped
	asking  bool           // which messages the selected rows are is being read
	waiting []func()       // what is to be done with them then
	found   *foundTexts    // where the words of a search stand
	notes   *searchNotes
	filters *searchFilters
	server  *serverAsk
	partly  int // how many messages a search knows by their header only

	list    *kit.List
	header  *listHeader
	empty   *fyne.Container
	content fyne.CanvasObject

	// OnSelected is called with the keys of the selected rows when they changed; row is the one with the cursor.
	OnSelected func(keys []mail.MessageID, row mail.Row)
	// OnClicked is called when a row was clicked to be read, after the selection changed.
	OnClicked func()
	// OnLeaving is called when the user takes the selected messages away.
	OnLeaving func()
	// OnGone is called when what was selected went by itself.
	OnGone func()
	// OnOpen is called for Enter and double tap.
	OnOpen func(row mail.Row)
	// OnMenu asks for a context menu of the selection.
	OnMenu func(pos fyne.Position)
	// OnCommand is called for the buttons in a row.
	OnCommand func(command string, row mail.Row)
	// OnSearched is called when a search was turned to or left, when its first results are there, and when it is known how much it can find.
	OnSearched func()
	// Empty makes what is shown in place of an empty list.
	Empty func(p model.Place, v listView) fyne.CanvasObject
}

// listView is how a place is looked at.
type listView struct {
	filter model.Filter
	order  model.Order
}

func newListPane(e *env) *listPane {
	p := &listPane{env: e, place: model.Inboxes, view: listView{filter: model.FilterAll}}
	p.sel.Clear()
	p.pager = model.NewPager(e.loop)
	p.pager.Changed = p.changed
	p.found = &foundTexts{env: e, Changed: func(id mail.MessageID) {
		if _, at, ok := p.pager.Cached(id); ok {
			p.list.RefreshRow(at)
		}
	}}
	p.pager.Failed = func(err error) { e.fail(lang.T("fail.list"), err) }
	p.list = kit.NewList(kit.ListOptions{
		New:       func() fyne.CanvasObject { return newMessageRow(p.rowCommand) },
		Bind:      p.bind,
		RowHeight: p.rowHeight(),
		Multi:     true,
		Lines:     true,
	})
	p.list.OnSelect = p.userSelected
	p.list.OnOpen = func(i int) {
		if r, ok := p.pager.Row(i); ok {
			p.OnOpen(r)
		}
	}
	p.list.OnClick = func(int) { p.OnClicked() }
	p.list.OnMenu = func(_ int, pos fyne.Position) { p.WhenChosen(func() { p.OnMenu(pos) }) }
	p.list.OnVisible = p.pager.Visible
	p.list.DragPayload = p.drag
	p.notes, p.filters, p.server = newSearchNotes(e), newSearchFilters(e), newServerAsk(e)
	p.server.OnFound = func() {
		p.pager.Swap(p.source())
		p.Refresh()
	}
	p.header = newListHeader(p)
	p.empty = kit.Stack()
	p.empty.Hide()
	frame := kit.Border(kit.VBox(0, p.header.content, kit.HLine(), p.filters.content, p.notes.content), p.server.content, nil, nil, kit.Stack(p.list, p.empty))
	p.content = kit.NewSurface(theme.BG, frame)
	p.server.changed, p.filters.changed = frame.Refresh, frame.Refresh // they take or leave room
	return p
}

func (p *listPane) rowHeight() float32 {
	return 1 + pick[float32](p.env.prefs.Compact, theme.ListRowCompact, theme.ListRowHeight) // and the line below
}

// Show turns to a place. then is called when its first rows are there.
func (p *listPane) Show(place model.Place, then func()) {
	if place.Kind == model.PlaceSearch && p.place.Kind != model.PlaceSearch {
		p.countPartly()
	}
	typing := p.place.Kind == model.PlaceSearch && place.Kind == model.PlaceSearch && p.pager.Loaded()
	p.place, p.open = place, nil
	p.found.Search(place.Search)
	p.notes.Show(place.Search, true)
	p.filters.Show(place)
	p.server.Show(place)
	p.sel.Clear()
	p.messages = nil
	p.answered()
	p.gen++
	p.leaving = false
	p.unhint()
	shown := func() {
		p.OnSearched()
		p.checkEmpty()
		p.server.Count()
		if then != nil {
			then()
		}
	}
	if typing {
		p.pager.Follow(p.source(), func() {
			p.list.Reset(p.pager.Total())
			shown()
		})
	} else {
		p.list.Reset(0)
		p.empty.Hide()
		p.pager.Show(p.source(), shown)
	}
	p.header.update()
	p.OnSelected(nil, mail.Row{})
	p.OnSearched()
}

// View changes how the place is looked at.
func (p *listPane) View(v listView) {
	if v != p.view {
		p.view = v
		p.Show(p.place, nil)
	}
}

// SetCompact changes the height of the rows.
func (p *listPane) SetCompact() {
	p.list.SetRowHeight(p.rowHeight())
	p.list.Refresh()
}

func (p *listPane) source() model.Source {
	if p.grouped() {
		return p.conversations()
	}
	if p.place.Kind == model.PlaceSearch {
		return model.SearchSource(p.env.store, p.place, p.view.filter, p.view.order, p.server.also)
	}
	now := p.env.now()
	return model.SourceFor(p.env.store, p.place, p.view.filter, p.view.order, func(it mail.OutboxItem) string { return outboxWords(it, now) })
}

func (p *listPane) bind(i int, o fyne.CanvasObject, s kit.RowState) {
	row, ok := p.pager.Row(i)
	o.(*messageRow).bind(rowShown{
		row: row, there: ok, state: s, compact: p.env.prefs.Compact, now: p.env.now(),
		outgoing: row.Nested == mail.NestedNot && isOutgoing(roleOf(p.place, p.env.tree)), isMe: p.env.isMe, unfolded: p.isUnfolded(row),
		bySize: p.view.order.By == model.SortSize, waiting: p.place.Kind == model.PlaceSnoozed, found: p.found.words, text: p.foundText(row), place: p.placeOf(row),
	})
	p.hintDate(row, s.Hovered && ok)
}

// foundText is what a row shows of a message below its subject because of a search.
func (p *listPane) foundText(row mail.Row) string {
	if text := p.found.Of(row); text != "" || row.HasBody || !p.server.also.Has(row.ID) {
		return text
	}
	return lang.T("search.server.row")
}

// hintDate shows the date of the row under the pointer in the other calendar, where the language has two.
func (p *listPane) hintDate(r mail.Row, hovered bool) {
	switch {
	case hovered && p.hinted != r.ID && !r.Date.IsZero():
		if other := lang.Other(r.Date.In(p.env.now().Location())); other != "" {
			p.hinted = r.ID
			p.env.hint(other)
		}
	case !hovered && p.hinted == r.ID:
		p.unhint()
	}
}

// unhint takes away what was said about a row that is no longer under the pointer, or no longer there.
func (p *listPane) unhint() {
	if p.hinted != 0 {
		p.hinted = 0
		p.env.hint("")
	}
}

// changed shows new counts and rows.
func (p *listPane) changed() {
	if n := p.pager.Total(); n != p.list.Count() {
		p.list.SetCount(n)
	} else {
		p.list.Refresh()
	}
	p.header.update()
}

// Refresh reads the list again after a change in the store. The selection stays with its messages, and what is on the
// screen stays where it is.
func (p *listPane) Refresh() { p.refresh(func() {}) }

// refresh is Refresh; then is called when it is done.
func (p *listPane) refresh(then func()) {
	chosen := p.sel.Follow()
	follow := slices.Clone(chosen)
	top, _ := p.list.VisibleRows()
	topRow, anchored := p.pager.Row(top)
	anchored = anchored && top > 0
	if anchored {
		follow = append(follow, model.Key(topRow))
	}
	p.pager.Refresh(follow, func(at []int) {
		if anchored {
			if moved := at[len(at)-1]; moved >= 0 && moved != top {
				p.list.SetOffset(p.list.Offset() + float64(moved-top)*float64(p.rowHeight()))
			}
		}
		if !p.asking && p.sel.Len() > 0 { // else the answer brings list and selection together
			p.follow(chosen, at[:len(chosen)])
		}
		p.checkEmpty()
		then()
	})
}

// Expect shows what an action will do before the store has answered.
func (p *listPane) Expect(a mail.Action) {
	if !p.place.Messages() {
		return
	}
	for _, at := range p.pager.Expect(a.Messages, func(r mail.Row) mail.Row { return expect(r, a) }) {
		p.list.RefreshRow(at)
	}
}

func (p *listPane) checkEmpty() {
	if p.pager.Total() > 0 || !p.pager.Loaded() {
		p.empty.Hide()
		return
	}
	p.notes.Show(p.place.Search, false)
	p.empty.Objects = []fyne.CanvasObject{p.Empty(p.place, p.view)}
	p.empty.Refresh()
	p.empty.Show()
}
