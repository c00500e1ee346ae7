package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/internal/mail"
	"peyk/ui/icons"
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
	place model.Place
	view  listView
	// leaving is set while an action of the user takes the selected messages away: the next one is selected then.
	leaving bool
	hinted  mail.MessageID // the row whose date the status bar shows in the other calendar
	gen     int            // counts selections: a late answer about an older one is dropped
	found   *foundTexts    // where the words of a search stand
	notes   *searchNotes
	partly  int // how many messages a search knows by their header only

	list    *kit.List
	header  *listHeader
	empty   *fyne.Container
	content fyne.CanvasObject

	// OnSelected is called with the selected messages when they changed; row is the one with the cursor.
	OnSelected func(ids []mail.MessageID, row mail.Row)
	// OnOpen is called for Enter and double tap.
	OnOpen func(row mail.Row)
	// OnMenu asks for a context menu of the selection.
	OnMenu func(pos fyne.Position)
	// OnCommand is called for the buttons in a row.
	OnCommand func(command string, row mail.Row)
	// Empty makes what is shown in place of an empty list.
	Empty func(p model.Place, v listView) fyne.CanvasObject
}

// listView is how a place is looked at.
type listView struct {
	filter      model.Filter
	oldestFirst bool
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
		New:       func() fyne.CanvasObject { return newMessageRow(func(c string, r mail.Row) { p.OnCommand(c, r) }) },
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
	p.list.OnMenu = func(_ int, pos fyne.Position) { p.OnMenu(pos) }
	p.list.OnVisible = p.pager.Visible
	p.list.DragPayload = p.drag
	p.notes = newSearchNotes(e)
	p.header = newListHeader(p)
	p.empty = kit.Stack()
	p.empty.Hide()
	p.content = kit.NewSurface(theme.BG, kit.Border(kit.VBox(0, p.header.content, kit.HLine(), p.notes.content), nil, nil, nil, kit.Stack(p.list, p.empty)))
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
	p.place = place
	p.found.Search(place.Search)
	p.notes.Show(place.Search, true)
	p.sel.Clear()
	p.gen++
	p.leaving = false
	shown := func() {
		p.checkEmpty()
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
	now := p.env.now()
	return model.SourceFor(p.env.store, p.place, p.view.filter, p.view.oldestFirst, func(it mail.OutboxItem) string { return outboxWords(it, now) })
}

func (p *listPane) bind(i int, o fyne.CanvasObject, s kit.RowState) {
	row, ok := p.pager.Row(i)
	o.(*messageRow).bind(rowShown{
		row: row, there: ok, state: s, compact: p.env.prefs.Compact, now: p.env.now(),
		outgoing: isOutgoing(roleOf(p.place, p.env.tree)),
		found:    p.found.words, text: p.found.Of(row), place: p.placeOf(row),
	})
	p.hintDate(row, s.Hovered && ok)
}

// hintDate shows the date of the row under the pointer in the other calendar, where the language has two.
func (p *listPane) hintDate(r mail.Row, hovered bool) {
	switch {
	case hovered && p.hinted != r.ID && !r.Date.IsZero():
		if other := lang.Other(r.Date.In(p.env.now().Location())); other != "" {
			p.hinted = r.ID
			p.env.hint(other)
		}
	case !hovered && p.hinted != 0 && p.hinted == r.ID:
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
func (p *listPane) Refresh() {
	gen := p.gen
	follow := p.sel.Follow()
	top, _ := p.list.VisibleRows()
	topRow, anchored := p.pager.Row(top)
	anchored = anchored && top > 0
	if anchored {
		follow = append(follow, topRow.ID)
	}
	p.pager.Refresh(follow, func(at []int) {
		if anchored {
			if moved := at[len(at)-1]; moved >= 0 && moved != top {
				p.list.SetOffset(p.list.Offset() + float64(moved-top)*float64(p.rowHeight()))
			}
			at = at[:len(at)-1]
		}
		if gen == p.gen && len(at) > 0 {
			p.follow(at)
		}
		p.checkEmpty()
	})
}

// follow selects the messages that were selected where they are now. When all are gone because the user acted on them,
// the message that took their place is next; when they went by themselves, what is being read stays on the screen.
func (p *listPane) follow(at []int) {
	had := p.sel.Len()
	rows, cursor := p.sel.Moved(at)
	_, was := p.sel.Cursor()
	if len(rows) > 0 {
		if cursor < 0 {
			cursor = rows[0]
		}
		p.list.SetSelected(rows, cursor)
		if p.sel.Len() != had {
			p.tell()
		}
		return // still leaving: this answer may be older than the action
	}
	p.list.ClearSelection()
	if !p.leaving {
		p.sel.Clear()
		return
	}
	p.leaving = false
	if next := min(was, p.pager.Total()-1); next >= 0 {
		p.list.Select(next)
		p.userSelected()
		return
	}
	p.sel.Clear()
	p.OnSelected(nil, mail.Row{})
}

// Leaving tells that the selected messages are about to leave the list by the user's will; false: that failed.
func (p *listPane) Leaving(yes bool) { p.leaving = yes }

// userSelected finds out which messages the selected rows are. Rows that are in memory are known at once; those of a long
// range are asked from the store.
func (p *listPane) userSelected() {
	p.gen++
	p.leaving = false
	gen, cursor, ranges := p.gen, p.list.Cursor(), p.list.SelectedRanges()
	if ids, ok := p.cached(ranges); ok {
		p.selected(ids, ranges, cursor)
		return
	}
	src, ok := p.source().(interface {
		IDs(ctx context.Context, offset, limit int) ([]mail.MessageID, error)
	})
	if !ok {
		return
	}
	p.env.loop.Go(func(ctx context.Context) func() {
		var ids []mail.MessageID
		var err error
		for _, r := range ranges {
			var part []mail.MessageID
			if part, err = src.IDs(ctx, r[0], r[1]-r[0]); err != nil {
				break
			}
			ids = append(ids, part...)
		}
		return func() {
			switch {
			case gen != p.gen:
			case err != nil:
				p.env.fail(lang.T("fail.list"), err)
			default:
				p.selected(ids, ranges, cursor)
			}
		}
	})
}

func (p *listPane) cached(ranges [][2]int) ([]mail.MessageID, bool) {
	n := 0
	for _, r := range ranges {
		n += r[1] - r[0]
	}
	if n > 200 {
		return nil, false
	}
	ids := make([]mail.MessageID, 0, n)
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			row, ok := p.pager.Row(i)
			if !ok {
				return nil, false
			}
			ids = append(ids, row.ID)
		}
	}
	return ids, true
}

func (p *listPane) selected(ids []mail.MessageID, ranges [][2]int, cursor int) {
	row, _ := p.pager.Row(cursor)
	if row.ID == 0 && len(ids) == 1 {
		row.ID = ids[0]
	}
	p.sel.Set(ids, ranges, row.ID, cursor)
	p.tell()
}

func (p *listPane) tell() {
	ids := p.sel.IDs()
	id, _ := p.sel.Cursor()
	if len(ids) == 1 {
		id = ids[0]
	}
	row, _, ok := p.pager.Cached(id)
	if !ok {
		row = mail.Row{ID: id}
	}
	p.OnSelected(ids, row)
}

// Selected are the selected messages.
func (p *listPane) Selected() []mail.MessageID { return p.sel.IDs() }

// SelectedRows are those of the selected messages that are in memory: enough to decide between star and unstar.
func (p *listPane) SelectedRows() []mail.Row {
	var out []mail.Row
	for _, id := range p.sel.IDs() {
		if r, _, ok := p.pager.Cached(id); ok {
			out = append(out, r)
		}
		if len(out) == 500 {
			break
		}
	}
	return out
}

// SelectMessage puts cursor and selection on a message, wherever it is in the list.
func (p *listPane) SelectMessage(id mail.MessageID) {
	src := p.source()
	gen := p.gen
	p.env.loop.Go(func(ctx context.Context) func() {
		at, err := src.Position(ctx, id)
		return func() {
			if err != nil || at < 0 || gen != p.gen || at >= p.pager.Total() {
				return
			}
			p.list.Select(at)
			p.gen++
			p.selected([]mail.MessageID{id}, [][2]int{{at, at + 1}}, at)
		}
	})
}

// Step moves the cursor by n rows, as the arrow keys do.
func (p *listPane) Step(n int) {
	if p.list.Cursor() < 0 && p.pager.Total() > 0 {
		_, was := p.sel.Cursor()
		p.list.Select(min(max(was, 0), p.pager.Total()-1))
		p.userSelected()
		return
	}
	p.list.Step(n, false)
}

// Expect shows what an action will do before the store has answered.
func (p *listPane) Expect(a mail.Action) {
	if !p.place.Messages() {
		return
	}
	for _, id := range a.Messages {
		if r, at, ok := p.pager.Cached(id); ok {
			p.pager.Replace(expect(r, a))
			p.list.RefreshRow(at)
		}
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

// dragged is what the pointer carries out of the list.
type dragged struct{ ids []mail.MessageID }

func (p *listPane) drag() (any, string) {
	ids := p.sel.IDs()
	if len(ids) == 0 || !p.place.Messages() {
		return nil, ""
	}
	return dragged{ids}, lang.N("list.messages", len(ids))
}

// listHeader is the title of the list with its counts and the chips that narrow it.
type listHeader struct {
	pane    *listPane
	title   *kit.Label
	counts  *kit.Label
	chips   map[model.Filter]*kit.Chip
	row     *fyne.Container
	back    *kit.Button
	content fyne.CanvasObject
}

func newListHeader(p *listPane) *listHeader {
	h := &listHeader{pane: p, title: kit.NewLabel("", kit.Title).Ellipsized(), counts: kit.NewLabel("", kit.Meta).Ellipsized(), chips: map[model.Filter]*kit.Chip{}}
	h.row = kit.HBox(6)
	for _, f := range []model.Filter{model.FilterAll, model.FilterUnread, model.FilterStarred} {
		c := kit.NewToggleChip(lang.T("list.filter."+string(f)), func() { p.View(listView{f, p.view.oldestFirst}) })
		h.chips[f] = c
		h.row.Add(c)
	}
	h.back = kit.NewIconButton(icons.X, lang.T("search.clear"), nil)
	h.back.Hide()
	texts := kit.VBox(0, h.title, h.counts)
	row := kit.HBox(6, kit.Grow(texts), h.row, h.back)
	narrow := container.New(&narrowLayout{h}, row)
	h.content = kit.Fixed(0, 63, kit.Pad(0, rowPad, 0, rowPad, narrow))
	return h
}

func (h *listHeader) update() {
	p := h.pane
	h.title.SetText(placeTitle(p.place, p.env.tree))
	for f, c := range h.chips {
		c.Set(f == p.view.filter)
	}
	h.counts.SetText(h.words())
	chips, back := p.place.Messages(), p.place.Kind == model.PlaceSearch
	if h.row.Hidden == chips || h.back.Hidden == back {
		h.row.Hidden, h.back.Hidden = !chips, !back
		h.content.Refresh()
	}
}

func (h *listHeader) words() string {
	p := h.pane
	if !p.pager.Loaded() {
		return lang.T("list.reading")
	}
	c := p.pager.Counts()
	switch {
	case p.place.Kind == model.PlaceSearch && p.partly > 0:
		return lang.T("list.counts", lang.N("list.results", c.Total), lang.T("list.headeronly", lang.N("list.messages", p.partly)))
	case p.place.Kind == model.PlaceSearch:
		return lang.N("list.results", c.Total)
	case !p.place.Messages():
		return lang.N("list.messages", c.Total)
	case c.Unread > 0 && p.view.filter != model.FilterUnread:
		return lang.T("list.counts", lang.N("list.messages", c.Total), lang.N("list.unread", c.Unread))
	}
	return lang.N("list.messages", c.Total)
}

// narrowLayout takes the last chip away where the title needs its room: starred mail has a place of its own in the folder
// pane.
type narrowLayout struct{ h *listHeader }

const narrowHeader = 330

// Layout implements fyne.Layout.
func (l *narrowLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	chip := l.h.chips[model.FilterStarred]
	if hide := s.Width < narrowHeader && !chip.On(); chip.Hidden != hide {
		chip.Hidden = hide
		l.h.row.Refresh()
	}
	put(objs[0], s.Width, 0, 0, s.Width, s.Height)
}

// MinSize implements fyne.Layout.
func (l *narrowLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, objs[0].MinSize().Height)
}
