package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// The measures of the pill that says where a message lies.
const (
	placeHeight = 18
	placePad    = 8
	placeWidest = 120
	placeName   = 96 // what a name gets before a pill
)

// rowPlace is the name of a message's folder as a pill, in lists that hold messages of many folders.
type rowPlace struct {
	widget.BaseWidget
	back *canvas.Rectangle
	name *kit.Label
}

func newRowPlace() *rowPlace {
	p := &rowPlace{back: canvas.NewRectangle(nil), name: kit.NewLabel("", kit.Section.OnTint(true)).Ellipsized()}
	p.back.CornerRadius = placeHeight / 2
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// set shows the name of a folder, "" for none.
func (p *rowPlace) set(name string) {
	p.Hidden = name == ""
	p.back.FillColor = theme.Current().Chip
	p.name.SetText(name)
}

// width is how wide the pill is; 0 when there is none.
func (p *rowPlace) width() float32 {
	if p.Hidden {
		return 0
	}
	return min(p.name.Natural().Width+2*placePad, placeWidest)
}

// CreateRenderer implements fyne.Widget.
func (p *rowPlace) CreateRenderer() fyne.WidgetRenderer { return &placeRenderer{p} }

type placeRenderer struct{ p *rowPlace }

func (r *placeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.back, r.p.name}
}
func (r *placeRenderer) Destroy()           {}
func (r *placeRenderer) MinSize() fyne.Size { return fyne.NewSize(r.p.width(), placeHeight) }
func (r *placeRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *placeRenderer) Layout(s fyne.Size) {
	r.p.back.Resize(s)
	mid(r.p.name, s.Width, placePad, s.Height/2, s.Width-2*placePad)
}

// layoutPlace puts the pill before end, and returns where it begins. It leaves room for the name of the sender from the given place on.
func (m *messageRow) layoutPlace(s fyne.Size, from, end, y float32) float32 {
	name := min(m.who.Natural().Width, placeName)
	w := min(m.place.width(), end-rowGap-from-rowGap-name)
	if w < 3*placePad {
		put(m.place, s.Width, end, y-placeHeight/2, 0, 0)
		return end
	}
	put(m.place, s.Width, end-w-rowGap, y-placeHeight/2, w, placeHeight)
	return end - w - rowGap
}

// placeOf is the name of the folder that a row of a search lies in, or a message of an unfolded conversation that is not in the
// folder listed; "" for others.
func (p *listPane) placeOf(r mail.Row) string {
	found := p.place.Kind == model.PlaceSearch && !p.env.prefs.Compact
	if !found && r.Nested != mail.NestedElsewhere {
		return ""
	}
	f, ok := p.env.tree.Folder(r.Folder)
	if !ok {
		return ""
	}
	return folderTitle(f)
}
