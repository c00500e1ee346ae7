package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// endsLayout is the layout of Ends.
type endsLayout struct{ gap float32 }

// Ends puts start and end at the two sides of a line, or where they have no room beside each other below one another.
func Ends(gap float32, start, end fyne.CanvasObject) *fyne.Container {
	return container.New(endsLayout{gap}, start, end)
}

// beside reports whether both fit into a line, and how wide they want to be.
func (l endsLayout) beside(objs []fyne.CanvasObject, width float32) (start, end float32, ok bool) {
	start, end = wanted(objs[0]), wanted(objs[1])
	return start, end, start+l.gap+end <= width
}

// wanted is how wide something is in one line.
func wanted(o fyne.CanvasObject) float32 {
	c, ok := o.(*fyne.Container)
	if !ok {
		return o.MinSize().Width
	}
	l, ok := c.Layout.(flowLayout)
	if !ok {
		return o.MinSize().Width
	}
	w := float32(0)
	for _, x := range c.Objects {
		if x.Visible() {
			w += x.MinSize().Width + l.gap
		}
	}
	return max(0, w-l.gap)
}

func (l endsLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	start, end, ok := l.beside(objs, s.Width)
	if ok {
		place(objs[0], s.Width, 0, 0, start, s.Height)
		place(objs[1], s.Width, s.Width-end, 0, end, s.Height)
		return
	}
	h := HeightFor(objs[0], s.Width)
	end = min(end, s.Width)
	place(objs[0], s.Width, 0, 0, s.Width, h)
	place(objs[1], s.Width, s.Width-end, h+l.below(objs), end, max(0, s.Height-h-l.below(objs)))
}

// below is what stands between the two where they are below one another.
func (l endsLayout) below(objs []fyne.CanvasObject) float32 {
	if wanted(objs[0]) == 0 {
		return 0
	}
	return l.gap
}

// MinSize implements fyne.Layout.
func (l endsLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	a, b := objs[0].MinSize(), objs[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), max(a.Height, b.Height))
}

func (l endsLayout) heightForWidth(objs []fyne.CanvasObject, width float32) float32 {
	start, end, ok := l.beside(objs, width)
	if ok {
		return max(HeightFor(objs[0], start), HeightFor(objs[1], end))
	}
	return HeightFor(objs[0], width) + l.below(objs) + HeightFor(objs[1], min(end, width))
}
