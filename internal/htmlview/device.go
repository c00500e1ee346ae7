package htmlview

import (
	"context"
	"image"
	"image/color"
	"math"

	"peyk/internal/text"
)

// Device takes the view step by step, for output that is not pixels. Lengths are units of the view, y downwards. Clips are
// rectangles; nil is none.
type Device interface {
	// Fill fills a path with the even-odd rule.
	Fill(p Path, c color.NRGBA, clip *Rect)
	// Glyphs paints a piece of text with its left end at x and its baseline at y, enlarged by scale.
	Glyphs(p *text.Piece, x, y, scale float32, c color.NRGBA, clip *Rect)
	// Image paints a picture over a rectangle, with rounded corners where radius is not zero.
	Image(img image.Image, r Rect, shape Path, alpha float32, clip *Rect)
}

// Path is a shape of straight lines and cubic curves. Every sub-path is closed.
type Path []Segment

// Segment is one step of a Path: MoveTo and LineTo have their point in P[2], CubeTo its controls in P[0] and P[1].
type Segment struct {
	Op byte // 'M', 'L', 'C'
	P  [3][2]float32
}

func (p *Path) move(x, y float32) { *p = append(*p, Segment{'M', [3][2]float32{2: {x, y}}}) }
func (p *Path) line(x, y float32) { *p = append(*p, Segment{'L', [3][2]float32{2: {x, y}}}) }
func (p *Path) cube(a, b, c, d, e, f float32) {
	*p = append(*p, Segment{'C', [3][2]float32{{a, b}, {c, d}, {e, f}}})
}

// rect adds a rectangle, rounded where a radius (left top, right top, right bottom, left bottom) is not zero.
func (p *Path) rect(r Rect, rad corners) {
	const k = 1 - 0.5523
	x0, y0, x1, y1 := r.X, r.Y, r.X+r.W, r.Y+r.H
	for i := range rad {
		rad[i] = [2]float32{max(0, min(rad[i][0], r.W/2)), max(0, min(rad[i][1], r.H/2))}
	}
	a, b, c, d := rad[0], rad[1], rad[2], rad[3]
	p.move(x0+a[0], y0)
	p.line(x1-b[0], y0)
	if b[0] > 0 {
		p.cube(x1-b[0]*k, y0, x1, y0+b[1]*k, x1, y0+b[1])
	}
	p.line(x1, y1-c[1])
	if c[0] > 0 {
		p.cube(x1, y1-c[1]*k, x1-c[0]*k, y1, x1-c[0], y1)
	}
	p.line(x0+d[0], y1)
	if d[0] > 0 {
		p.cube(x0+d[0]*k, y1, x0, y1-d[1]*k, x0, y1-d[1])
	}
	p.line(x0, y0+a[1])
	if a[0] > 0 {
		p.cube(x0, y0+a[1]*k, x0+a[0]*k, y0, x0+a[0], y0)
	}
}

// player turns the steps of the display list into calls of a device.
type player struct {
	v   *View
	d   Device
	z   float32
	row *Rect // what is visible
	// spent counts the pixels of what has no shape.
	spent int
}

// Play gives what lies between two heights to a device, the background first. It ends early with ctx.
func (v *View) Play(ctx context.Context, d Device, from, to float32) (err error) {
	defer recovered(&err)
	pl := player{v: v, d: d, z: v.zoom, row: &Rect{0, from, v.width * v.zoom, to - from}}
	if c := v.canvas; c.A > 0 && c != white {
		var p Path
		p.rect(Rect{0, from, v.width * v.zoom, min(to, v.Height()) - from}, corners{})
		d.Fill(p, c, nil)
	}
	for i := range v.ops {
		if i&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		o := &v.ops[i]
		if o.alpha <= 0 || o.kind == opGroup {
			continue
		}
		if bottom := (o.y + o.h) * v.zoom; bottom < from || o.y*v.zoom > to {
			if o.shadow == nil {
				continue
			}
		}
		pl.op(o)
	}
	return nil
}

func (pl *player) rect(x, y, w, h float32) Rect {
	return Rect{x * pl.z, y * pl.z, w * pl.z, h * pl.z}
}

func (pl *player) clip(o *op) *Rect {
	if o.clip == nil {
		return nil
	}
	r := pl.rect(o.clip.x0, o.clip.y0, o.clip.x1-o.clip.x0, o.clip.y1-o.clip.y0)
	return &r
}

func (pl *player) op(o *op) {
	r := pl.rect(o.x, o.y, o.w, o.h)
	switch o.kind {
	case opFill:
		var p Path
		p.rect(r, pl.radii(o.radius))
		pl.d.Fill(p, fade(o.color, o.alpha), pl.clip(o))
	case opText:
		pl.text(o)
	case opImage:
		switch {
		case o.img == nil:
			return
		case o.img.img == nil || o.img.vector != nil:
			pl.pixels(o, 0)
			return
		}
		var shape Path
		if o.radius != (corners{}) {
			shape.rect(r, pl.radii(o.radius))
		}
		pl.d.Image(o.img.img, r, shape, o.alpha, pl.clip(o))
	case opBorder:
		if !pl.border(o, r) {
			pl.pixels(o, 0)
		}
	default:
		pl.pixels(o, pl.spread(o))
	}
}

func (pl *player) radii(r corners) corners {
	for i := range r {
		r[i][0] *= pl.z
		r[i][1] *= pl.z
	}
	return r
}

// border draws borders of one colour as a frame; others are left to pixels.
func (pl *player) border(o *op, r Rect) bool {
	bs := o.border
	for i := 1; i < 4; i++ {
		if bs[i].width() > 0 && bs[0].width() > 0 && bs[i].color != bs[0].color {
			return false
		}
	}
	var c color.NRGBA
	for i := range bs {
		if bs[i].width() <= 0 {
			continue
		}
		if bs[i].style != borderSolid || c.A > 0 && bs[i].color != c {
			return false
		}
		c = bs[i].color
	}
	if c.A == 0 {
		return true
	}
	t, rt, b, l := bs[top].width()*pl.z, bs[right].width()*pl.z, bs[bottom].width()*pl.z, bs[left].width()*pl.z
	rad := pl.radii(o.radius)
	var p Path
	p.rect(r, rad)
	in := Rect{r.X + l, r.Y + t, r.W - l - rt, r.H - t - b}
	if in.W > 0 && in.H > 0 {
		for i := range rad {
			rad[i] = [2]float32{max(0, rad[i][0]-max(l, rt)), max(0, rad[i][1]-max(t, b))}
		}
		p.rect(in, rad)
	}
	pl.d.Fill(p, fade(c, o.alpha), pl.clip(o))
	return true
}

func (pl *player) text(o *op) {
	c, lc := fade(o.color, o.alpha), fade(o.lineColor, o.alpha)
	clip := pl.clip(o)
	ul, st, th := o.piece.Decoration()
	line := func(at float32) {
		var p Path
		p.rect(Rect{o.x * pl.z, (o.base + at) * pl.z, o.w * pl.z, max(th, 0.7) * pl.z}, corners{})
		pl.d.Fill(p, lc, clip)
	}
	if o.lines&1 != 0 {
		line(ul)
	}
	if o.lines&4 != 0 {
		line(o.y - o.base)
	}
	if c.A > 0 {
		pl.d.Glyphs(o.piece, o.x*pl.z, o.base*pl.z, pl.z, c, clip)
	}
	if o.lines&2 != 0 {
		line(st)
	}
}

func (pl *player) spread(o *op) float32 {
	if o.shadow != nil {
		return o.h + o.shadow.blur*2 + abs32(o.shadow.dx) + abs32(o.shadow.dy) + abs32(o.shadow.spread)
	}
	return 2
}

// The sharpness of steps that are given as pixels, and how many there may be of one.
const (
	playScale  = 2
	playPixels = 8 << 20
)

// pixels paints a step that has no shape of its own (gradients, background pictures, shadows, dashed borders, bullets).
func (pl *player) pixels(o *op, spread float32) {
	r := pl.rect(o.x-spread, o.y-spread, o.w+2*spread, o.h+2*spread)
	if o.shadow == nil { // only what is asked for of a background as high as the mail
		y0, y1 := max(r.Y, pl.row.Y), min(r.Y+r.H, pl.row.Y+pl.row.H)
		r.Y, r.H = y0, y1-y0
	}
	scale := float32(playScale)
	w, h := int(math.Ceil(float64(r.W*scale))), int(math.Ceil(float64(r.H*scale)))
	if w <= 0 || h <= 0 {
		return
	}
	if w*h > playPixels {
		scale *= float32(math.Sqrt(playPixels / float64(w*h)))
		w, h = max(1, int(r.W*scale)), max(1, int(r.H*scale))
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	p := painter{dst: img, whole: 1, s: scale * pl.z, dx: -r.X * scale, dy: -r.Y * scale, spent: &pl.spent}
	one := *o
	one.clip = nil
	p.op(&one)
	pl.d.Image(img, r, nil, 1, pl.clip(o))
}

// LinkArea is a place of the view that leads somewhere.
type LinkArea struct {
	Rect
	URL string
}

// Links lists the places that lead somewhere, lines of one link each for itself.
func (v *View) Links() []LinkArea {
	var out []LinkArea
	for _, l := range v.links {
		if url := safeLink(l.url); url != "" {
			out = append(out, LinkArea{Rect{l.x0 * v.zoom, l.y0 * v.zoom, (l.x1 - l.x0) * v.zoom, (l.y1 - l.y0) * v.zoom}, url})
		}
	}
	return out
}

// lowBox is the height of boxes that are kept in one piece: buttons, rows of tables.
const lowBox = 90

// Whole lists the stretches from one height to another that should not be cut by the end of a page: lines, pictures, low boxes.
func (v *View) Whole() [][2]float32 {
	var out [][2]float32
	for i := range v.ops {
		o := &v.ops[i]
		switch o.kind {
		case opText, opImage, opBullet:
			out = append(out, [2]float32{o.y * v.zoom, (o.y + o.h) * v.zoom})
		case opFill, opBorder:
			if o.h <= lowBox {
				out = append(out, [2]float32{o.y * v.zoom, (o.y + o.h) * v.zoom})
			}
		}
	}
	return out
}

// Width is the width that the view was laid out for, in units.
func (v *View) Width() float32 { return v.width * v.zoom }
