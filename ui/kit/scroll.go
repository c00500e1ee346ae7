package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Scroll shows content higher than the space there is, with a scroll bar at the trailing side.
type Scroll struct {
	base
	// OnScrolled is called with the offset from the top.
	OnScrolled func(y float32)
	// OnZoom is called for Ctrl and the wheel: 1 is larger, -1 smaller. Unset, that scrolls.
	OnZoom func(step int)

	content fyne.CanvasObject
	offset  float32
	height  float32 // of the content at the width there is
	bar     *scrollBar
}

// NewScroll scrolls content vertically; the content gets the width there is and the height it needs at that width.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{content: content}
	s.bar = newScrollBar(func(share float64) { s.ScrollTo(float32(share) * max(0, s.height-s.Size().Height)) })
	s.ExtendBaseWidget(s)
	return s
}

// ScrollAbove gives content the height it needs, and scrolls it where that is more than most.
func ScrollAbove(most float32, content fyne.CanvasObject) *fyne.Container {
	return ScrollWithin(func() float32 { return most }, content)
}

// ScrollWithin is ScrollAbove for a height that is asked for at each layout.
func ScrollWithin(most func() float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(mostLayout{content, most}, NewScroll(content))
}

// mostLayout is the layout of ScrollAbove.
type mostLayout struct {
	content fyne.CanvasObject
	most    func() float32
}

func (l mostLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) { stackLayout{}.Layout(objs, s) }

func (l mostLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	if !l.content.Visible() {
		return fyne.Size{}
	}
	return objs[0].MinSize() // what is less than the content needs is scrolled, too
}

func (l mostLayout) heightForWidth(_ []fyne.CanvasObject, w float32) float32 {
	if !l.content.Visible() {
		return 0
	}
	return min(HeightFor(l.content, w), l.most())
}

// SetContent replaces the content and goes to the top.
func (s *Scroll) SetContent(o fyne.CanvasObject) {
	s.content, s.offset = o, 0
	s.Refresh()
}

// Offset is the distance from the top.
func (s *Scroll) Offset() float32 { return s.offset }

// ScrollTo goes to a distance from the top.
func (s *Scroll) ScrollTo(y float32) {
	y = max(0, min(y, s.height-s.Size().Height))
	if y == s.offset {
		return
	}
	s.offset = y
	s.position()
	if s.OnScrolled != nil {
		s.OnScrolled(y)
	}
}

// ToEnd measures the content again, which has grown, and goes to its end.
func (s *Scroll) ToEnd() {
	s.Refresh()
	s.ScrollTo(s.height)
}

// ScrollBy moves by a distance (PageDown, Space); it reports false at the end.
func (s *Scroll) ScrollBy(d float32) bool {
	before := s.offset
	s.ScrollTo(before + d)
	return s.offset != before
}

// Reveal scrolls so that the stretch from y to y+h of the content is in view.
func (s *Scroll) Reveal(y, h float32) {
	if y < s.offset {
		s.ScrollTo(y - 8)
	} else if bottom := y + h; bottom > s.offset+s.Size().Height {
		s.ScrollTo(bottom - s.Size().Height + 8)
	}
}

// Scrolled implements fyne.Scrollable.
func (s *Scroll) Scrolled(e *fyne.ScrollEvent) {
	if s.OnZoom != nil && Modifiers()&fyne.KeyModifierShortcutDefault != 0 {
		switch {
		case e.Scrolled.DY > 0:
			s.OnZoom(1)
		case e.Scrolled.DY < 0:
			s.OnZoom(-1)
		}
		return
	}
	s.ScrollTo(s.offset - e.Scrolled.DY*wheel)
}

// position moves content and bar to the offset.
func (s *Scroll) position() {
	s.content.Move(fyne.NewPos(0, -s.offset))
	s.bar.set(float64(s.offset), float64(s.Size().Height), float64(s.height))
	exposeAll()
	redraw(s)
}

func (s *Scroll) layout(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	s.height = max(HeightFor(s.content, size.Width), size.Height)
	s.content.Resize(fyne.NewSize(size.Width, s.height))
	if h := HeightFor(s.content, size.Width); h > s.height { // what was measured without a width before
		s.height = h
		s.content.Resize(fyne.NewSize(size.Width, h))
	}
	s.offset = max(0, min(s.offset, s.height-size.Height))
	place(s.bar, size.Width, size.Width-scrollBarWidth, 0, scrollBarWidth, size.Height)
	s.position()
}

// CreateRenderer implements fyne.Widget.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer {
	scrolls[s] = true
	return &renderer{
		destroy: func() { delete(scrolls, s) },
		objects: func() []fyne.CanvasObject { return []fyne.CanvasObject{s.content, s.bar} },
		layout:  s.layout,
		min: func() fyne.Size {
			return fyne.NewSize(min(s.content.MinSize().Width, 200), 32)
		},
		refresh: func() { s.content.Refresh(); s.layout(s.Size()) },
	}
}
