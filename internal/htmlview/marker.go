package htmlview

import (
	"strconv"
	"strings"
)

// Bullets are drawn as shapes, not as characters; these stand for them.
const (
	bulletDisc   = "\x00disc"
	bulletCircle = "\x00circle"
	bulletSquare = "\x00square"
	// The marks of a chooser and of a box that is ticked.
	bulletOpen = "\x00open"
	bulletTick = "\x00tick"
)

// formatMarker writes number pos in a list style type.
func formatMarker(t string, pos int) string {
	switch t {
	case "none":
		return ""
	case "circle":
		return bulletCircle
	case "square":
		return bulletSquare
	case "decimal":
		return strconv.Itoa(pos) + "."
	case "decimal-leading-zero":
		if pos >= 0 && pos < 10 {
			return "0" + strconv.Itoa(pos) + "."
		}
		return strconv.Itoa(pos) + "."
	case "lower-alpha", "lower-latin":
		return alphabetic(pos, 'a') + "."
	case "upper-alpha", "upper-latin":
		return alphabetic(pos, 'A') + "."
	case "lower-roman":
		return strings.ToLower(roman(pos)) + "."
	case "upper-roman":
		return roman(pos) + "."
	case "persian", "-x-persian":
		return digits(pos, '۰') + "."
	case "lower-greek":
		return greek(pos) + "."
	case "hebrew":
		return hebrew(pos) + "."
	case "arabic-indic":
		return digits(pos, '٠') + "."
	}
	return bulletDisc
}

func digits(pos int, zero rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return zero + r - '0'
		}
		return r
	}, strconv.Itoa(pos))
}

func alphabetic(n int, first byte) string {
	if n <= 0 || n > 1<<24 {
		return strconv.Itoa(n)
	}
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append([]byte{first + byte((n-1)%26)}, b...)
	}
	return string(b)
}

func roman(n int) string {
	if n <= 0 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.v; n -= r.v {
			b.WriteString(r.s)
		}
	}
	return b.String()
}
