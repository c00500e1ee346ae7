package text

import (
	"image"
	"image/color"
	"math"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// Colour glyphs of the COLR table: version 0 (layers of flat colours: Segoe UI Emoji) and version 1 (paint trees with
// gradients and transformations). Variations of variable fonts are not applied, and every composite mode paints the
// source over the backdrop.

// matrix is an affine map (x, y) → (a x + c y + e, b x + d y + f).
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) mul(n matrix) matrix { // first n, then m
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

func (m matrix) inverse() (matrix, bool) {
	det := m.a*m.d - m.b*m.c
	if math.Abs(det) < 1e-12 {
		return m, false
	}
	n := matrix{a: m.d / det, b: -m.b / det, c: -m.c / det, d: m.a / det}
	n.e, n.f = -(n.a*m.e + n.c*m.f), -(n.b*m.e + n.d*m.f)
	return n, true
}

// around moves a map's fixed point to (x, y).
func (m matrix) around(x, y int16) matrix {
	fx, fy := float64(x), float64(y)
	return matrix{1, 0, 0, 1, fx, fy}.mul(m).mul(matrix{1, 0, 0, 1, -fx, -fy})
}

// colrPainter paints one glyph into a picture.
type colrPainter struct {
	ra      *rasteriser
	outline func(gid uint16) []ot.Segment
	colr    *tables.COLR1
	palette []tables.ColorRecord
	dst     *image.RGBA
	mask    *image.Alpha
	left    int // paints that may still be visited: a hostile font must end
}

// colrGlyph paints a glyph of the COLR table, or returns nil.
func (ra *rasteriser) colrGlyph(fc *font.Face, f *face, k glyphKey, px float32) *glyphImage {
	if f.font.COLR == nil || k.gid > 0xFFFF || len(f.font.CPAL) == 0 {
		return nil
	}
	paint, ok := f.font.COLR.Search(uint16(k.gid))
	if !ok {
		return nil
	}
	s := float64(px / f.upem)
	x0, y0, x1, y1 := 0.0, -float64(f.descent), float64(fc.HorizontalAdvance(font.GID(k.gid))), float64(f.ascent)
	if box, ok := f.font.COLR.ClipList.Search(uint16(k.gid)); ok {
		switch b := box.(type) {
		case tables.ClipBoxFormat1:
			x0, y0, x1, y1 = float64(b.XMin), float64(b.YMin), float64(b.XMax), float64(b.YMax)
		case tables.ClipBoxFormat2:
			x0, y0, x1, y1 = float64(b.XMin), float64(b.YMin), float64(b.XMax), float64(b.YMax)
		}
	}
	m := matrix{s, 0, 0, -s, float64(k.subX) / 4, float64(k.subY) / 4}
	g := &glyphImage{x: int(math.Floor(x0*s)) - 1, y: int(math.Floor(-y1*s)) - 1}
	g.w, g.h = int(math.Ceil(x1*s))+2-g.x, int(math.Ceil(-y0*s))+2-g.y
	if g.w <= 0 || g.h <= 0 || g.w > maxGlyphPixels/4 || g.h > maxGlyphPixels/4 {
		return nil
	}
	m.e -= float64(g.x)
	m.f -= float64(g.y)
	g.rgba = image.NewRGBA(image.Rect(0, 0, g.w, g.h))
	p := &colrPainter{ra: ra, colr: f.font.COLR, palette: f.font.CPAL[0], dst: g.rgba, mask: image.NewAlpha(g.rgba.Rect), left: 2000}
	p.outline = func(gid uint16) []ot.Segment {
		o, _ := fc.GlyphDataOutline(gid)
		return o.Segments
	}
	p.paint(paint, m, 0)
	return g
}

// paint walks a paint tree. What fills (solid, gradient) is only met below a glyph, by fillOf.
func (p *colrPainter) paint(t tables.PaintTable, m matrix, depth int) {
	if p.left--; p.left < 0 || depth > 32 {
		return
	}
	if child, n, ok := transformOf(t); ok {
		p.paint(child, m.mul(n), depth+1)
		return
	}
	switch t := t.(type) {
	case tables.PaintColrLayersResolved: // version 0
		for _, l := range t {
			p.glyph(l.GlyphID, m, m, flat(p.color(l.PaletteIndex, 1)))
		}
	case tables.PaintColrLayers:
		layers, err := p.colr.LayerList.Resolve(t)
		if err != nil {
			return
		}
		for _, l := range layers {
			p.paint(l, m, depth+1)
		}
	case tables.PaintColrGlyph:
		if child, ok := p.colr.Search(t.GlyphID); ok {
			p.paint(child, m, depth+1)
		}
	case tables.PaintComposite:
		p.paint(t.BackdropPaint, m, depth+1)
		p.paint(t.SourcePaint, m, depth+1)
	case tables.PaintGlyph:
		if fill, fm, ok := p.fillOf(t.Paint, m, depth+1); ok {
			p.glyph(t.GlyphID, m, fm, fill)
		} else { // a tree below a glyph, clipped by it; painting it unclipped is the nearest thing
			p.paint(t.Paint, m, depth+1)
		}
	}
}

// glyph fills the outline of a glyph, placed by m, with what fill says of points in the space of fm.
func (p *colrPainter) glyph(gid uint16, m, fm matrix, fill shade) {
	segs := p.outline(gid)
	inv, ok := fm.inverse()
	if len(segs) == 0 || !ok {
		return
	}
	w, h := p.dst.Rect.Dx(), p.dst.Rect.Dy()
	p.ra.vec.Reset(w, h)
	p.ra.vec.DrawOp = 1 // draw.Src
	at := func(q ot.SegmentPoint) (float32, float32) {
		x, y := m.apply(float64(q.X), float64(q.Y))
		const far = 4 * maxGlyphPixels
		return float32(min(max(x, -far), far)), float32(min(max(y, -far), far))
	}
	open := false
	for i := range segs {
		s := &segs[i]
		x, y := at(s.Args[0])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				p.ra.vec.ClosePath()
			}
			open = true
			p.ra.vec.MoveTo(x, y)
		case ot.SegmentOpLineTo:
			p.ra.vec.LineTo(x, y)
		case ot.SegmentOpQuadTo:
			bx, by := at(s.Args[1])
			p.ra.vec.QuadTo(x, y, bx, by)
		case ot.SegmentOpCubeTo:
			bx, by := at(s.Args[1])
			cx, cy := at(s.Args[2])
			p.ra.vec.CubeTo(x, y, bx, by, cx, cy)
		}
	}
	if open {
		p.ra.vec.ClosePath()
	}
	clear(p.mask.Pix)
	p.ra.vec.Draw(p.mask, p.mask.Rect, image.Opaque, image.Point{})
	c := canvas{clip: p.dst.Rect, pix: p.dst.Pix, stride: p.dst.Stride}
	for y := range h {
		row := c.row(y, 0, w)
		for x := range w {
			a := uint32(p.mask.Pix[y*p.mask.Stride+x])
			if a == 0 {
				continue
			}
			ux, uy := inv.apply(float64(x)+0.5, float64(y)+0.5)
			col := fill(ux, uy)
			c.blend(row[4*x:4*x+4:4*x+4], col, a*uint32(col.A)/255)
		}
	}
}

// color is a colour of the palette; 0xFFFF is the colour of the text, which a cached picture does not know: black.
func (p *colrPainter) color(index uint16, alpha float64) color.NRGBA {
	c := color.NRGBA{A: 255}
	if int(index) < len(p.palette) {
		r := p.palette[index]
		c = color.NRGBA{r.Red, r.Green, r.Blue, r.Alpha}
	}
	c.A = uint8(float64(c.A) * min(max(alpha, 0), 1))
	return c
}

// transformOf unwraps a transformation.
func transformOf(t tables.PaintTable) (child tables.PaintTable, m matrix, ok bool) {
	switch t := t.(type) {
	case tables.PaintTransform:
		a := t.Transform
		return t.Paint, matrix{float64(a.Xx), float64(a.Yx), float64(a.Xy), float64(a.Yy), float64(a.Dx), float64(a.Dy)}, true
	case tables.PaintVarTransform:
		a := t.Transform
		return t.Paint, matrix{float64(a.Xx), float64(a.Yx), float64(a.Xy), float64(a.Yy), float64(a.Dx), float64(a.Dy)}, true
	case tables.PaintTranslate:
		return t.Paint, matrix{1, 0, 0, 1, float64(t.Dx), float64(t.Dy)}, true
	case tables.PaintVarTranslate:
		return t.Paint, matrix{1, 0, 0, 1, float64(t.Dx), float64(t.Dy)}, true
	case tables.PaintScale:
		return t.Paint, scaling(t.ScaleX, t.ScaleY), true
	case tables.PaintVarScale:
		return t.Paint, scaling(t.ScaleX, t.ScaleY), true
	case tables.PaintScaleAroundCenter:
		return t.Paint, scaling(t.ScaleX, t.ScaleY).around(t.CenterX, t.CenterY), true
	case tables.PaintVarScaleAroundCenter:
		return t.Paint, scaling(t.ScaleX, t.ScaleY).around(t.CenterX, t.CenterY), true
	case tables.PaintScaleUniform:
		return t.Paint, scaling(t.Scale, t.Scale), true
	case tables.PaintVarScaleUniform:
		return t.Paint, scaling(t.Scale, t.Scale), true
	case tables.PaintScaleUniformAroundCenter:
		return t.Paint, scaling(t.Scale, t.Scale).around(t.CenterX, t.CenterY), true
	case tables.PaintVarScaleUniformAroundCenter:
		return t.Paint, scaling(t.Scale, t.Scale).around(t.CenterX, t.CenterY), true
	case tables.PaintRotate:
		return t.Paint, rotation(t.Angle), true
	case tables.PaintVarRotate:
		return t.Paint, rotation(t.Angle), true
	case tables.PaintRotateAroundCenter:
		return t.Paint, rotation(t.Angle).around(t.CenterX, t.CenterY), true
	case tables.PaintVarRotateAroundCenter:
		return t.Paint, rotation(t.Angle).around(t.CenterX, t.CenterY), true
	case tables.PaintSkew:
		return t.Paint, skewing(t.XSkewAngle, t.YSkewAngle), true
	case tables.PaintVarSkew:
		return t.Paint, skewing(t.XSkewAngle, t.YSkewAngle), true
	case tables.PaintSkewAroundCenter:
		return t.Paint, skewing(t.XSkewAngle, t.YSkewAngle).around(t.CenterX, t.CenterY), true
	case tables.PaintVarSkewAroundCenter:
		return t.Paint, skewing(t.XSkewAngle, t.YSkewAngle).around(t.CenterX, t.CenterY), true
	}
	return nil, matrix{}, false
}

func scaling(x, y tables.Fixed214) matrix { return matrix{fixed214(x), 0, 0, fixed214(y), 0, 0} }

// fixed214 is the value of a number with 14 fractional bits.
func fixed214(v tables.Fixed214) float64 { return float64(v) / (1 << 14) }

func rotation(turn tables.Fixed214) matrix {
	s, c := math.Sincos(fixed214(turn) * math.Pi)
	return matrix{c, s, -s, c, 0, 0}
}

func skewing(x, y tables.Fixed214) matrix {
	return matrix{1, math.Tan(fixed214(y) * math.Pi), -math.Tan(fixed214(x) * math.Pi), 1, 0, 0}
}
