package kit

import (
	"image/color"

	"peyk/internal/text"
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
	Italic bool
	Mono   bool
}

// The styles of the design.
var (
	Body       = Style{Size: theme.TextBody}
	Strong     = Style{Size: theme.TextBody, Weight: SemiBold}
	Muted      = Style{Size: theme.TextBody, Color: theme.Muted}
	AccentText = Style{Size: theme.TextBody, Weight: Medium, Color: theme.Accent}
	DangerText = Style{Size: theme.TextBody, Color: theme.Danger}
	ListText   = Style{Size: theme.TextList}
	ListStrong = Style{Size: theme.TextList, Weight: Bold}
	Meta       = Style{Size: theme.TextMeta, Color: theme.Muted}
	MetaStrong = Style{Size: theme.TextMeta, Weight: SemiBold, Color: theme.Muted}
	Small      = Style{Size: theme.TextSmall, Color: theme.Muted}
	Section    = Style{Size: theme.TextSmall, Weight: SemiBold, Color: theme.Muted} // headers of the folder pane
	Heading    = Style{Size: theme.TextBody, Weight: Bold}                          // headings of a settings page
	Title      = Style{Size: theme.TextTitle, Weight: Bold}
	Subject    = Style{Size: theme.TextSubject, Weight: Bold}
	Hero       = Style{Size: theme.TextHero, Weight: Bold}
)

// With is the style in another colour.
func (s Style) With(c theme.Role) Style { s.Color = c; return s }

// OnTint is the style on a tinted ground, when it is on one: the row that is selected or under the pointer.
func (s Style) OnTint(on bool) Style {
	if on && s.Color == theme.Muted {
		s.Color = theme.MutedTint
	}
	return s
}

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

// Span styles a range of bytes of a text.
type Span struct {
	Start, End int
	Weight     Weight
	Italic     bool
	Color      theme.Role // theme.FG: the colour of the text
	Mark       bool       // on the background of a search hit
	Pill       string     // shown as a pill with these words, by an Entry (Decorate)
	Underline  bool
	Link       string // a URL, given to OnLink
}

// toSpans turns spans into those of the layout, with the colours of the moment; what a span does not say is as in base.
func toSpans(in []Span, base Style) []text.Span {
	if len(in) == 0 {
		return nil
	}
	tok := theme.Current()
	out := make([]text.Span, len(in))
	for i, s := range in {
		st := text.Style{Weight: text.Weight(max(s.Weight, base.Weight)), Italic: s.Italic || base.Italic, Mono: base.Mono, Underline: s.Underline, Link: s.Link}
		if s.Color != theme.FG {
			st.Color = tok.Of(s.Color)
		} else {
			st.Color = color.NRGBA{}
		}
		if s.Mark {
			st.Background, st.Color = tok.Mark, tok.MarkFG
		}
		out[i] = text.Span{Start: s.Start, End: s.End, Style: st}
	}
	return out
}
