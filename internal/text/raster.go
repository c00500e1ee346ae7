package text

import (
	"math"
	"sync"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
	"image"
)

// slantBy is the shear of synthesised italics: about 11 degrees.
const slantBy = 0.2

// maxGlyphPixels bounds a rasterised glyph: a font's wild outline must not take the memory.
const maxGlyphPixels = 4096

type rasteriser struct {
	vec vector.Rasterizer
	fcs map[uint32]*font.Face // the faces of typesetting are not safe for concurrent use
}

var rasterisers = sync.Pool{New: func() any { return &rasteriser{fcs: map[uint32]*font.Face{}} }}

// glyphImage rasterises (or finds) a glyph.
func (e *Engine) glyphImage(f *face, k glyphKey) *glyphImage {
	if g := e.glyphs.get(k); g != nil {
		return g
	}
	ra := rasterisers.Get().(*rasteriser)
	defer rasterisers.Put(ra)
	g := ra.draw(f, k)
	e.glyphs.put(k, g)
	return g
}

func (ra *rasteriser) draw(f *face, k glyphKey) (out *glyphImage) {
	out = &glyphImage{}
	defer func() {
		if recover() != nil { // a broken font file costs its glyph only
			out = &glyphImage{}
			delete(ra.fcs, f.id)
		}
	}()
	fc := ra.fcs[f.id]
	if fc == nil {
		if len(ra.fcs) > 48 {
			clear(ra.fcs)
		}
		fc = font.NewFace(f.font)
		ra.fcs[f.id] = fc
	}
	px := float32(k.size) / 64
	if g := ra.colour(fc, f, k, px); g != nil {
		return g
	}
	if o, ok := fc.GlyphDataOutline(uint16(k.gid)); ok && k.gid <= 0xFFFF {
		return ra.outline(o.Segments, px/f.upem, k)
	}
	return out
}

// transform maps font units to pixels, y downwards, with the slant and the subpixel shift of the key.
type transform struct {
	scale, slant, dx, dy float32
}

func (t transform) apply(p ot.SegmentPoint) (x, y float32) {
	x, y = p.X*t.scale, p.Y*t.scale
	return x + y*t.slant + t.dx, -y + t.dy
}

func (k glyphKey) transform(scale float32) transform {
	t := transform{scale: scale, dx: float32(k.subX) / 4, dy: float32(k.subY) / 4}
	if k.slant {
		t.slant = slantBy
	}
	return t
}

func segmentPoints(s *ot.Segment) []ot.SegmentPoint {
	switch s.Op {
	case ot.SegmentOpQuadTo:
		return s.Args[:2]
	case ot.SegmentOpCubeTo:
		return s.Args[:3]
	}
	return s.Args[:1]
}

// outline fills an outline with the nonzero rule.
func (ra *rasteriser) outline(segs []ot.Segment, scale float32, k glyphKey) *glyphImage {
	t := k.transform(scale)
	out := &glyphImage{}
	x0, y0, x1, y1, ok := bounds(segs, t)
	if !ok {
		return out
	}
	out.x, out.y, out.w, out.h = x0, y0, x1-x0, y1-y0
	m := image.NewAlpha(image.Rect(0, 0, out.w, out.h))
	ra.fill(segs, t, out)
	ra.vec.Draw(m, m.Rect, image.Opaque, image.Point{})
	out.mask = m.Pix
	return out
}

// bounds is the pixel box of an outline; false when it is empty or out of reason.
func bounds(segs []ot.Segment, t transform) (x0, y0, x1, y1 int, ok bool) {
	inf := float32(math.Inf(1))
	lx, ly, hx, hy := inf, inf, -inf, -inf
	for i := range segs {
		for _, p := range segmentPoints(&segs[i]) {
			x, y := t.apply(p)
			lx, ly, hx, hy = min(lx, x), min(ly, y), max(hx, x), max(hy, y)
		}
	}
	if !(hx-lx > 0) || !(hy-ly > 0) || hx-lx > maxGlyphPixels || hy-ly > maxGlyphPixels ||
		lx < -maxGlyphPixels || hx > 2*maxGlyphPixels || ly < -2*maxGlyphPixels || hy > 2*maxGlyphPixels {
		return 0, 0, 0, 0, false
	}
	fl := func(f float32) int { return int(math.Floor(float64(f))) }
	return fl(lx), fl(ly), fl(hx) + 1, fl(hy) + 1, true
}

// fill feeds the rasteriser with an outline, relative to the image's corner.
func (ra *rasteriser) fill(segs []ot.Segment, t transform, out *glyphImage) {
	ra.vec.Reset(out.w, out.h)
	ra.vec.DrawOp = 1 // draw.Src
	t.dx -= float32(out.x)
	t.dy -= float32(out.y)
	open := false
	for i := range segs {
		s := &segs[i]
		x, y := t.apply(s.Args[0])
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				ra.vec.ClosePath()
			}
			open = true
			ra.vec.MoveTo(x, y)
		case ot.SegmentOpLineTo:
			ra.vec.LineTo(x, y)
		case ot.SegmentOpQuadTo:
			bx, by := t.apply(s.Args[1])
			ra.vec.QuadTo(x, y, bx, by)
		case ot.SegmentOpCubeTo:
			bx, by := t.apply(s.Args[1])
			cx, cy := t.apply(s.Args[2])
			ra.vec.CubeTo(x, y, bx, by, cx, cy)
		}
	}
	if open {
		ra.vec.ClosePath()
	}
}
