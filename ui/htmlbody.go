package ui

import (
	"context"
	"image"
	"math"
	"regexp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/htmlview"
	"peyk/ui/theme"
)

// htmlBody shows the HTML of a message, drawn by internal/htmlview. It is as high as the mail; only the tiles near the view
// are painted, so that a long mail does not take the memory of its pixels.
type htmlBody struct {
	widget.BaseWidget
	loop   *loop
	onLink func(url string)
	onOver func(url string)
	onMenu func(url string, pos fyne.Position)
	// changed is called when the height became another.
	changed func()

	doc   *htmlview.Document
	view  *htmlview.View
	laid  float32 // the width in units that view was laid out for
	dark  bool
	zoom  float32
	tiles []*canvas.Raster
	over  string
	gen   int
	wait  func() // stops the clock before the next layout
}

// tileHeight is the height of a tile, in Fyne's units.
const tileHeight = 320

// leastWidth is the width below which a mail is laid out for it and painted smaller: most mails are made for 600.
const leastWidth = 620

func newHTMLBody(l *loop) *htmlBody {
	b := &htmlBody{loop: l, zoom: 1}
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// rich finds HTML that is more than marked-up text: what is not reads better as text, with its quotations folded.
var rich = regexp.MustCompile(`(?i)<(table|img|style|h[1-6]|font|center|ul|ol|hr)\b|<[a-z]+[^>]*\s(style|bgcolor|background)\s*=`)

func isDark() bool { return theme.Current() == &theme.Dark }

// layoutWidth is the width a mail is laid out for in a pane of width w, and by how much its picture is smaller.
func layoutWidth(w float32) (width, scale float32) {
	width = max(w, leastWidth)
	return width, w / width
}

// prepared is a mail parsed and laid out, off the UI thread.
type prepared struct {
	doc  *htmlview.Document
	view *htmlview.View
	laid float32
	dark bool
}

// prepareHTML parses and lays out; an error means that the text is to be shown.
func prepareHTML(ctx context.Context, src string, images func(string) image.Image, width, zoom float32, dark bool) (prepared, error) {
	doc, err := htmlview.Parse(ctx, src, htmlview.Options{Images: images})
	if err != nil {
		return prepared{}, err
	}
	w, _ := layoutWidth(width)
	v, err := doc.Layout(ctx, w, htmlview.LayoutOptions{Dark: dark, Zoom: zoom})
	return prepared{doc, v, width, dark}, err
}

// Set shows a prepared mail.
func (b *htmlBody) Set(p prepared) {
	b.gen++
	b.doc, b.view, b.laid, b.dark = p.doc, p.view, p.laid, p.dark
	b.makeTiles()
	b.Show()
	b.Refresh()
}

// Clear shows nothing.
func (b *htmlBody) Clear() {
	b.gen++
	b.doc, b.view, b.tiles = nil, nil, nil
	if b.wait != nil {
		b.wait()
		b.wait = nil
	}
	b.Hide()
}

// Zoom lays the mail out anew, larger or smaller.
func (b *htmlBody) Zoom(f float32) {
	b.zoom = f
	b.relayout(b.laid)
}

func (b *htmlBody) scale() float32 {
	_, s := layoutWidth(b.laid)
	return s
}

func (b *htmlBody) height() float32 {
	if b.view == nil {
		return 0
	}
	return b.view.Height() * b.scale()
}

// HeightForWidth is the height of the mail at the width it is laid out for; another width is laid out a moment later.
func (b *htmlBody) HeightForWidth(w float32) float32 {
	if b.doc != nil && w > 50 && math.Abs(float64(w-b.laid)) > 1 {
		b.later(w)
	}
	return b.height()
}

// later lays out for another width once the user stops dragging.
func (b *htmlBody) later(w float32) {
	if b.wait != nil {
		b.wait()
	}
	b.wait = b.loop.After(120*time.Millisecond, func() { b.relayout(w) })
}

func (b *htmlBody) relayout(w float32) {
	doc, gen, zoom, dark := b.doc, b.gen, b.zoom, isDark()
	if doc == nil {
		return
	}
	b.loop.Go(func(ctx context.Context) func() {
		width, _ := layoutWidth(w)
		v, err := doc.Layout(ctx, width, htmlview.LayoutOptions{Dark: dark, Zoom: zoom})
		return func() {
			if err != nil || gen != b.gen {
				return
			}
			b.Set(prepared{doc, v, w, dark})
			b.changed()
		}
	})
}

func (b *htmlBody) makeTiles() {
	n := int(math.Ceil(float64(b.height() / tileHeight)))
	b.tiles = make([]*canvas.Raster, n)
	for i := range b.tiles {
		view, top, scale, laid := b.view, float32(i)*tileHeight/b.scale(), b.scale(), b.laid
		r := &canvas.Raster{ScaleMode: canvas.ImageScalePixels}
		r.Generator = func(w, h int) image.Image {
			img := image.NewRGBA(image.Rect(0, 0, w, h))
			if laid > 0 {
				_ = view.Paint(img, 0, top, float32(w)/laid*scale) // what it cannot paint stays background
			}
			return img
		}
		r.Hide()
		b.tiles[i] = r
	}
}

// expose paints the tiles near the stretch from y to y+h of the widget, and lets go of the others.
func (b *htmlBody) expose(y, h float32) {
	for i, t := range b.tiles {
		top := float32(i) * tileHeight
		if near := top+tileHeight > y-tileHeight && top < y+h+tileHeight; near != t.Visible() {
			if near {
				t.Show()
				t.Refresh()
			} else {
				t.Hide()
			}
		}
	}
}

// at turns a place in the widget into one of the mail.
func (b *htmlBody) at(p fyne.Position) (x, y float32) { return p.X / b.scale(), p.Y / b.scale() }

func (b *htmlBody) linkAt(p fyne.Position) string {
	if b.view == nil {
		return ""
	}
	return b.view.LinkAt(b.at(p))
}

// Tapped opens a link.
func (b *htmlBody) Tapped(e *fyne.PointEvent) {
	if url := b.linkAt(e.Position); url != "" {
		b.onLink(url)
	}
}

// TappedSecondary opens the menu.
func (b *htmlBody) TappedSecondary(e *fyne.PointEvent) {
	b.onMenu(b.linkAt(e.Position), e.AbsolutePosition)
}

// MouseIn is part of desktop.Hoverable.
func (b *htmlBody) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved tells where the link under the pointer goes.
func (b *htmlBody) MouseMoved(e *desktop.MouseEvent) {
	if url := b.linkAt(e.Position); url != b.over {
		b.over = url
		b.onOver(url)
	}
}

// MouseOut ends that.
func (b *htmlBody) MouseOut() {
	if b.over != "" {
		b.over = ""
		b.onOver("")
	}
}

// Cursor is a hand over links.
func (b *htmlBody) Cursor() desktop.Cursor {
	if b.over != "" {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer implements fyne.Widget.
func (b *htmlBody) CreateRenderer() fyne.WidgetRenderer { return &htmlRenderer{b} }

type htmlRenderer struct{ b *htmlBody }

func (r *htmlRenderer) Destroy()           {}
func (r *htmlRenderer) MinSize() fyne.Size { return fyne.NewSize(50, r.b.height()) }

func (r *htmlRenderer) Layout(s fyne.Size) {
	for i, t := range r.b.tiles {
		top := float32(i) * tileHeight
		t.Move(fyne.NewPos(0, top))
		t.Resize(fyne.NewSize(s.Width, min(tileHeight, max(1, r.b.height()-top))))
	}
}

func (r *htmlRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.b.tiles))
	for i, t := range r.b.tiles {
		out[i] = t
	}
	return out
}

func (r *htmlRenderer) Refresh() {
	if r.b.doc != nil && r.b.dark != isDark() {
		r.b.relayout(r.b.laid)
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
