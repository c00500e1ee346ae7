package ui

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"time"

	"fyne.io/fyne/v2/canvas"

	"peyk/internal/htmlview"
	"peyk/ui/kit"
	"peyk/ui/theme"
)

// tileHeight is the height of a tile, in Fyne's units.
const tileHeight = 320

// htmlTile is a stretch of a page as pixels.
type htmlTile struct {
	raster *canvas.Raster
	top    float32       // in units of the view
	base   *image.RGBA   // the page without selection and marks, while the tile is near the view
	over   []overlay     // what was laid over it last
	at     time.Duration // how long moving pictures had run when base was painted
}

// overlay is a rectangle laid over a page: selected text or a place found.
type overlay struct {
	htmlview.Rect
	color color.NRGBA // of selected text
	ink   ink         // of a place found
}

func (b *htmlBody) makeTiles() {
	n := int(math.Ceil(float64(b.height() / tileHeight)))
	b.tiles = make([]*htmlTile, n)
	for i := range b.tiles {
		t := &htmlTile{raster: &canvas.Raster{ScaleMode: canvas.ImageScalePixels}, top: float32(i) * tileHeight / b.scale}
		view, laid, scale := b.view, b.laid, b.scale
		t.raster.Generator = func(w, h int) image.Image {
			if b.unseen { // where the widget stands is known from its first painting on
				b.unseen = false
				b.loop.Post(b.Expose)
			}
			px := float32(w) / max(laid, 1) * scale
			switch {
			case t.base == nil || t.base.Rect.Dx() != w || t.base.Rect.Dy() != h:
				t.base, t.at = image.NewRGBA(image.Rect(0, 0, w, h)), b.motion.ran
				if laid > 0 {
					_ = view.PaintAt(t.base, 0, t.top, px, t.at) // what it cannot paint stays background
				}
			case t.at != b.motion.ran && view == b.view:
				t.move(view, &b.motion, px)
			}
			if len(b.motion.pictures) > 0 {
				b.loop.Post(b.animate)
			}
			return t.paintOver(b.overlays(t), px)
		}
		if i >= firstTiles {
			t.raster.Hide()
		}
		b.tiles[i] = t
	}
	b.unseen = true
}

// firstTiles are painted before it is known where the widget stands.
const firstTiles = 3

// paintOver lays rectangles over the page, so that the text stays to be read.
func (t *htmlTile) paintOver(over []overlay, scale float32) image.Image {
	t.over = over
	if len(over) == 0 {
		return t.base
	}
	img := image.NewRGBA(t.base.Rect)
	copy(img.Pix, t.base.Pix)
	px := func(v float32) int { return int(math.Round(float64(v * scale))) }
	for _, o := range over {
		r := image.Rect(px(o.X), px(o.Y-t.top), px(o.X+o.W), px(o.Y+o.H-t.top))
		if o.ink != (ink{}) {
			o.ink.lay(img, r)
			continue
		}
		draw.Draw(img, r.Intersect(img.Rect), image.NewUniform(o.color), image.Point{}, draw.Over)
	}
	return img
}

// overlays lists what lies over a tile.
func (b *htmlBody) overlays(t *htmlTile) []overlay {
	if b.view == nil {
		return nil
	}
	bottom := t.top + tileHeight/b.scale
	var out []overlay
	add := func(from, to int, c color.NRGBA, k ink) {
		for _, r := range b.view.Selection(from, to) {
			if r.Y < bottom && r.Y+r.H > t.top {
				out = append(out, overlay{r, c, k})
			}
		}
	}
	tok := theme.Current()
	for i, m := range b.marks {
		if y := b.view.Caret(m[0]); y.Y > bottom || y.Y+y.H < t.top {
			continue
		}
		add(m[0], m[1], color.NRGBA{}, markInk(b.dark && (b.look.dark || b.look.text), i == b.mark))
	}
	if from, to := b.sel.Range(); from < to {
		add(from, to, tok.Selection, ink{})
	}
	return out
}

// Repaint lays selection and marks over the tiles anew where they changed.
func (b *htmlBody) Repaint() {
	for _, t := range b.tiles {
		if t.raster.Visible() && !sameOverlays(b.overlays(t), t.over) {
			t.raster.Refresh()
		}
	}
}

func sameOverlays(a, b []overlay) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Expose paints the tiles near the view, and lets go of the others.
func (b *htmlBody) Expose() {
	if y, h, ok := kit.InView(b); ok {
		b.expose(y, h)
		b.scrolledTo(y)
	}
}

// expose shows the tiles near the stretch from y to y+h of the widget.
func (b *htmlBody) expose(y, h float32) {
	for i, t := range b.tiles {
		top := float32(i) * tileHeight
		near := top+tileHeight > y-tileHeight && top < y+h+tileHeight
		if near == t.raster.Visible() {
			continue
		}
		if near {
			t.raster.Show()
			t.raster.Refresh()
		} else {
			t.raster.Hide()
			t.base, t.over = nil, nil
		}
	}
}
