package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// renderer is a fyne.WidgetRenderer made of functions; every widget of this package uses it.
type renderer struct {
	objects func() []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
	destroy func()
}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects() }
func (r *renderer) Layout(s fyne.Size)           { r.layout(s) }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Refresh()                     { r.refresh() }
func (r *renderer) Destroy() {
	if r.destroy != nil {
		r.destroy()
	}
}

// fixed is an objects function for a list that never changes.
func fixed(objs ...fyne.CanvasObject) func() []fyne.CanvasObject {
	return func() []fyne.CanvasObject { return objs }
}

// place moves and resizes o in a parent of the given width: x is the distance from the leading side.
func place(o fyne.CanvasObject, width, x, y, w, h float32) {
	if lang.RTL() {
		x = width - x - w
	}
	o.Resize(fyne.NewSize(w, h))
	o.Move(fyne.NewPos(x, y))
}

// newBox is a rectangle with round corners and no colour yet.
func newBox(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(theme.None.Color())
	r.CornerRadius = radius
	return r
}

// paint sets the colours of a rectangle by role; stroke None draws no border.
func paint(r *canvas.Rectangle, fill, stroke theme.Role) {
	r.FillColor = fill.Color()
	r.StrokeColor = stroke.Color()
	r.StrokeWidth = 0
	if stroke != theme.None {
		r.StrokeWidth = 1
	}
	r.Refresh()
}

// newRing is the focus ring: hidden until shown by setRing.
func newRing(radius float32) *canvas.Rectangle {
	r := newBox(radius)
	r.StrokeWidth = 2
	r.Hide()
	return r
}

func setRing(r *canvas.Rectangle, on bool) {
	r.StrokeColor = theme.Current().Accent
	if on {
		r.Show()
	} else {
		r.Hide()
	}
	r.Refresh()
}

// canvasOf is the canvas that shows o, or nil.
func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	app := fyne.CurrentApp()
	if app == nil || o == nil {
		return nil
	}
	return app.Driver().CanvasForObject(o)
}

// focus gives the keyboard to w.
func focus(w interface {
	fyne.Focusable
	fyne.CanvasObject
}) {
	if c := canvasOf(w); c != nil {
		c.Focus(w)
	}
}

// absolute is the position of o in its canvas.
func absolute(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// Modifiers are the modifier keys held now.
func Modifiers() fyne.KeyModifier {
	if app := fyne.CurrentApp(); app != nil {
		if d, ok := app.Driver().(desktop.Driver); ok {
			return d.CurrentKeyModifiers()
		}
	}
	return testModifiers
}

// testModifiers stands for the keyboard where the driver has none (the test driver).
var testModifiers fyne.KeyModifier

// base is what every widget of this package embeds.
type base struct{ widget.BaseWidget }

// Show shows the widget. Fyne does not know the canvas of a widget that was never painted, and would not paint it before
// something else changes.
func (b *base) Show() {
	if !b.Visible() {
		b.BaseWidget.Show()
		redraw(nil)
	}
}

// self tells widgets apart by what they embed.
func (b *base) self() *base { return b }

// TypedShortcut implements fyne.Shortcutable for the widgets that use no shortcut themselves: without it one typed on a
// button of a dialog would reach the commands of the window below.
func (b *base) TypedShortcut(s fyne.Shortcut) {
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		if f, ok := w.Canvas().Focused().(interface{ self() *base }); ok && f.self() == b {
			forwardShortcut(w.Canvas(), s)
			return
		}
	}
}

// redraw has the window of o painted again, every window when it is not known.
func redraw(o fyne.CanvasObject) {
	dirty := func(c fyne.Canvas) {
		if d, ok := c.(interface{ SetDirty() }); ok {
			d.SetDirty()
		}
	}
	if c := canvasOf(o); c != nil {
		dirty(c)
		return
	}
	if app := fyne.CurrentApp(); app != nil {
		for _, w := range app.Driver().AllWindows() {
			dirty(w.Canvas())
		}
	}
}

// ForwardKey hands a key that a focused widget does not use to the canvas, so that the window's single-key commands work
// wherever the focus is (but in text fields). A key for the context menu opens that of the widget, as a click with the other button in its middle would.
func ForwardKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if isModifier(e.Name) {
		return
	}
	c := canvasOf(o)
	if s, ok := o.(fyne.SecondaryTappable); ok && c != nil && IsMenuKey(e.Name) && c.Overlays().Top() == nil {
		at := fyne.NewPos(o.Size().Width/2, o.Size().Height/2)
		s.TappedSecondary(&fyne.PointEvent{Position: at, AbsolutePosition: absolute(o).Add(at)})
		return
	}
	if c != nil && !OverlayKey(c, e) && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// IsMenuKey reports whether a key asks for the context menu: the one for it, or Shift+F10 on keyboards without that.
func IsMenuKey(k fyne.KeyName) bool {
	return k == desktop.KeyMenu || k == fyne.KeyF10 && Modifiers()&fyne.KeyModifierShift != 0
}

// OverlayKey gives a key to the dialog or menu in front and reports whether there is one. A click beside the fields of a dialog
// takes the focus away, and the keys come to Canvas.SetOnTypedKey then: who sets that asks here first.
func OverlayKey(c fyne.Canvas, e *fyne.KeyEvent) bool {
	top := c.Overlays().Top()
	if k, ok := top.(interface{ TypedKey(*fyne.KeyEvent) }); ok {
		k.TypedKey(e)
	}
	return top != nil
}

// isModifier reports whether a key is Shift, Ctrl, Alt or Command alone, which Fyne reports like any other.
func isModifier(k fyne.KeyName) bool {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyCapsLock:
		return true
	}
	return false
}

// ForwardRune is ForwardKey for characters.
func ForwardRune(o fyne.CanvasObject, r rune) {
	if c := canvasOf(o); c != nil && c.Overlays().Top() == nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// ForwardShortcut hands a shortcut that a focused widget does not use to the dialog in front, or else to the canvas.
func ForwardShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c := canvasOf(o); c != nil {
		forwardShortcut(c, s)
	}
}

func forwardShortcut(c fyne.Canvas, s fyne.Shortcut) {
	if top := c.Overlays().Top(); top != nil {
		if o, ok := top.(*overlay); ok && o.shortcut != nil {
			o.shortcut(s)
		}
		return
	}
	if c, ok := c.(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}
