package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// rowUnfold is what a tap on the count of a conversation asks for.
const rowUnfold = "unfold"

// The measures of a count.
const (
	foldHeight  = 18
	foldChevron = 12
)

// rowFold is the pill with the number of messages of a conversation; a tap unfolds them.
type rowFold struct {
	widget.BaseWidget
	tap     func()
	back    *canvas.Rectangle
	chevron *kit.Icon
	count   *kit.Label
}

func newRowFold(tap func()) *rowFold {
	f := &rowFold{tap: tap, back: canvas.NewRectangle(nil), chevron: kit.NewIcon(icons.ChevronRight, theme.MutedTint, foldChevron), count: kit.NewLabel("", kit.Section.OnTint(true))}
	f.back.CornerRadius = foldHeight / 2
	f.ExtendBaseWidget(f)
	f.Hide()
	return f
}

// set shows a number.
func (f *rowFold) set(n int, unfolded bool) {
	f.back.FillColor = theme.Current().Chip
	f.count.SetText(lang.Digits(strconv.Itoa(n)))
	f.chevron.Set(pick(unfolded, icons.ChevronDown, icons.ChevronRight), theme.MutedTint)
}

// Tapped implements fyne.Tappable.
func (f *rowFold) Tapped(*fyne.PointEvent) { f.tap() }

// Cursor implements desktop.Cursorable.
func (f *rowFold) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (f *rowFold) CreateRenderer() fyne.WidgetRenderer { return &foldRenderer{f} }

type foldRenderer struct{ f *rowFold }

func (r *foldRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.f.back, r.f.chevron, r.f.count}
}
func (r *foldRenderer) Destroy() {}
func (r *foldRenderer) MinSize() fyne.Size {
	return fyne.NewSize(foldChevron+r.f.count.Natural().Width+12, foldHeight)
}
func (r *foldRenderer) Refresh() {
	r.Layout(r.f.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *foldRenderer) Layout(s fyne.Size) {
	r.f.back.Resize(s)
	put(r.f.chevron, s.Width, 4, (s.Height-foldChevron)/2, foldChevron, foldChevron)
	mid(r.f.count, s.Width, 4+foldChevron+1, s.Height/2, s.Width-foldChevron-9)
}
