package message

import (
	"bytes"
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// Piece is the beginning of a part's body. Decoded says that its transfer encoding is undone.
type Piece struct {
	Body    []byte
	Decoded bool
}

// Skeleton makes a message out of a header, what a server says of its parts, and the bodies of some of them, by number: the others
// are there, and empty. It parses into the same parts as the message itself, and is only to be read while the message is on its
// way. header is the header block as received.
func Skeleton(header []byte, root *mail.Structure, have map[string]Piece) []byte {
	var out bytes.Buffer
	top := have[root.Number]
	if root.Multipart() {
		writeHeaderWithout(&out, header, "content-type", "content-transfer-encoding")
	} else if top.Decoded {
		writeHeaderWithout(&out, header, "content-transfer-encoding")
		out.WriteString("Content-Transfer-Encoding: binary\r\n")
	} else {
		writeHeaderWithout(&out, header)
	}
	if !root.Multipart() {
		out.WriteString("\r\n")
		out.Write(top.Body)
		return out.Bytes()
	}
	k := &skeleton{out: &out, have: have}
	k.part(root)
	return out.Bytes()
}

// writeHeaderWithout writes a header block without the fields named, and without the empty line after it.
func writeHeaderWithout(out *bytes.Buffer, header []byte, names ...string) {
	skip := false
	for line := range bytes.Lines(header) {
		text := bytes.TrimRight(line, "\r\n")
		if len(text) == 0 {
			break
		}
		if text[0] != ' ' && text[0] != '\t' {
			name, _, _ := bytes.Cut(text, []byte(":"))
			skip = false
			for _, n := range names {
				skip = skip || strings.EqualFold(string(bytes.TrimSpace(name)), n)
			}
		}
		if !skip {
			out.Write(text)
			out.WriteString("\r\n")
		}
	}
}

type skeleton struct {
	out        *bytes.Buffer
	have       map[string]Piece
	boundaries int
}

// part writes the fields of a part that say what it is, and its body.
func (k *skeleton) part(s *mail.Structure) {
	if s.Multipart() {
		k.multipart(s)
		return
	}
	p := k.have[s.Number]
	fmt.Fprintf(k.out, "Content-Type: %s%s\r\n", oneWord(s.Type), parameters(s.Params))
	if s.Disposition != "" {
		fmt.Fprintf(k.out, "Content-Disposition: %s%s\r\n", oneWord(s.Disposition), parameters(s.FileParams))
	}
	for _, f := range []struct{ name, value string }{{"Content-ID", s.ContentID}, {"Content-Location", s.Location}} {
		if f.value != "" {
			fmt.Fprintf(k.out, "%s: %s\r\n", f.name, oneLineOf(f.value))
		}
	}
	encoding := s.Encoding
	if p.Decoded {
		encoding = "binary"
	}
	if encoding != "" {
		fmt.Fprintf(k.out, "Content-Transfer-Encoding: %s\r\n", oneWord(encoding))
	}
	k.out.WriteString("\r\n")
	k.out.Write(p.Body)
}

func (k *skeleton) multipart(s *mail.Structure) {
	k.boundaries++
	// No line of a body begins like this by chance; one that did would only spoil what is shown for a moment.
	mark := fmt.Sprintf("=_peyk_%d_arriving", k.boundaries)
	var params []mail.Param
	for _, p := range s.Params {
		if !strings.HasPrefix(strings.ToLower(p.Name), "boundary") {
			params = append(params, p)
		}
	}
	fmt.Fprintf(k.out, "Content-Type: %s; boundary=\"%s\"%s\r\n\r\n", oneWord(s.Type), mark, parameters(params))
	for _, c := range s.Children {
		fmt.Fprintf(k.out, "\r\n--%s\r\n", mark)
		k.part(c)
	}
	fmt.Fprintf(k.out, "\r\n--%s--\r\n", mark)
}

// parameters writes parameters as they stood in the header. Those of RFC 2231 must not be quoted.
func parameters(ps []mail.Param) string {
	var b strings.Builder
	for _, p := range ps {
		name := oneWord(p.Name)
		if name == "" {
			continue
		}
		if strings.HasSuffix(name, "*") {
			fmt.Fprintf(&b, ";\r\n %s=%s", name, oneWord(p.Value))
			continue
		}
		fmt.Fprintf(&b, ";\r\n %s=\"%s\"", name, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLineOf(p.Value)))
	}
	return b.String()
}

// oneWord and oneLineOf keep a server's words from becoming fields of their own.
func oneWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == ';' || r == '"' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

func oneLineOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, s)
}
