package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
)

// footRow has a button at its start, buttons at its end and words between them; where the words would be squeezed they stand in a line above, and
// where even the buttons do not fit, these wrap.
type footRow struct {
	widget.BaseWidget
	first fyne.CanvasObject
	words *kit.Label
	last  []fyne.CanvasObject
}

// Measures of the row.
const (
	footGap   = 8
	footWords = 120 // the least that words are given beside the buttons
)

func newFootRow(first fyne.CanvasObject, words *kit.Label, last ...fyne.CanvasObject) *footRow {
	f := &footRow{first: first, words: words, last: last}
	f.ExtendBaseWidget(f)
	return f
}

func (f *footRow) buttons() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{f.first}, f.last...)
}

// width is that of all buttons behind each other.
func (f *footRow) width() (w float32) {
	for _, o := range f.buttons() {
		w += o.MinSize().Width + footGap
	}
	return w - footGap
}

// beside reports whether words and buttons share a line.
func (f *footRow) beside(width float32) bool { return width-f.width()-2*footGap >= footWords }

// place lays everything out by put and returns the height used.
func (f *footRow) place(width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	height := f.first.MinSize().Height
	if f.beside(width) {
		x := f.first.MinSize().Width + footGap
		end := width - (f.width() - x)
		h := kit.HeightFor(f.words, end-footGap-x)
		all := max(height, h) // two lines are higher than a button
		put(f.first, 0, (all-height)/2, x-footGap, height)
		put(f.words, x, (all-h)/2, end-footGap-x, h)
		for _, o := range f.last {
			w := o.MinSize().Width
			put(o, end, (all-height)/2, w, height)
			end += w + footGap
		}
		return all
	}
	y := float32(0)
	if f.words.Text() != "" {
		y = kit.HeightFor(f.words, width)
		put(f.words, 0, 0, width, y)
		y += footGap / 2
	} else {
		put(f.words, 0, 0, width, 0)
	}
	x := float32(0)
	for i, o := range f.buttons() {
		w := min(o.MinSize().Width, width)
		if x > 0 && x+w > width {
			x, y = 0, y+height+footGap/2
		} else if i == 1 && f.width() <= width { // those of the end stand there
			x = width - (f.width() - f.first.MinSize().Width - footGap)
		}
		put(o, x, y, w, height)
		x += w + footGap
	}
	return y + height
}

// HeightForWidth is the height at a width.
func (f *footRow) HeightForWidth(width float32) float32 {
	return f.place(width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

// CreateRenderer implements fyne.Widget.
func (f *footRow) CreateRenderer() fyne.WidgetRenderer { return footRenderer{f} }

type footRenderer struct{ f *footRow }

func (r footRenderer) Objects() []fyne.CanvasObject { return append(r.f.buttons(), r.f.words) }
func (r footRenderer) Destroy()                     {}
func (r footRenderer) MinSize() fyne.Size {
	m := fyne.Size{}
	for _, o := range r.f.buttons() {
		m = m.Max(o.MinSize())
	}
	return m
}

func (r footRenderer) Layout(s fyne.Size) {
	r.f.place(s.Width, func(o fyne.CanvasObject, x, y, w, h float32) { put(o, s.Width, x, y, w, h) })
}

func (r footRenderer) Refresh() {
	r.Layout(r.f.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
