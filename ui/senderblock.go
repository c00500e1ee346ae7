package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
)

// senderBlock is the top of a message: the avatar, the name with a sign, the address, the line about recipients and date, and the
// buttons. The address stands behind the name where there is room for all of it; else it and the line below get lines of their
// own under the buttons. An address that is cut tells nobody where a message came from.
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

// room is what the first line has.
func (b *senderBlock) room(width float32) float32 {
	return width - b.indent() - senderColumnGap - b.buttons.MinSize().Width - senderGap - b.sign.MinSize().Width
}

// narrow reports whether the address needs a line of its own.
func (b *senderBlock) narrow(width float32) bool {
	return b.addr.Visible() && width > 0 && b.name.Natural().Width+1+senderGap+b.addr.Natural().Width+1 > b.room(width)
}

// first is the height of the first line.
func (b *senderBlock) first(narrow bool) float32 {
	h := max(b.name.MinSize().Height, b.sign.MinSize().Height)
	if narrow {
		h = max(h, b.buttons.MinSize().Height)
	}
	return h
}

// texts is the height of all lines.
func (b *senderBlock) texts(narrow bool) float32 {
	h := b.first(narrow) + senderLineGap + b.to.MinSize().Height
	if narrow {
		h += senderLineGap + b.addr.MinSize().Height
	}
	return h
}

// HeightForWidth is the height at a width.
func (b *senderBlock) HeightForWidth(w float32) float32 {
	return max(b.avatar.MinSize().Height, b.texts(b.narrow(w)), b.buttons.MinSize().Height)
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
	narrow := b.narrow(s.Width)
	first, x := b.first(narrow), b.indent()
	middle := func(o fyne.CanvasObject, x, y, w, height float32) {
		h := o.MinSize().Height
		put(o, s.Width, x, y+(height-h)/2, max(w, 0), h)
	}
	y, lines, buttons := (s.Height-b.texts(narrow))/2, s.Width-x, b.buttons.MinSize()
	if narrow {
		y = 0
		middle(b.avatar, 0, 0, b.avatar.MinSize().Width, max(first, b.avatar.MinSize().Height))
		middle(b.buttons, s.Width-buttons.Width, 0, buttons.Width, first)
	} else {
		lines -= senderColumnGap + buttons.Width
		middle(b.avatar, 0, 0, b.avatar.MinSize().Width, s.Height)
		middle(b.buttons, s.Width-buttons.Width, 0, buttons.Width, s.Height)
	}
	name := min(b.name.Natural().Width+1, b.room(s.Width))
	middle(b.name, x, y, name, first)
	behind := x + name + senderGap
	if !narrow && b.addr.Visible() {
		w := b.addr.Natural().Width + 1
		middle(b.addr, behind, y, w, first)
		behind += w + senderGap
	}
	middle(b.sign, behind, y, b.sign.MinSize().Width, first)
	y += first + senderLineGap
	if narrow {
		h := b.addr.MinSize().Height
		put(b.addr, s.Width, x, y, lines, h)
		y += h + senderLineGap
	}
	put(b.to, s.Width, x, y, lines, b.to.MinSize().Height)
}

func (r senderRenderer) Refresh() {
	r.Layout(r.b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
