package htmlview

import "slices"

// collect writes the text of the view in the order of the document, whatever the order of painting.
func (v *View) collect(b *box) {
	if b.legend != nil {
		v.collect(b.legend)
	}
	for _, c := range b.out {
		v.collect(c)
	}
	switch {
	case b.table != nil:
		for _, c := range b.table.captions {
			v.collect(c)
		}
		for _, row := range b.table.rows {
			v.collectRow(row)
		}
	case b.inline != nil:
		v.collectInline(b.inline)
	default:
		for _, c := range b.children {
			v.collect(c)
		}
	}
	if b.kind == boxTable || b.kind == boxFlex || b.kind == boxBlock && b.n != nil && b.s.display != dispInlineBlock {
		v.newline()
	}
}

// collectRow puts tabs between cells that are short, as tables of data have them.
func (v *View) collectRow(row *tableRow) {
	var ends []int
	start := len(v.text)
	for _, c := range row.cells {
		v.collect(c.b)
		ends = append(ends, len(v.text)-1)
	}
	v.newline()
	if len(ends) < 2 {
		return
	}
	for i, e := range ends {
		if e < start || v.text[e] != '\n' || slices.Contains(v.text[start:e], '\n') {
			return
		}
		if start = e + 1; i == len(ends)-1 {
			ends = ends[:i]
		}
	}
	for _, e := range ends {
		v.text[e] = '\t'
	}
}

// collectInline notes, for each span of text, where it lies in the text of the view.
func (v *View) collectInline(c *inlineCtx) {
	for _, s := range c.segments {
		for _, o := range s.outs {
			if o.pos == 0 && o.box.n != nil {
				v.newline()
				v.collect(o.box)
			}
		}
		s.offset = make([]int, len(s.spans))
		start := 0
		for i := range s.spans {
			end := s.spans[i].End
			s.offset[i] = len(v.text) - start
			if a := s.atom[i]; a != nil && a.kind != boxReplaced {
				v.collect(a)
			} else {
				v.text = append(v.text, s.runes[start:end]...)
			}
			start = end
		}
		if s.hard {
			v.text = append(v.text, '\n')
		} else if c.owner.n == nil || c.owner.s.display != dispInlineBlock { // the line goes on after an inline block
			v.newline()
		}
		for _, o := range s.outs {
			if o.pos > 0 && o.box.n != nil {
				v.collect(o.box)
			}
		}
	}
}

// newline ends a block in the text of the view.
func (v *View) newline() {
	if n := len(v.text); n > 0 && v.text[n-1] != '\n' {
		v.text = append(v.text, '\n')
	}
}
