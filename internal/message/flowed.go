package message

import "strings"

// unflow joins the lines of format=flowed text to one line a paragraph (RFC 3676 §4). Quote marks stay as "> "; the
// signature separator "-- " is never joined.
func unflow(s string, delSp bool) string {
	lines := strings.Split(s, "\n")
	var out strings.Builder
	out.Grow(len(s))
	open, depth := false, 0 // a paragraph goes on with the next line of that depth
	for i, l := range lines {
		d := 0
		for d < len(l) && l[d] == '>' {
			d++
		}
		rest := strings.TrimPrefix(l[d:], " ") // space-stuffing
		sig := rest == "-- "
		flowed := strings.HasSuffix(rest, " ") && !sig
		if open && (d != depth || sig) {
			out.WriteByte('\n')
			open = false
		} else if !open && i > 0 {
			out.WriteByte('\n')
		}
		if !open && d > 0 {
			out.WriteString(strings.Repeat("> ", d-1))
			out.WriteByte('>')
			if rest != "" {
				out.WriteByte(' ')
			}
		}
		switch {
		case flowed && delSp:
			out.WriteString(rest[:len(rest)-1])
		default:
			out.WriteString(rest)
		}
		open, depth = flowed, d
	}
	return out.String()
}
