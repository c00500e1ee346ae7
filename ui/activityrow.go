package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// opRow is a row of the list: what is done, about what, and how it stands.
type opRow struct {
	widget.BaseWidget
	icon                      *kit.Icon
	title, when, about, state *kit.Label
}

const (
	// opRowHeight is the height of a row of three lines.
	opRowHeight = 78
	opRowPad    = 22 // beside it
	opRowText   = 52 // where its words begin
)

func newOpRow() *opRow {
	r := &opRow{icon: kit.NewIcon(icons.Clock, theme.Muted, theme.Icon),
		title: kit.NewLabel("", kit.Strong).Ellipsized(), when: kit.NewLabel("", kit.Meta),
		about: kit.NewLabel("", kit.ListText).Ellipsized(), state: newStateLabel()}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *opRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(opRowLayout{r}, r.icon, r.title, r.when, r.about, r.state))
}

// newStateLabel takes the reason of a failure whole: what a server says is cut somewhere all the same, and the details have the rest.
func newStateLabel() *kit.Label { return kit.NewLabel("", kit.Meta).Lines(10) }

// stateWords are the words of row i that need lines.
func (l *opList) stateWords(i int) string {
	one := l.task(i)
	switch {
	case len(one.aside) > 0:
		return l.asideState(one.aside[0])
	case len(one.lists) > 0:
		return l.listState(one.lists[0])
	case len(one.ops) > 0:
		return l.opState(one.ops[0])
	}
	return ""
}

// opState is how an operation stands, and of which account it is.
func (l *opList) opState(o store.OpenOp) string {
	acc, _ := l.a.main.env.tree.Account(o.Account)
	return lang.Dots(accountWords(acc), opState(o))
}

// reasons remembers how many units the words of rows need beyond one line: many failures have one reason.
type reasons struct {
	label *kit.Label
	width float32
	extra map[string]float32
}

// taller is what row i needs beyond three lines in a list of this width.
func (l *opList) taller(i int, width float32) float32 {
	m := &l.reasons
	if m.label == nil || m.width != width || len(m.extra) > 2*listedOps {
		*m = reasons{newStateLabel(), width, map[string]float32{}}
	}
	words := l.stateWords(i)
	extra, known := m.extra[words]
	if !known {
		m.label.SetText(words)
		extra = max(0, m.label.HeightForWidth(width-opRowText-opRowPad)-m.label.Natural().Height)
		m.extra[words] = extra
	}
	return extra
}

type opRowLayout struct{ r *opRow }

// Layout implements fyne.Layout.
func (l opRowLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	const text = opRowText
	r, end := l.r, s.Width-opRowPad
	put(r.icon, s.Width, opRowPad, rowLine1-theme.Icon/2, theme.Icon, theme.Icon)
	w := r.when.MinSize().Width
	mid(r.when, s.Width, end-w, rowLine1, w)
	mid(r.title, s.Width, text, rowLine1, end-w-rowGap-text)
	mid(r.about, s.Width, text, rowLine2, end-text)
	line := r.state.Natural().Height
	put(r.state, s.Width, text, rowLine3-line/2, max(0, end-text), max(line, kit.HeightFor(r.state, end-text)))
}

// MinSize implements fyne.Layout.
func (opRowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, opRowHeight) }
