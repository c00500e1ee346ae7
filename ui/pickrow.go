package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/theme"
)

// pickRow is a line of a choice: icon, name, and a remark at the end.
type pickRow struct {
	widget.BaseWidget
	icon *kit.Icon
	name *kit.Label
	note *kit.Label
}

func newPickRow() *pickRow {
	r := &pickRow{
		icon: kit.NewIcon("", theme.Muted, theme.Icon),
		name: kit.NewLabel("", kit.Body).Ellipsized(), note: kit.NewLabel("", kit.Small).Aligned(kit.AlignEnd).Ellipsized(),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *pickRow) bind(icon icons.Name, name, note string, s kit.RowState) {
	tint, style := theme.Muted, kit.Body
	if s.Selected {
		tint, style = theme.Accent, kit.Strong.With(theme.Accent)
	}
	r.icon.Set(icon, tint)
	r.name.Set(name, style)
	r.note.Set(note, kit.Small.OnTint(s.Selected || s.Hovered))
	r.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (r *pickRow) CreateRenderer() fyne.WidgetRenderer { return pickRenderer{r} }

type pickRenderer struct{ r *pickRow }

func (p pickRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{p.r.icon, p.r.name, p.r.note}
}
func (p pickRenderer) Destroy()           {}
func (p pickRenderer) MinSize() fyne.Size { return fyne.NewSize(120, theme.FolderRowHeight) }
func (p pickRenderer) Layout(s fyne.Size) {
	r := p.r
	put(r.icon, s.Width, 10, (s.Height-theme.Icon)/2, theme.Icon, theme.Icon)
	end := s.Width - 12
	if r.note.Text() != "" {
		w := min(170, s.Width*0.4)
		mid(r.note, s.Width, end-w, s.Height/2, w)
		end -= w + 8
	}
	mid(r.name, s.Width, 38, s.Height/2, end-38)
}

func (p pickRenderer) Refresh() {
	p.Layout(p.r.Size())
	for _, o := range p.Objects() {
		o.Refresh()
	}
}
