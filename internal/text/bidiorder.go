package text

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
