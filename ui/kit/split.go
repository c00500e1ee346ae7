package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Split shows two panes with a line between them to drag; the leading one keeps its width when the window is resized.
type Split struct {
	base
	// OnMoved is called with the width of the leading pane when the user lets the line go.
	OnMoved func(width float32)
	// MinStart and MinEnd are the least widths of the panes.
	MinStart, MinEnd float32

	start, end fyne.CanvasObject
	width      float32
	handle     *splitHandle
}

// NewSplit puts start (of this width) and end beside each other.
func NewSplit(width float32, start, end fyne.CanvasObject) *Split {
	s := &Split{start: start, end: end, width: width, MinStart: 160, MinEnd: 240}
	s.handle = newSplitHandle(s)
	s.ExtendBaseWidget(s)
	return s
}

// Width is the width of the leading pane.
func (s *Split) Width() float32 { return s.width }

// SetWidth changes the width of the leading pane.
func (s *Split) SetWidth(w float32) {
	s.width = w
	s.layout(s.Size())
}

// used is the width that the leading pane gets in the space there is.
func (s *Split) used(total float32) float32 {
	return max(0, min(max(s.width, s.MinStart), total-s.MinEnd-1))
}

func (s *Split) layout(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	if !s.start.Visible() || !s.end.Visible() {
		for _, o := range []fyne.CanvasObject{s.start, s.end} {
			place(o, size.Width, 0, 0, size.Width, size.Height)
		}
		s.handle.Hide()
		return
	}
	s.handle.Show()
	w := s.used(size.Width)
	place(s.start, size.Width, 0, 0, w, size.Height)
	place(s.end, size.Width, w+1, 0, size.Width-w-1, size.Height)
	place(s.handle, size.Width, w-splitGrip, 0, 2*splitGrip+1, size.Height)
}

// CreateRenderer implements fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(s.start, s.end, s.handle),
		layout:  s.layout,
		min: func() fyne.Size {
			return fyne.NewSize(s.MinStart+s.MinEnd+1, max(s.start.MinSize().Height, s.end.MinSize().Height))
		},
		refresh: func() {
			s.start.Refresh()
			s.end.Refresh()
			s.handle.Refresh()
			s.layout(s.Size())
		},
	}
}

// splitGrip is how far beside the line the pointer still takes it.
const splitGrip = 3

// splitHandle is the line between the panes.
type splitHandle struct {
	base
	split *Split
	line  *Surface
}

func newSplitHandle(s *Split) *splitHandle {
	h := &splitHandle{split: s, line: NewSurface(theme.Line, nil)}
	h.ExtendBaseWidget(h)
	return h
}

// Dragged implements fyne.Draggable.
func (h *splitHandle) Dragged(e *fyne.DragEvent) {
	s := h.split
	x := h.Position().X + e.Position.X
	total := s.Size().Width
	if lang.RTL() {
		x = total - x
	}
	s.width = max(s.MinStart, min(x, total-s.MinEnd-1))
	s.layout(s.Size())
}

// DragEnd implements fyne.Draggable.
func (h *splitHandle) DragEnd() {
	if h.split.OnMoved != nil {
		h.split.OnMoved(h.split.width)
	}
}

// Cursor implements desktop.Cursorable.
func (h *splitHandle) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// MouseIn implements desktop.Hoverable.
func (h *splitHandle) MouseIn(*desktop.MouseEvent) { h.line.SetFill(theme.Accent) }

// MouseMoved implements desktop.Hoverable.
func (h *splitHandle) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (h *splitHandle) MouseOut() { h.line.SetFill(theme.Line) }

// CreateRenderer implements fyne.Widget.
func (h *splitHandle) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(h.line),
		layout:  func(s fyne.Size) { place(h.line, s.Width, splitGrip, 0, 1, s.Height) },
		min:     func() fyne.Size { return fyne.NewSize(2*splitGrip+1, 1) },
		refresh: func() { h.line.Refresh() },
	}
}
