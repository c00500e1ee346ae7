package richtext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// text takes a text token.
func (r *reader) text(s string) {
	e := r.top()
	if e.hidden {
		return
	}
	s = clean(s)
	if e.pre {
		r.preformatted(s, e)
		return
	}
	for s != "" {
		if r.size >= r.limit {
			return
		}
		word := s
		if i := strings.IndexAny(s, " \t\n\r\f"); i == 0 {
			s = strings.TrimLeft(s, " \t\n\r\f")
			if r.open && r.b.Len() > 0 && r.space == nil {
				r.space = &Attr{Marks: e.marks, Link: e.link}
			}
			continue
		} else if i > 0 {
			word = s[:i]
		}
		s = s[len(word):]
		r.put(word, e)
	}
}

// preformatted takes text whose blanks and line ends count.
func (r *reader) preformatted(s string, e element) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if !e.own {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				r.lineBreak()
			}
			if line != "" {
				r.space = nil
				r.put(line, e)
			}
		}
		return
	}
	if r.open {
		r.put(strings.ReplaceAll(s, "\n", ""), e)
	}
}

// put writes characters into the paragraph.
func (r *reader) put(s string, e element) {
	if !r.open {
		r.begin(nil)
	}
	if r.space != nil && r.b.Len() > 0 && !r.exact {
		at := r.b.Len()
		r.b.WriteByte(' ')
		r.spans = add(r.spans, Span{at, at + 1, *r.space})
	}
	r.space = nil
	if s == "" {
		return
	}
	at := r.b.Len()
	r.b.WriteString(s)
	r.size += len(s)
	r.spans = add(r.spans, Span{at, at + len(s), Attr{Marks: e.marks, Link: e.link}})
	r.cells = true
}

// page takes a message that stands there as it was sent.
func (r *reader) page(b Block, src string) {
	r.breakLine(gapBreak)
	if src == "" {
		return
	}
	r.begin(&b)
	r.put(Object, element{})
	r.spans = []Span{{End: len(Object), Attr: Attr{Image: newPage(src)}}}
	r.flush()
	r.owed = gapBreak
}

// image takes a picture: one of the message, or its words.
func (r *reader) image(t tag) {
	e := r.top()
	if e.hidden || t.hidden {
		return
	}
	id, inMail := strings.CutPrefix(t.src, "cid:")
	alt := strings.Join(strings.Fields(clean(t.alt)), " ")
	if !inMail || !safeID(id) {
		if alt != "" {
			r.text("[" + alt + "]")
		}
		return
	}
	r.put(Object, element{})
	n := r.b.Len()
	r.spans = append(r.spans, Span{n - len(Object), n, Attr{Link: e.link, Image: &Image{ID: id, Alt: alt, Width: t.width, Height: t.height}}})
}

// safeID reports whether a Content-ID can stand in a header: printable ASCII without angle brackets.
func safeID(id string) bool {
	return id != "" && len(id) <= 900 && !strings.ContainsFunc(id, func(r rune) bool { return r <= 32 || r >= 127 || r == '<' || r == '>' })
}

// lineBreak is <br>: the end of a line, or an empty one.
func (r *reader) lineBreak() {
	e := r.top()
	if e.hidden || r.exact {
		return
	}
	if !r.open {
		r.begin(nil)
		r.block.Tight = len(r.doc) > 0
		r.flushEmpty()
	} else {
		r.flush()
	}
	r.owed = lineBreak
}

// breakLine ends the paragraph and notes how much space is owed.
func (r *reader) breakLine(much int) {
	if r.exact {
		return
	}
	if r.open {
		r.flush()
	}
	r.owed = max(r.owed, much)
	r.cells = false
}

// clean takes out what must not stand in a paragraph.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 32 && r != '\t' && r != '\n' && r != '\r' && r != '\f', r == 127:
			return -1
		case r == 0x85, r == 0x2028, r == 0x2029:
			return '\n'
		}
		return r
	}, s)
}

// blanks makes blanks of the no-break spaces that only keep blanks: those beside a blank or at an edge.
func blanks(s string, spans []Span) (string, []Span) {
	const nb = "\u00a0"
	if !strings.Contains(s, nb) {
		return s, spans
	}
	at := make([]int, 0, 16) // where each byte that goes stood
	var b strings.Builder
	for i := 0; i < len(s); {
		if !strings.HasPrefix(s[i:], nb) {
			b.WriteByte(s[i])
			i++
			continue
		}
		rest := s[i+len(nb):]
		done := b.String()
		if done == "" || rest == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, nb) || strings.HasSuffix(done, " ") {
			b.WriteByte(' ')
			at = append(at, i+1)
		} else {
			b.WriteString(nb)
		}
		i += len(nb)
	}
	moved := func(o int) int {
		n, _ := slices.BinarySearch(at, o) // mail can have a hundred thousand of both
		return o - n
	}
	out := make([]Span, 0, len(spans))
	for _, sp := range spans {
		sp.Start, sp.End = moved(sp.Start), moved(sp.End)
		out = append(out, sp)
	}
	return b.String(), out
}
