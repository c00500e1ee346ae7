package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
)

// lazyBox is a place in a column whose content is made when it comes near the view, and may be let go of again; it keeps
// its height meanwhile.
type lazyBox struct {
	widget.BaseWidget
	build  func() fyne.CanvasObject
	gone   func()
	inner  fyne.CanvasObject
	height float32 // of the content, or a guess
}

func newLazyBox(build func() fyne.CanvasObject, gone func()) *lazyBox {
	b := &lazyBox{build: build, gone: gone}
	b.ExtendBaseWidget(b)
	return b
}

// make makes the content and reports whether it was not there.
func (b *lazyBox) make() bool {
	if b.inner != nil {
		return false
	}
	b.inner = b.build()
	b.Refresh()
	return true
}

// drop lets go of the content.
func (b *lazyBox) drop() {
	if b.inner != nil {
		b.inner = nil
		b.gone()
		b.Refresh()
	}
}

// forget lets go of the content for another that is about this high.
func (b *lazyBox) forget(height float32) {
	b.drop()
	b.height = height
}

// HeightForWidth is the height of the content, or what it was.
func (b *lazyBox) HeightForWidth(w float32) float32 {
	if b.inner != nil {
		b.height = kit.HeightFor(b.inner, w)
	}
	return b.height
}

// CreateRenderer implements fyne.Widget.
func (b *lazyBox) CreateRenderer() fyne.WidgetRenderer { return lazyRenderer{b} }

type lazyRenderer struct{ b *lazyBox }

func (r lazyRenderer) Destroy()           {}
func (r lazyRenderer) MinSize() fyne.Size { return fyne.NewSize(100, r.b.height) }

func (r lazyRenderer) Objects() []fyne.CanvasObject {
	if r.b.inner == nil {
		return nil
	}
	return []fyne.CanvasObject{r.b.inner}
}

func (r lazyRenderer) Layout(s fyne.Size) {
	if r.b.inner != nil {
		r.b.inner.Resize(s)
		r.b.inner.Move(fyne.Position{})
	}
}

func (r lazyRenderer) Refresh() {
	r.Layout(r.b.Size())
	if r.b.inner != nil {
		r.b.inner.Refresh()
	}
}
