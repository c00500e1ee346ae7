package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/theme"
)

const (
	scrollBarWidth = 12
	wheel          = 4 // a notch of the wheel is 10 of Fyne, and two lines of text here
)

// scrollBar is a vertical bar; positions are float64 so that millions of rows lose nothing.
type scrollBar struct {
	base
	moved func(share float64) // 0 top … 1 bottom

	offset, view, total float64
	knob                *canvas.Rectangle
	hover               bool
	grab                float32 // where in the knob a drag took hold, -1 for none
}

func newScrollBar(moved func(share float64)) *scrollBar {
	b := &scrollBar{moved: moved, knob: newBox(3), grab: -1}
	b.ExtendBaseWidget(b)
	return b
}

// set shows a view of a total at an offset; everything in view hides the bar.
func (b *scrollBar) set(offset, view, total float64) {
	b.offset, b.view, b.total = offset, view, total
	b.layout(b.Size())
}

// extent is the place of the knob.
func (b *scrollBar) extent() (top, height float32) {
	track := b.Size().Height - 4
	height = max(28, track*float32(b.view/max(b.total, 1)))
	if rest := b.total - b.view; rest > 0 {
		top = (track - height) * float32(b.offset/rest)
	}
	return top + 2, height
}

func (b *scrollBar) layout(s fyne.Size) {
	if b.total <= b.view+0.5 || s.Height < 32 {
		b.knob.Hide()
		return
	}
	b.knob.Show()
	top, h := b.extent()
	w := float32(5)
	if b.hover || b.grab >= 0 {
		w = 8
	}
	b.knob.CornerRadius = w / 2
	place(b.knob, s.Width, s.Width-w-2, top, w, h)
}

// MouseDown implements desktop.Mouseable: beside the knob it jumps there.
func (b *scrollBar) MouseDown(e *desktop.MouseEvent) {
	top, h := b.extent()
	b.grab = e.Position.Y - top
	if b.grab < 0 || b.grab > h {
		b.grab = h / 2
		b.to(e.Position.Y)
	}
}

// MouseUp implements desktop.Mouseable.
func (b *scrollBar) MouseUp(*desktop.MouseEvent) { b.grab = -1; b.Refresh() }

// Dragged implements fyne.Draggable.
func (b *scrollBar) Dragged(e *fyne.DragEvent) {
	if b.grab < 0 {
		_, h := b.extent()
		b.grab = h / 2
	}
	b.to(e.Position.Y)
}

// DragEnd implements fyne.Draggable.
func (b *scrollBar) DragEnd() { b.grab = -1; b.Refresh() }

func (b *scrollBar) to(y float32) {
	_, h := b.extent()
	free := b.Size().Height - 4 - h
	if free <= 0 {
		return
	}
	b.moved(max(0, min(1, float64((y-b.grab-2)/free))))
}

// MouseIn implements desktop.Hoverable.
func (b *scrollBar) MouseIn(*desktop.MouseEvent) { b.hover = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *scrollBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *scrollBar) MouseOut() { b.hover = false; b.Refresh() }

// CreateRenderer implements fyne.Widget.
func (b *scrollBar) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		b.knob.FillColor = theme.Current().ScrollBar
		if b.hover || b.grab >= 0 {
			b.knob.FillColor = theme.Current().Muted
		}
		b.knob.Refresh()
	}
	update()
	return &renderer{
		objects: fixed(b.knob),
		layout:  b.layout,
		min:     func() fyne.Size { return fyne.NewSize(scrollBarWidth, 32) },
		refresh: func() { update(); b.layout(b.Size()) },
	}
}
