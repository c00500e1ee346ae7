package message

import (
	"bytes"
	"io"
	"strconv"

	"peyk/internal/mail"
)

// The limits of one message. Beyond them nothing is lost: what is not taken apart stays a part that can be saved.
const (
	maxDepth = 50
	maxParts = 10000
	// maxEmbedded is the largest embedded message that is decoded into memory because it is base64 or quoted-printable
	// (against RFC 2046 §5.2.1).
	maxEmbedded = 4 << 20
)

// Parse reads the structure of a message of size bytes from r and never fails. It keeps r for the bodies, reads it
// through a window of 64 KB, in one pass, and needs memory for the headers only. r must stay readable while the Message
// is used; a Message is for one goroutine at a time.
func Parse(r io.ReaderAt, size int64) *Message {
	return parse(newReaderSource(r, size))
}

// ParseBytes is Parse for a message in memory; it keeps raw, which must not change.
func ParseBytes(raw []byte) *Message {
	return parse(newBytesSource(raw))
}

// ParseHeader reads a header block without its body: the Message has no text and no attachments, and its Content says
// Partial.
func ParseHeader(header []byte) *Message {
	m := &Message{src: newBytesSource(header), headerOnly: true}
	p := &parser{src: m.src, m: m, budget: 4*m.src.size + 1<<20}
	start := p.skipLead()
	root := &Part{HeaderStart: start, src: m.src, Number: "1"}
	root.Header, root.BodyStart = p.readHeader(start, nil)
	root.BodyEnd = root.BodyStart
	root.setup(false)
	root.Header.hint = root.charset()
	m.Root = root
	return m
}

func parse(src *source) *Message {
	m := &Message{src: src}
	p := &parser{src: src, m: m, budget: 4*src.size + 1<<20}
	start := p.skipLead()
	root := &Part{HeaderStart: start, src: src}
	m.Root = root
	p.part(root, nil, start)
	number(root, "")
	if src.failed != nil {
		m.warn(nil, mail.WarnRead, src.failed.Error())
	}
	return m
}

// number gives the part numbers (RFC 9051 §6.4.5).
func number(p *Part, prefix string) {
	join := func(n int) string {
		if prefix == "" {
			return strconv.Itoa(n)
		}
		return prefix + "." + strconv.Itoa(n)
	}
	switch {
	case p.IsMultipart() && len(p.Children) > 0:
		// A multipart under message/rfc822 shares the number of that message; only others have their own.
		for i, c := range p.Children {
			c.Number = join(i + 1)
			number(c, c.Number)
		}
	case len(p.Children) == 1:
		if p.parent == nil {
			p.Number = "1"
			prefix = "1"
		}
		c := p.Children[0]
		if c.IsMultipart() && len(c.Children) > 0 {
			c.Number = prefix + ".0" // not addressable in IMAP
			number(c, prefix)
		} else {
			c.Number = prefix + ".1"
			number(c, c.Number)
		}
	case p.parent == nil:
		p.Number = "1"
	}
}

// boundary is one delimiter that may end a part.
type boundary struct {
	delim []byte // with the leading "--"
	part  *Part
}

// parser holds the state of one pass.
type parser struct {
	src    *source
	m      *Message
	parts  int
	at     *Part   // whose header is read
	fields []field // memory for those of the header that is read
	// budget bounds the bytes that are read again because a boundary was missing or wrong; the pass stays linear.
	budget int64
}

// warn notes what is wrong with the part whose header is read.
func (p *parser) warn(code mail.WarningCode) { p.m.warn(p.at, code) }

// skipLead skips what may stand before the first header field: a byte order mark, empty lines, an mbox From_ line.
func (p *parser) skipLead() int64 {
	off := int64(0)
	if line, _ := p.src.line(0); bytes.HasPrefix(line, []byte("\xef\xbb\xbf")) {
		off = 3
		p.m.warn(nil, mail.WarnBOM)
	}
	start := off
	for i := 0; i < 100; i++ {
		line, next := p.src.line(off)
		if next == off {
			return start
		}
		switch {
		case len(bytes.Trim(line, " \t\x00")) == 0:
		case bytes.HasPrefix(line, []byte("From ")), bytes.HasPrefix(line, []byte(">From ")):
			start = next
		default:
			if _, ok := headerName(line); ok {
				return off
			}
			return start
		}
		off = next
	}
	return start
}

// end says how a part ended: at a boundary (of which level, closing or not, the next line's offset) or at the end.
type end struct {
	start int64 // offset of the boundary line
	level int   // index into the boundary stack; -1 at the end of the message
	close bool
	next  int64
}

// part reads the part whose header starts at off. stack holds the boundaries that may end it.
func (p *parser) part(pt *Part, stack []boundary, off int64) end {
	p.parts++
	var stop func([]byte) bool
	if len(stack) > 0 {
		stop = func(line []byte) bool { l, _ := matchBoundary(line, stack); return l >= 0 }
	}
	p.at = pt
	pt.Header, pt.BodyStart = p.readHeader(off, stop)
	digest := pt.parent != nil && pt.parent.Type == "multipart/digest"
	if pt.parent != nil {
		pt.Header.hint = pt.parent.Header.hint
	}
	pt.setup(digest)
	if pt.Header.hint == "" {
		pt.Header.hint = pt.charset()
	}
	switch {
	case pt.Depth >= maxDepth || p.parts >= maxParts:
		if pt.IsMultipart() || isMessageType(pt.Type) {
			p.m.warn(pt, mail.WarnTooDeep)
			pt.unopened = true
		}
		return p.leaf(pt, stack)
	case pt.IsMultipart():
		return p.multipart(pt, stack)
	case isMessageType(pt.Type):
		return p.embedded(pt, stack)
	case pt.Type == "application/pkcs7-mime" || pt.Type == "application/x-pkcs7-mime":
		e := p.leaf(pt, stack)
		if pt.BodyEnd-pt.BodyStart <= maxEmbedded {
			if inner, ok := signedContent(pt.bytes(maxEmbedded)); ok {
				p.inner(pt, inner)
			}
		}
		return e
	}
	return p.leaf(pt, stack)
}

// inner parses data, which was decoded out of pt, as pt's only child.
func (p *parser) inner(pt *Part, data []byte) {
	sub := newBytesSource(data)
	q := &parser{src: sub, m: p.m, parts: p.parts, budget: p.budget}
	c := &Part{parent: pt, src: sub, Depth: pt.Depth + 1}
	c.HeaderStart = q.skipLead()
	q.part(c, nil, c.HeaderStart)
	p.parts, p.budget = q.parts, q.budget
	pt.Children = []*Part{c}
}

// leaf finds the end of a body without structure.
func (p *parser) leaf(pt *Part, stack []boundary) end {
	from := pt.BodyStart
	if pt.Encoding == "base64" && len(stack) > 0 && !p.src.crOnly && !p.src.whole {
		var end int64
		pt.base64Chars, end, from = p.src.base64Run(from) // without a "-", so no boundary
		pt.base64Bytes = end - pt.BodyStart
	}
	e, at := p.seek(from, stack)
	p.endBody(pt, e, at)
	return e
}

// endBody sets the end of pt's body from the offset of the line that ended it.
func (p *parser) endBody(pt *Part, e end, at int64) {
	pt.BodyEnd = at
	if e.level >= 0 {
		pt.BodyEnd = p.src.lineEndBefore(pt.BodyStart, at)
	}
}

// seek goes to the next line that is a boundary of the stack and returns its offset.
func (p *parser) seek(off int64, stack []boundary) (e end, at int64) {
	if len(stack) == 0 {
		return end{level: -1, next: p.src.size}, p.src.size
	}
	for off < p.src.size {
		line, next := p.src.line(off)
		if l, closing := matchBoundary(line, stack); l >= 0 {
			return end{start: off, level: l, close: closing, next: next}, off
		}
		off = p.src.nextDashes(off, next)
	}
	return end{level: -1, next: p.src.size}, p.src.size
}

// matchBoundary finds the innermost boundary that line is: "--boundary", perhaps "--" after it, perhaps blanks.
func matchBoundary(line []byte, stack []boundary) (level int, closing bool) {
	if len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return -1, false
	}
	line = bytes.TrimRight(line, " \t\r\x00")
	for i := len(stack) - 1; i >= 0; i-- {
		d := stack[i].delim
		if !bytes.HasPrefix(line, d) {
			continue
		}
		switch rest := line[len(d):]; {
		case len(rest) == 0:
			return i, false
		case len(rest) == 2 && rest[0] == '-' && rest[1] == '-':
			return i, true
		}
	}
	return -1, false
}

// embedded opens message/rfc822 and its kin. A digest part without a header is one too.
func (p *parser) embedded(pt *Part, stack []boundary) end {
	switch pt.Encoding {
	case "base64", "quoted-printable":
		e := p.leaf(pt, stack)
		if pt.BodyEnd-pt.BodyStart <= maxEmbedded {
			p.inner(pt, pt.bytes(maxEmbedded))
		}
		return e
	}
	c := &Part{parent: pt, src: p.src, Depth: pt.Depth + 1, HeaderStart: pt.BodyStart}
	off := pt.BodyStart
	if line, next := p.src.line(off); bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		off = next
	}
	c.HeaderStart = off
	e := p.part(c, stack, off)
	pt.Children = []*Part{c}
	p.endBody(pt, e, p.lineStart(e))
	return e
}
