package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/ui/kit"
)

// shrinkLayout puts objects behind each other at the width of their texts; when there is no room, the labels give way in
// turn: the second first, then the first.
type shrinkLayout struct {
	gap   float32
	whole []*kit.Label // uncut copies of the two labels, to measure them
	parts []*kit.Label
}

// newShrinkRow makes a row of a name, a text and a sign.
func newShrinkRow(gap float32, name, addr *kit.Label, sign fyne.CanvasObject) *fyne.Container {
	l := &shrinkLayout{gap: gap, parts: []*kit.Label{name, addr}, whole: []*kit.Label{kit.NewLabel("", kit.Strong), kit.NewLabel("", kit.Muted)}}
	return container.New(l, name, addr, sign)
}

// Layout implements fyne.Layout.
func (l *shrinkLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	room := s.Width - objs[2].MinSize().Width - 2*l.gap
	var w [2]float32
	for i, p := range l.parts {
		l.whole[i].SetText(p.Text())
		if !p.Hidden {
			w[i] = l.whole[i].MinSize().Width + 1
		}
	}
	w[0] = min(w[0], room)
	w[1] = min(w[1], max(room-w[0], 0))
	x := float32(0)
	for i, o := range objs {
		m := o.MinSize()
		width := m.Width
		if i < 2 {
			width = w[i]
		}
		if !o.Visible() {
			continue
		}
		put(o, s.Width, x, (s.Height-m.Height)/2, width, m.Height)
		x += width + l.gap
	}
}

// MinSize implements fyne.Layout.
func (l *shrinkLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objs {
		m.Height = max(m.Height, o.MinSize().Height)
	}
	m.Width = 60
	return m
}
