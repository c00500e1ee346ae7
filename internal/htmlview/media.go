package htmlview

import (
	"strconv"
	"strings"
)

// media is what media queries ask about (Media Queries 4).
type media struct {
	width float32
	dark  bool
}

// matches evaluates a media query list.
func (m media) matches(list string) bool {
	for _, q := range splitTop(strings.ToLower(list)) {
		if m.query(strings.TrimSpace(q)) {
			return true
		}
	}
	return false
}

func (m media) query(q string) bool {
	if rest, ok := strings.CutPrefix(q, "not "); ok {
		if rest = strings.TrimSpace(rest); !strings.HasPrefix(rest, "(") {
			return !m.query(rest)
		}
		v, known := m.condition(rest, 0)
		return known && !v
	}
	q = strings.TrimSpace(strings.TrimPrefix(q, "only "))
	if !strings.HasPrefix(q, "(") { // a type comes first
		kind, rest, more := strings.Cut(q, " and ")
		if kind = strings.TrimSpace(kind); kind != "all" && kind != "screen" && kind != "" {
			return false // "screen and(max-width:…)" and other slips never match
		}
		if !more {
			return true
		}
		q = strings.TrimSpace(rest)
	}
	v, known := m.condition(q, 0)
	return known && v
}

// condition evaluates "(…) and (…)" or "(…) or (…)"; known is false for what is malformed.
func (m media) condition(q string, depth int) (v, known bool) {
	op := ""
	v, known = true, true
	for depth < 8 {
		q = strings.TrimSpace(q)
		negate := false
		if rest, ok := strings.CutPrefix(q, "not "); ok {
			negate, q = true, strings.TrimSpace(rest)
		}
		end := closing(q)
		if end < 0 {
			return false, false
		}
		inner := strings.TrimSpace(q[1:end])
		one, good := false, true
		if strings.HasPrefix(inner, "(") || strings.HasPrefix(inner, "not ") {
			one, good = m.condition(inner, depth+1)
		} else {
			one = m.feature(inner)
		}
		one = one != negate
		if op == "or" {
			v = v || one
		} else {
			v = v && one
		}
		known = known && good
		if q = strings.TrimSpace(q[end+1:]); q == "" {
			return v, known
		}
		word, rest, ok := strings.Cut(q, " ")
		if !ok || word != "and" && word != "or" || op != "" && word != op {
			return false, false
		}
		op, q = word, rest
	}
	return false, false
}

// closing is the place of the parenthesis that closes the one at the start, or -1.
func closing(q string) int {
	depth := 0
	for i := 0; i < len(q); i++ {
		switch q[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		default:
			if i == 0 {
				return -1
			}
		}
	}
	return -1
}

// mediaLength reads a length of a media query in units.
func mediaLength(val string) (float32, bool) {
	val = strings.TrimSpace(val)
	k := float32(1)
	num := val
	switch {
	case strings.HasSuffix(val, "px"):
		num = val[:len(val)-2]
	case strings.HasSuffix(val, "rem"):
		num, k = val[:len(val)-3], 16
	case strings.HasSuffix(val, "em"):
		num, k = val[:len(val)-2], 16
	case strings.HasSuffix(val, "pt"):
		num, k = val[:len(val)-2], 96.0/72
	case val == "0":
	default:
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(num), 32)
	return float32(v) * k, err == nil
}

func (m media) feature(f string) bool {
	if strings.ContainsAny(f, "<>=") {
		return m.compared(f)
	}
	name, val, _ := strings.Cut(f, ":")
	name, val = strings.TrimSpace(name), strings.TrimSpace(val)
	switch name {
	case "max-width", "max-device-width":
		v, ok := mediaLength(val)
		return ok && m.width <= v
	case "min-width", "min-device-width":
		v, ok := mediaLength(val)
		return ok && m.width >= v
	case "width", "device-width":
		v, ok := mediaLength(val)
		return ok && m.width == v || val == ""
	case "min-height", "min-device-height":
		v, ok := mediaLength(val)
		return ok && v <= leastHeight
	case "max-height", "max-device-height":
		v, ok := mediaLength(val)
		return ok && v >= leastHeight
	case "prefers-color-scheme":
		return val == "dark" && m.dark || val == "light" && !m.dark
	case "prefers-reduced-motion":
		return val == "no-preference"
	case "orientation":
		return val == "landscape"
	case "-webkit-min-device-pixel-ratio":
		v, err := strconv.ParseFloat(val, 32)
		return err == nil && v <= 1
	case "-webkit-max-device-pixel-ratio":
		v, err := strconv.ParseFloat(val, 32)
		return err == nil && v >= 1
	case "color", "hover", "any-hover":
		return val == "" || val == "hover"
	case "pointer", "any-pointer":
		return val == "" || val == "fine"
	}
	return false
}

// compared evaluates "width >= 600px" and "400px <= width < 900px".
func (m media) compared(f string) bool {
	var ops []string
	var terms []string
	start := 0
	for i := 0; i < len(f); i++ {
		if f[i] != '<' && f[i] != '>' && f[i] != '=' {
			continue
		}
		terms = append(terms, strings.TrimSpace(f[start:i]))
		n := 1
		if i+1 < len(f) && f[i+1] == '=' {
			n = 2
		}
		ops = append(ops, f[i:i+n])
		i += n - 1
		start = i + 1
	}
	terms = append(terms, strings.TrimSpace(f[start:]))
	value := func(t string) (float32, bool) {
		switch t {
		case "width", "device-width":
			return m.width, true
		case "height", "device-height":
			return leastHeight, true
		}
		return mediaLength(t)
	}
	for i, op := range ops {
		a, ok1 := value(terms[i])
		b, ok2 := value(terms[i+1])
		good := map[string]bool{"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "=": a == b}[op]
		if !ok1 || !ok2 || !good {
			return false
		}
	}
	return len(ops) > 0 && len(ops) < 3
}

// supports guesses the answer of @supports: what browsers of today understand, but no properties of single makers.
func supports(cond string) bool {
	c := strings.ToLower(cond)
	for _, p := range [...]string{"not ", "(-ms-", "(-moz-", "(-o-", "(-webkit-touch-callout", "(-webkit-overflow-scrolling", "(mso-"} {
		if strings.Contains(c, p) {
			return false
		}
	}
	return true
}
