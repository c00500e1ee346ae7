package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// HeightFor is the height that o needs at this width: for a wrapped text or a box that holds one it depends on the width.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch v := o.(type) {
	case interface{ HeightForWidth(float32) float32 }:
		return v.HeightForWidth(width)
	case *fyne.Container:
		if l, ok := v.Layout.(widthLayout); ok {
			return l.heightForWidth(v.Objects, width)
		}
	}
	return o.MinSize().Height
}

// widthLayout is a layout whose height depends on its width.
type widthLayout interface {
	heightForWidth(objs []fyne.CanvasObject, width float32) float32
}

// growLayout marks a child that takes the space left over in an HBox or VBox.
type growLayout struct{ stackLayout }

// Grow makes o take the space left over in the HBox or VBox that holds it.
func Grow(o fyne.CanvasObject) *fyne.Container { return container.New(growLayout{}, o) }

// Spacer takes the space left over in a box.
func Spacer() *fyne.Container { return container.New(growLayout{}) }

// Gap is an empty square of this size.
func Gap(size float32) fyne.CanvasObject { return Fixed(size, size, nil) }

func grows(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(growLayout)
	return ok
}

// stackLayout gives every child the whole space.
type stackLayout struct{}

// Stack lays objects over each other.
func Stack(objs ...fyne.CanvasObject) *fyne.Container { return container.New(stackLayout{}, objs...) }

func (stackLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		o.Resize(s)
		o.Move(fyne.Position{})
	}
}

func (stackLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objs {
		if o.Visible() {
			m = m.Max(o.MinSize())
		}
	}
	return m
}

func (stackLayout) heightForWidth(objs []fyne.CanvasObject, w float32) (h float32) {
	for _, o := range objs {
		if o.Visible() {
			h = max(h, HeightFor(o, w))
		}
	}
	return h
}

// padLayout puts space around its child.
type padLayout struct{ top, end, bottom, start float32 }

// Pad puts space around o; end and start follow the direction of the window.
func Pad(top, end, bottom, start float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(padLayout{top, end, bottom, start}, o)
}

// Inset puts the same space around o on all sides.
func Inset(all float32, o fyne.CanvasObject) *fyne.Container { return Pad(all, all, all, all, o) }

// PadXY puts space around o: x at the sides, y above and below.
func PadXY(x, y float32, o fyne.CanvasObject) *fyne.Container { return Pad(y, x, y, x, o) }

func (l padLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		place(o, s.Width, l.start, l.top, max(0, s.Width-l.start-l.end), max(0, s.Height-l.top-l.bottom))
	}
}

func (l padLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return stackLayout{}.MinSize(objs).AddWidthHeight(l.start+l.end, l.top+l.bottom)
}

func (l padLayout) heightForWidth(objs []fyne.CanvasObject, w float32) float32 {
	return stackLayout{}.heightForWidth(objs, w-l.start-l.end) + l.top + l.bottom
}

// sizeLayout fixes the size of its child; 0 leaves that side to the child.
type sizeLayout struct {
	w, h   float32
	atMost bool
}

// Fixed gives o exactly this size; a side of 0 is what o wants. o may be nil.
func Fixed(w, h float32, o fyne.CanvasObject) *fyne.Container {
	if o == nil {
		return container.New(sizeLayout{w: w, h: h})
	}
	return container.New(sizeLayout{w: w, h: h}, o)
}

// MaxWidth lets o grow to at most this width, at the leading side of what there is.
func MaxWidth(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(sizeLayout{w: w, atMost: true}, o)
}

func (l sizeLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		w, h := s.Width, s.Height
		if l.w > 0 {
			w = min(w, l.w)
			if !l.atMost {
				w = l.w
			}
		}
		y := float32(0)
		if l.h > 0 {
			y, h = (s.Height-l.h)/2, l.h
		}
		place(o, s.Width, 0, y, w, h)
	}
}

func (l sizeLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := stackLayout{}.MinSize(objs)
	if l.w > 0 && (!l.atMost || m.Width > l.w) {
		m.Width = l.w
	}
	if l.h > 0 {
		m.Height = l.h
	}
	return m
}

func (l sizeLayout) heightForWidth(objs []fyne.CanvasObject, w float32) float32 {
	if l.h > 0 {
		return l.h
	}
	if l.w > 0 {
		w = min(w, l.w)
	}
	return stackLayout{}.heightForWidth(objs, w)
}

// centerLayout puts its child in the middle at its own size.
type centerLayout struct{ vertical, horizontal bool }

// Center puts o in the middle at the size it wants.
func Center(o fyne.CanvasObject) *fyne.Container {
	return container.New(centerLayout{true, true}, o)
}

// Start puts o at the leading side at the width it wants (a button in a VBox).
func Start(o fyne.CanvasObject) *fyne.Container { return HBox(0, o) }

func (l centerLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		m := o.MinSize()
		m = fyne.NewSize(min(m.Width, s.Width), min(HeightFor(o, min(m.Width, s.Width)), s.Height))
		o.Resize(m)
		o.Move(fyne.NewPos((s.Width-m.Width)/2, (s.Height-m.Height)/2))
	}
}

func (l centerLayout) MinSize(objs []fyne.CanvasObject) fyne.Size { return stackLayout{}.MinSize(objs) }

// borderLayout puts edges around a centre.
type borderLayout struct{ top, bottom, start, end, center fyne.CanvasObject }

// Border puts up to four edges around a centre; start and end follow the direction of the window. Any may be nil. Tab goes through
// them as they are read: from the top, and from the start to the end.
func Border(top, bottom, start, end, center fyne.CanvasObject) *fyne.Container {
	var objs []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{top, start, center, end, bottom} {
		if o != nil {
			objs = append(objs, o)
		}
	}
	return container.New(&borderLayout{top, bottom, start, end, center}, objs...)
}

func shown(o fyne.CanvasObject) bool { return o != nil && o.Visible() }

func (l *borderLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	top, bottom, start, end := float32(0), s.Height, float32(0), s.Width
	if shown(l.top) {
		top = HeightFor(l.top, s.Width)
		place(l.top, s.Width, 0, 0, s.Width, top)
	}
	if shown(l.bottom) {
		h := HeightFor(l.bottom, s.Width)
		bottom -= h
		place(l.bottom, s.Width, 0, bottom, s.Width, h)
	}
	inner := max(0, bottom-top)
	if shown(l.start) {
		start = l.start.MinSize().Width
		place(l.start, s.Width, 0, top, start, inner)
	}
	if shown(l.end) {
		w := l.end.MinSize().Width
		end -= w
		place(l.end, s.Width, end, top, w, inner)
	}
	if shown(l.center) {
		place(l.center, s.Width, start, top, max(0, end-start), inner)
	}
}

func (l *borderLayout) MinSize([]fyne.CanvasObject) (m fyne.Size) {
	for _, o := range []fyne.CanvasObject{l.start, l.center, l.end} {
		if shown(o) {
			c := o.MinSize()
			m.Width += c.Width
			m.Height = max(m.Height, c.Height)
		}
	}
	for _, o := range []fyne.CanvasObject{l.top, l.bottom} {
		if shown(o) {
			c := o.MinSize()
			m.Width = max(m.Width, c.Width)
			m.Height += c.Height
		}
	}
	return m
}

func (l *borderLayout) heightForWidth(_ []fyne.CanvasObject, w float32) (h float32) {
	inner := w
	for _, o := range []fyne.CanvasObject{l.start, l.end} {
		if shown(o) {
			m := o.MinSize()
			inner -= m.Width
			h = max(h, m.Height)
		}
	}
	if shown(l.center) {
		h = max(h, HeightFor(l.center, inner))
	}
	for _, o := range []fyne.CanvasObject{l.top, l.bottom} {
		if shown(o) {
			h += HeightFor(o, w)
		}
	}
	return h
}
