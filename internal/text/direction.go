package text

// strongClass finds the direction of a paragraph by its first strong character outside isolates (UAX #9 P2): 0 left to
// right, 1 right to left, -1 when there is none. With field set, what fieldSkip passes over does not count.
func strongClass(runes []rune, cls []bclass, field bool) int {
	i := 0
	if field {
		i = fieldSkip(runes)
	}
	depth := 0
	for _, c := range cls[:i] { // an isolate may begin before the prefix
		switch {
		case c.in(maskIsolate):
			depth++
		case c == clPDI:
			depth = max(0, depth-1)
		}
	}
	for ; i < len(runes); i++ {
		switch c := cls[i]; {
		case c.in(maskIsolate):
			depth++
		case c == clPDI:
			depth = max(0, depth-1)
		case depth > 0:
		case c == clL:
			if field {
				if n := islandEnd(runes, i); n > i {
					i = n - 1
					continue
				}
			}
			return 0
		case c.in(maskStrongRTL):
			return 1
		}
	}
	if field { // nothing but prefixes, addresses and numbers: these decide after all
		return strongClass(runes, cls, false)
	}
	return -1
}
