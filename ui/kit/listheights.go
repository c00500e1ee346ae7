package kit

// tallness is how much higher than others the rows of a list are, summed up: at i what all rows above row i have beyond the height of a row.
type tallness struct {
	sums  []float64
	width float32
}

// measure asks how high the rows are; anew: also where neither the width nor their number changed.
func (l *List) measure(width float32, anew bool) {
	if l.opt.Taller == nil || !anew && l.tall.width == width && len(l.tall.sums) == l.count+1 {
		return
	}
	sums := make([]float64, l.count+1)
	for i := range l.count {
		sums[i+1] = sums[i] + float64(l.opt.Taller(i, width))
	}
	l.tall = tallness{sums, width}
}

// before is what the rows above row i have beyond the height of a row.
func (t tallness) before(i int) float64 {
	if len(t.sums) == 0 {
		return 0
	}
	return t.sums[min(max(i, 0), len(t.sums)-1)]
}
