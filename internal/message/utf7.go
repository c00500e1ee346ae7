package message

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func isUTF7Name(n string) bool {
	return n == "utf-7" || n == "utf7" || n == "unicode-1-1-utf-7" || n == "x-unicode-2-0-utf-7"
}

// fromUTF7 decodes UTF-7 (RFC 2152): +base64- holds UTF-16, "+-" is a plus. Broken runs end where they break.
func fromUTF7(b []byte) string { return utf7(b, '+', 0) }

// fromIMAPUTF7 decodes the form of mailbox names (RFC 3501 §5.1.3): "&" for "+", "," for "/".
func fromIMAPUTF7(b []byte) string { return utf7(b, '&', ',') }

// FolderName reads the modified UTF-7 (RFC 3501 §5.1.3) that IMAP and Maildir++ write the names of folders in. A name that
// is none, such as "R&D" or one in UTF-8, comes back as it is.
func FolderName(wire string) string {
	if !strings.Contains(wire, "&") || !isASCII([]byte(wire)) {
		return wire
	}
	for _, run := range strings.Split(wire, "&")[1:] {
		if end := strings.IndexByte(run, '-'); end < 0 || strings.ContainsFunc(run[:end], func(r rune) bool { return base64Value[r] >= 64 && r != ',' }) {
			return wire
		}
	}
	if s := fromIMAPUTF7([]byte(wire)); s != "" && !strings.ContainsRune(s, utf8.RuneError) {
		return s
	}
	return wire
}

// utf7 decodes with the given shift character; slash, when not 0, stands for "/" in the base64.
func utf7(b []byte, shift, slash byte) string {
	var out strings.Builder
	var run []byte
	for i := 0; i < len(b); {
		c := b[i]
		if c != shift {
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
			out.WriteByte(shift)
			i++
			continue
		}
		run = run[:0]
		for i < len(b) && (base64Value[b[i]] < 64 || slash != 0 && b[i] == slash) {
			if c = b[i]; slash != 0 && c == slash {
				c = '/'
			}
			run = append(run, c)
			i++
		}
		if len(run) < 3 {
			out.WriteByte(shift) // one that is only itself
			out.Write(run)
			continue
		}
		utf7Run(&out, run)
		if i < len(b) && b[i] == '-' {
			i++
		}
	}
	return dropNUL(out.String())
}

func utf7Run(out *strings.Builder, b []byte) {
	var bits uint32
	var n uint
	units := make([]uint16, 0, len(b)*3/8)
	for _, c := range b {
		bits = bits<<6 | uint32(base64Value[c])
		n += 6
		if n >= 16 {
			n -= 16
			units = append(units, uint16(bits>>n))
		}
	}
	out.WriteString(string(utf16.Decode(units)))
}
