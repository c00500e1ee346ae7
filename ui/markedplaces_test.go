package ui

import "testing"

func TestNextMarkedPlace(t *testing.T) {
	for _, c := range []struct{ at, total, step, want int }{
		{-1, 5, 1, 0}, {-1, 5, -1, 4}, // none is looked at yet: from the top, or from the end
		{0, 5, 1, 1}, {4, 5, 1, 0}, {0, 5, -1, 4}, {3, 5, -1, 2},
		{-1, 1, 1, 0}, {-1, 1, -1, 0}, {0, 1, 1, 0}, {0, 1, -1, 0},
	} {
		p := markedPlaces{at: c.at, total: c.total}
		if got := p.next(c.step); got != c.want {
			t.Errorf("at %d of %d, %+d: %d, want %d", c.at, c.total, c.step, got, c.want)
		}
	}
}
