package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
)

// senderBlock is the top of a message: the avatar, the name with a sign, the address, the line about recipients and date, and the
// buttons. The address stands behind the name where there is room for all of it; else it and the line below get lines of their
// own under the buttons, and where even the name has no room beside these, they come last. A name or an address that is cut tells nobody where a
// message came from.
type senderBlock struct {
	widget.BaseWidget
	avatar, sign, to, buttons fyne.CanvasObject
	name, addr                *kit.Label
}

// The gaps between the columns, between the parts of the first line, and between the lines.
const (
	senderColumnGap = 12
	senderGap       = 5
	senderLineGap   = 1
)

func newSenderBlock(avatar fyne.CanvasObject, name, addr *kit.Label, sign, to, buttons fyne.CanvasObject) *senderBlock {
	b := &senderBlock{avatar: avatar, name: name, addr: addr, sign: sign, to: to, buttons: buttons}
	b.ExtendBaseWidget(b)
	return b
}

// indent is where the texts begin.
func (b *senderBlock) indent() float32 { return b.avatar.MinSize().Width + senderColumnGap }

// beside is what the first line has next to the buttons.
func (b *senderBlock) beside(width float32) float32 {
	return width - b.indent() - senderColumnGap - b.buttons.MinSize().Width - senderGap - b.sign.MinSize().Width
}

// senderForm says where things stand.
type senderForm uint8

const (
	senderWide   senderForm = iota // the address behind the name
	senderNarrow                   // the address below it
	senderTight                    // the buttons below everything, so that the name is whole
)

func (b *senderBlock) form(width float32) senderForm {
	name := b.name.Natural().Width + 1
	switch {
	case width <= 0:
		return senderWide
	case name > b.beside(width):
		return senderTight
	case b.addr.Visible() && name+senderGap+b.addr.Natural().Width+1 > b.beside(width):
		return senderNarrow
	}
	return senderWide
}

// lines is the width of the lines below the first.
func (b *senderBlock) lines(f senderForm, width float32) float32 {
	if f == senderWide {
		return width - b.indent() - senderColumnGap - b.buttons.MinSize().Width
	}
	return width - b.indent()
}

// first is the height of the first line.
func (b *senderBlock) first(f senderForm) float32 {
	h := max(b.name.MinSize().Height, b.sign.MinSize().Height)
	if f == senderNarrow {
		h = max(h, b.buttons.MinSize().Height)
	}
	return h
}

// texts is the height of all lines at a width.
func (b *senderBlock) texts(f senderForm, width float32) float32 {
	h := b.first(f) + senderLineGap + kit.HeightFor(b.to, b.lines(f, width))
	if f != senderWide && b.addr.Visible() {
		h += senderLineGap + kit.HeightFor(b.addr, b.lines(f, width))
	}
	return h
}

// HeightForWidth is the height at a width.
func (b *senderBlock) HeightForWidth(w float32) float32 {
	f := b.form(w)
	if f == senderTight {
		return max(b.avatar.MinSize().Height, b.texts(f, w)) + senderLineGap + b.buttons.MinSize().Height
	}
	return max(b.avatar.MinSize().Height, b.texts(f, w), b.buttons.MinSize().Height)
}

// CreateRenderer implements fyne.Widget.
func (b *senderBlock) CreateRenderer() fyne.WidgetRenderer { return senderRenderer{b} }

type senderRenderer struct{ b *senderBlock }

func (r senderRenderer) Destroy() {}

func (r senderRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60, r.b.HeightForWidth(r.b.Size().Width))
}

func (r senderRenderer) Objects() []fyne.CanvasObject {
	b := r.b
	return []fyne.CanvasObject{b.avatar, b.name, b.addr, b.sign, b.to, b.buttons}
}

func (r senderRenderer) Layout(s fyne.Size) {
	b := r.b
	f := b.form(s.Width)
	first, x, lines := b.first(f), b.indent(), b.lines(f, s.Width)
	middle := func(o fyne.CanvasObject, x, y, w, height float32) {
		h := o.MinSize().Height
		put(o, s.Width, x, y+(height-h)/2, max(w, 0), h)
	}
	y, avatar, buttons := float32(0), b.avatar.MinSize(), b.buttons.MinSize()
	room := b.beside(s.Width)
	switch f {
	case senderWide:
		y = (s.Height - b.texts(f, s.Width)) / 2
		middle(b.avatar, 0, 0, avatar.Width, s.Height)
		middle(b.buttons, s.Width-buttons.Width, 0, buttons.Width, s.Height)
	case senderNarrow:
		middle(b.avatar, 0, 0, avatar.Width, max(first, avatar.Height))
		middle(b.buttons, s.Width-buttons.Width, 0, buttons.Width, first)
	case senderTight:
		room = lines - senderGap - b.sign.MinSize().Width
		put(b.avatar, s.Width, 0, 0, avatar.Width, avatar.Height)
		put(b.buttons, s.Width, s.Width-buttons.Width, s.Height-buttons.Height, buttons.Width, buttons.Height)
	}
	name := min(b.name.Natural().Width+1, room)
	middle(b.name, x, y, name, first)
	behind := x + name + senderGap
	if f == senderWide && b.addr.Visible() {
		w := b.addr.Natural().Width + 1
		put(b.addr, s.Width, behind, y+(first-b.addr.Natural().Height)/2, w, b.addr.Natural().Height)
		behind += w + senderGap
	}
	middle(b.sign, behind, y, b.sign.MinSize().Width, first)
	y += first + senderLineGap
	if f != senderWide && b.addr.Visible() {
		h := kit.HeightFor(b.addr, lines)
		put(b.addr, s.Width, x, y, lines, h)
		y += h + senderLineGap
	}
	put(b.to, s.Width, x, y, lines, kit.HeightFor(b.to, lines))
}

func (r senderRenderer) Refresh() {
	r.Layout(r.b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
