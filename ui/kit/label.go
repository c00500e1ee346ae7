package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Weight is how heavy a text is drawn.
type Weight uint8

// The weights of the embedded font.
const (
	Regular Weight = iota
	Medium
	SemiBold
	Bold
)

// Style is how a text looks. Take one of the styles below, and With for another colour.
type Style struct {
	Size   float32
	Weight Weight
	Color  theme.Role
}

// The styles of the design.
var (
	Body       = Style{theme.TextBody, Regular, theme.FG}
	Strong     = Style{theme.TextBody, SemiBold, theme.FG}
	Muted      = Style{theme.TextBody, Regular, theme.Muted}
	AccentText = Style{theme.TextBody, Medium, theme.Accent}
	DangerText = Style{theme.TextBody, Regular, theme.Danger}
	ListText   = Style{theme.TextList, Regular, theme.FG}
	ListStrong = Style{theme.TextList, Bold, theme.FG}
	Meta       = Style{theme.TextMeta, Regular, theme.Muted}
	MetaStrong = Style{theme.TextMeta, SemiBold, theme.Muted}
	Small      = Style{theme.TextSmall, Regular, theme.Muted}
	Section    = Style{theme.TextSmall, SemiBold, theme.Muted} // headers of the folder pane
	Heading    = Style{theme.TextBody, Bold, theme.FG}         // headings of a settings page
	Title      = Style{theme.TextTitle, Bold, theme.FG}
	Subject    = Style{theme.TextSubject, Bold, theme.FG}
	Hero       = Style{theme.TextHero, Bold, theme.FG}
)

// With is the style in another colour.
func (s Style) With(c theme.Role) Style { s.Color = c; return s }

// Sized is the style in another size.
func (s Style) Sized(v float32) Style { s.Size = v; return s }

// Weighted is the style in another weight.
func (s Style) Weighted(w Weight) Style { s.Weight = w; return s }

// Align is the side of a label at which its lines stand.
type Align uint8

// The alignments.
const (
	AlignStart  Align = iota // the leading side of the window
	AlignEnd                 // the trailing side of the window
	AlignCenter              //
	AlignText                // each paragraph by its own direction (reader)
)

// Direction is the base direction of a text.
type Direction uint8

// The directions.
const (
	DirField     Direction = iota // by content, ignoring Re:, [list], numbers, addresses at the start
	DirParagraph                  // each paragraph by its first strong letter (UAX #9 P2)
	DirLTR                        // addresses, URLs, ports
	DirRTL
)

// Label is a text of the window or of a mail, laid out by internal/text.
type Label struct {
	widget.BaseWidget
	text     string
	style    Style
	align    Align
	dir      Direction
	wrap     bool
	ellipsis bool
	maxLines int
	selects  bool
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
func (l *Label) Lines(n int) *Label { l.wrap, l.maxLines = true, n; return l }

// Aligned sets the alignment.
func (l *Label) Aligned(a Align) *Label { l.align = a; return l }

// Directed sets the base direction.
func (l *Label) Directed(d Direction) *Label { l.dir = d; return l }

// Selectable lets the user select text with mouse and keyboard and copy it.
func (l *Label) Selectable() *Label { l.selects = true; return l }

// Text is the text.
func (l *Label) Text() string { return l.text }

// SetText changes the text.
func (l *Label) SetText(s string) {
	if s != l.text {
		l.text = s
		l.Refresh()
	}
}

// SetStyle changes the style.
func (l *Label) SetStyle(s Style) {
	if s != l.style {
		l.style = s
		l.Refresh()
	}
}

// Set changes text and style at once.
func (l *Label) Set(text string, s Style) {
	if text != l.text || s != l.style {
		l.text, l.style = text, s
		l.Refresh()
	}
}

// HeightForWidth is the height of the wrapped text.
func (l *Label) HeightForWidth(float32) float32 { return l.MinSize().Height }

// CreateRenderer implements fyne.Widget.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	t := canvas.NewText("", nil)
	update := func() {
		t.Text, t.TextSize, t.Color = l.text, l.style.Size, l.style.Color.Color()
		t.TextStyle.Bold = l.style.Weight >= SemiBold
		t.Alignment = fyne.TextAlignLeading
		if lang.RTL() {
			t.Alignment = fyne.TextAlignTrailing
		}
	}
	update()
	return &renderer{fixed(t), func(s fyne.Size) { t.Resize(s) }, func() fyne.Size { return t.MinSize() }, func() { update(); t.Refresh() }, nil}
}
