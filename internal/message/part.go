package message

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
)

// Part is one node of the MIME tree (RFC 2045 to 2049). Offsets count from the start of the message, or from the start
// of the decoded embedded message when that was encoded.
type Part struct {
	// Number is the part number as IMAP counts (RFC 9051 §6.4.5): "1", "2.1"; "" for a root that has children.
	Number string
	Header Header
	// Type is "text/plain", lower case, never empty; Params are its parameters, decoded.
	Type   string
	Params map[string]string
	// Disposition is "inline", "attachment", another token, or "" (RFC 2183).
	Disposition       string
	DispositionParams map[string]string
	// Encoding is the transfer encoding, lower case: "base64", "quoted-printable", "7bit", …
	Encoding  string
	ContentID string // without angle brackets
	// HeaderStart ≤ BodyStart ≤ BodyEnd; the body has neither the empty line before nor the line end before the
	// boundary.
	HeaderStart, BodyStart, BodyEnd int64
	Children                        []*Part
	// Depth is 0 for the root.
	Depth int

	parent *Part
	src    *source
	// preambleEnd and epilogueStart bound what belongs to no child.
	preambleEnd, epilogueStart int64
	closed                     bool // the closing boundary was there
	unopened                   bool // a structure that was not taken apart, because it is too deep or there are too many parts
	virtual                    *virtualPart

	// base64Bytes at the start of the body hold base64Chars characters of base64 and line ends, nothing else; 0: that was not looked at.
	base64Bytes, base64Chars int64

	// Of a text: read says that it is part of what a person reads; decoded is its text once hasText, and files what stood in it.
	read, hasText bool
	decoded       string
	files         []virtualPart
}

// virtualPart is a file that is inside another part's text or TNEF data and has no MIME part of its own.
type virtualPart struct {
	name string
	data []byte
}

// IsMultipart tells whether the type is multipart/*.
func (p *Part) IsMultipart() bool { return strings.HasPrefix(p.Type, "multipart/") }

// IsMessage tells whether the part is an embedded message that was opened.
func (p *Part) IsMessage() bool { return isMessageType(p.Type) && len(p.Children) == 1 }

func isMessageType(t string) bool {
	return t == "message/rfc822" || t == "message/global" || t == "message/news"
}

// Walk visits p and everything below, in order, embedded messages included. It stops when f returns false.
func (p *Part) Walk(f func(*Part) bool) bool {
	if !f(p) {
		return false
	}
	for _, c := range p.Children {
		if !c.Walk(f) {
			return false
		}
	}
	return true
}

// walkOwn is Walk without what is inside of attached messages.
func (p *Part) walkOwn(f func(*Part) bool) bool {
	if !f(p) {
		return false
	}
	if isMessageType(p.Type) {
		return true
	}
	for _, c := range p.Children {
		if !c.walkOwn(f) {
			return false
		}
	}
	return true
}

// Raw streams the body exactly as received, transfer encoding included.
func (p *Part) Raw() io.Reader {
	if p.virtual != nil {
		return bytes.NewReader(p.virtual.data)
	}
	return p.src.reader(p.BodyStart, p.BodyEnd)
}

// Open streams the body with the transfer encoding decoded; it never fails half way: what cannot be decoded is left out.
func (p *Part) Open() io.Reader {
	r := p.Raw()
	if p.virtual != nil {
		return r
	}
	switch p.Encoding {
	case "base64":
		if p.src.whole {
			return newBase64Bytes(p.src.bytes(p.BodyStart, p.BodyEnd))
		}
		return newBase64Reader(r)
	case "quoted-printable":
		return newQPReader(r)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return newUUReader(r)
	case "x-yencode", "yencode", "x-yenc":
		return newYEncReader(r)
	}
	return r
}

// bytes decodes at most limit bytes of the body.
func (p *Part) bytes(limit int64) []byte {
	if p.virtual != nil {
		return p.virtual.data[:min(int64(len(p.virtual.data)), limit)]
	}
	switch p.Encoding {
	case "7bit", "8bit", "binary", "":
		return p.src.bytes(p.BodyStart, min(p.BodyEnd, p.BodyStart+limit))
	}
	if n := p.BodyEnd - p.BodyStart; n <= limit {
		raw := p.src.bytes(p.BodyStart, p.BodyEnd)
		switch p.Encoding {
		case "base64":
			return appendBase64(make([]byte, 0, len(raw)/4*3+3), raw)
		case "quoted-printable":
			return appendQP(make([]byte, 0, len(raw)), raw)
		}
	}
	b, _ := io.ReadAll(io.LimitReader(p.Open(), limit))
	return b
}

// rooms is memory that texts were decoded in, for the next ones: a download decodes thousands.
var rooms sync.Pool // of *[]byte

const maxRoom = 256 << 10

// lent is bytes for who only reads them before done is called, and keeps nothing of them.
func (p *Part) lent(limit int64) (b []byte, done func()) {
	n := p.BodyEnd - p.BodyStart
	if p.virtual != nil || n > min(limit, maxRoom) || p.Encoding != "quoted-printable" {
		return p.bytes(limit), func() {}
	}
	room, _ := rooms.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
	}
	*room = appendQP(slices.Grow((*room)[:0], int(n)), p.src.bytes(p.BodyStart, p.BodyEnd))
	return *room, func() { rooms.Put(room) }
}

// size is the number of decoded bytes.
func (p *Part) size() int64 {
	if p.virtual != nil {
		return int64(len(p.virtual.data))
	}
	switch p.Encoding {
	case "7bit", "8bit", "binary", "":
		return p.BodyEnd - p.BodyStart
	case "base64":
		var c base64Counter
		c.chars(p.base64Chars)
		p.src.pieces(p.BodyStart+p.base64Bytes, p.BodyEnd, c.add)
		return c.size()
	}
	n, _ := io.Copy(io.Discard, p.Open())
	return n
}

// setup reads the fields of p's header that the tree needs.
func (p *Part) setup(parentDigest bool) {
	h := &p.Header
	ct := parseMediaType(h.Get("Content-Type"), h.hint)
	p.Type, p.Params = cleanType(ct.value), ct.params
	if p.Type == "" {
		p.Type = "text/plain"
		if parentDigest && !h.Has("Content-Type") {
			p.Type = "message/rfc822" // RFC 2046 §5.1.5
		}
	}
	if h.Has("Content-Disposition") {
		cd := parseMediaType(h.Get("Content-Disposition"), h.hint)
		p.Disposition, p.DispositionParams = cd.value, cd.params
	}
	p.Encoding = cleanEncoding(h.Get("Content-Transfer-Encoding"))
	p.ContentID = strings.Trim(strings.TrimSpace(h.Get("Content-ID")), "<>")
}

// cleanType makes "type/subtype" out of what stands there; "" when there is nothing.
func cleanType(v string) string {
	switch v {
	case "":
		return ""
	case "text", "plain":
		return "text/plain"
	case "html":
		return "text/html"
	case "multipart":
		return "multipart/mixed"
	case "message":
		return "message/rfc822"
	}
	slash := strings.IndexByte(v, '/')
	if slash < 0 {
		return "text/plain" // RFC 2045 §5.2: a type that cannot be parsed is text/plain
	}
	if slash == 0 || slash == len(v)-1 {
		if strings.HasPrefix(v, "multipart/") {
			return "multipart/mixed"
		}
		if strings.HasPrefix(v, "text/") {
			return "text/plain"
		}
		return "application/octet-stream"
	}
	return v
}

// cleanEncoding reads Content-Transfer-Encoding with its common misspellings.
func cleanEncoding(v string) string {
	v = strings.ToLower(strings.TrimSpace(stripComments(v)))
	if i := strings.IndexAny(v, "; \t,"); i > 0 {
		v = v[:i]
	}
	v = strings.Trim(v, "\"'<>")
	switch v {
	case "quotedprintable", "quoted_printable", "quoted-printible", "quoted", "qp":
		return "quoted-printable"
	case "base-64", "base_64", "b64", "x-base64":
		return "base64"
	case "8-bit", "8bits":
		return "8bit"
	case "7-bit", "7bits":
		return "7bit"
	}
	return v
}

// charset is the declared one, "" without.
func (p *Part) charset() string { return p.Params["charset"] }
