package message

import (
	"bytes"
	"strings"

	"peyk/internal/mail"
)

// multipart reads the children of pt (RFC 2046 §5.1). A boundary that is missing or never occurs is guessed from the
// body; without a guess the body is kept as text.
func (p *parser) multipart(pt *Part, stack []boundary) end {
	name := strings.TrimRight(pt.Params["boundary"], " \t")
	if name != "" && len(name) <= 2000 {
		e, at, ok := p.children(pt, stack, pt.BodyStart, "--"+name)
		if ok {
			return e
		}
		if d := p.guessBoundary(pt, at); d != "" {
			p.m.warn(pt, mail.WarnBoundaryWrong)
			if e, _, ok := p.children(pt, stack, pt.BodyStart, d); ok {
				return e
			}
		}
		p.m.warn(pt, mail.WarnBoundaryNone)
		p.endBody(pt, e, at)
		return e
	}
	e, at := p.seek(pt.BodyStart, stack)
	if d := p.guessBoundary(pt, at); d != "" {
		p.m.warn(pt, mail.WarnBoundaryGuessed)
		if e, _, ok := p.children(pt, stack, pt.BodyStart, d); ok {
			return e
		}
	}
	p.m.warn(pt, mail.WarnBoundaryNone)
	p.endBody(pt, e, at)
	return e
}

// children reads preamble, parts and epilogue with the delimiter delim. ok is false when no boundary of pt was found;
// then e and at say how and where the body ended.
func (p *parser) children(pt *Part, outer []boundary, off int64, delim string) (e end, at int64, ok bool) {
	stack := append(outer[:len(outer):len(outer)], boundary{[]byte(delim), pt})
	mine := len(stack) - 1
	e, at = p.seek(off, stack)
	if e.level != mine {
		return e, at, false
	}
	pt.preambleEnd = at
	for e.level == mine && !e.close && p.parts < maxParts {
		c := &Part{parent: pt, src: p.src, Depth: pt.Depth + 1, HeaderStart: e.next}
		e = p.part(c, stack, e.next)
		pt.Children = append(pt.Children, c)
	}
	if e.level == mine && e.close {
		pt.closed = true
		pt.epilogueStart = e.next
		e, at = p.epilogue(pt, outer, stack, e.next)
	} else if e.level == mine { // too many parts: to the end of this multipart
		e, at = p.seek(e.next, outer)
	} else {
		at = p.lineStart(e)
		p.m.warn(pt, mail.WarnBoundaryOpen)
	}
	p.endBody(pt, e, at)
	return e, at, true
}

// epilogue goes to the end of pt after its closing boundary. Parts that follow there under the same boundary were meant
// to be parts.
func (p *parser) epilogue(pt *Part, outer, stack []boundary, off int64) (end, int64) {
	mine := len(stack) - 1
	for {
		e, at := p.seek(off, stack)
		if e.level != mine {
			return e, at
		}
		off = e.next
		if e.close || !p.partHeader(e.next) {
			continue
		}
		for e.level == mine && !e.close && p.parts < maxParts {
			c := &Part{parent: pt, src: p.src, Depth: pt.Depth + 1, HeaderStart: e.next}
			e = p.part(c, stack, e.next)
			pt.Children = append(pt.Children, c)
		}
		if e.level != mine {
			return e, p.lineStart(e)
		}
		off = e.next
	}
}

// partHeader tells whether the line at off starts the header of a part.
func (p *parser) partHeader(off int64) bool {
	line, _ := p.src.line(off)
	return len(line) > 8 && bytes.EqualFold(line[:8], []byte("content-"))
}

// lineStart gives the offset of the boundary line that e ended with.
func (p *parser) lineStart(e end) int64 {
	if e.level < 0 {
		return e.next
	}
	return e.start
}

// guessBoundary looks for a line in pt's body, before limit, that starts with "--" and is followed by a part header. A
// line of "--" alone counts when the header names an empty boundary.
func (p *parser) guessBoundary(pt *Part, limit int64) string {
	_, named := pt.Params["boundary"]
	off := pt.BodyStart
	for off < limit && p.budget > 0 {
		line, next := p.src.line(off)
		if next == off {
			return ""
		}
		p.budget -= next - off
		if len(line) >= 2 && len(line) < 400 && line[0] == '-' && line[1] == '-' && next < limit {
			d := string(bytes.TrimRight(line, " \t\r"))
			if (len(d) > 2 || named) && p.partHeader(next) {
				return d
			}
		}
		off = next
	}
	return ""
}
