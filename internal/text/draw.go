package text

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Paint says how a layout is painted.
type Paint struct {
	Scale     float32         // device pixels per unit; 0: 1
	Color     color.NRGBA     // for text without a colour of its own; alpha 0: opaque black
	LinkColor color.NRGBA     // for links without a colour; alpha 0: Color
	Clip      image.Rectangle // further bound within the picture; empty: none

	// Selected text [SelStart, SelEnd) in bytes stands on SelColor, in SelText unless its alpha is 0.
	SelStart, SelEnd int
	SelColor         color.NRGBA
	SelText          color.NRGBA
}

func (p Paint) normal() Paint {
	if !(p.Scale > 0) {
		p.Scale = 1
	}
	if p.Color.A == 0 {
		p.Color = color.NRGBA{A: 255}
	}
	if p.LinkColor.A == 0 {
		p.LinkColor = p.Color
	}
	return p
}

// Draw paints the layout with its left top corner at pixel (x, y) of dst, an *image.RGBA or *image.NRGBA (other kinds
// work, slowly). Lines outside the picture cost nothing.
func (l *Layout) Draw(dst draw.Image, x, y float32, p Paint) {
	p = p.normal()
	clip := dst.Bounds()
	if !p.Clip.Empty() {
		clip = clip.Intersect(p.Clip)
	}
	if clip.Empty() {
		return
	}
	pt := painter{l: l, c: newCanvas(dst, clip), p: p, x: x, y: y}
	if p.SelEnd > p.SelStart && p.SelColor.A != 0 {
		pt.selLo, pt.selHi = l.runeAt(p.SelStart), l.runeAt(p.SelEnd)
		pt.selection()
	}
	for i := range l.lines {
		ln := &l.lines[i]
		// Glyphs may reach out of their line, by at most about a line.
		if y+(ln.top-ln.h)*p.Scale > float32(clip.Max.Y) {
			break
		}
		if y+(ln.top+2*ln.h)*p.Scale < float32(clip.Min.Y) {
			continue
		}
		pt.line(ln)
	}
	pt.c.flush()
}

type painter struct {
	l            *Layout
	c            canvas
	p            Paint
	x, y         float32
	selLo, selHi int32
}

func (pt *painter) selection() {
	for _, r := range pt.l.SelectionRects(pt.p.SelStart, pt.p.SelEnd) {
		pt.rect(r.X, r.Y, r.W, r.H, pt.p.SelColor)
	}
}

// rect fills a rectangle given in units; its edges are rounded to whole pixels.
func (pt *painter) rect(x, y, w, h float32, c color.NRGBA) {
	s := pt.p.Scale
	x0, y0 := round(pt.x+x*s), round(pt.y+y*s)
	x1, y1 := round(pt.x+(x+w)*s), round(pt.y+(y+h)*s)
	pt.c.fill(image.Rect(x0, y0, max(x1, x0+1), max(y1, y0+1)), c)
}

func round(f float32) int { return int(math.Floor(float64(f) + 0.5)) }

func (pt *painter) line(ln *line) {
	styled := len(pt.l.styles) > 1
	if styled || pt.l.styles[0].Background.A != 0 {
		for i := range ln.pieces {
			pt.decorations(ln, &ln.pieces[i], true)
		}
	}
	for i := range ln.pieces {
		pt.piece(ln, &ln.pieces[i])
	}
	if st := &pt.l.styles[0]; styled || st.Underline || st.Strike || st.Wavy.A != 0 {
		for i := range ln.pieces {
			pt.decorations(ln, &ln.pieces[i], false)
		}
	}
}

// colorOf is the colour of the rune at r in style st.
func (pt *painter) colorOf(st *Style, r int32) color.NRGBA {
	switch {
	case pt.p.SelText.A != 0 && r >= pt.selLo && r < pt.selHi:
		return pt.p.SelText
	case st.Color.A != 0:
		return st.Color
	case st.Link != "":
		return pt.p.LinkColor
	}
	return pt.p.Color
}

func (pt *painter) piece(ln *line, pc *piece) {
	if pc.run.tab || len(pc.glyphs) == 0 {
		return
	}
	l, s := pt.l, pt.p.Scale
	st := &l.styles[pc.run.style]
	plain := len(l.spans) == 0 && pt.selHi <= pt.selLo || pc.ellipsis
	col := pt.colorOf(st, pc.start)
	k := glyphKey{face: pc.run.face.id, size: int32(pc.run.size*s*64 + 0.5), slant: st.Italic}
	base := float32(round(pt.y + (ln.base)*s))
	if st.Rise != 0 {
		base = float32(round(pt.y + (ln.base-st.Rise)*s))
	}
	x := pc.x
	slack := 2 * pc.run.size * s
	for i := range pc.glyphs {
		g := &pc.glyphs[i]
		px := pt.x + (x+g.dx)*s
		x += g.adv
		if g.gid == noGlyph {
			continue
		}
		if px < float32(pt.c.clip.Min.X)-slack || px > float32(pt.c.clip.Max.X)+slack {
			continue
		}
		if !plain {
			col = pt.colorOf(&l.styles[l.styleIndex(g.cluster)], g.cluster)
		}
		if g.gid == 0 {
			pt.missing(x-g.adv, g.adv, ln.base-st.Rise, pc.run.size, col)
			continue
		}
		var ix, iy int
		ix, k.subX = quarter(px)
		iy, k.subY = quarter(base - g.dy*s)
		k.gid = g.gid
		pt.c.glyph(l.engine.glyphImage(pc.run.face, k), ix, iy, col)
	}
}

// missing draws a box in place of a character that no font has: the picture that fonts have for it is often empty, and a
// text that is there must not look as if it were not.
func (pt *painter) missing(x, w, base, size float32, c color.NRGBA) {
	c.A = uint8(int(c.A) * 2 / 3)
	x, w = x+w*0.12, w*0.76
	y, h, th := base-size*0.68, size*0.68, 1/pt.p.Scale
	if w < 3*th {
		return
	}
	pt.rect(x, y, w, th, c)
	pt.rect(x, y+h-th, w, th, c)
	pt.rect(x, y+th, th, h-2*th, c)
	pt.rect(x+w-th, y+th, th, h-2*th, c)
}

// quarter rounds to quarters of a pixel: the whole part and the number of quarters.
func quarter(f float32) (int, uint8) {
	q := int(math.Floor(float64(f)*4 + 0.5))
	return q >> 2, uint8(q & 3)
}

// decorations draws backgrounds (under the glyphs) or underlines and strikes (over them) of a piece.
func (pt *painter) decorations(ln *line, pc *piece, under bool) {
	l := pt.l
	for a := pc.start; a < pc.end; {
		si := pc.run.style
		b := pc.end
		if len(l.spans) > 0 && !pc.ellipsis {
			si = l.styleIndex(a)
			for b = a + 1; b < pc.end && l.styleIndex(b) == si; b++ {
			}
		}
		st := &l.styles[si]
		if under && st.Background.A != 0 || !under && (st.Underline || st.Strike || st.Wavy.A != 0) {
			x0, x1 := pc.edge(l, a), pc.edge(l, b)
			if pc.ellipsis {
				x0, x1 = pc.x, pc.x+pc.w
			}
			if x0 > x1 {
				x0, x1 = x1, x0
			}
			f, k := pc.run.face, pc.run.size/pc.run.face.upem
			th := max(f.ulThick*k, 1/pt.p.Scale)
			switch {
			case under:
				pt.mark(x0, x1, ln.base-st.Rise, pc.run.size, st.Background)
			default:
				c := pt.colorOf(st, a)
				if st.Underline {
					pt.rect(x0, ln.base-st.Rise+f.ulPos*k, x1-x0, th, c)
				}
				if st.Strike {
					pt.rect(x0, ln.base-st.Rise-f.stPos*k, x1-x0, th, c)
				}
				if st.Wavy.A != 0 {
					pt.wave(x0, x1, ln.base-st.Rise+f.ulPos*k, st.Wavy)
				}
			}
		}
		if a = b; pc.ellipsis {
			return
		}
	}
}

// How far the background of a stretch reaches around its letters, in their size and in units: no further than those of the lines above and below
// leave room for.
const (
	markAbove, markBelow = 0.96, 0.32
	markBeside           = 1.5
	markRadius           = 3
)

// mark draws the background of a stretch of text from x0 to x1.
func (pt *painter) mark(x0, x1, base, size float32, c color.NRGBA) {
	s := pt.p.Scale
	y0, y1 := float32(round(pt.y+(base-markAbove*size)*s)), float32(round(pt.y+(base+markBelow*size)*s))
	pt.c.round(pt.x+(x0-markBeside)*s, y0, pt.x+(x1+markBeside)*s, y1, markRadius*s, c)
}

// wave draws a wavy line from x0 to x1 below y: a triangle wave with soft edges, the same at every scale.
func (pt *painter) wave(x0, x1, y float32, c color.NRGBA) {
	const period, height, thick = 4.0, 2.0, 0.6 // units
	s := pt.p.Scale
	px0, px1 := round(pt.x+x0*s), round(pt.x+x1*s)
	top := round(pt.y + y*s)
	rows := int(math.Ceil(float64((height + 2*thick) * s)))
	for px := px0; px < px1; px++ {
		phase := math.Mod(float64(float32(px)-pt.x)/float64(s)+1e5*period, period) / period
		mid := (thick + height*2*math.Abs(phase-0.5)) * float64(s)
		for r := range rows {
			cover := thick*float64(s) + 0.5 - math.Abs(float64(r)+0.5-mid)
			if a := min(max(cover, 0), 1); a > 0 {
				f := c
				f.A = uint8(float64(c.A) * a)
				pt.c.fill(image.Rect(px, top+r, px+1, top+r+1), f)
			}
		}
	}
}

// InkBounds is the box that the glyphs paint, which may reach out of the lines (marks, slanted letters); in units.
func (l *Layout) InkBounds() Rect {
	const scale = 4 // fine enough, without a way of its own through the outlines
	x0, y0, x1, y1 := float32(1e9), float32(1e9), float32(-1e9), float32(-1e9)
	for i := range l.lines {
		ln := &l.lines[i]
		for k := range ln.pieces {
			pc := &ln.pieces[k]
			st := &l.styles[pc.run.style]
			x := pc.x
			for _, g := range pc.glyphs {
				if g.gid != noGlyph {
					im := l.engine.glyphImage(pc.run.face, glyphKey{face: pc.run.face.id, gid: g.gid, size: int32(pc.run.size * scale * 64), slant: st.Italic})
					if im.w > 0 {
						gx, gy := x+g.dx+float32(im.x)/scale, ln.base-st.Rise-g.dy+float32(im.y)/scale
						x0, y0 = min(x0, gx), min(y0, gy)
						x1, y1 = max(x1, gx+float32(im.w)/scale), max(y1, gy+float32(im.h)/scale)
					}
				}
				x += g.adv
			}
		}
	}
	if x1 < x0 {
		return Rect{}
	}
	return Rect{x0, y0, x1 - x0, y1 - y0}
}
