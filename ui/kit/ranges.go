package kit

import "sort"

// ranges is a set of row numbers as disjoint ranges [first, end) in order, so that "all of a million" is one entry.
type ranges [][2]int

func (r ranges) find(i int) int {
	return sort.Search(len(r), func(k int) bool { return r[k][1] > i })
}

func (r ranges) has(i int) bool {
	k := r.find(i)
	return k < len(r) && r[k][0] <= i
}

func (r ranges) count() (n int) {
	for _, x := range r {
		n += x[1] - x[0]
	}
	return n
}

// with is the set with [a, b) added.
func (r ranges) with(a, b int) ranges {
	if a >= b {
		return r
	}
	out := make(ranges, 0, len(r)+1)
	i := 0
	for ; i < len(r) && r[i][1] < a; i++ {
		out = append(out, r[i])
	}
	for ; i < len(r) && r[i][0] <= b; i++ {
		a, b = min(a, r[i][0]), max(b, r[i][1])
	}
	out = append(out, [2]int{a, b})
	return append(out, r[i:]...)
}

// without is the set with [a, b) taken out.
func (r ranges) without(a, b int) ranges {
	out := make(ranges, 0, len(r)+1)
	for _, x := range r {
		if x[1] <= a || x[0] >= b {
			out = append(out, x)
			continue
		}
		if x[0] < a {
			out = append(out, [2]int{x[0], a})
		}
		if x[1] > b {
			out = append(out, [2]int{b, x[1]})
		}
	}
	return out
}

// inserted moves everything from row at on down by n; the new rows are not in the set.
func (r ranges) inserted(at, n int) ranges {
	out := make(ranges, 0, len(r)+1)
	for _, x := range r {
		switch {
		case x[1] <= at:
			out = append(out, x)
		case x[0] >= at:
			out = append(out, [2]int{x[0] + n, x[1] + n})
		default:
			out = append(out, [2]int{x[0], at}, [2]int{at + n, x[1] + n})
		}
	}
	return out
}

// removed takes n rows from row at on out and moves the rest up.
func (r ranges) removed(at, n int) ranges {
	var out ranges
	for _, x := range r.without(at, at+n) {
		if x[0] >= at {
			x[0], x[1] = x[0]-n, x[1]-n
		}
		out = out.with(x[0], x[1])
	}
	return out
}

// list is every row of the set.
func (r ranges) list() []int {
	out := make([]int, 0, r.count())
	for _, x := range r {
		for i := x[0]; i < x[1]; i++ {
			out = append(out, i)
		}
	}
	return out
}
