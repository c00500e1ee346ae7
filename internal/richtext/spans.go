package richtext

// At is the Attr of the character that begins at byte off.
func At(spans []Span, off int) Attr {
	for _, s := range spans {
		if s.Start > off {
			break
		}
		if off < s.End {
			return s.Attr
		}
	}
	return Attr{}
}

// Typing is the Attr of what is typed at byte off: that of the character before, or of the one after at the start. A link
// goes on only within it; a picture never does.
func Typing(spans []Span, off int) Attr {
	at := off - 1
	if off == 0 {
		at = 0
	}
	a := At(spans, at)
	a.Image = nil
	if a.Link != "" && (off == 0 || At(spans, off).Link != a.Link) {
		a.Link = ""
	}
	return a
}

// Splice is what becomes of the spans when the bytes [from, to) give way to n bytes with the Attr a. The spans given stay
// as they are.
func Splice(spans []Span, from, to, n int, a Attr) []Span {
	if len(spans) == 0 && (n == 0 || a.IsZero()) {
		return nil
	}
	out := make([]Span, 0, len(spans)+2)
	for _, s := range spans {
		if s.Start >= from {
			break
		}
		s.End = min(s.End, from)
		out = add(out, s)
	}
	if n > 0 {
		out = add(out, Span{from, from + n, a})
	}
	for _, s := range spans {
		if s.End <= to {
			continue
		}
		s.Start = max(s.Start, to)
		s.Start, s.End = s.Start-to+from+n, s.End-to+from+n
		out = add(out, s)
	}
	return orNil(out)
}

// orNil makes no spans nil, so that documents can be compared.
func orNil(s []Span) []Span {
	if len(s) == 0 {
		return nil
	}
	return s
}

// add appends a span, joined with the last one where both say the same.
func add(out []Span, s Span) []Span {
	if s.Start >= s.End || s.IsZero() {
		return out
	}
	if n := len(out); n > 0 && out[n-1].End == s.Start && out[n-1].Attr == s.Attr && s.Image == nil {
		out[n-1].End = s.End
		return out
	}
	return append(out, s)
}

// Cut are the spans of the bytes [from, to), counted from from.
func Cut(spans []Span, from, to int) []Span {
	var out []Span
	for _, s := range spans {
		s.Start, s.End = max(s.Start, from)-from, min(s.End, to)-from
		out = add(out, s)
	}
	return out
}

// Append are spans followed by those of a text that begins at byte at.
func Append(spans []Span, at int, more []Span) []Span {
	out := append(make([]Span, 0, len(spans)+len(more)), spans...)
	for _, s := range more {
		s.Start, s.End = s.Start+at, s.End+at
		out = add(out, s)
	}
	return orNil(out)
}

// Change gives every stretch of the bytes [from, to) what f makes of its Attr. The spans given stay as they are.
func Change(spans []Span, from, to int, f func(Attr) Attr) []Span {
	out := make([]Span, 0, len(spans)+2)
	for _, s := range spans {
		if s.Start >= from {
			break
		}
		s.End = min(s.End, from)
		out = add(out, s)
	}
	at := from
	for _, s := range spans {
		if s.End <= from || s.Start >= to {
			continue
		}
		if s.Start > at {
			out = add(out, Span{at, s.Start, f(Attr{})})
		}
		end := min(s.End, to)
		out = add(out, Span{max(s.Start, from), end, f(s.Attr)})
		at = end
	}
	if at < to {
		out = add(out, Span{at, to, f(Attr{})})
	}
	for _, s := range spans {
		if s.End > to {
			s.Start = max(s.Start, to)
			out = add(out, s)
		}
	}
	return orNil(out)
}

// All reports whether f holds on the whole of the bytes [from, to); pictures are passed over. It is false for nothing.
func All(spans []Span, from, to int, f func(Attr) bool) bool {
	at, any := from, false
	for _, s := range spans {
		if s.End <= from || s.Start >= to {
			continue
		}
		if s.Start > at && !f(Attr{}) || s.Image == nil && !f(s.Attr) {
			return false
		}
		any = any || s.Image == nil
		at = min(s.End, to)
	}
	if at < to {
		return f(Attr{})
	}
	return any
}
