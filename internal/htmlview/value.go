package htmlview

import (
	"math"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"peyk/internal/text"
)

func roundf(f float32) float32 { return float32(math.Floor(float64(f) + 0.5)) }
func floorf(f float32) float32 { return float32(math.Floor(float64(f))) }

// units is what relative lengths refer to.
type units struct {
	em, root, vw float32
	s            *style // whose font ex and ch are of; nil: half of em
	engine       *text.Engine
	quirks       bool
	depth        int // of min() within max() and so on
}

const maxLength = 1e6

// leastHeight is the height of a message of nothing, and what percentages of the height of the window are of.
const leastHeight = 10

func clampLen(f float64) float32 {
	if f != f {
		return 0
	}
	return float32(max(-maxLength, min(maxLength, f)))
}

// dimension reads "12px", "1.5em", "10%".
func (u units) dimension(t token) (length, bool) {
	switch t.tt {
	case css.NumberToken:
		v, err := strconv.ParseFloat(t.data, 64)
		if err == nil && (v == 0 || u.quirks) {
			return px(clampLen(v)), true
		}
	case css.PercentageToken:
		v, err := strconv.ParseFloat(strings.TrimSuffix(t.data, "%"), 64)
		return length{pct: clampLen(v), set: true}, err == nil
	case css.DimensionToken:
		k := len(t.data)
		for k > 0 && (t.data[k-1]|0x20 >= 'a' && t.data[k-1]|0x20 <= 'z') {
			k--
		}
		v, err := strconv.ParseFloat(t.data[:k], 64)
		f, ok := u.unit(strings.ToLower(t.data[k:]))
		return px(clampLen(v * f)), ok && err == nil
	}
	return length{}, false
}

func (u units) unit(name string) (float64, bool) {
	switch name {
	case "px":
		return 1, true
	case "pt":
		return 96.0 / 72, true
	case "em":
		return float64(u.em), true
	case "rem":
		return float64(u.root), true
	case "ex":
		if u.s != nil && u.engine != nil {
			if x := u.s.fonts(u.engine).Metrics(u.em).XHeight; x > 0 {
				return float64(x), true
			}
		}
		return float64(u.em) / 2, true
	case "ch":
		if u.s != nil && u.engine != nil {
			return float64(u.s.fonts(u.engine).Metrics(u.em).ZeroWidth), true
		}
		return float64(u.em) / 2, true
	case "in":
		return 96, true
	case "cm":
		return 96 / 2.54, true
	case "mm":
		return 96 / 25.4, true
	case "pc":
		return 16, true
	case "vw":
		return float64(u.vw) / 100, true
	case "vmax", "dvw", "svw", "lvw", "vi":
		return float64(u.vw) / 100, true
	case "vh", "vmin", "dvh", "svh", "lvh", "vb":
		return leastHeight / 100.0, true // a message has no height of its own
	}
	return 0, false
}

// length reads a length, percentage, auto, none or calc().
func (u units) length(ts []token) (length, bool) {
	if len(ts) == 0 {
		return length{}, false
	}
	if len(ts) == 1 {
		if ts[0].tt == css.IdentToken {
			switch strings.ToLower(ts[0].data) {
			case "auto", "none", "normal", "fit-content", "max-content", "min-content", "initial", "unset":
				return length{}, true
			}
		}
		return u.dimension(ts[0])
	}
	if ts[0].tt == css.FunctionToken {
		name := strings.ToLower(ts[0].data)
		if name == "calc(" || name == "-webkit-calc(" {
			c := calcParser{u: u, ts: ts[1:]}
			v, ok := c.sum(0)
			return length{px: clampLen(float64(v.px)), pct: clampLen(float64(v.pct)), set: true}, ok && !v.number
		}
		if name == "min(" || name == "max(" || name == "clamp(" {
			return u.compare(name, ts[1:])
		}
	}
	return length{}, false
}

// maxFunctions is how deep functions may stand within each other.
const maxFunctions = 20

// compare handles min(), max() and clamp(). Where a length meets a percentage, the percentage is taken of the window's
// width: what it is really of is not known yet.
func (u units) compare(name string, ts []token) (length, bool) {
	if u.depth++; u.depth > maxFunctions {
		return length{}, false
	}
	var ls []length
	for _, part := range splitComma(ts) {
		part = trimParen(part)
		l, ok := u.length(part)
		if !ok {
			c := calcParser{u: u, ts: part}
			v, good := c.sum(0)
			if !good || v.number {
				return length{}, false
			}
			l = length{px: v.px, pct: v.pct, set: true}
		}
		ls = append(ls, l)
	}
	less := func(a, b length) bool { return a.of(u.vw) < b.of(u.vw) }
	if name == "clamp(" {
		if len(ls) != 3 {
			return length{}, false
		}
		v := ls[1]
		if less(ls[2], v) {
			v = ls[2]
		}
		if less(v, ls[0]) {
			v = ls[0]
		}
		return v, true
	}
	best := ls[0]
	for _, l := range ls[1:] {
		if less(l, best) == (name == "min(") {
			best = l
		}
	}
	return best, best.set
}

func trimParen(ts []token) []token {
	ts = trimSpace(ts)
	if n := len(ts); n > 0 && ts[n-1].tt == css.RightParenthesisToken {
		depth := 0
		for _, t := range ts {
			switch t.tt {
			case css.FunctionToken, css.LeftParenthesisToken:
				depth++
			case css.RightParenthesisToken:
				depth--
			}
		}
		if depth < 0 {
			ts = ts[:n-1]
		}
	}
	return trimSpace(ts)
}

func splitComma(ts []token) [][]token {
	var out [][]token
	depth, start := 0, 0
	for i, t := range ts {
		switch t.tt {
		case css.FunctionToken, css.LeftParenthesisToken:
			depth++
		case css.RightParenthesisToken:
			depth--
		case css.CommaToken:
			if depth == 0 {
				out = append(out, trimSpace(ts[start:i]))
				start = i + 1
			}
		}
	}
	return append(out, trimSpace(ts[start:]))
}

// splitSpace splits at white space outside of functions; slashes stand alone.
func splitSpace(ts []token) [][]token {
	var out [][]token
	var cur []token
	depth := 0
	flush := func() {
		if len(cur) > 0 {
			out = append(out, cur)
			cur = nil
		}
	}
	for _, t := range ts {
		switch t.tt {
		case css.FunctionToken, css.LeftParenthesisToken:
			depth++
		case css.RightParenthesisToken:
			depth--
		case css.WhitespaceToken:
			if depth == 0 {
				flush()
				continue
			}
		case css.DelimToken:
			if depth == 0 && t.data == "/" {
				flush()
				out = append(out, []token{t})
				continue
			}
		}
		cur = append(cur, t)
	}
	flush()
	return out
}

type calcValue struct {
	px, pct float32
	number  bool
}

type calcParser struct {
	u  units
	ts []token
	i  int
}

func (c *calcParser) space() {
	for c.i < len(c.ts) && c.ts[c.i].tt == css.WhitespaceToken {
		c.i++
	}
}

func (c *calcParser) sum(depth int) (calcValue, bool) {
	v, ok := c.product(depth)
	for ok {
		c.space()
		if c.i >= len(c.ts) {
			return v, true
		}
		t := c.ts[c.i]
		sign := float32(1)
		switch {
		case t.tt == css.DelimToken && t.data == "+":
			c.i++
		case t.tt == css.DelimToken && t.data == "-":
			c.i++
			sign = -1
		case t.tt == css.RightParenthesisToken:
			return v, true
		default:
			return v, false
		}
		r, rok := c.product(depth)
		v.px, v.pct, ok = v.px+sign*r.px, v.pct+sign*r.pct, rok && r.number == v.number
	}
	return v, ok
}

func (c *calcParser) product(depth int) (calcValue, bool) {
	v, ok := c.atom(depth)
	for ok {
		c.space()
		if c.i >= len(c.ts) || c.ts[c.i].tt != css.DelimToken || c.ts[c.i].data != "*" && c.ts[c.i].data != "/" {
			return v, true
		}
		op := c.ts[c.i].data
		c.i++
		r, rok := c.atom(depth)
		switch {
		case !rok:
			return v, false
		case op == "*" && r.number:
			v.px, v.pct = v.px*r.px, v.pct*r.px
		case op == "*" && v.number:
			v = calcValue{px: r.px * v.px, pct: r.pct * v.px}
		case op == "/" && r.number && r.px != 0:
			v.px, v.pct = v.px/r.px, v.pct/r.px
		default:
			return v, false
		}
	}
	return v, ok
}

func (c *calcParser) atom(depth int) (calcValue, bool) {
	c.space()
	if c.i >= len(c.ts) || depth > maxFunctions {
		return calcValue{}, false
	}
	t := c.ts[c.i]
	c.i++
	switch t.tt {
	case css.LeftParenthesisToken, css.FunctionToken:
		v, ok := c.sum(depth + 1)
		c.space()
		if c.i < len(c.ts) && c.ts[c.i].tt == css.RightParenthesisToken {
			c.i++
		}
		return v, ok
	case css.NumberToken:
		v, err := strconv.ParseFloat(t.data, 32)
		return calcValue{px: float32(v), number: true}, err == nil
	}
	l, ok := c.u.dimension(t)
	return calcValue{px: l.px, pct: l.pct}, ok
}

// attrLength reads "600", "600px", "50%" of width and height attributes.
func attrLength(s string) (length, bool) {
	s = strings.TrimSpace(s)
	k := 0
	for k < len(s) && (s[k] >= '0' && s[k] <= '9' || s[k] == '.') {
		k++
	}
	v, err := strconv.ParseFloat(s[:k], 64)
	if err != nil || v < 0 {
		return length{}, false
	}
	if k < len(s) && s[k] == '%' {
		return length{pct: clampLen(v), set: true}, v > 0
	}
	return px(clampLen(v)), true
}
