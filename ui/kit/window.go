package kit

import (
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/internal/text"
	"peyk/ui/theme"
)

// root is the content of a window with a layer over it for tooltips, toasts and completions, which must not take the
// keyboard as an overlay of Fyne would.
type root struct {
	base
	content fyne.CanvasObject
	layer   *fyne.Container
	toasts  []*toast
}

// SetContent makes o the content of a window, with the layer over it in which tooltips, toasts and completions appear.
// Every window of the program uses it instead of SetContent of Fyne.
func SetContent(w fyne.Window, o fyne.CanvasObject) {
	followFonts()
	hideTip(nil)
	w.SetPadded(false)
	if c := w.Canvas(); c.OnTypedKey() == nil {
		c.SetOnTypedKey(func(e *fyne.KeyEvent) { OverlayKey(c, e) })
	}
	if r, ok := w.Content().(*root); ok {
		for _, t := range r.toasts {
			t.stop()
		}
	}
	r := &root{content: o, layer: container.NewWithoutLayout()}
	r.ExtendBaseWidget(r)
	w.SetContent(r)
}

// followFonts repaints all windows when a fallback font was loaded that texts on the screen wanted.
var followFonts = sync.OnceFunc(func() {
	var waiting atomic.Bool
	text.Default().OnChange(func() {
		if waiting.Swap(true) {
			return
		}
		later(50*time.Millisecond, func() {
			waiting.Store(false)
			theme.Repaint()
		})
	})
})

// Content is what SetContent was given.
func Content(w fyne.Window) fyne.CanvasObject {
	if r, ok := w.Content().(*root); ok {
		return r.content
	}
	return w.Content()
}

func (r *root) floating() *fyne.Container { return r.layer }

// CreateRenderer implements fyne.Widget.
func (r *root) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(NewSurface(theme.None, nil), r.content, r.layer),
		layout: func(s fyne.Size) {
			r.content.Resize(s)
			r.layer.Resize(s)
			r.placeToasts(s)
		},
		min:     func() fyne.Size { return r.content.MinSize() },
		refresh: func() { r.content.Refresh(); r.layer.Refresh() },
	}
}

// layered is an overlay or a window content with a layer over it.
type layered interface{ floating() *fyne.Container }

// layerOf is the layer over what stands in front in the canvas of o, or nil.
func layerOf(o fyne.CanvasObject) *fyne.Container {
	c := canvasOf(o)
	if c == nil {
		return nil
	}
	if top := c.Overlays().Top(); top != nil {
		if l, ok := top.(layered); ok {
			return l.floating()
		}
		return nil
	}
	if l, ok := c.Content().(layered); ok {
		return l.floating()
	}
	return nil
}

// float shows o in a layer at an absolute position, moved so that it fits.
func float(layer *fyne.Container, o fyne.CanvasObject, pos fyne.Position, size fyne.Size) {
	all := layer.Size()
	pos.X = max(4, min(pos.X, all.Width-size.Width-4))
	pos.Y = max(4, min(pos.Y, all.Height-size.Height-4))
	o.Resize(size)
	o.Move(pos)
	for _, c := range layer.Objects {
		if c == o {
			redraw(layer)
			return
		}
	}
	layer.Add(o)
	redraw(layer)
}

// unfloat takes o out of a layer.
func unfloat(layer *fyne.Container, o fyne.CanvasObject) {
	if layer != nil {
		layer.Remove(o)
		redraw(layer)
	}
}
