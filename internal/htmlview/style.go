package htmlview

import (
	"image/color"

	"peyk/internal/text"
)

type (
	display    uint8
	float      uint8
	align      uint8
	whiteSpace uint8
	valign     uint8
)

const (
	dispInline display = iota
	dispBlock
	dispInlineBlock
	dispListItem
	dispTable
	dispInlineTable
	dispRowGroup
	dispHeaderGroup
	dispFooterGroup
	dispRow
	dispCell
	dispColumn
	dispColumnGroup
	dispCaption
	dispFlex
	dispInlineFlex
	dispNone
	dispContents
)

const (
	floatNone float = iota
	floatLeft
	floatRight
)

const (
	alignStart align = iota
	alignEnd
	alignLeft
	alignRight
	alignCenter
	alignJustify
	alignBlockLeft // of the align attribute: blocks follow, too
	alignBlockRight
	alignBlockCenter
)

const (
	wsNormal whiteSpace = iota
	wsNowrap
	wsPre
	wsPreWrap
	wsPreLine
)

const (
	vaBaseline valign = iota
	vaTop
	vaMiddle
	vaBaselineMiddle // the middle on the baseline: of pictures with align=middle
	vaBottom
	vaSub
	vaSuper
	vaTextTop
	vaTextBottom
	vaLength
)

// length is px + pct percent, or auto (also "none" and "normal").
type length struct {
	px, pct float32
	set     bool
}

func px(v float32) length { return length{px: v, set: true} }

// of resolves the length against base; auto gives 0.
func (l length) of(base float32) float32 {
	if l.pct == 0 {
		return l.px
	}
	return l.px + l.pct/100*base
}

func (l length) auto() bool    { return !l.set }
func (l length) percent() bool { return l.set && l.pct != 0 }

// Sides of a box.
const (
	top = iota
	right
	bottom
	left
)

type borderStyle uint8

const (
	borderNone borderStyle = iota
	borderSolid
	borderDashed
	borderDotted
	borderDouble
	borderInset
	borderOutset
	borderGroove
	borderRidge
	borderHidden
)

type border struct {
	w     float32
	style borderStyle
	color color.NRGBA
	set   bool // colour given, else the text's
	plain bool // the lines of the user agent: their light edge is not made lighter
}

func (b border) width() float32 {
	if b.style == borderNone || b.style == borderHidden {
		return 0
	}
	return b.w
}

// style is the computed style of an element.
type style struct {
	inherited
	display     display
	position    uint8 // 0 static, 1 relative, 2 absolute or fixed
	float       float
	clear       uint8 // bit 0 left, bit 1 right
	borderBox   bool
	hidden      bool    // overflow: hidden, along one axis at least
	scroll      [2]bool // overflow: auto or scroll, along x and y, in a box that shows all of it
	scroller    bool    // the same in one that does not
	ellipsis    bool    // text-overflow
	zIndex      int
	inlineLevel bool // what is out of flow now would be inline
	flowRoot    bool // display: flow-root
	zSet        bool

	width, height          length
	widthBy                sizing // an automatic width by the content
	minW, maxW, minH, maxH length
	inset                  [4]length
	margin, padding        [4]length
	uaMargin               [4]bool // quirks: margins of the user agent's sheet
	border                 [4]border
	radius                 [4][2]length // of the corners from the left top, clockwise: along x and y
	bg                     color.NRGBA
	layers                 []background
	bgClip                 bgBox
	valign                 valign
	vshift                 length
	underline, strike      bool
	overline               bool
	decoColor              color.NRGBA
	decoStyle              borderStyle // borderNone: a plain line
	decoThick              float32     // 0: the font's
	control                control
	ownLook                bool    // a control with a background or border by the author
	fit                    string  // object-fit
	fitX, fitY             length  // object-position
	ratio                  float32 // aspect-ratio, height / width; 0: none
	opacity                float32
	plaintext              bool // unicode-bidi: plaintext
	isolate                bool
	override               bool
	tableFixed             bool
	shadows                []shadow
	content                []token // of a pseudo-element
	counterReset           []token
	counterIncrement       []token
	outline                border
	outlineOffset          float32

	flexColumn, flexWrap, flexReverse bool
	justify, alignItems, alignSelf    uint8
	alignContent                      uint8
	justifyItems, justifySelf         uint8 // in grids, along the rows
	order                             int
	grow, shrink                      float32
	basis                             length
	gap, rowGap                       float32 // between columns and rows
	grid                              gridStyle
}

// inherited are the properties that children take over.
type inherited struct {
	color         color.NRGBA
	families      []string
	size          float32
	keyword       uint8 // the size is that of a keyword: 1 xx-small … 8 xxx-large, which differs for monospace; 0: it is not
	absolute      bool  // the size was given in units: it does not change with the family
	weight        int
	italic        bool
	lineHeight    length // px; or pct as a factor * 100 when lineFactor
	lineFactor    bool
	letterSpacing float32
	wordSpacing   float32
	align         align
	alignLast     align // of last lines, when lastSet
	lastSet       bool
	indent        length
	transform     uint8 // 1 upper, 2 lower, 3 capitalise
	smallCaps     bool
	tabSize       int // in characters
	ws            whiteSpace
	invisible     bool
	rtl           bool
	listType      string
	listInside    bool
	listImage     string
	captionBelow  bool
	collapse      bool
	spacingX      float32
	spacingY      float32
	breakWord     bool
	breakAll      bool
	wraps         bool // in a box that scrolls sideways
	link          string
	textShadows   []shadow
	textFill      color.NRGBA // -webkit-text-fill-color, when filled
	filled        bool
	vars          map[string][]token
}

// sizing is how content makes a width.
type sizing uint8

const (
	byNothing sizing = iota
	byLeast
	byMost
	byFit
)

type shadow struct {
	dx, dy, blur, spread float32
	color                color.NRGBA
	inset                bool
}

const (
	justStart = iota
	justEnd
	justCenter
	justBetween
	justAround
	justEvenly
	justStretch
	justBaseline
	justAuto
)

var black = color.NRGBA{A: 255}

func initialStyle() style {
	s := style{opacity: 1, shrink: 1, alignItems: justStretch, alignContent: justStretch, alignSelf: justAuto, justifyItems: justStretch, justifySelf: justAuto}
	s.color, s.size, s.keyword, s.weight, s.tabSize = black, 16, 4, 400, 8
	s.families = []string{"serif"}
	for i := range s.border {
		s.border[i].w = 3
	}
	for i := range s.margin {
		s.margin[i], s.padding[i] = px(0), px(0)
	}
	return s
}

// child starts the style of a child: inherited properties of the parent, the rest initial.
func (s *style) child() style {
	c := initialStyle()
	c.inherited = s.inherited
	c.wraps = c.wraps || s.scroll[0]
	return c
}

// fonts are the fonts of the style.
func (s *style) fonts(e *text.Engine) *text.FontSet { return e.FontSet(s.families, s.weight, s.italic) }

func (s *style) nowrap() bool   { return (s.ws == wsNowrap || s.ws == wsPre) && !s.wraps && !s.scroll[0] }
func (s *style) scrolls() bool  { return s.scroll != [2]bool{} }
func (s *style) cutWords() bool { return s.breakWord || s.wraps || s.scroll[0] }
func (s *style) keepsNL() bool  { return s.ws == wsPre || s.ws == wsPreWrap || s.ws == wsPreLine }
func (s *style) keepsSp() bool  { return s.ws == wsPre || s.ws == wsPreWrap }
func (s *style) floating() bool { return s.float != floatNone }

// lineMetrics gives the ascent and descent of the font, and the height of a line of it.
func (s *style) lineMetrics(e *text.Engine) (asc, desc, line float32) {
	m := s.fonts(e).Metrics(s.size)
	asc, desc = roundf(m.Ascent), roundf(m.Descent)
	switch {
	case s.lineFactor:
		line = s.lineHeight.pct / 100 * s.size
	case s.lineHeight.set:
		line = s.lineHeight.px
	default:
		line = asc + desc + roundf(m.LineGap)
	}
	return asc, desc, line
}
