package htmlview

import (
	"image/color"
	"sync"

	"peyk/internal/text"
)

type opKind uint8

const (
	opFill opKind = iota
	opBorder
	opImage
	opBackground
	opText
	opBullet
	opShadow
	opTextShadow
	opGroup // the next n steps are painted together, with the opacity that alpha is of what is around them
)

// op is one step of painting, in units from the left top of the view.
type op struct {
	kind       opKind
	x, y, w, h float32
	color      color.NRGBA
	radius     corners
	border     *[4]border
	img        *picture
	bg         *background
	area       rect // of a background: what its positions and sizes refer to
	piece      *text.Piece
	base       float32
	lines      uint8 // 1 underline, 2 strike, 4 overline
	lineColor  color.NRGBA
	lineStyle  borderStyle
	lineThick  float32 // 0: the font's
	bullet     string
	shadow     *shadow
	alpha      float32 // that of what it is in included
	n          int32
	clip       *rect
	round      *roundClip
}

// corners are the radii of a box's corners from the left top, clockwise: along x and y.
type corners [4][2]float32

// roundClip is a box with round corners that cuts off what overflows, within others of the kind.
type roundClip struct {
	rect
	radius corners
	outer  *roundClip
}

type rect struct{ x0, y0, x1, y1 float32 }

func (r rect) cut(o rect) rect {
	return rect{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

// run is a piece of text on the view, for hits and selection.
type textRun struct {
	piece      text.Piece
	at         int // of the piece's first rune in the text of the view
	x, y, w, h float32
	base       float32
	link       string
	clip       *rect     // outside of it nothing of it is seen; nil: all is
	in         *scrolled // the boxes that cut it off until they are clicked
}

// scrolled is a box that would scroll, within another one or none.
type scrolled struct {
	n   *node
	out *scrolled
}

// View is a document laid out: immutable, safe for concurrent use.
type View struct {
	doc    *Document
	zoom   float32
	dark   bool
	paper  color.NRGBA
	width  float32
	height float32
	canvas color.NRGBA
	ops    []op
	runs   []textRun
	text   []rune
	links  []linkBox
	opens  []openBox

	orderOnce sync.Once
	order     []int32 // runs in the order of the text, made when first asked for
}

type linkBox struct {
	rect
	url string
}

// openBox is the summary of a <details> element, or the edge of a box that would scroll, which a click shows whole.
type openBox struct {
	rect
	of    *node
	box   bool // a box that would scroll
	again bool // another place of the same: the keyboard does not stop there
}
