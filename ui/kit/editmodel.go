package kit

import (
	"strings"
	"unicode/utf8"

	"peyk/internal/richtext"
	"peyk/internal/text"
)

// spot is a position in a text of paragraphs: the paragraph and a byte offset in it.
type spot struct{ p, o int }

func (a spot) before(b spot) bool { return a.p < b.p || a.p == b.p && a.o < b.o }

// editPara is one paragraph of a text that is edited.
type editPara struct {
	text string
	dir  Direction // DirLTR or DirRTL when the user chose it, else DirField: as the field says
	look *look     // nil: nothing but text

	layout    paraLayout     // of the text; nil: not laid out since the last change
	shown     paraLayout     // layout with what stands around it
	frame     frame          // that shown was made for
	shownLook *look          // the same
	base      text.Direction // that layout was made for
	height    float32        // an estimate while layout is nil
	mask      string         // the text shown in place of a password
	marks     []Underline    // of the spelling, for this text
	marked    bool           // marks are those of this text
	pills     *pills         // of this text; nil: not looked for yet
}

// editModel is the text of a field with its caret and its history. Paragraphs are separated by "\n".
type editModel struct {
	paras  []editPara
	caret  spot
	side   text.Affinity // of the caret
	anchor spot          // the other end of the selection
	goal   float32       // x to keep in vertical movement, < 0: none
	history
}

func newEditModel() editModel { return editModel{paras: make([]editPara, 1), goal: -1} }

// String is the whole text.
func (m *editModel) String() string {
	if len(m.paras) == 1 {
		return m.paras[0].text
	}
	n := len(m.paras)
	for i := range m.paras {
		n += len(m.paras[i].text)
	}
	var b strings.Builder
	b.Grow(n)
	for i := range m.paras {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(m.paras[i].text)
	}
	return b.String()
}

// end is the place after the last character.
func (m *editModel) end() spot {
	p := len(m.paras) - 1
	return spot{p, len(m.paras[p].text)}
}

// clamp is the nearest place that exists.
func (m *editModel) clamp(a spot) spot {
	a.p = max(0, min(a.p, len(m.paras)-1))
	a.o = max(0, min(a.o, len(m.paras[a.p].text)))
	return a
}

// offset is the byte offset of a spot in the whole text.
func (m *editModel) offset(a spot) int {
	n := a.o
	for i := range a.p {
		n += len(m.paras[i].text) + 1
	}
	return n
}

// placeAt is the place of a byte offset in the whole text.
func (m *editModel) placeAt(off int) spot {
	for i := range m.paras {
		if n := len(m.paras[i].text); off <= n {
			return spot{i, max(0, off)}
		} else {
			off -= n + 1
		}
	}
	return m.end()
}

// selection is the selected stretch, in order.
func (m *editModel) selection() (from, to spot) {
	if m.caret.before(m.anchor) {
		return m.caret, m.anchor
	}
	return m.anchor, m.caret
}

func (m *editModel) hasSelection() bool { return m.caret != m.anchor }

// slice is the text between two places.
func (m *editModel) slice(from, to spot) string {
	if from.p == to.p {
		return m.paras[from.p].text[from.o:to.o]
	}
	var b strings.Builder
	b.WriteString(m.paras[from.p].text[from.o:])
	for i := from.p + 1; i < to.p; i++ {
		b.WriteByte('\n')
		b.WriteString(m.paras[i].text)
	}
	b.WriteByte('\n')
	b.WriteString(m.paras[to.p].text[:to.o])
	return b.String()
}

// advance is the place that lies the length of s after a, in a text that has s there.
func advance(a spot, s string) spot {
	n := strings.Count(s, "\n")
	if n == 0 {
		return spot{a.p, a.o + len(s)}
	}
	return spot{a.p + n, len(s) - strings.LastIndexByte(s, '\n') - 1}
}

// splice puts s, with attr on it, in place of what stands between two places, without a trace in the history, and returns the
// end of s.
func (m *editModel) splice(from, to spot, s string, attr richtext.Attr) spot {
	head, tail := m.paras[from.p], m.paras[to.p].text[to.o:]
	lines := strings.Split(s, "\n")
	fresh := make([]editPara, len(lines))
	looks := m.looks(from, to, lines, attr)
	for i, line := range lines {
		fresh[i] = editPara{text: line, dir: head.dir, height: head.height}
		if looks != nil {
			fresh[i].look = looks[i]
		}
	}
	fresh[0].text = head.text[:from.o] + fresh[0].text
	last := &fresh[len(fresh)-1]
	end := spot{from.p + len(lines) - 1, len(last.text)}
	last.text += tail
	if len(fresh) == 1 && from.p == to.p {
		if long, ok := head.layout.(longPara); ok && len(last.text) > longFrom {
			long.Replace(from.o, to.o, s)
			fresh[0].layout, fresh[0].base, fresh[0].frame, fresh[0].shown = long, head.base, head.frame, head.shown
		}
		m.paras[from.p] = fresh[0]
		return end
	}
	if to.p > from.p && last.text == tail {
		last.dir = m.paras[to.p].dir
	}
	rest := m.paras[to.p+1:]
	out := m.paras[:from.p]
	if len(fresh) <= to.p-from.p+1 {
		out = append(out, fresh...)
		out = append(out, rest...)
		clear(m.paras[len(out):])
		m.paras = out
		return end
	}
	grown := make([]editPara, 0, len(out)+len(fresh)+len(rest)+16)
	grown = append(append(append(grown, out...), fresh...), rest...)
	m.paras = grown
	return end
}

// replace is splice as an act of the user: it goes into the history, and the caret follows.
func (m *editModel) replace(from, to spot, s string, attr richtext.Attr, kind stepKind) {
	done := step{at: from, removed: m.slice(from, to), inserted: s, before: m.marks(from.p, to.p), caret: m.caret, anchor: m.anchor, kind: kind}
	if done.removed == "" && s == "" {
		return
	}
	m.caret = m.splice(from, to, s, attr)
	done.after = m.marks(from.p, m.caret.p)
	m.record(done)
	m.anchor, m.side, m.goal = m.caret, text.Upstream, -1
}

// turn gives the paragraphs [first, last] a direction as an act of the user, which can be undone.
func (m *editModel) turn(first, last int, d Direction) {
	m.rework(first, last, func(_ int, p *editPara) { p.dir = d })
}

// normalize makes "\n" of every line end and takes out what is no text: control characters, which other programs leave in the clipboard and no mail may
// have; what is no UTF-8, as half of a surrogate pair, shows as the character for that.
func normalize(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if !strings.ContainsFunc(s, unwanted) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case lineEnd(r):
			return '\n'
		case unwanted(r):
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

func lineEnd(r rune) bool { return r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029 }

// unwanted reports what normalize changes: control characters but tabs and line ends, and line ends of other kinds.
func unwanted(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f || lineEnd(r)
}

// quoteLevel counts the ">" at the start of a line, spaces between them allowed.
func quoteLevel(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>':
			n++
		case ' ':
		default:
			return n
		}
	}
	return n
}
