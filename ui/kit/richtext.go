package kit

import (
	"fyne.io/fyne/v2"
)

// RichText is the body of a mail: paragraphs with their own directions, links, quoted levels with bars and in colour, to
// fold; selectable. It is as high as its text: put it into a Scroll. Only what is near the view is painted.
type RichText struct {
	base
	// OnLink is called when a link is tapped; OnLinkHover when the pointer enters ("" leaves) one.
	OnLink      func(url string)
	OnLinkHover func(url string)
	// OnMenu is called for a secondary tap: the link under the pointer or "", and the absolute position. Unset, a menu with
	// Copy is shown.
	OnMenu func(url string, pos fyne.Position)
	// OnFold is called after the user folded or unfolded quoted text: the height has changed.
	OnFold func()

	text   string
	spans  []Span
	style  Style
	fold   bool
	open   map[int]bool // groups of quoted paragraphs that the user unfolded, by the offset of the first
	paras  []richPara
	width  float32 // that the paragraphs are laid out for
	height float32
	rtl    bool
	blocks []*richBlock
	sel    *Selection
	marks  [][2]int // bytes, found by a search
	mark   int      // the one that is looked at
}

// NewRichText is an empty text.
func NewRichText() *RichText {
	r := &RichText{style: Body, open: map[int]bool{}}
	r.sel = NewSelection(r)
	r.sel.OnLink = r.tapLink
	r.sel.OnHover = func(url string) {
		if r.OnLinkHover != nil && !isFold(url) {
			r.OnLinkHover(url)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

// SetText shows a text with its spans (ascending, may overlap; offsets are bytes of s).
func (r *RichText) SetText(s string, spans []Span) {
	r.text, r.spans, r.marks = s, spans, nil
	clear(r.open)
	r.sel.Reset()
	r.rebuild()
	r.Refresh()
}

// Text is the text shown.
func (r *RichText) Text() string { return r.text }

// FoldQuotes shows stretches of quoted text as "•••" until they are tapped.
func (r *RichText) FoldQuotes(on bool) {
	if r.fold != on {
		r.fold = on
		r.rebuild()
		r.Refresh()
	}
}

// SelectedText is the selected text.
func (r *RichText) SelectedText() string { return r.sel.Text() }

// SelectAll selects the whole text.
func (r *RichText) SelectAll() { r.sel.All() }

// Copy puts the selected text on the clipboard.
func (r *RichText) Copy() { r.sel.Copy() }

// SetZoom scales the text (1 is 100 %).
func (r *RichText) SetZoom(f float32) {
	r.style.Size = Body.Size * max(0.5, min(f, 4))
	r.width = 0
	r.Refresh()
}

// tapLink opens a link, or unfolds.
func (r *RichText) tapLink(url string) {
	if !isFold(url) {
		if r.OnLink != nil {
			r.OnLink(url)
		}
		return
	}
	for i := range r.paras {
		if p := &r.paras[i]; p.link() == url {
			r.open[p.group] = true
			break
		}
	}
	r.rebuild()
	r.Refresh()
	if r.OnFold != nil {
		r.OnFold()
	}
}

// HeightForWidth is the height of the wrapped text.
func (r *RichText) HeightForWidth(w float32) float32 {
	r.layoutFor(w)
	return r.height
}

// CreateRenderer implements fyne.Widget.
func (r *RichText) CreateRenderer() fyne.WidgetRenderer {
	r.sel.OnMenu = nil
	if r.OnMenu != nil {
		r.sel.OnMenu = func(url string, pos fyne.Position) {
			if isFold(url) {
				url = ""
			}
			r.OnMenu(url, pos)
		}
	}
	Follow(r)
	return &renderer{
		objects: func() []fyne.CanvasObject {
			objs := make([]fyne.CanvasObject, 0, len(r.blocks)+1)
			for _, b := range r.blocks {
				objs = append(objs, b.raster)
			}
			return append(objs, r.sel)
		},
		layout: func(s fyne.Size) {
			r.layoutFor(s.Width)
			r.sel.Resize(s)
			r.Expose()
			fyne.Do(r.Expose) // when all around has its place
		},
		min: func() fyne.Size {
			w := r.Size().Width
			if w <= 0 {
				w = 400
			}
			r.layoutFor(w)
			return fyne.NewSize(80, r.height)
		},
		refresh: func() {
			if w := r.Size().Width; w > 0 {
				r.layoutFor(w)
			}
			r.Repaint()
			r.Expose()
		},
		destroy: func() { Unfollow(r) },
	}
}
