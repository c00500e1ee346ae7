package htmlview

import (
	"strings"
	"unicode"

	"peyk/internal/text"
)

const softHyphen = 0xAD

// cutShort ends a line that is too long with an ellipsis (text-overflow) and returns its new width.
func (l *layouter) cutShort(c *inlineCtx, s *segment, lb *lineBox, start, stop int, room float32) float32 {
	own := s.owner[s.spanAt(start)]
	dots := l.shapeMark(c, "…", own, s.shaped.RTL())
	room -= dots.Width
	k := start
	for w := float32(0); k < stop; k++ {
		if w += c.advance(s, k); w > room {
			break
		}
	}
	for k > start && (!s.shaped.Boundary(k)) {
		k--
	}
	lb.frags, lb.decors = nil, nil
	var width float32
	if k > start {
		width = l.fragments(c, s, lb, s.shaped.Line(start, k), start, k)
	}
	return l.addMark(c, s, lb, "…", own, width)
}

// addMark puts a sign that is not part of the text at the end of a line and returns the line's width.
func (l *layouter) addMark(c *inlineCtx, s *segment, lb *lineBox, mark string, own int32, width float32) float32 {
	p := l.shapeMark(c, mark, own, s.shaped.RTL())
	f := fragment{piece: p, seg: s, own: own, x: width, w: p.Width, mark: true}
	if s.shaped.RTL() {
		f.x = 0
		for i := range lb.frags {
			lb.frags[i].x += p.Width
		}
		for i := range lb.decors {
			lb.decors[i].x0 += p.Width
			lb.decors[i].x1 += p.Width
		}
	}
	lb.frags = append(lb.frags, f)
	return width + p.Width
}

func (l *layouter) shapeMark(c *inlineCtx, mark string, own int32, rtl bool) text.Piece {
	st := c.boxes[own].s
	dir := text.LTR
	if rtl {
		dir = text.RTL
	}
	rs := []rune(mark)
	sh := l.engine.Shape(rs, []text.ShapeSpan{{End: len(rs), Fonts: st.fonts(l.engine), Size: st.size}}, dir)
	return sh.Line(0, len(rs))[0]
}

// smallCaps writes lower-case letters as small capitals: those of the font are not asked for.
func (p *preparer) smallCaps(it *inlineItem) {
	plain, small := *it.s, *it.s
	plain.smallCaps, small.smallCaps = false, false
	small.size *= 0.7
	small.lineHeight = px(0) // they do not make a line higher
	rest := it.text
	for rest != "" {
		lower := unicode.IsLower([]rune(rest[:min(len(rest), 4)])[0])
		n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsLower(r) != lower })
		if n < 0 {
			n = len(rest)
		}
		if part := rest[:n]; lower {
			p.open(&inlineItem{kind: itemOpen, s: &small, n: it.n})
			p.text(strings.ToUpper(part), &small)
			p.item(&inlineItem{kind: itemClose, s: &small, n: it.n})
		} else {
			p.text(part, &plain)
		}
		rest = rest[n:]
	}
}
