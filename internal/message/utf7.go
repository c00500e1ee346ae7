package message

import (
	"strings"
	"unicode/utf16"
)

func isUTF7Name(n string) bool {
	return n == "utf-7" || n == "utf7" || n == "unicode-1-1-utf-7" || n == "x-unicode-2-0-utf-7"
}

// fromUTF7 decodes UTF-7 (RFC 2152): +base64- holds UTF-16, "+-" is a plus. Broken runs end where they break.
func fromUTF7(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); {
		c := b[i]
		if c != '+' {
			if c >= 0x80 {
				out.WriteRune('\ufffd')
			} else if c != 0 {
				out.WriteByte(c)
			}
			i++
			continue
		}
		i++
		if i < len(b) && b[i] == '-' {
			out.WriteByte('+')
			i++
			continue
		}
		start := i
		for i < len(b) && base64Value[b[i]] < 64 {
			i++
		}
		out.WriteString(utf7Run(b[start:i]))
		if i < len(b) && b[i] == '-' {
			i++
		}
	}
	return out.String()
}

func utf7Run(b []byte) string {
	var bits uint32
	var n uint
	var units []uint16
	for _, c := range b {
		bits = bits<<6 | uint32(base64Value[c])
		n += 6
		if n >= 16 {
			n -= 16
			units = append(units, uint16(bits>>n))
		}
	}
	if len(units) == 0 {
		return "+" + string(b) // a plus that is only a plus
	}
	return string(utf16.Decode(units))
}
