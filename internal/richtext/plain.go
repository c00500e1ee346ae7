package richtext

import (
	"strconv"
	"strings"
)

// SignatureMark is the line over a signature (RFC 3676 §4.3).
const SignatureMark = "-- "

// Plain is the document as plain text: one line a paragraph, empty lines for the space between paragraphs, "> " for quotes,
// markers for lists, the address of a link behind words that do not say it, the name of a picture in brackets.
func (d Doc) Plain() string {
	d = d.apart()
	var b strings.Builder
	var count counter
	dirs, persian := d.Directions(), d.Persian()
	for i := range d {
		p := &d[i]
		if i > 0 {
			b.WriteByte('\n')
			if d.GapBefore(i) {
				b.WriteString(strings.TrimSuffix(quoteMarks(min(d[i-1].depth(), p.depth())), " "))
				b.WriteByte('\n')
			}
		}
		marks := quoteMarks(p.depth())
		text := p.plain()
		if text == "" && p.List == NoList {
			marks = strings.TrimSuffix(marks, " ")
		}
		b.WriteString(marks)
		n := count.next(p)
		if p.List != NoList {
			b.WriteString(strings.Repeat("  ", int(p.Level)))
			b.WriteString(Marker(p.List, n, dirs[i] && persian))
		}
		if p.page() != nil {
			text = strings.ReplaceAll(text, "\n", "\n"+marks)
		}
		b.WriteString(text)
	}
	return b.String()
}

// depth is the depth of quoting in plain text.
func (p *Paragraph) depth() int {
	if p.Cite && p.Quote > 0 {
		return int(p.Quote) - 1
	}
	return int(p.Quote)
}

func quoteMarks(depth int) string { return strings.Repeat("> ", depth) }

// Marker is what stands before item n (from 1) of a list: a dash, or the number, with Persian digits where it is Persian.
func Marker(l List, n int, persian bool) string {
	switch {
	case l == Bullets:
		return "- "
	case persian:
		return persianDigits(strconv.Itoa(n)) + ". "
	}
	return strconv.Itoa(n) + ". "
}

// persianDigits writes the digits of a number in Persian.
func persianDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// counter counts the items of lists, nested and interrupted ones.
type counter struct {
	n     [MaxLevel + 1]int
	kind  [MaxLevel + 1]List
	quote uint8
}

// next is the number of a paragraph in its list, 0 outside of lists.
func (c *counter) next(p *Paragraph) int {
	if p.List == NoList || p.Quote != c.quote {
		*c = counter{quote: p.Quote}
	}
	if p.List == NoList {
		return 0
	}
	l := min(int(p.Level), MaxLevel)
	if c.kind[l] != p.List {
		c.kind[l], c.n[l] = p.List, 0
	}
	c.n[l]++
	for k := l + 1; k <= MaxLevel; k++ {
		c.n[k], c.kind[k] = 0, NoList
	}
	return c.n[l]
}

// plain is the text of a paragraph with what its spans say in words.
func (p *Paragraph) plain() string {
	var b strings.Builder
	at := 0
	for i, s := range p.Spans {
		switch {
		case s.Image != nil:
			b.WriteString(p.Text[at:s.Start])
			if s.Image.Page != "" {
				b.WriteString(s.Image.words)
			} else {
				b.WriteString("[" + s.Image.label() + "]")
			}
			at = s.End
		case s.Link != "" && (i+1 == len(p.Spans) || p.Spans[i+1].Link != s.Link || p.Spans[i+1].Start != s.End):
			if words := p.linkWords(i); !sameLink(s.Link, words) {
				b.WriteString(p.Text[at:s.End])
				b.WriteString(" <" + strings.TrimPrefix(s.Link, "mailto:") + ">")
				at = s.End
			}
		}
	}
	if at == 0 {
		return p.Text
	}
	b.WriteString(p.Text[at:])
	return b.String()
}

// linkWords are the words of the link whose last span is i.
func (p *Paragraph) linkWords(i int) string {
	from := i
	for from > 0 && p.Spans[from-1].Link == p.Spans[i].Link && p.Spans[from-1].End == p.Spans[from].Start {
		from--
	}
	return p.Text[p.Spans[from].Start:p.Spans[i].End]
}

func (m *Image) label() string {
	if m.Alt != "" {
		return m.Alt
	}
	return "cid:" + m.ID
}

// FromPlain makes a document of plain text; Plain turns it back. forced are the directions chosen by hand, one a line (0
// automatic, 1 right to left, -1 left to right); it may be shorter.
func FromPlain(text string, forced []int8) Doc {
	lines := strings.Split(text, "\n")
	out := make(Doc, 0, len(lines))
	gap := false
	for i, l := range lines {
		depth, rest := QuoteDepth(l)
		if rest == "" && i > 0 && i+1 < len(lines) && lone(lines, i, depth) {
			gap = true
			continue
		}
		p := Paragraph{Text: rest, Block: Block{Quote: uint8(min(depth, MaxQuote)), Tight: i > 0 && !gap}}
		if i < len(forced) {
			p.Dir = Dir(max(-1, min(1, forced[i])))
		}
		out = append(out, p)
		gap = false
	}
	return out
}

// Forced are the directions chosen by hand, one a line of Plain, as FromPlain takes them; automatic ones at the end are left
// out.
func (d Doc) Forced() []int8 {
	d = d.apart()
	var out []int8
	line := 0
	for i := range d {
		if d.GapBefore(i) {
			line++
		}
		if d[i].Dir != Auto {
			for len(out) < line {
				out = append(out, 0)
			}
			out = append(out, int8(d[i].Dir))
		}
		if line++; d[i].page() != nil {
			line += strings.Count(d[i].plain(), "\n")
		}
	}
	return out
}

// lone reports whether the empty line i stands for the space between two paragraphs.
func lone(lines []string, i, depth int) bool {
	before, b := QuoteDepth(lines[i-1])
	after, a := QuoteDepth(lines[i+1])
	return b != "" && a != "" && depth == min(before, after)
}

// QuoteDepth counts the quote marks a line of plain text starts with, ">" or "> " each, and returns what they quote.
func QuoteDepth(s string) (depth int, rest string) {
	rest = s
	for strings.HasPrefix(rest, ">") {
		depth++
		rest = rest[1:]
		if strings.HasPrefix(rest, " >") {
			rest = rest[1:]
		}
	}
	if depth > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	return depth, rest
}

// Signature finds the signature: the paragraph index of its mark, and of the first paragraph after it; from < 0 when there
// is none. It ends where a quote begins.
func (d Doc) Signature() (from, to int) {
	for i := range d {
		if d[i].Text != SignatureMark || d[i].Quote > 0 {
			continue
		}
		to = i + 1
		for to < len(d) && d[to].Quote == 0 {
			to++
		}
		return i, to
	}
	return -1, -1
}

// Clone is a copy that shares nothing that could be changed.
func (d Doc) Clone() Doc {
	out := append(Doc(nil), d...)
	for i := range out {
		out[i].Spans = append([]Span(nil), out[i].Spans...)
	}
	return out
}
