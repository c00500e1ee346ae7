package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Split shows two panes with a line between them to drag; the leading one keeps its width when the window is resized.
type Split struct {
	widget.BaseWidget
	// OnMoved is called with the width of the leading pane when the user lets the line go.
	OnMoved func(width float32)
	// MinStart and MinEnd are the least widths of the panes.
	MinStart, MinEnd float32
	start, end       fyne.CanvasObject
	width            float32
}

// NewSplit puts start (of this width) and end beside each other.
func NewSplit(width float32, start, end fyne.CanvasObject) *Split {
	s := &Split{start: start, end: end, width: width, MinStart: 160, MinEnd: 240}
	s.ExtendBaseWidget(s)
	return s
}

// Width is the width of the leading pane.
func (s *Split) Width() float32 { return s.width }

// SetWidth changes the width of the leading pane.
func (s *Split) SetWidth(w float32) { s.width = w; s.Refresh() }

// CreateRenderer implements fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Border(nil, nil, Fixed(s.width, 0, s.start), nil, s.end))
}
