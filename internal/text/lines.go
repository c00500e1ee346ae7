package text

import "math"

// measure sets x positions from 0, the visible width, and the vertical metrics of a line.
func (b *builder) measure(ln *line, p *para) {
	l := b.l
	var x, asc, desc, box float32
	for i := range ln.pieces {
		pc := &ln.pieces[i]
		pc.x = x
		x += pc.w
		a, d := lineMetrics(pc.run.face, pc.run.size)
		rise := l.styles[pc.run.style].Rise
		asc, desc = max(asc, a+rise), max(desc, d-rise)
		if pc.run.box {
			box = max(box, ceil(l.styles[pc.run.style].BoxH))
		}
	}
	if len(ln.pieces) == 0 {
		st := &l.styles[b.styleAt(min(ln.start, int32(len(l.runes)-1)))]
		asc, desc = lineMetrics(embeddedFace(st.Weight), st.Size)
	}
	// Whole units: lines of a paragraph stand at equal distances on every scale.
	asc, desc = ceil(asc), ceil(desc)
	ln.h = asc + desc
	if l.params.LineHeight > 0 {
		// A fixed height: the base style decides where the baseline is, so that a fallback font does not move it.
		a, d := lineMetrics(embeddedFace(l.styles[0].Weight), l.styles[0].Size)
		ln.h = l.params.LineHeight
		asc = float32(math.Round(float64((ln.h-a-d)/2 + a)))
	}
	if box > asc {
		ln.h += box - asc
		asc = box
	}
	ln.base = b.y + asc
	b.y += ln.h
	hang := b.hanging(ln)
	ln.w = x - hang
	if p.level&1 == 1 { // trailing spaces hang out on the left
		for i := range ln.pieces {
			ln.pieces[i].x -= hang
		}
	}
}

func lineMetrics(f *face, size float32) (asc, desc float32) {
	k := size / f.upem
	return f.ascent * k, f.descent * k
}

func ceil(f float32) float32 { return float32(math.Ceil(float64(f) - 1.0/64)) }

// hanging is the width of the trailing spaces of a line.
func (b *builder) hanging(ln *line) float32 {
	if ln.cut >= 0 {
		return 0
	}
	from := ln.end
	for from > ln.start && b.l.flags[from-1]&flagSpace != 0 {
		from--
	}
	if from == ln.end {
		return 0
	}
	var w float32
	for i := range ln.pieces {
		pc := &ln.pieces[i]
		if pc.end <= from {
			continue
		}
		for _, g := range pc.glyphs {
			if g.cluster >= from {
				w += g.adv
			}
		}
	}
	return w
}

// alignLines moves the lines within the width (Params.Width, or the longest line when that is unlimited).
func (b *builder) alignLines() {
	l := b.l
	room := l.params.Width
	if room <= 0 {
		room = l.width
	}
	for i := range l.lines {
		ln := &l.lines[i]
		rtl := l.paras[ln.para].level&1 == 1
		var x float32
		switch l.params.Align {
		case AlignStart, AlignEnd:
			if (l.params.Align == AlignStart) == rtl {
				x = room - ln.w
			}
		case AlignRight:
			x = room - ln.w
		case AlignCenter:
			x = (room - ln.w) / 2
		}
		if x < 0 && !rtl {
			x = 0 // too long and not cut: the start stays visible
		}
		ln.x = x
		for k := range ln.pieces {
			ln.pieces[k].x += x
		}
	}
}
