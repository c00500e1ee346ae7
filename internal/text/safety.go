package text

// Isolate wraps a field that is put into a sentence in FSI … PDI (UAX #9 section 2.4), with unmatched controls inside
// closed or taken out, so that nothing in it can reorder what stands around it.
func Isolate(field string) string {
	return "\u2068" + balance(field) + "\u2069"
}

// balance takes out the pops that would close what surrounds the field and separators, and closes what it opens.
func balance(s string) string {
	if !hasControls(s) {
		return s
	}
	out := make([]rune, 0, len(s)+4)
	var open []bclass
	for _, r := range s {
		switch c := classOf(r); {
		case c.in(maskIsolate), c == clLRE, c == clRLE, c == clLRO, c == clRLO:
			open = append(open, c)
		case c == clPDF:
			if len(open) == 0 || open[len(open)-1].in(maskIsolate) {
				continue
			}
			open = open[:len(open)-1]
		case c == clPDI:
			k := len(open) - 1
			for k >= 0 && !open[k].in(maskIsolate) {
				k--
			}
			if k < 0 {
				continue
			}
			open = open[:k]
		case c == clB:
			r = ' '
		}
		out = append(out, r)
	}
	for k := len(open) - 1; k >= 0; k-- {
		if open[k].in(maskIsolate) {
			out = append(out, '\u2069')
		} else {
			out = append(out, '\u202C')
		}
	}
	return string(out)
}

func hasControls(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] < 0x20 {
			for _, r := range s[i:] {
				if c := classOf(r); c.in(maskExplicit) || c == clB {
					return true
				}
			}
			return false
		}
	}
	return false
}
