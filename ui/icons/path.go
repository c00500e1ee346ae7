package icons

import (
	"regexp"
	"strings"
)

var pathData = regexp.MustCompile(` d="([^"]*)"`)

// spaceArcs writes the path data of an SVG with spaces around the flags of arcs and a letter before every arc. SVG allows
// "a1 1 0 011 2" for "a1 1 0 0 1 1 2", and one letter for several arcs; Lucide uses both, but the rasteriser of Fyne gets
// them wrong.
func spaceArcs(svg string) string {
	return pathData.ReplaceAllStringFunc(svg, func(m string) string {
		return ` d="` + spacePath(m[4:len(m)-1]) + `"`
	})
}

func spacePath(d string) string {
	var b strings.Builder
	var cmd byte
	arc := -1 // number of the next argument within an arc, -1 outside of arcs
	for i := 0; i < len(d); {
		c := d[i]
		switch {
		case c == 'e' || c == 'E' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+':
			if arc == 7 { // another arc without a letter of its own
				b.WriteByte(cmd)
				arc = 0
			}
			n := 1
			if arc != 3 && arc != 4 {
				n = numberLen(d[i:])
			}
			b.WriteByte(' ')
			b.WriteString(d[i : i+n])
			i += n
			if arc >= 0 {
				arc++
			}
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			arc = -1
			if c == 'a' || c == 'A' {
				arc = 0
			}
			cmd = c
			b.WriteByte(c)
			i++
		default:
			i++
		}
	}
	return b.String()
}

// numberLen is the length of the number at the start of s.
func numberLen(s string) int {
	i, dot, exp := 0, false, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case (c == '-' || c == '+') && (i == 0 || s[i-1] == 'e' || s[i-1] == 'E'):
		case c == '.' && !dot && !exp:
			dot = true
		case (c == 'e' || c == 'E') && !exp && i > 0:
			exp = true
		default:
			return max(i, 1)
		}
	}
	return i
}
