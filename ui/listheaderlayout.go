package ui

import (
	"fyne.io/fyne/v2"

	"peyk/ui/model"
)

// headerLayout puts the title over the counts and the chips beside both. Where the title would be cut for that, or the counts would and have room
// behind it, the chips stand below it, in place of the counts, which follow the title as far as there is room; the last chip goes where even so it does not fit: starred
// mail has a place of its own in the folder pane.
type headerLayout struct{ h *listHeader }

// Measures of the header.
const (
	headerHeight = 63
	headerGap    = 8
	headerTight  = 5 // above and below the two lines of a narrow one
)

// Layout implements fyne.Layout.
func (l *headerLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	h := l.h
	width := s.Width
	if !h.back.Hidden {
		m := h.back.MinSize()
		put(h.back, s.Width, s.Width-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
		width -= m.Width + headerGap
	}
	title, texts := h.title.MinSize().Height, h.counts.MinSize().Height
	l.showStarred(true)
	chips := h.row.MinSize()
	if h.row.Hidden {
		chips = fyne.Size{}
	}
	room := width - chips.Width - headerGap
	first := h.title.Natural().Width + 1
	counts := h.counts.Natural().Width + 1
	if !h.row.Hidden && (room < first || room < counts && first+headerGap+counts <= width) {
		l.narrow(s, width)
		return
	}
	y := (s.Height - title - texts) / 2
	put(h.title, s.Width, 0, y, room, title)
	put(h.counts, s.Width, 0, y+title, room, texts)
	put(h.row, s.Width, width-chips.Width, (s.Height-chips.Height)/2, chips.Width, chips.Height)
}

// narrow lays out two lines.
func (l *headerLayout) narrow(s fyne.Size, width float32) {
	h := l.h
	title, counts := h.title.MinSize().Height, h.counts.MinSize().Height
	first := min(h.title.Natural().Width+1, width)
	put(h.title, s.Width, 0, headerTight, first, title)
	put(h.counts, s.Width, first+headerGap, headerTight+(title-counts)/2, max(0, width-first-headerGap), counts)
	if h.row.MinSize().Width > width && !h.chips[model.FilterStarred].On() {
		l.showStarred(false)
	}
	m := h.row.MinSize()
	put(h.row, s.Width, 0, s.Height-headerTight-m.Height, m.Width, m.Height)
}

func (l *headerLayout) showStarred(on bool) {
	if c := l.h.chips[model.FilterStarred]; c.Hidden == on {
		c.Hidden = !on
		l.h.row.Refresh()
	}
}

// MinSize implements fyne.Layout.
func (l *headerLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, l.h.title.MinSize().Height+l.h.counts.MinSize().Height)
}
