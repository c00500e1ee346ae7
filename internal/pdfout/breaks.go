package pdfout

import "sort"

// breaks cuts a stretch of so much height into pages, each at most page high, where no line and no picture is cut if that
// can be. It returns where each page begins; the first is 0. whole are the stretches to be kept, in any order.
func breaks(height, page float32, whole [][2]float32) []float32 {
	var ws [][2]float32
	tallest := float32(0)
	for _, w := range whole {
		if h := w[1] - w[0]; h > 0 && h <= page*0.9 { // what is higher is cut anyway
			ws = append(ws, w)
			tallest = max(tallest, h)
		}
	}
	sort.Slice(ws, func(i, j int) bool { return ws[i][0] < ws[j][0] })
	out := []float32{0}
	for start := float32(0); start+page < height-0.5; {
		end := cut(ws, tallest, start, start+page)
		out = append(out, end)
		start = end
	}
	return out
}

// cut finds the last place for a break before end, not in the upper two fifths of the page.
func cut(ws [][2]float32, tallest, start, end float32) float32 {
	const eps = 0.05
	y := end
	for {
		lo := sort.Search(len(ws), func(i int) bool { return ws[i][0] >= y-tallest-eps })
		moved := y
		for i := lo; i < len(ws) && ws[i][0] < y-eps; i++ {
			if ws[i][1] > y+eps {
				moved = min(moved, ws[i][0])
			}
		}
		if moved == y {
			return y
		}
		if y = moved; y < start+(end-start)*0.4 {
			return end // one thing reaches over another all the way: cut through
		}
	}
}
