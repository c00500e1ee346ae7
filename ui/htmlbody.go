package ui

import (
	"context"
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/htmlview"
	"peyk/ui/kit"
	"peyk/ui/theme"
)

// htmlBody shows a page of HTML, drawn by internal/htmlview: the HTML of a message, or its text as a page. It is as high as
// the page; only the tiles near the view are painted, so that a long mail does not take the memory of its pixels. Text in
// it can be selected, and places can be marked.
type htmlBody struct {
	widget.BaseWidget
	loop *loop
	sel  *kit.Selection
	// changed is called when the height became another; themed when the window turned dark or light.
	changed func()
	themed  func()
	dark    bool // the window was dark when the page was drawn

	doc   *htmlview.Document
	view  *htmlview.View
	laid  float32  // the width in units that view was laid out for
	scale float32  // units of the widget to one of the view
	look  pageLook // asked for last
	// folded says that view is without the quotation at the end.
	folded bool
	tiles  []*htmlTile
	marks  [][2]int // found by a search, as positions of the view
	mark   int      // the one that is looked at
	asked  string   // what marks are of; "": nothing was asked for
	stop   func()   // ends the layout under way; nil: there is none
	// unseen says that the tiles were not painted yet.
	unseen bool
	wait   func() // stops the clock before the next layout
	motion motion
	stops  stops
}

// pageLook is how a page is laid out.
type pageLook struct {
	dark bool    // colours adapted
	zoom float32 // 1: 100 %
	fold bool    // the quotation at the end is not shown
	text bool    // a page of our own, which takes any width
}

// leastWidth is the most that a mail is laid out for, and then painted smaller, when it does not fit a narrower pane: most are made for 600.
const leastWidth = 620

// most by which a mail that is wider than the window is painted smaller.
const shrinkMost = 2.5

func newHTMLBody(l *loop) *htmlBody {
	b := &htmlBody{loop: l, scale: 1, mark: -1, stops: stops{at: -1, last: -1}, look: pageLook{zoom: 1}}
	b.sel = kit.NewSelection(b)
	b.sel.OnClick, b.sel.OnMove, b.sel.Stops = b.clicked, b.pointedAt, b
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

func isDark() bool { return theme.Current() == &theme.Dark }

// prepared is a page parsed and laid out, off the UI thread.
type prepared struct {
	doc   *htmlview.Document
	view  *htmlview.View
	laid  float32
	scale float32
	look  pageLook
}

// preparePage parses and lays out; an error means that the text is to be shown.
func preparePage(ctx context.Context, src string, images func(string) image.Image, width float32, look pageLook) (prepared, error) {
	doc, err := htmlview.Parse(ctx, src, htmlview.Options{Images: images})
	if err != nil {
		return prepared{}, err
	}
	return layPage(ctx, doc, width, look)
}

// layPage lays a page out for a pane of this width. A mail that turns out wider is painted smaller, as a whole; in a narrow pane that is
// done only where its text does not fit otherwise.
func layPage(ctx context.Context, doc *htmlview.Document, width float32, look pageLook) (prepared, error) {
	o := htmlview.LayoutOptions{Dark: look.dark, Zoom: look.zoom, FoldQuote: look.fold}
	if look.dark {
		o.Paper = theme.Dark.BG
	}
	w := max(width, 60)
	v, err := doc.Layout(ctx, w, o)
	if err != nil {
		return prepared{}, err
	}
	if look.text {
		return prepared{doc, v, width, width / w, look}, nil
	}
	if need := max(v.Extent(), w+v.Overhang()); w < leastWidth && need > w+1 {
		w = min(need, leastWidth)
		if v, err = doc.Layout(ctx, w, o); err != nil {
			return prepared{}, err
		}
	}
	if over := v.Overhang(); over > 1 { // from the right edge: only more room brings it into view
		wide := min(w+over, w*shrinkMost)
		if v, err = doc.Layout(ctx, wide, o); err != nil {
			return prepared{}, err
		}
		w = max(w, wide)
	}
	return prepared{doc, v, width, width / min(max(w, v.Extent()), w*shrinkMost), look}, nil
}

// Set shows a prepared page.
func (b *htmlBody) Set(p prepared) {
	b.halt()
	if p.doc != b.doc || p.look.fold != b.folded {
		b.sel.Reset()
		b.unmark()
	}
	b.motion.reset(p.view.Moving(), p.doc != b.doc)
	b.stops.reset(p.view, p.doc == b.doc)
	b.doc, b.view, b.laid, b.scale, b.look, b.folded = p.doc, p.view, p.laid, p.scale, p.look, p.look.fold
	b.dark = isDark()
	b.makeTiles()
	kit.Follow(b)
	b.Show()
	b.Refresh()
	b.Expose()
}

// Clear shows nothing.
func (b *htmlBody) Clear() {
	b.halt()
	b.doc, b.view, b.tiles = nil, nil, nil
	b.unmark()
	b.motion.reset(nil, true)
	b.stops.reset(nil, false)
	b.sel.Reset()
	kit.Unfollow(b)
	if b.wait != nil {
		b.wait()
		b.wait = nil
	}
	b.Hide()
}

// SetLook lays the page out anew in another look.
func (b *htmlBody) SetLook(look pageLook) {
	if b.doc != nil && look != b.look {
		b.relayout(b.laid, look)
	}
}

// Again lays the page out once more: pictures came in.
func (b *htmlBody) Again() {
	if b.doc != nil {
		b.relayout(b.laid, b.look)
	}
}

func (b *htmlBody) height() float32 {
	if b.view == nil {
		return 0
	}
	return b.view.Height() * b.scale
}

// HeightForWidth is the height of the page at the width it is laid out for; another width is laid out a moment later.
func (b *htmlBody) HeightForWidth(w float32) float32 {
	if b.doc != nil && w > 50 && math.Abs(float64(w-b.laid)) > 1 {
		b.later(w)
	}
	return b.height()
}

// later lays out for another width once the user stops dragging.
func (b *htmlBody) later(w float32) {
	if b.wait != nil {
		b.wait()
	}
	b.wait = b.loop.After(120*time.Millisecond, func() { b.relayout(w, b.look) })
}

// relayout lays the page out once more; what was begun before and is not done is given up, for this is what is wanted last.
func (b *htmlBody) relayout(w float32, look pageLook) {
	doc := b.doc
	if doc == nil {
		return
	}
	b.look = look // what comes next starts from here, even before the layout is there
	b.halt()
	b.stop = b.loop.Cancellable(func(ctx context.Context) func() {
		p, err := layPage(ctx, doc, w, look)
		return func() {
			b.stop = nil
			if err != nil {
				return
			}
			b.Set(p)
			b.changed()
		}
	})
}

// halt gives up the layout under way.
func (b *htmlBody) halt() {
	if b.stop != nil {
		b.stop()
		b.stop = nil
	}
}

// CreateRenderer implements fyne.Widget. The toolkit lets go of a renderer that was not painted for a minute while another window was, and asks for
// another one afterwards, for the same page.
func (b *htmlBody) CreateRenderer() fyne.WidgetRenderer {
	if b.doc != nil {
		kit.Follow(b)
	}
	return &htmlRenderer{b}
}

type htmlRenderer struct{ b *htmlBody }

func (r *htmlRenderer) Destroy()           { kit.Unfollow(r.b) }
func (r *htmlRenderer) MinSize() fyne.Size { return fyne.NewSize(50, r.b.height()) }

func (r *htmlRenderer) Layout(s fyne.Size) {
	for i, t := range r.b.tiles {
		top := float32(i) * tileHeight
		t.raster.Move(fyne.NewPos(0, top))
		t.raster.Resize(fyne.NewSize(s.Width, min(tileHeight, max(1, r.b.height()-top))))
	}
	r.b.stops.layout(r.b.scale)
	r.b.sel.Resize(s)
	r.b.Expose()
	r.b.loop.Post(r.b.Expose) // when all around has its place
}

func (r *htmlRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(r.b.tiles)+1)
	for _, t := range r.b.tiles {
		out = append(out, t.raster)
	}
	out = append(out, r.b.stops.rings...)
	return append(out, r.b.sel)
}

func (r *htmlRenderer) Refresh() {
	if r.b.doc != nil && r.b.dark != isDark() {
		r.b.dark = isDark()
		r.b.stops.draw()
		r.b.themed()
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
