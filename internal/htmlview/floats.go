package htmlview

// floats are the floating boxes of one block formatting context, in the coordinates of its root.
type floats struct {
	boxes []floatBox
	low   float32 // no float may stand higher than an earlier one
}

type floatBox struct {
	x0, y0, x1, y1 float32
	left           bool
}

// space narrows [x0, x1) by the floats that touch [y0, y1).
func (f *floats) space(y0, y1, x0, x1 float32) (lo, hi float32) {
	lo, hi = x0, x1
	for i := range f.boxes {
		b := &f.boxes[i]
		if b.y1 <= y0 || b.y0 >= max(y1, y0+0.01) {
			continue
		}
		if b.left {
			lo = max(lo, b.x1)
		} else {
			hi = min(hi, b.x0)
		}
	}
	return lo, hi
}

// next is the nearest lower end of a float below y, or -1.
func (f *floats) next(y float32) float32 {
	n := float32(-1)
	for i := range f.boxes {
		if e := f.boxes[i].y1; e > y && (n < 0 || e < n) {
			n = e
		}
	}
	return n
}

func (f *floats) clear(which uint8) float32 {
	var y float32
	for i := range f.boxes {
		if b := &f.boxes[i]; b.left && which&1 != 0 || !b.left && which&2 != 0 {
			y = max(y, b.y1)
		}
	}
	return y
}

func (f *floats) bottom() float32 { return f.clear(3) }

// add places a float of size w × h at y or below, within [x0, x1), and returns the place of its margin box.
func (f *floats) add(isLeft bool, w, h, y, x0, x1 float32) (x, top float32) {
	y = max(y, f.low)
	for range 2000 {
		lo, hi := f.space(y, y+max(h, 1), x0, x1)
		next := f.next(y)
		if hi-lo >= w-0.01 || next < 0 || lo <= x0 && hi >= x1 {
			x = lo
			if !isLeft {
				x = hi - w
			}
			break
		}
		y = next
	}
	f.low = y
	if len(f.boxes) < 5000 {
		f.boxes = append(f.boxes, floatBox{x, y, x + w, y + h, isLeft})
	}
	return x, y
}

// float lays out a floating box and places it.
func (l *layouter) float(b *box, container *box, fc *floats, ox, oy, y float32) {
	cw := container.contentW()
	x0 := container.b[left] + container.p[left]
	l.width(b, cw, cw, true)
	b.bfc = true
	if b.s.clear != 0 {
		y = max(y, fc.clear(b.s.clear)-oy)
	}
	l.block(b, fc, 0, 0)
	w, h := b.w+b.m[left]+b.m[right], b.h+b.m[top]+b.m[bottom]
	x, fy := fc.add(b.s.float == floatLeft, w, max(0, h), oy+y, ox+x0, ox+x0+cw)
	b.x, b.y = x-ox+b.m[left], fy-oy+b.m[top]
	l.relative(b, cw)
}
