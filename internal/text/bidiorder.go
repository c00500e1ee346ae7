package text

// lineLevels applies rule L1 to one line: from paragraph levels to the levels of the line lv (in place). orig holds the
// line's original classes, base the paragraph's level.
func lineLevels(lv []level, orig []bclass, base level) {
	reset := len(lv) // start of the run of whitespace that reaches up to here
	for i := len(lv) - 1; i >= 0; i-- {
		switch c := orig[i]; {
		case c == clB || c == clS:
			lv[i] = base
			reset = i
		case c.in(maskTrailing):
			if i == reset-1 {
				lv[i] = base
				reset = i
			}
		}
	}
}

// visualOrder is rule L2: the indices of runs with the given levels, from left to right.
func visualOrder(levels []level, order []int32) []int32 {
	order = grow(order, len(levels))
	highest, lowestOdd := level(0), level(255)
	for i, l := range levels {
		order[i] = int32(i)
		highest = max(highest, l)
		if l&1 == 1 {
			lowestOdd = min(lowestOdd, l)
		}
	}
	for lv := highest; lv >= lowestOdd && lv > 0; lv-- {
		for i := 0; i < len(order); i++ {
			if levels[order[i]] < lv {
				continue
			}
			end := i
			for end < len(order) && levels[order[end]] >= lv {
				end++
			}
			for a, b := i, end-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = end
		}
	}
	return order
}
