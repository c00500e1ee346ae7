package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// viewArea is the part of the viewer that shows something, and that has the keyboard.
type viewArea struct {
	widget.BaseWidget
	v       *viewer
	content fyne.CanvasObject
	image   *canvas.Image
	scroll  *container.Scroll
	back    *kit.Surface
}

func newViewArea(v *viewer) *viewArea {
	a := &viewArea{v: v, content: kit.Stack(), back: kit.NewSurface(theme.Side, nil)}
	a.ExtendBaseWidget(a)
	return a
}

// room is the space for a picture.
func (a *viewArea) room() fyne.Size {
	s := a.Size()
	return fyne.NewSize(max(s.Width-20, 1), max(s.Height-20, 1))
}

// say shows a sentence.
func (a *viewArea) say(words string) {
	a.image, a.scroll = nil, nil
	a.show(kit.Center(kit.MaxWidth(420, kit.NewLabel(words, kit.Muted).Wrapped())))
}

// picture shows a picture; the place scrolled to stays when there was one.
func (a *viewArea) picture(img image.Image) {
	if a.image != nil {
		a.image.Image = img
		a.image.Refresh()
		a.Refresh()
		return
	}
	a.image = newImage(img)
	a.scroll = newScroll(container.NewCenter(a.image))
	a.show(a.scroll)
}

// words shows a text.
func (a *viewArea) words(t *kit.RichText) {
	a.image, a.scroll = nil, nil
	a.show(kit.NewScroll(kit.Inset(14, t)))
}

func (a *viewArea) show(o fyne.CanvasObject) {
	a.content = o
	a.Refresh()
}

// top scrolls to the beginning.
func (a *viewArea) top() {
	if a.scroll != nil {
		a.scroll.ScrollToTop()
	}
}

// Tapped takes the keyboard.
func (a *viewArea) Tapped(*fyne.PointEvent) {
	if c := a.v.files.env.win.Canvas(); c != nil {
		c.Focus(a)
	}
}

// FocusGained implements fyne.Focusable.
func (a *viewArea) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (a *viewArea) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (a *viewArea) TypedRune(r rune) {
	switch r {
	case '+', '=':
		a.v.Zoom(1)
	case '-':
		a.v.Zoom(-1)
	case '0', '۰', '٠':
		a.v.Zoom(0)
	}
}

// TypedKey implements fyne.Focusable.
func (a *viewArea) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		a.v.go1(pick(lang.RTL(), 1, -1))
	case fyne.KeyRight:
		a.v.go1(pick(lang.RTL(), -1, 1))
	case fyne.KeyPageUp:
		a.v.turn(-1)
	case fyne.KeyPageDown, fyne.KeySpace:
		a.v.turn(1)
	case fyne.KeyUp:
		a.move(60)
	case fyne.KeyDown:
		a.move(-60)
	default:
		kit.ForwardKey(a, e)
	}
}

func (a *viewArea) move(by float32) {
	if a.scroll != nil {
		a.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: by}})
	}
}

// CreateRenderer implements fyne.Widget.
func (a *viewArea) CreateRenderer() fyne.WidgetRenderer { return &viewRenderer{a} }

type viewRenderer struct{ a *viewArea }

func (r *viewRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.a.back, r.a.content}
}
func (r *viewRenderer) Destroy()           {}
func (r *viewRenderer) MinSize() fyne.Size { return fyne.NewSize(100, 100) }

func (r *viewRenderer) Layout(s fyne.Size) {
	r.a.back.Resize(s)
	r.a.content.Move(fyne.NewPos(10, 10))
	r.a.content.Resize(r.a.room())
	if r.a.image != nil {
		r.a.image.SetMinSize(r.a.v.size(r.a.room()))
		r.a.scroll.Refresh()
	}
	if v := r.a.v; v.doc != nil && v.stop == nil && v.inked != r.a.room().Width*v.zoom {
		v.paint()
	}
}

func (r *viewRenderer) Refresh() {
	r.Layout(r.a.Size())
	r.a.back.Refresh()
	canvas.Refresh(r.a)
}
