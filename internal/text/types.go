package text

import "image/color"

// Direction is the base direction of a paragraph.
type Direction uint8

const (
	// Auto takes the base direction from the first strong character of each paragraph (UAX #9 P2, P3); a paragraph
	// without one takes the direction of the paragraph before it, the first one left-to-right.
	Auto Direction = iota
	// LTR forces left-to-right.
	LTR
	// RTL forces right-to-left.
	RTL
	// AutoRTL is Auto, but a text without a strong character is right-to-left: fields of a mirrored window.
	AutoRTL
	// Field is FieldDirection: the first strong character after prefixes, tags, numbers and addresses; for subjects,
	// names and other fields.
	Field
	// FieldRTL is Field with right-to-left as the default.
	FieldRTL
)

// Align is where lines stand within Params.Width.
type Align uint8

const (
	// AlignStart is the side where the paragraph's direction starts.
	AlignStart Align = iota
	// AlignEnd is the opposite side.
	AlignEnd
	// AlignLeft, AlignRight and AlignCenter do not depend on the direction.
	AlignLeft
	AlignRight
	AlignCenter
)

// Weight is one of the four weights that the embedded font has.
type Weight uint8

const (
	Regular Weight = iota
	Medium
	SemiBold
	Bold
)

// Wrap says whether lines longer than Params.Width are broken.
type Wrap uint8

const (
	// NoWrap: one line a paragraph; cut with an ellipsis when Params.Ellipsis is set.
	NoWrap Wrap = iota
	// WrapWord breaks by UAX #14, and within a word only when the word alone is too long.
	WrapWord
)

// Style is the look of a stretch of text. The zero value of a field means: as in Params (in a Span), or the default.
type Style struct {
	Size       float32 // in units (density-independent pixels); default 14
	Weight     Weight
	Italic     bool        // synthesised by slanting
	Mono       bool        // the system's monospaced font, when system fonts are on and there is one
	Underline  bool        //
	Strike     bool        //
	Color      color.NRGBA // alpha 0: Paint.Color (Paint.LinkColor when Link is set)
	Background color.NRGBA // alpha 0: none
	Link       string      // reported by HitTest's caller through LinkAt; draws in Paint.LinkColor
	Wavy       color.NRGBA // alpha 0: none; a wavy line below the text, for spelling
	Rise       float32     // baseline raised by so many units: superscript; negative: subscript
	// BoxW and BoxH make room for something else in the place of the character U+FFFC, standing on the baseline, in units: a
	// picture, which the caller draws (SelectionRects tells where). BoxW 0: none.
	BoxW, BoxH float32
}

// Span gives a stretch of the text a style. Start and End are byte offsets; spans may overlap, later ones win as a
// whole except that Size 0 means the size of Params.
type Span struct {
	Start, End int
	Style
}

// Params says how a text is laid out. The zero value is one unwrapped line a paragraph at 14 units, automatic direction.
// It is comparable: together with text and spans it is the key of the layout cache.
type Params struct {
	Style
	Width      float32 // available width in units; <= 0: unlimited
	Direction  Direction
	Align      Align
	Wrap       Wrap
	MaxLines   int     // 0: no limit
	Ellipsis   bool    // what does not fit in Width or MaxLines is replaced with "…" at its logical end
	SingleLine bool    // line and paragraph separators count as spaces (list rows, fields)
	LineHeight float32 // height of every line in units; 0: what the fonts of the line ask for
	Tab        float32 // distance between tab stops in units; 0: eight spaces
}

// Affinity says to which of its two neighbours a caret belongs; it matters at line ends and where directions meet.
type Affinity uint8

const (
	// Downstream: before the character that follows the offset.
	Downstream Affinity = iota
	// Upstream: after the character that precedes the offset.
	Upstream
)

// Position is a place for the caret: a byte offset into the text, at a grapheme boundary, and an affinity.
type Position struct {
	Offset   int
	Affinity Affinity
}

// Rect is a rectangle in units; X and Y are its left top corner.
type Rect struct{ X, Y, W, H float32 }

// LineInfo describes one laid out line.
type LineInfo struct {
	Start, End int     // bytes; End excludes the separator that ends the paragraph
	X, Y       float32 // left top of the line, in units
	Width      float32 // without trailing spaces
	Height     float32
	Baseline   float32 // y of the baseline
	RTL        bool    // direction of the paragraph
	Truncated  bool    // ends in an ellipsis
}
