package text

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// A key in a paragraph lays the whole paragraph out again, about a microsecond a character. So that one of 100,000
// characters is as fluid as one of a hundred, long paragraphs are kept in blocks. Breaking lines is greedy: a line
// depends on what stands before it only by where it starts. So a block that ends where a line ends can be laid out alone.
// After an edit the lines mostly meet the old ends again within the block; if not, the end of the block moves, and so does
// the start of the next one, which follows when it is seen.

// blockSize is the aim for the length of a block in bytes; paragraphs up to three times that stay whole.
const blockSize = 1600

// wraps reports whether lines are broken; if not, a paragraph must be one line, and so one block.
func (d *Document) wraps() bool { return d.params.Wrap == WrapWord && d.params.Width > 0 }

// goesOn reports whether the paragraph of block i goes on in the next block.
func (d *Document) goesOn(i int) bool { return i+1 < len(d.pars) && d.pars[i+1].cont }

// headOf is the first block of the paragraph of block i.
func (d *Document) headOf(i int) int {
	for d.pars[i].cont {
		i--
	}
	return i
}

// split makes blocks of a text without separators, at spaces; flow moves their ends to ends of lines.
func (d *Document) split(s string, dir Direction, cont bool) []*block {
	var out []*block
	for len(s) > 3*blockSize && d.wraps() {
		cut := roughCut(s)
		out = append(out, &block{text: s[:cut], dir: dir, cont: cont, height: d.estimate(cut)})
		s, cont = s[cut:], true
	}
	return append(out, &block{text: s, dir: dir, cont: cont, height: d.estimate(len(s))})
}

// roughCut is a place near blockSize to cut a long text: after a space, or at least between characters.
func roughCut(s string) int {
	if k := strings.LastIndexByte(s[blockSize/2:blockSize], ' '); k >= 0 {
		return blockSize/2 + k + 1
	}
	cut := blockSize
	for cut > 1 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return cut
}

// resplit makes all blocks anew, after lines began or ceased to be broken.
func (d *Document) resplit() {
	var fresh []*block
	for i := 0; i < len(d.pars); {
		dir := d.pars[i].dir
		var b strings.Builder
		for {
			b.WriteString(d.pars[i].text)
			if i++; i >= len(d.pars) || !d.pars[i].cont {
				break
			}
		}
		fresh = append(fresh, d.split(b.String(), dir, false)...)
	}
	d.pars, d.laid, d.valid, d.more = fresh, 0, 0, 0
}

// flow moves the end of block i, which the next one goes on, to the end of a line. The block has its layout.
func (d *Document) flow(i int) {
	p := d.pars[i]
	for d.goesOn(i) {
		next := d.pars[i+1]
		if next.text == "" {
			d.removeBlock(i + 1)
			continue
		}
		if d.lineFull(p.layout, next.text) {
			p.flowed = true
			return
		}
		take := d.takeFrom(next.text)
		joined := p.text + next.text[:take]
		l := d.make(i, joined)
		d.valid = min(d.valid, i+1)
		if take == len(next.text) && (len(joined) <= 2*blockSize || l.NumLines() == 1) || l.NumLines() == 1 {
			p.text = joined
			d.keep(p, l)
			d.setText(next, next.text[take:])
			continue
		}
		cut := d.cutAt(l, len(p.text))
		p.text = joined[:cut]
		d.keep(p, d.make(i, p.text))
		d.setText(next, joined[cut:]+next.text[take:])
		if len(next.text) > 3*blockSize {
			d.divideBlock(i + 1)
		}
		p.flowed = true
		return
	}
}

// takeFrom is how much of the next block's text surely fills the last line, up to a character.
func (d *Document) takeFrom(s string) int {
	take := int(d.params.Width/d.params.Size*8) + 200 // bytes: narrow letters of two bytes, twice over
	if take >= len(s) {
		return len(s)
	}
	if k := strings.IndexByte(s[take:min(len(s), take+300)], ' '); k >= 0 {
		return take + k + 1
	}
	for take < len(s) && !utf8.RuneStart(s[take]) {
		take++
	}
	return take
}

// cutAt chooses the line start at which a block ends: the first at or after at, unless the block is too long.
func (d *Document) cutAt(l *Layout, at int) int {
	if at > 2*blockSize {
		at = blockSize
	}
	cut := 0
	for k := 1; k < l.NumLines(); k++ {
		if cut = l.byteAt(l.lines[k].start); cut >= at {
			break
		}
	}
	return cut
}

func (d *Document) setText(p *block, s string) {
	p.text = s
	p.sized, p.flowed = false, false
	d.drop(p)
}

func (d *Document) removeBlock(i int) {
	d.drop(d.pars[i])
	d.pars = append(d.pars[:i], d.pars[i+1:]...)
	d.valid = min(d.valid, i)
}

// divideBlock cuts a block that grew too long into two.
func (d *Document) divideBlock(i int) {
	parts := d.split(d.pars[i].text, Auto, true)
	d.drop(d.pars[i])
	d.pars = append(d.pars[:i], append(parts, d.pars[i+1:]...)...)
	d.valid = min(d.valid, i)
}

// lineFull reports whether the last line of l has no room for what follows up to the next chance to break.
func (d *Document) lineFull(l *Layout, next string) bool {
	ln := &l.lines[len(l.lines)-1]
	if ln.start == ln.end {
		return false
	}
	var w float32
	for i := range ln.pieces {
		w += ln.pieces[i].w
	}
	seg := next
	if !isSpace(l.runes[ln.end-1]) && !strings.HasPrefix(next, " ") && len(l.lines) > 1 {
		seg = firstGrapheme(next) // the line ends within a word that is longer than a line
		if d.breaksBetween(l.text, next) {
			seg = firstSegment(next)
		}
	} else {
		seg = firstSegment(seg)
	}
	trimmed := strings.TrimRight(seg, " \t")
	if trimmed == "" {
		return false // spaces belong to the line before
	}
	p := d.params
	p.Wrap, p.Width = NoWrap, 0
	return w+d.e.layoutUncached(trimmed, nil, p.normal()).Width() > d.params.Width+1.0/64
}

func firstSegment(s string) string {
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "")
	}
	seg, _, _, _ := uniseg.FirstLineSegmentInString(s, -1)
	return seg
}

func firstGrapheme(s string) string {
	g, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return g
}

// breaksBetween reports whether a line may end between a and b (UAX #14).
func (d *Document) breaksBetween(a, b string) bool {
	tail := a
	if len(tail) > 100 {
		cut := len(tail) - 100
		for cut < len(tail) && !utf8.RuneStart(tail[cut]) {
			cut++
		}
		tail = tail[cut:]
	}
	both := tail + firstGrapheme(b)
	state, at := -1, 0
	for rest := both; rest != ""; {
		var seg string
		seg, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if at += len(seg); at == len(tail) {
			return true
		}
	}
	return false
}
