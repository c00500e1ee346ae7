package kit

import (
	"image"
	"image/color"
	"image/draw"
)

// Selection is the selection of the text.
func (r *RichText) Selection() *Selection { return r.sel }

// SetMono shows the text as it is, in a monospaced font, left to right: for sources. Quote marks are characters like others then.
func (r *RichText) SetMono(on bool) {
	if r.style.Mono != on {
		r.style.Mono = on
		r.rebuild()
		r.Refresh()
	}
}

// Mark marks stretches of the text, in order, as places found by a search, and returns how many there are.
func (r *RichText) Mark(ranges [][2]int) int {
	r.marks, r.mark = ranges, -1
	r.Repaint()
	return len(ranges)
}

// LookAt distinguishes one of the marks and tells where it stands; -1 is none.
func (r *RichText) LookAt(i int) (y, height float32) {
	r.mark = i
	r.Repaint()
	if i < 0 || i >= len(r.marks) {
		return 0, 0
	}
	return r.Place(r.marks[i][0])
}

// The colours of marks: over light and dark alike, with the text upon them.
var (
	markColor    = color.NRGBA{0xff, 0xc8, 0x00, 0x66}
	currentColor = color.NRGBA{0xff, 0x8a, 0x00, 0x99}
)

// colorOfMark is the colour behind a place found by a search.
func colorOfMark(current bool) color.NRGBA {
	if current {
		return currentColor
	}
	return markColor
}

// paintMarks paints what is marked in a paragraph whose text stands at (x, y) pixels.
func (r *RichText) paintMarks(img *image.RGBA, p *richPara, x, y, scale float32) {
	if p.folded {
		return
	}
	lo, hi := 0, len(r.marks) // the first mark that ends after the paragraph starts
	for lo < hi {
		if m := (lo + hi) / 2; r.marks[m][1] <= p.start {
			lo = m + 1
		} else {
			hi = m
		}
	}
	for i := lo; i < len(r.marks) && r.marks[i][0] < p.end; i++ {
		m := r.marks[i]
		for _, q := range p.layout.SelectionRects(r.inPara(p, m[0]), r.inPara(p, m[1])) {
			rect := image.Rect(int(x+q.X*scale), int(y+q.Y*scale), int(x+(q.X+q.W)*scale+0.5), int(y+(q.Y+q.H)*scale+0.5))
			draw.Draw(img, rect, image.NewUniform(colorOfMark(i == r.mark)), image.Point{}, draw.Over)
		}
	}
}
