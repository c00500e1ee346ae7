package kit

import (
	"image"
	"image/draw"
	"sort"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/text"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// richPara is one paragraph of a RichText, or the mark of a stretch of folded ones.
type richPara struct {
	start, end int // bytes of the whole text; a mark stands for all it folds
	skip       int // bytes of the quote prefix, not shown
	level      int // of quoting
	group      int // offset of the first paragraph of the quoted stretch, -1 outside
	folded     bool
	layout     *text.Layout
	top        float32
	height     float32
}

const (
	quoteIndent = 14
	blockHeight = 900 // of one picture
	foldMark    = "  •••  "
	foldLink    = "\x00fold:"
)

func isFold(url string) bool { return strings.HasPrefix(url, foldLink) }

func (p *richPara) link() string {
	if !p.folded {
		return ""
	}
	return foldLink + strconv.Itoa(p.group)
}

// rebuild splits the text into paragraphs.
func (r *RichText) rebuild() {
	r.paras, r.width = r.paras[:0], 0
	group := -1
	for at := 0; at <= len(r.text); {
		end := len(r.text)
		if i := strings.IndexByte(r.text[at:], '\n'); i >= 0 {
			end = at + i
		}
		p := richPara{start: at, end: end, group: -1}
		line := strings.TrimSuffix(r.text[at:end], "\r")
		if p.level = quoteLevel(line); r.style.Mono {
			p.level = 0
		}
		if p.level > 0 {
			p.skip = len(line) - len(strings.TrimLeft(line, "> "))
			if group < 0 {
				group = at
			}
			p.group = group
		} else {
			group = -1
		}
		if last := len(r.paras) - 1; r.fold && p.level > 0 && !r.open[p.group] {
			if last >= 0 && r.paras[last].folded {
				r.paras[last].end = end
			} else {
				p.folded = true
				r.paras = append(r.paras, p)
			}
		} else {
			r.paras = append(r.paras, p)
		}
		at = end + 1
	}
}

// layoutFor lays the paragraphs out for a width and makes the blocks, unless that is done.
func (r *RichText) layoutFor(w float32) {
	stale := len(r.paras) > 0 && r.paras[0].layout != nil && r.anyStale()
	if w <= 0 || w == r.width && r.rtl == lang.RTL() && !stale {
		return
	}
	if len(r.paras) == 0 {
		r.rebuild()
	}
	r.width, r.rtl = w, lang.RTL()
	y := float32(0)
	next := 0 // first span that may still matter
	for i := range r.paras {
		p := &r.paras[i]
		var spans []Span
		for next < len(r.spans) && r.spans[next].End <= p.start {
			next++
		}
		for k := next; k < len(r.spans) && r.spans[k].Start < p.end; k++ {
			s := r.spans[k]
			s.Start, s.End = max(0, s.Start-p.start-p.skip), min(s.End, p.end)-p.start-p.skip
			if s.End > s.Start {
				spans = append(spans, s)
			}
		}
		p.layout = r.lay(p, spans, w)
		p.top = y
		p.height = p.layout.Height()
		if p.end == p.start { // an empty line separates paragraphs: not as high as a line of text
			p.height = ceil(p.height * 0.6)
		}
		y += p.height
	}
	r.height = ceil(y) + 2
	r.makeBlocks()
}

func (r *RichText) anyStale() bool {
	for i := range r.paras {
		if l := r.paras[i].layout; l != nil && l.Stale() {
			return true
		}
	}
	return false
}

func (r *RichText) lay(p *richPara, spans []Span, w float32) *text.Layout {
	prm := r.style.params()
	prm.Width = max(40, w-float32(p.level)*quoteIndent)
	prm.Wrap, prm.Align = text.WrapWord, text.AlignStart
	prm.Direction = direction(DirParagraph)
	if r.style.Mono {
		prm.Direction, prm.Align = text.LTR, text.AlignLeft
	}
	if p.folded {
		prm.Width, prm.Direction = w, text.LTR
		if lang.RTL() {
			prm.Direction = text.RTL
		}
		tok := theme.Current()
		s := text.Span{End: len(foldMark), Style: text.Style{Link: p.link(), Color: tok.Muted, Background: tok.Chip, Weight: text.Bold}}
		return text.Default().Layout(foldMark, []text.Span{s}, prm)
	}
	body := strings.TrimSuffix(r.text[p.start+p.skip:p.end], "\r")
	for i := range spans {
		spans[i].End = min(spans[i].End, len(body))
	}
	return text.Default().Layout(body, toSpans(spans, r.style), prm)
}

// indent is how far the text of a paragraph stands from the left.
func (p *richPara) indent() float32 {
	if p.level == 0 || p.folded || p.layout.RTL() {
		return 0
	}
	return float32(p.level) * quoteIndent
}

// richBlock is a stretch of paragraphs painted into one picture.
type richBlock struct {
	first, last int
	top, height float32
	raster      *canvas.Raster
}

// makeBlocks groups the paragraphs into pictures; a very long paragraph is cut over several.
func (r *RichText) makeBlocks() {
	n := 0
	for y := float32(0); y < r.height; y += blockHeight {
		if n == len(r.blocks) {
			r.blocks = append(r.blocks, r.newBlock())
		}
		b := r.blocks[n]
		b.top, b.height = y, min(blockHeight, r.height-y)
		b.first = r.paraAt(y)
		b.last = r.paraAt(y + b.height)
		b.raster.Resize(fyne.NewSize(r.width+2*bleed, b.height))
		b.raster.Move(fyne.NewPos(-bleed, y))
		n++
	}
	r.blocks = r.blocks[:n]
}

func (r *RichText) newBlock() *richBlock {
	b := &richBlock{}
	b.raster = &canvas.Raster{ScaleMode: canvas.ImageScalePixels}
	b.raster.Generator = func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		r.paintBlock(b, img, pixelScale(b.raster, w))
		return img
	}
	return b
}

// paintBlock paints the paragraphs of a block with the bars of quoting.
func (r *RichText) paintBlock(b *richBlock, img *image.RGBA, scale float32) {
	tok := theme.Current()
	from, to := r.sel.Range()
	for i := b.first; i <= b.last && i < len(r.paras); i++ {
		p := &r.paras[i]
		ink := text.Paint{Scale: scale, Color: tok.Of(r.style.Color), LinkColor: tok.Accent, SelColor: tok.Selection}
		if p.level > 0 {
			ink.Color = tok.Of(theme.Quote1 + theme.Role((p.level-1)%3))
			if !p.folded {
				r.bars(img, p, p.top-b.top, scale)
			}
		}
		if from < p.end+1 && to > p.start && from != to {
			ink.SelStart = r.inPara(p, from)
			ink.SelEnd = r.inPara(p, to)
		}
		x, y := (p.indent()+bleed)*scale, (p.top-b.top+nudge(r.style.Size))*scale
		r.paintMarks(img, p, x, y, scale)
		p.layout.Draw(img, x, y, ink)
	}
}

// bars draws one line for each level of quoting beside a paragraph, at the side where it starts.
func (r *RichText) bars(img *image.RGBA, p *richPara, y, scale float32) {
	tok := theme.Current()
	for k := range p.level {
		x := float32(k) * quoteIndent
		if p.layout.RTL() {
			x = r.width - x - 3
		}
		col := tok.Accent
		if k > 0 {
			col = tok.Quote[k%3]
		}
		x0, x1 := int((x+bleed)*scale), int((x+bleed+2.5)*scale)
		rect := image.Rect(x0, int(y*scale), max(x1, x0+1), int((y+p.height)*scale))
		draw.Draw(img, rect, image.NewUniform(col), image.Point{}, draw.Src)
	}
}

// inPara is an offset of the whole text as one of the layout of a paragraph.
func (r *RichText) inPara(p *richPara, off int) int {
	if p.folded {
		if off > p.start {
			return len(foldMark)
		}
		return 0
	}
	return max(0, min(off-p.start-p.skip, len(p.layout.Text())))
}

// paraAt is the paragraph at a height.
func (r *RichText) paraAt(y float32) int {
	i := sort.Search(len(r.paras), func(i int) bool { return r.paras[i].top > y }) - 1
	return max(0, i)
}

// Expose implements Exposer: pictures far from the view are hidden.
func (r *RichText) Expose() {
	y, view, ok := InView(r)
	if !ok {
		return
	}
	for _, b := range r.blocks {
		show := b.top < y+view+300 && b.top+b.height > y-300
		if show != b.raster.Visible() {
			if show {
				b.raster.Show()
				b.raster.Refresh()
			} else {
				b.raster.Hide()
			}
		}
	}
}

// What selection asks of the text.

func (r *RichText) para(off int) *richPara {
	i := sort.Search(len(r.paras), func(i int) bool { return r.paras[i].start > off }) - 1
	return &r.paras[max(0, i)]
}

// Hit implements Selectable.
func (r *RichText) Hit(pos fyne.Position) int {
	if r.width <= 0 || len(r.paras) == 0 {
		return 0
	}
	p := &r.paras[r.paraAt(pos.Y)]
	if p.folded {
		return p.start
	}
	return p.start + p.skip + p.layout.HitTest(pos.X-p.indent(), pos.Y-p.top).Offset
}

// WordAt implements Selectable.
func (r *RichText) WordAt(off int) (start, end int) {
	p := r.para(off)
	if p.folded || p.layout == nil {
		return p.start, p.end
	}
	s, e := p.layout.WordAt(r.inPara(p, off))
	return p.start + p.skip + s, p.start + p.skip + e
}

// LineAt implements Selectable.
func (r *RichText) LineAt(off int) (start, end int) {
	p := r.para(off)
	return p.start, min(p.end+1, len(r.text))
}

// Slice implements Selectable.
func (r *RichText) Slice(start, end int) string { return r.text[start:min(end, len(r.text))] }

// Length implements Selectable.
func (r *RichText) Length() int { return len(r.text) }

// Repaint implements Selectable.
func (r *RichText) Repaint() {
	for _, b := range r.blocks {
		if b.raster.Visible() {
			b.raster.Refresh()
		}
	}
}

// LinkAt implements Selectable.
func (r *RichText) LinkAt(pos fyne.Position) (string, bool) {
	if r.width <= 0 || len(r.paras) == 0 {
		return "", false
	}
	p := &r.paras[r.paraAt(pos.Y)]
	s, _, ok := p.layout.CharAt(pos.X-p.indent(), pos.Y-p.top)
	if !ok {
		return "", false
	}
	url := p.layout.LinkAt(s)
	return url, url != ""
}
