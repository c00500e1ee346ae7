package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

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
		c := kit.NewToggleChip(lang.T("list.filter."+string(f)), func() { p.View(listView{f, p.view.order}) })
		h.chips[f] = c
		h.row.Add(c)
	}
	h.back = kit.NewIconButton(icons.X, lang.T("search.clear"), nil)
	h.back.Hide()
	h.content = kit.Fixed(0, headerHeight, kit.Pad(0, rowPad, 0, rowPad, container.New(&headerLayout{h}, h.title, h.counts, h.row, h.back)))
	return h
}

func (h *listHeader) update() {
	p := h.pane
	h.title.SetText(placeTitle(p.place, p.env.tree))
	for f, c := range h.chips {
		c.Set(f == p.view.filter)
	}
	words := h.words()
	if by := p.view.order.By; by != model.SortDate && p.place.Messages() {
		words = lang.T("list.counts", words, lang.T("list.by."+string(by)))
	}
	h.counts.SetText(words)
	h.content.Refresh() // the chips stand where the title leaves room
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
	case p.place.Kind == model.PlaceSearch:
		words := lang.N("list.results", c.Total)
		if p.grouped() {
			words = lang.N("list.conversations", c.Conversations)
		}
		if p.partly > 0 {
			return lang.T("list.counts", words, lang.T("list.headeronly", lang.N("list.messages", p.partly)))
		}
		return words
	case !p.place.Messages():
		return lang.N("list.messages", c.Total)
	}
	total := lang.N("list.messages", c.Total)
	if p.grouped() {
		total = lang.N("list.conversations", c.Conversations)
	}
	if c.Unread > 0 && p.view.filter != model.FilterUnread {
		return lang.T("list.counts", total, lang.N("list.unread", c.Unread))
	}
	return total
}
