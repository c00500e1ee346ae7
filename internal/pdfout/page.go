package pdfout

import (
	"bytes"
	"fmt"
	"image"
	"image/color"

	"peyk/internal/htmlview"
	"peyk/internal/text"
)

// page is a htmlview.Device that writes the content of one page (§8, §9).
type page struct {
	bytes.Buffer
	doc   *writer
	fonts map[string]ref
	pics  map[ref]bool
	alpha map[uint8]bool
	links []string
}

func newPage(w *writer) *page {
	return &page{doc: w, fonts: map[string]ref{}, pics: map[ref]bool{}, alpha: map[uint8]bool{}}
}

func (p *page) op(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func rectOp(r htmlview.Rect) string {
	return num(r.X) + " " + num(r.Y) + " " + num(r.W) + " " + num(r.H) + " re"
}

// begin saves the state and sets clip and transparency; end restores it.
func (p *page) begin(clip *htmlview.Rect, alpha uint8) {
	p.op("q\n")
	if clip != nil {
		p.op("%s W n\n", rectOp(*clip))
	}
	if alpha != 255 {
		p.alpha[alpha] = true
		p.op("/A%d gs\n", alpha)
	}
}

func (p *page) end() { p.op("Q\n") }

func (p *page) color(c color.NRGBA, op string) {
	k := func(v uint8) string { return num(float32(v) / 255) }
	p.op("%s %s %s %s\n", k(c.R), k(c.G), k(c.B), op)
}

func (p *page) path(path htmlview.Path) {
	open := false
	for _, s := range path {
		switch s.Op {
		case 'M':
			if open {
				p.op("h\n")
			}
			open = true
			p.op("%s %s m\n", num(s.P[2][0]), num(s.P[2][1]))
		case 'L':
			p.op("%s %s l\n", num(s.P[2][0]), num(s.P[2][1]))
		case 'C':
			p.op("%s %s %s %s %s %s c\n", num(s.P[0][0]), num(s.P[0][1]), num(s.P[1][0]), num(s.P[1][1]), num(s.P[2][0]), num(s.P[2][1]))
		}
	}
	if open {
		p.op("h\n")
	}
}

// Fill implements htmlview.Device.
func (p *page) Fill(path htmlview.Path, c color.NRGBA, clip *htmlview.Rect) {
	if c.A == 0 || len(path) == 0 {
		return
	}
	p.begin(clip, c.A)
	p.color(c, "rg")
	p.path(path)
	p.op("f*\n")
	p.end()
}

// Image implements htmlview.Device.
func (p *page) Image(img image.Image, r htmlview.Rect, shape htmlview.Path, alpha float32, clip *htmlview.Rect) {
	if r.W <= 0 || r.H <= 0 || img.Bounds().Empty() {
		return
	}
	_, made := img.(*image.RGBA) // painted for this page: nobody asks for it again
	p.picture(p.doc.pictures.use(img, !made), r, shape, alpha, clip)
}

func (p *page) picture(pic ref, r htmlview.Rect, shape htmlview.Path, alpha float32, clip *htmlview.Rect) {
	p.pics[pic] = true
	p.begin(clip, uint8(max(0, min(1, alpha))*255+0.5))
	if len(shape) > 0 {
		p.path(shape)
		p.op("W n\n")
	}
	// Pictures stand on their feet in a space that grows upwards; ours grows downwards.
	p.op("%s 0 0 %s %s %s cm /P%d Do\n", num(r.W), num(-r.H), num(r.X), num(r.Y+r.H), int(pic))
	p.end()
}

// Glyphs implements htmlview.Device.
func (p *page) Glyphs(piece *text.Piece, x, y, scale float32, c color.NRGBA, clip *htmlview.Rect) {
	gs := piece.Glyphs()
	if len(gs) == 0 || c.A == 0 {
		return
	}
	p.begin(clip, c.A)
	p.color(c, "rg")
	size := piece.Size() * scale
	var run []text.Glyph
	flush := func() {
		if len(run) > 0 {
			p.run(piece, run, x, y, size, scale, c)
			run = nil
		}
	}
	for _, g := range gs {
		if p.doc.coloured(piece.Face(), g.ID) {
			flush()
			p.emoji(piece, g, x, y, size, scale)
			continue
		}
		run = append(run, g)
	}
	flush()
	p.end()
}

// run writes glyphs in a row. Each is put where the layout has it, whatever the font's own advances.
func (p *page) run(piece *text.Piece, gs []text.Glyph, x, y, size, scale float32, c color.NRGBA) {
	slant := float32(0)
	if piece.Slant() {
		slant = text.SlantBy
	}
	p.op("BT\n1 0 %s -1 %s %s Tm\n", num(slant), num(x), num(y))
	if piece.Bold() {
		p.color(c, "RG")
		p.op("2 Tr %s w\n", num(size/30))
	}
	var cur *font
	var pen, rise float32 // pen in units from x
	open := false
	stop := func() {
		if open {
			p.op("] TJ\n")
			open = false
		}
	}
	for _, g := range spell(piece, gs) {
		m := meaning{gid: g.ID, text: g.Text}
		if g.ID == noGlyph {
			m.wide = int(g.Advance * scale / size * 1000)
		}
		f, code := p.doc.fonts.use(piece.Face(), m)
		if f != cur {
			stop()
			cur = f
			p.fonts[f.name] = f.obj
			p.op("/%s %s Tf\n", f.name, num(size))
		}
		if up := -g.Y * scale; up != rise {
			stop()
			rise = up
			p.op("%s Ts\n", num(up))
		}
		if !open {
			p.op("[")
			open = true
		}
		if d := (pen - g.X*scale) / size * 1000; d > 0.5 || d < -0.5 {
			p.op("%s ", num(d))
			pen = g.X * scale
		}
		digits := 4
		if f.file == nil {
			digits = 2
		}
		p.op("<%0*X>", digits, code)
		pen += f.width(m) * size / 1000
	}
	stop()
	p.op("ET\n")
}

// noGlyph is a glyph that paints nothing.
const noGlyph = 0xFFFFFFFF

// spell gives glyphs that stand for several characters of a text from right to left a code for each character, from left to
// right as they stand: programs that extract text go by places, and would turn a ligature around.
func spell(piece *text.Piece, gs []text.Glyph) []text.Glyph {
	if !piece.RTL {
		return gs
	}
	out := make([]text.Glyph, 0, len(gs)+8)
	for _, g := range gs {
		rs := []rune(g.Text)
		if len(rs) < 2 {
			out = append(out, g)
			continue
		}
		step := g.Advance / float32(len(rs))
		for i := len(rs) - 1; i >= 0; i-- {
			c := g
			c.Text, c.Advance = string(rs[i]), step
			if i < len(rs)-1 {
				c.ID = noGlyph
				c.X = g.X + step*float32(len(rs)-1-i)
			}
			out = append(out, c)
		}
	}
	return out
}

// emojiPixels is the height of a coloured glyph in pixels.
const emojiPixels = 96

// emoji paints a coloured glyph as a picture that means its characters (§14.9.4).
func (p *page) emoji(piece *text.Piece, g text.Glyph, x, y, size, scale float32) {
	pic, box := p.doc.emoji(piece, g)
	if pic == 0 {
		return
	}
	if g.Text != "" {
		p.op("/Span <</ActualText %s>> BDC\n", textString(g.Text))
	}
	k := size / emojiPixels
	at := x + g.X*scale
	p.picture(pic, htmlview.Rect{X: at + float32(box.Min.X)*k, Y: y + float32(box.Min.Y)*k, W: float32(box.Dx()) * k, H: float32(box.Dy()) * k}, nil, 1, nil)
	if g.Text != "" {
		p.op("EMC\n")
	}
}

// resources lists what the content refers to.
func (p *page) resources() string {
	var b bytes.Buffer
	b.WriteString("<</Font <<")
	for name, r := range p.fonts {
		fmt.Fprintf(&b, "/%s %v ", name, r)
	}
	b.WriteString(">> /XObject <<")
	for r := range p.pics {
		fmt.Fprintf(&b, "/P%d %v ", int(r), r)
	}
	b.WriteString(">> /ExtGState <<")
	for a := range p.alpha {
		fmt.Fprintf(&b, "/A%d <</ca %s /CA %s>> ", a, num(float32(a)/255), num(float32(a)/255))
	}
	b.WriteString(">>>>")
	return b.String()
}
