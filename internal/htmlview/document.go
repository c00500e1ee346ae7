package htmlview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"sync"
	"time"

	"peyk/internal/text"
)

// Options are the host's part of a document.
type Options struct {
	// Images gives the picture at a URL that is not a data: URL (cid:, http:, https:), or nil when it is not to be had,
	// not there yet, or not allowed. It is called during Layout, from its goroutine, at most once for each URL and layout.
	Images func(url string) image.Image
	// Engine lays out text; nil: text.Default().
	Engine *text.Engine
}

// LayoutOptions say how a document is laid out.
type LayoutOptions struct {
	Dark  bool          // colours adapted for a dark window
	Zoom  float32       // 0.5 to 3; 0: 1
	Limit time.Duration // 0: 2 s
	// FoldQuote leaves out the quoted message at the end (see Document.HasQuote).
	FoldQuote bool
	// Whole shows boxes that scroll in a browser whole, without a click: for output that cannot be clicked.
	Whole bool
	// Paper is the colour behind a document that has none of its own; alpha 0: white. In the dark it also takes the place
	// of white within the document.
	Paper color.NRGBA
}

// ErrTooComplex is returned for a document whose layout takes too long or too much: show its text instead.
var ErrTooComplex = errors.New("the message is too complex to be drawn")

// Document is a parsed message. Safe for concurrent use; layouts of one document follow each other.
type Document struct {
	mu       sync.Mutex
	opts     Options
	root     *node
	sheets   []string
	mode     quirks
	cut      bool // something of the message is not in it
	pictures map[string]*picture
	cache    map[string]*picture // decoded data: URLs
	pixels   int
	remote   []string
	trackers []string
	quote    bool

	openMu  sync.Mutex     // apart from mu, so that a click does not wait for a layout
	toggled map[*node]bool // <details> elements that are not as the message has them
	whole   map[*node]bool // boxes that would scroll and were clicked
}

// Parse parses and sanitises HTML. Any input is accepted; the error is for what the parser refuses.
func Parse(ctx context.Context, src string, o Options) (d *Document, err error) {
	defer recovered(&err)
	if o.Engine == nil {
		o.Engine = text.Default()
	}
	d = &Document{opts: o, cache: map[string]*picture{}}
	p, err := parseDOM(src)
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	d.root, d.sheets, d.mode, d.cut = p.root, p.sheets, p.mode, p.cut
	d.scan()
	d.quote = markQuote(d.root)
	return d, ctx.Err()
}

// Cut reports whether something of the message lies beyond the bounds of a page and is not in it.
func (d *Document) Cut() bool { return d.cut }

// recovered turns a panic into an error, at the border of the package.
func recovered(err *error) {
	switch r := recover().(type) {
	case nil:
	case stop:
		*err = r.err
	default:
		*err = fmt.Errorf("%w: %v", ErrTooComplex, r)
	}
}

// stop unwinds a layout that ran out of time.
type stop struct{ err error }

// layouter holds one layout.
type layouter struct {
	doc    *Document
	engine *text.Engine
	ctx    context.Context
	end    time.Time
	ticks  int
	tabs   int
	media  media
	away   []*box // absolutely positioned
	// numbers are those of list items, by item.
	numbers map[*node]int
}

// tick is called once for each unit of work.
func (l *layouter) tick() {
	if l.ticks++; l.ticks&127 != 0 {
		return
	}
	if err := l.ctx.Err(); err != nil {
		panic(stop{err})
	}
	if time.Now().After(l.end) || l.ticks > 5e7 {
		panic(stop{ErrTooComplex})
	}
}

// now looks at the clock at once, before work that may be long.
func (l *layouter) now() {
	l.ticks |= 127
	l.tick()
}

// Layout lays the document out for a width in units. Zoom enlarges text and lengths, so that lines break anew.
func (d *Document) Layout(ctx context.Context, width float32, o LayoutOptions) (v *View, err error) {
	defer recovered(&err)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !(o.Zoom >= 0.1 && o.Zoom <= 10) {
		o.Zoom = 1
	}
	if o.Limit <= 0 {
		o.Limit = 2 * time.Second
	}
	width = max(1, min(width, 20000)) / o.Zoom
	d.opts.Engine.FontSet([]string{"sans-serif"}, 400, false) // the index of fonts does not count as time of this message
	l := &layouter{doc: d, engine: d.opts.Engine, ctx: ctx, end: time.Now().Add(o.Limit)}
	l.media = media{width: width, dark: o.Dark}
	d.pictures = map[string]*picture{}
	sh := newSheet()
	for _, s := range d.sheets {
		sh.parseSheet(s, l.media)
		l.tick()
	}
	st := styler{sheet: sh, engine: l.engine, mode: d.mode, width: width, check: l.now, link: d.body(), fold: o.FoldQuote,
		whole: func(n *node) bool { return o.Whole || d.isWhole(n) }}
	st.run(d.root)
	b := boxer{l: l}
	root := b.block(d.root, nil)
	l.edges(root, width)
	root.w = width - root.m[left] - root.m[right]
	l.block(root, &floats{}, 0, 0)
	root.x, root.y = root.m[left], root.m[top]
	l.positioned(width)
	v = &View{doc: d, zoom: o.Zoom, dark: o.Dark, paper: o.Paper, width: width}
	v.record(root)
	if o.Dark {
		v.darken()
	}
	return v, nil
}

func (d *Document) body() *node {
	for _, c := range d.root.children {
		if c.tag == "body" {
			return c
		}
	}
	return nil
}
