package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/text"
	"peyk/ui/lang"
)

// Label is a text of the window or of a mail, laid out by internal/text.
type Label struct {
	base
	text     string
	style    Style
	align    Align
	dir      Direction
	wrap     bool
	ellipsis bool
	maxLines int
	marks    []Span
	sel      *Selection // of a selectable label

	natural, shown *text.Layout // at no width, at the width there is
	key            labelKey     // what they were made for
	raster         *canvas.Raster
}

// labelKey is all that a layout depends on, beside the width.
type labelKey struct {
	text  string
	style Style
	dir   text.Direction
	align text.Align
}

// NewLabel is a label of one line that wants the width of its text.
func NewLabel(text string, style Style) *Label {
	l := &Label{text: text, style: style}
	l.ExtendBaseWidget(l)
	return l
}

// Wrapped breaks lines at the width there is; the height follows (HeightFor).
func (l *Label) Wrapped() *Label { l.wrap = true; return l }

// Ellipsized lets the label be narrower than its text, which then ends in "…".
func (l *Label) Ellipsized() *Label { l.ellipsis = true; return l }

// Lines limits a wrapped label; the last line ends in "…".
func (l *Label) Lines(n int) *Label { l.wrap, l.ellipsis, l.maxLines = true, true, n; return l }

// Aligned sets the alignment.
func (l *Label) Aligned(a Align) *Label { l.align = a; return l }

// Directed sets the base direction.
func (l *Label) Directed(d Direction) *Label { l.dir = d; return l }

// Selectable lets the user select text with the mouse, and from there with the keyboard, and copy it; Tab passes it by.
func (l *Label) Selectable() *Label {
	if l.sel == nil {
		l.sel = NewSelection(l)
		l.sel.passed = true
	}
	return l
}

// Text is the text.
func (l *Label) Text() string { return l.text }

// SetText changes the text.
func (l *Label) SetText(s string) { l.Set(s, l.style) }

// SetStyle changes the style.
func (l *Label) SetStyle(s Style) { l.Set(l.text, s) }

// Set changes text and style at once.
func (l *Label) Set(text string, s Style) {
	if text == l.text && s == l.style && l.marks == nil {
		return
	}
	l.text, l.style, l.marks = text, s, nil
	l.forget()
	if l.sel != nil {
		l.sel.Reset()
	}
	l.Refresh()
}

// SetMarked sets a text with spans in it, such as the words found by a search.
func (l *Label) SetMarked(text string, s Style, spans []Span) {
	if text == l.text && s == l.style && slices.Equal(spans, l.marks) {
		return
	}
	l.text, l.style, l.marks = text, s, spans
	l.forget()
	if l.sel != nil {
		l.sel.Reset()
	}
	l.Refresh()
}

// Mark marks spans in the text as it is; none takes all marks away.
func (l *Label) Mark(spans []Span) { l.SetMarked(l.text, l.style, spans) }

// Marked are the spans that are marked.
func (l *Label) Marked() []Span { return l.marks }

// SetDirection changes the base direction.
func (l *Label) SetDirection(d Direction) {
	if d != l.dir {
		l.dir = d
		l.forget()
		l.Refresh()
	}
}

// Truncated reports whether the text is cut at the width there is (for a tooltip with the whole).
func (l *Label) Truncated() bool { return l.shown != nil && l.shown.Truncated() }

func (l *Label) forget() { l.natural, l.shown = nil, nil }

// at lays the text out for a width; 0 is the natural one.
func (l *Label) at(width float32) *text.Layout {
	key := labelKey{l.text, l.style, direction(l.dir), alignment(l.align)}
	if key != l.key {
		l.key = key
		l.forget()
	}
	slot := &l.natural
	if width > 0 {
		slot = &l.shown
	}
	if s := *slot; s != nil && !s.Stale() && (width <= 0 || s.Params().Width == width) {
		return s
	}
	p := l.style.params()
	p.Direction, p.Align, p.Width = key.dir, key.align, width
	p.SingleLine = !l.wrap
	p.MaxLines = l.maxLines
	p.Ellipsis = l.ellipsis && width > 0
	if l.wrap && width > 0 {
		p.Wrap = text.WrapWord
	}
	*slot = text.Default().Layout(l.text, toSpans(l.marks, l.style), p)
	return *slot
}

// HeightForWidth is the height of the wrapped text.
func (l *Label) HeightForWidth(w float32) float32 {
	if !l.wrap || w <= 0 {
		return l.MinSize().Height
	}
	return ceil(l.at(w).Height())
}

// current is the layout at the width there is.
func (l *Label) current() *text.Layout {
	if w := l.Size().Width; w > 0 {
		return l.at(w)
	}
	return l.at(0)
}

// MinSize is the size of the text; a label that may be cut or wrapped can be narrow.
func (l *Label) MinSize() fyne.Size {
	n := l.at(0)
	m := fyne.NewSize(ceil(n.Width()), ceil(n.Height()))
	switch {
	case l.wrap:
		m.Width = min(m.Width, 60)
		if w := l.Size().Width; w > 0 {
			m.Height = ceil(l.at(w).Height())
		}
	case l.ellipsis:
		m.Width = min(m.Width, 24)
	}
	return m
}

// Natural is the size of the text in one piece.
func (l *Label) Natural() fyne.Size {
	n := l.at(0)
	return fyne.NewSize(ceil(n.Width()), ceil(n.Height()))
}

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	l.raster = newTextRaster(func() []inked {
		it := inked{layout: l.current(), y: nudge(l.style.Size), color: l.style.Color.Color()}
		if l.sel != nil {
			it.selStart, it.selEnd = l.sel.Range()
		}
		return []inked{it}
	})
	objs := []fyne.CanvasObject{l.raster}
	if l.sel != nil {
		objs = append(objs, l.sel)
	}
	return &renderer{
		objects: fixed(objs...),
		layout: func(s fyne.Size) {
			l.raster.Move(fyne.NewPos(-bleed, -bleed))
			l.raster.Resize(s.AddWidthHeight(2*bleed, 2*bleed))
			if l.sel != nil {
				l.sel.Resize(s)
			}
		},
		min:     func() fyne.Size { return l.MinSize() },
		refresh: func() { l.raster.Refresh() },
	}
}

// Label implements Selectable.

// Hit implements Selectable.
func (l *Label) Hit(p fyne.Position) int { return l.current().HitTest(p.X, p.Y).Offset }

// WordAt implements Selectable.
func (l *Label) WordAt(off int) (start, end int) { return l.current().WordAt(off) }

// LineAt implements Selectable: a label is one paragraph.
func (l *Label) LineAt(int) (start, end int) { return 0, len(l.text) }

// Slice implements Selectable.
func (l *Label) Slice(start, end int) string {
	return lang.Plain(l.text[start:end]) // without the isolates around its fields
}

// Length implements Selectable.
func (l *Label) Length() int { return len(l.text) }

// Repaint implements Selectable.
func (l *Label) Repaint() { l.Refresh() }

// LinkAt implements Selectable: there are no links in labels.
func (l *Label) LinkAt(fyne.Position) (string, bool) { return "", false }

// Step implements Selectable.
func (l *Label) Step(off int, m Motion) int { return stepIn(l.current(), off, m) }

// Place implements Selectable.
func (l *Label) Place(off int) (y, height float32) {
	r := l.current().CaretRect(text.Position{Offset: off})
	return r.Y, r.H
}
