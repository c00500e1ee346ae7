package message

import (
	"bytes"
	"slices"
	"strings"

	"peyk/internal/mail"
)

// maxHeader is how many bytes of one header block are kept; a longer one is cut there with a warning.
const maxHeader = 1 << 20

// maxFields bounds the number of fields of one header.
const maxFields = 20000

// Header is a header block as received: the raw bytes, and where its fields are. Values are unfolded and decoded when
// asked for.
type Header struct {
	raw    []byte
	fields []field
	// hint is the charset to assume for 8-bit bytes that are not UTF-8.
	hint string
}

// field holds offsets into Header.raw.
type field struct{ name, colon, value, end int32 }

// Len is the number of fields.
func (h *Header) Len() int { return len(h.fields) }

// Name returns the name of field i as received.
func (h *Header) Name(i int) string {
	f := h.fields[i]
	return string(bytes.TrimRight(h.raw[f.name:f.colon], " \t"))
}

// Raw returns the value of field i as received, folding included.
func (h *Header) Raw(i int) []byte {
	f := h.fields[i]
	return h.raw[f.value:f.end]
}

// is compares the name of field i without regard to case.
func (h *Header) is(i int, name string) bool {
	f := h.fields[i]
	n := int(f.colon - f.name)
	if n < len(name) {
		return false
	}
	b := h.raw[f.name:f.colon]
	for j := 0; j < len(name); j++ {
		c := b[j]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		d := name[j]
		if 'A' <= d && d <= 'Z' {
			d += 'a' - 'A'
		}
		if c != d {
			return false
		}
	}
	for _, c := range b[len(name):] {
		if c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}

// index finds the first field of that name from number from on, -1 without one.
func (h *Header) index(name string, from int) int {
	for i := from; i < len(h.fields); i++ {
		// Most are another one by their first letter already.
		if f := h.fields[i]; (h.raw[f.name]^name[0])&^0x20 == 0 && h.is(i, name) {
			return i
		}
	}
	return -1
}

// Has tells whether there is such a field.
func (h *Header) Has(name string) bool { return h.index(name, 0) >= 0 }

// Get returns the unfolded value of the first field of that name, not decoded; "" without one.
func (h *Header) Get(name string) string {
	i := h.index(name, 0)
	if i < 0 {
		return ""
	}
	return unfold(h.Raw(i))
}

// All returns the unfolded values of every field of that name, in order.
func (h *Header) All(name string) []string {
	var out []string
	for i := h.index(name, 0); i >= 0; i = h.index(name, i+1) {
		out = append(out, unfold(h.Raw(i)))
	}
	return out
}

// Text returns the first field of that name decoded to one line of UTF-8.
func (h *Header) Text(name string) string {
	return decodeHeader(h.Get(name), h.hint)
}

// Fields returns all fields, decoded, for showing.
func (h *Header) Fields() []mail.HeaderField {
	out := make([]mail.HeaderField, 0, len(h.fields))
	for i := range h.fields {
		out = append(out, mail.HeaderField{
			Name:  cleanLine(decodeRaw([]byte(h.Name(i)), h.hint)),
			Value: decodeHeader(unfold(h.Raw(i)), h.hint),
		})
	}
	return out
}

// unfold joins the lines of a value (RFC 5322 §2.2.3): the line end goes, the white space that follows stays.
func unfold(b []byte) string {
	b = bytes.Trim(b, " \t\r\n")
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return string(b)
	}
	var sb strings.Builder
	sb.Grow(len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c != '\r' && c != '\n' {
			sb.WriteByte(c)
			continue
		}
		for i+1 < len(b) && (b[i+1] == '\r' || b[i+1] == '\n') {
			i++
		}
		if i+1 < len(b) && b[i+1] != ' ' && b[i+1] != '\t' {
			sb.WriteByte(' ')
		}
	}
	return sb.String()
}

// headerName returns the length of a plausible field name at the start of line and the index of its colon, or ok false.
// RFC 5322 §3.6.8 allows printable ASCII without the colon; white space before the colon is obsolete syntax (§4.5).
func headerName(line []byte) (colon int, ok bool) {
	for i, c := range line {
		switch {
		case c == ':':
			return i, i > 0
		case c == ' ' || c == '\t':
			for j := i; j < len(line); j++ {
				if line[j] == ':' {
					return j, i > 0
				}
				if line[j] != ' ' && line[j] != '\t' {
					return 0, false
				}
			}
			return 0, false
		case c == 0: // a name with a NUL in it names nothing, but it is a field
		case c < 33 || c == 127:
			return 0, false
		}
		if i > 256 {
			return 0, false
		}
	}
	return 0, false
}

// readHeader reads the header block at off and returns it with the offset of the body. stop is asked for every line
// and ends the header early (a boundary inside a header).
func (p *parser) readHeader(off int64, stop func([]byte) bool) (h Header, body int64) {
	start, end := off, off
	s := p.src
	fields := p.fields[:0]
	defer func() { p.fields = fields }()
	for off < s.size {
		line, next := s.line(off)
		if len(line) == 0 {
			body = next
			return p.makeHeader(start, end, fields), body
		}
		if stop != nil && stop(line) {
			return p.makeHeader(start, end, fields), off
		}
		rel := off - start
		if next-start > maxHeader {
			p.warn(mail.WarnHeaderCut)
			if len(fields) > 0 {
				fields[len(fields)-1].end = int32(end - start)
			}
			return p.makeHeader(start, end, fields), p.skipHeader(off, stop)
		}
		c := line[0]
		switch colon, ok := headerName(line); {
		case c == ' ' || c == '\t':
			n := int32(len(line))
			if len(bytes.Trim(line, " \t")) == 0 && !p.moreHeader(next) {
				// A line of only blanks is a fold by the letter of RFC 822, an empty line to everyone who sees it: it
				// ends the header unless header fields follow.
				return p.makeHeader(start, end, fields), next
			}
			if len(fields) > 0 {
				fields[len(fields)-1].end = int32(rel) + n
			}
		case ok:
			if len(fields) < maxFields {
				v := colon + 1
				fields = append(fields, field{int32(rel), int32(rel) + int32(colon), int32(rel) + int32(v), int32(rel) + int32(len(line))})
			}
		case len(fields) > 0 && (c == ':' || p.moreHeader(next) || p.usualFieldAhead(next)):
			p.warn(mail.WarnHeaderJunk)
		default:
			p.warn(mail.WarnHeaderOpen)
			return p.makeHeader(start, end, fields), off
		}
		end = next
		off = next
	}
	return p.makeHeader(start, end, fields), off
}

func (p *parser) makeHeader(start, end int64, fields []field) Header {
	return Header{raw: p.src.bytes(start, end), fields: slices.Clone(fields)}
}

// maxLookahead is how many continuation lines are passed to see whether the header goes on.
const maxLookahead = 20

// moreHeader tells whether the line at off, or the one after some continuation lines, is a header field (a usual name, a
// colon).
func (p *parser) moreHeader(off int64) bool {
	line, next := p.src.line(off)
	for i := 0; i < maxLookahead && len(line) > 0 && (line[0] == ' ' || line[0] == '\t'); i++ {
		line, next = p.src.line(next)
	}
	colon, ok := headerName(line)
	if !ok || colon > 40 {
		return false
	}
	for _, c := range bytes.TrimRight(line[:colon], " \t") {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return colon+1 == len(line) || line[colon+1] == ' ' || line[colon+1] == '\t'
}

// usualFields are the fields that a header is known by.
var usualFields = []string{"from", "to", "subject", "date", "received", "message-id", "mime-version", "content-type", "content-transfer-encoding", "return-path", "reply-to", "cc", "delivered-to", "dkim-signature", "x-mailer"}

// usualFieldAhead tells whether one of the fields that a header is known by comes before the next empty line: then the
// lines before it are continuation lines whose blanks somebody took.
func (p *parser) usualFieldAhead(off int64) bool {
	for range maxLookahead {
		line, next := p.src.line(off)
		if len(line) == 0 || p.budget <= 0 {
			return false
		}
		p.budget -= next - off
		if colon, ok := headerName(line); ok {
			for _, f := range usualFields {
				if len(f) == colon && bytes.EqualFold(line[:colon], []byte(f)) {
					return true
				}
			}
		}
		off = next
	}
	return false
}

// skipHeader goes to the end of a header that is too long to keep.
func (p *parser) skipHeader(off int64, stop func([]byte) bool) int64 {
	for off < p.src.size {
		line, next := p.src.line(off)
		if len(line) == 0 {
			return next
		}
		if stop != nil && stop(line) {
			return off
		}
		off = next
	}
	return off
}
