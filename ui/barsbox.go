package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
)

// barsBox is a row of thin bars and one text; the bars are as high as the text.
type barsBox struct {
	widget.BaseWidget
	objs []fyne.CanvasObject
	text int // which of objs is the text
}

func newBars(objs []fyne.CanvasObject, textAt int) *barsBox {
	b := &barsBox{objs: objs, text: textAt}
	b.ExtendBaseWidget(b)
	return b
}

// others is the width of all but the text.
func (b *barsBox) others() (w float32) {
	for i, o := range b.objs {
		if i != b.text {
			w += o.MinSize().Width
		}
	}
	return w
}

// HeightForWidth is the height of the text at the width that the bars leave.
func (b *barsBox) HeightForWidth(w float32) float32 {
	return kit.HeightFor(b.objs[b.text], w-b.others())
}

// CreateRenderer implements fyne.Widget.
func (b *barsBox) CreateRenderer() fyne.WidgetRenderer { return barsRenderer{b} }

type barsRenderer struct{ b *barsBox }

func (r barsRenderer) Objects() []fyne.CanvasObject { return r.b.objs }
func (r barsRenderer) Destroy()                     {}

func (r barsRenderer) Layout(s fyne.Size) {
	x, rest := float32(0), s.Width-r.b.others()
	for i, o := range r.b.objs {
		w := o.MinSize().Width
		if i == r.b.text {
			w = rest
		}
		put(o, s.Width, x, 0, w, s.Height)
		x += w
	}
}

func (r barsRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.b.others()+40, r.b.objs[r.b.text].MinSize().Height)
}

func (r barsRenderer) Refresh() {
	r.Layout(r.b.Size())
	for _, o := range r.b.objs {
		o.Refresh()
	}
}
