package kit

import (
	"image"
	"image/draw"
	"math"

	"peyk/internal/richtext"
	"peyk/internal/text"
	"peyk/ui/theme"
)

// Lengths of a formatted text, in units.
const (
	quoteStep  = 15 // a level of quoting
	quoteBar   = 3
	listStep   = 24 // a level of a list
	markerGap  = 8
	paraGap    = 12 // between paragraphs
	bodyInsets = 8  // levels of quoting that are shown as such; deeper ones stand under the last
)

// frame is how a paragraph stands: its space, bars and marker. It is comparable, so that a layout knows when it is old.
type frame struct {
	width  float32 // of the whole
	gap    float32 // above
	quote  int     // levels of quoting
	joined int     // levels whose bars go on from the paragraph before
	indent float32
	marker string
	muted  bool
}

func (f *frame) plain() bool { return *f == frame{width: f.width} }

// frameOf is the frame of paragraph i.
func (t *textField) frameOf(i int) frame {
	f := frame{width: t.shape.width}
	if !t.rich {
		return f
	}
	p := t.m.paragraph(i)
	f.quote = min(int(p.Quote), bodyInsets)
	f.muted = p.Quote > 0
	f.indent = float32(f.quote) * quoteStep
	if p.List != richtext.NoList {
		f.indent += float32(p.Level+1) * listStep
		f.marker = t.markerOf(i, &p)
	}
	f.indent = min(f.indent, f.width/2)
	if i == 0 {
		return f
	}
	before := t.m.paragraph(i - 1)
	if t.rtlOf(i) == t.rtlOf(i-1) { // else the bars stand at the other side
		f.joined = min(f.quote, int(before.Quote))
	}
	if richtext.Gap(&before, &p) {
		f.gap = paraGap
	}
	return f
}

// markerOf is what stands before an item of a list.
func (t *textField) markerOf(i int, p *richtext.Paragraph) string {
	if p.List == richtext.Bullets {
		return [...]string{"•", "–", "·"}[min(int(p.Level), 2)]
	}
	n := 1
	for k := i - 1; k >= 0 && n < maxItems; k-- {
		b, _ := t.m.paras[k].look.parts()
		if b.List == richtext.NoList || b.Quote != p.Quote || b.Level < p.Level {
			break
		}
		if b.Level == p.Level {
			if b.List != p.List {
				break
			}
			n++
		}
	}
	return richtext.Marker(richtext.Numbers, n, t.rtlOf(i) && t.persian())
}

// maxItems bounds how far markerOf counts.
const maxItems = 2000

// persian reports whether the text is Persian, by its beginning.
func (t *textField) persian() bool {
	last := min(len(t.m.paras)-1, 20)
	return t.m.doc(spot{}, spot{last, len(t.m.paras[last].text)}).Persian()
}

// framed is a paragraph with what stands around it. Its lines are those of the layout within.
type framed struct {
	paraLayout
	frame
	field  *textField
	look   *look
	dx, dy float32 // where the layout stands
	base   float32 // from the top of a line to its baseline
}

func newFramed(t *textField, i int, inner paraLayout, f frame) framed {
	r := framed{paraLayout: inner, frame: f, field: t, look: t.m.paras[i].look, dy: f.gap}
	if !inner.RTL() {
		r.dx = f.indent
	}
	prm := inner.Params()
	r.base = text.Default().Layout("x", nil, text.Params{Style: prm.Style, LineHeight: prm.LineHeight}).Baseline()
	return r
}

// Height implements paraLayout.
func (r framed) Height() float32 { return r.paraLayout.Height() + r.dy }

// CaretRect implements paraLayout: beside a picture the caret is as high as text.
func (r framed) CaretRect(p text.Position) text.Rect {
	c := r.moved(r.paraLayout.CaretRect(p))
	if line := r.Params().LineHeight; c.H > line {
		c.Y, c.H = c.Y+c.H-line, line
	}
	return c
}

func (r framed) moved(c text.Rect) text.Rect {
	c.X += r.dx
	c.Y += r.dy
	return c
}

// HitTest implements paraLayout.
func (r framed) HitTest(x, y float32) text.Position { return r.paraLayout.HitTest(x-r.dx, y-r.dy) }

// MoveLines implements paraLayout.
func (r framed) MoveLines(p text.Position, n int, goalX float32) (text.Position, bool) {
	return r.paraLayout.MoveLines(p, n, goalX-r.dx)
}

func (r framed) rects(start, end int, top, bottom float32) []text.Rect {
	out := append([]text.Rect(nil), r.paraLayout.rects(start, end, top-r.dy, bottom-r.dy)...)
	for i := range out {
		out[i] = r.moved(out[i])
	}
	return out
}

func (r framed) settle(top, bottom float32) { r.paraLayout.settle(top-r.dy, bottom-r.dy) }

// paint implements paraLayout.
func (r framed) paint(dst *image.RGBA, x, y float32, p text.Paint) {
	s := p.Scale
	r.bars(dst, x, y, s)
	if r.marker != "" {
		r.paintMarker(dst, x, y, p)
	}
	r.paraLayout.paint(dst, x+r.dx*s, y+r.dy*s, p)
	r.pictures(dst, x, y, p)
}

// bars draws one line for each level of quoting, at the side where the paragraph starts.
func (r framed) bars(dst *image.RGBA, x, y, s float32) {
	tok := theme.Current()
	for k := range r.quote {
		left := float32(k) * quoteStep
		if r.RTL() {
			left = r.width - left - quoteBar
		}
		top := float32(0)
		if k >= r.joined {
			top = r.gap
		}
		col := tok.Accent
		if k > 0 {
			col = tok.Quote[k%len(tok.Quote)]
		}
		box := image.Rect(int(x+left*s), round(y+top*s), int(x+left*s)+max(1, int(quoteBar*s+0.5)), round(y+r.Height()*s))
		draw.Draw(dst, box, image.NewUniform(col), image.Point{}, draw.Over)
	}
}

func round(v float32) int { return int(math.Round(float64(v))) }

func (r framed) paintMarker(dst *image.RGBA, x, y float32, p text.Paint) {
	prm := r.Params()
	dir := text.LTR
	if r.RTL() {
		dir = text.RTL
	}
	l := text.Default().Layout(r.marker, nil, text.Params{Style: prm.Style, LineHeight: prm.LineHeight, Direction: dir})
	left := r.indent - markerGap - l.Width()
	if r.RTL() {
		left = r.width - r.indent + markerGap
	}
	p.SelStart, p.SelEnd = 0, 0
	top := r.dy
	if first := r.paraLayout.CaretRect(text.Position{}); first.H > prm.LineHeight { // a picture in the first line
		top += first.H - prm.LineHeight
	}
	l.Draw(dst, x+left*p.Scale, y+top*p.Scale, p)
}
