package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"peyk/ui/theme"
)

// overlay covers a canvas and shows one object over it; a tap beside it calls outside.
type overlay struct {
	base
	canvas  fyne.Canvas
	content fyne.CanvasObject
	place   func(all fyne.Size)
	outside func(pos fyne.Position)
	scrim   *canvas.Rectangle
	dim     bool
	layer   *fyne.Container
	key     func(*fyne.KeyEvent) // what the focused widget inside did not use
	dismiss func()               // closes what it shows

	shortcut func(fyne.Shortcut) // likewise
}

func newOverlay(c fyne.Canvas, content fyne.CanvasObject, place func(fyne.Size), outside func(fyne.Position)) *overlay {
	o := &overlay{canvas: c, content: content, place: place, outside: outside,
		scrim: canvas.NewRectangle(nil), layer: container.NewWithoutLayout()}
	o.ExtendBaseWidget(o)
	return o
}

func (o *overlay) floating() *fyne.Container { return o.layer }

// open shows the overlay and gives the keyboard to f (may be nil).
func (o *overlay) open(f fyne.Focusable) {
	hideTip(nil)
	o.canvas.Overlays().Add(o)
	o.Resize(o.canvas.Size())
	if f != nil {
		o.canvas.Focus(f)
	}
}

// shut takes the overlay away; the focus of what is below comes back by itself.
func (o *overlay) shut() {
	hideTip(nil)
	o.canvas.Overlays().Remove(o)
}

// Dismiss closes the dialogs and menus that are open over a window, the last one first: for a window that closes, so that what goes on in them ends.
func Dismiss(w fyne.Window) {
	all := w.Canvas().Overlays()
	for n := len(all.List()); n > 0; n-- { // what one opens when it closes stays
		top := all.Top()
		if o, ok := top.(*overlay); ok && o.dismiss != nil {
			o.dismiss()
		} else {
			all.Remove(top)
		}
	}
}

// TypedKey takes a key that nothing inside used.
func (o *overlay) TypedKey(e *fyne.KeyEvent) {
	if o.key != nil {
		o.key(e)
	}
}

// Tapped implements fyne.Tappable.
func (o *overlay) Tapped(e *fyne.PointEvent) {
	if o.outside != nil {
		o.outside(e.Position)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (o *overlay) TappedSecondary(e *fyne.PointEvent) { o.Tapped(e) }

// CreateRenderer implements fyne.Widget.
func (o *overlay) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		o.scrim.FillColor = theme.None.Color()
		if o.dim {
			o.scrim.FillColor = theme.Current().Scrim
		}
		o.scrim.Refresh()
	}
	update()
	return &renderer{
		objects: fixed(o.scrim, o.content, o.layer),
		layout: func(s fyne.Size) {
			o.scrim.Resize(s)
			o.layer.Resize(s)
			o.place(s)
		},
		min:     func() fyne.Size { return fyne.NewSize(1, 1) },
		refresh: func() { update(); o.place(o.Size()); o.content.Refresh() },
	}
}
