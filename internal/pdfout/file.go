package pdfout

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// ref is the number of an indirect object.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// file writes the objects of a PDF one after another and keeps where they begin. Its first error stays.
type file struct {
	w       io.Writer
	n       int64
	offsets []int64 // of object i+1; 0: not written yet
	err     error
}

func newFile(w io.Writer) *file {
	f := &file{w: w}
	f.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	return f
}

func (f *file) print(format string, args ...any) {
	f.write(fmt.Appendf(nil, format, args...))
}

func (f *file) write(b []byte) {
	if f.err != nil {
		return
	}
	n, err := f.w.Write(b)
	f.n += int64(n)
	f.err = err
}

// next reserves a number.
func (f *file) next() ref {
	f.offsets = append(f.offsets, 0)
	return ref(len(f.offsets))
}

// object writes an object under a reserved number.
func (f *file) object(r ref, body string) {
	f.offsets[r-1] = f.n
	f.print("%d 0 obj\n", int(r))
	f.print("%s", body)
	f.print("\nendobj\n")
}

// add writes an object under a new number.
func (f *file) add(body string) ref {
	r := f.next()
	f.object(r, body)
	return r
}

// stream writes data, compressed; dict are more entries of its dictionary.
func (f *file) stream(r ref, dict string, data []byte) {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.DefaultCompression) // the level is valid
	_, _ = z.Write(data)                                     // a bytes.Buffer does not fail
	_ = z.Close()
	f.raw(r, dict+" /Filter /FlateDecode", b.Bytes())
}

// raw writes data that is encoded already.
func (f *file) raw(r ref, dict string, data []byte) {
	f.offsets[r-1] = f.n
	f.print("%d 0 obj\n<<%s /Length %d>>\nstream\n", int(r), dict, len(data))
	f.write(data)
	f.print("\nendstream\nendobj\n")
}

// end writes the table of objects and the trailer.
func (f *file) end(root, info ref) error {
	start := f.n
	f.print("xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, o := range f.offsets {
		f.print("%010d 00000 n \n", o)
	}
	f.print("trailer\n<</Size %d /Root %v /Info %v>>\nstartxref\n%d\n%%%%EOF\n", len(f.offsets)+1, root, info, start)
	if f.err != nil {
		return fmt.Errorf("write the PDF: %w", f.err)
	}
	return nil
}

// textString is a string for people: UTF-16 with a mark (§7.9.2.2).
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

// asciiString is a string of ASCII; others are escaped as in URLs.
func asciiString(s string) string {
	var b strings.Builder
	b.WriteByte('(')
	for _, c := range []byte(s) {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c <= ' ' || c >= 0x7f:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
	return b.String()
}

// num writes a number as short as it may be.
func num(v float32) string {
	if v != v || v > 1e7 || v < -1e7 {
		return "0"
	}
	s := strings.TrimRight(fmt.Sprintf("%.3f", v), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}
