package message

import (
	"encoding/base64"
	"io"
	"strings"
)

// crlf writes text with CRLF line ends.
func crlf(s string) string {
	return strings.ReplaceAll(normalizeLines(s), "\n", "\r\n")
}

// textEncoding picks the transfer encoding of a text with CRLF line ends: 7bit where that is exact and safe, else the
// shorter of quoted-printable and base64.
func textEncoding(s string) string {
	high, line, safe := 0, 0, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\n':
			line = 0
			continue
		case c == '\r':
			safe = safe && i+1 < len(s) && s[i+1] == '\n'
		case c >= 128 || c < 32 && c != '\t' || c == 127:
			high++
		}
		if line++; line > 900 {
			safe = false
		}
	}
	switch {
	case high == 0 && safe:
		return "7bit"
	case high*3 <= len(s)-high:
		return "quoted-printable"
	}
	return "base64"
}

// writeEncoded writes text in one of textEncoding's encodings.
func writeEncoded(w io.Writer, s, enc string) error {
	switch enc {
	case "quoted-printable":
		s = encodeQP(s)
	case "base64":
		return writeBase64(w, strings.NewReader(s))
	}
	_, err := io.WriteString(w, s)
	return err
}

// encodeQP encodes text with CRLF line ends (RFC 2045 §6.7): lines of at most 76 characters, blanks at line ends
// encoded, "From " and a lone dot at a line start encoded so that mboxes and SMTP leave the line alone.
func encodeQP(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	col := 0
	put := func(t string) {
		if col+len(t) > 75 {
			b.WriteString("=\r\n")
			col = 0
		}
		b.WriteString(t)
		col += len(t)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		eol := i+1 == len(s) || s[i+1] == '\r' && i+2 < len(s) && s[i+2] == '\n'
		switch {
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
			b.WriteString("\r\n")
			col = 0
			i++
		case (c == ' ' || c == '\t') && !eol:
			put(string(c))
		case c == 'F' && col == 0 && strings.HasPrefix(s[i:], "From "), c == '.' && col == 0 && eol,
			c <= 32, c >= 127, c == '=':
			put(string([]byte{'=', hex[c>>4], hex[c&15]}))
		default:
			put(string(c))
		}
	}
	return b.String()
}

// writeBase64 streams r as base64 in lines of 76 characters.
func writeBase64(w io.Writer, r io.Reader) error {
	const lines = 64
	in := make([]byte, 57*lines)
	out := make([]byte, 0, 78*lines)
	for {
		n, err := io.ReadFull(r, in)
		out = out[:0]
		for b := in[:n]; len(b) > 0; {
			k := min(57, len(b))
			out = base64.StdEncoding.AppendEncode(out, b[:k])
			out = append(out, '\r', '\n')
			b = b[k:]
		}
		if _, werr := w.Write(out); werr != nil {
			return werr
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}
