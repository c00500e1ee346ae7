package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// bannerLayout puts an icon, a text and links in a row; where that leaves the text too little room, the links come below it.
type bannerLayout struct {
	row   hboxLayout
	links flowLayout
}

// Measures of a banner in a narrow window.
const (
	bannerGap  = 10
	bannerText = 200 // the least room for the text beside links
	bannerLink = 14  // before each link
)

func bannerRow(objs ...fyne.CanvasObject) *fyne.Container {
	return container.New(bannerLayout{hboxLayout{gap: bannerGap}, flowLayout{rowGap: 6}}, objs...)
}

// narrow reports whether the links come below the text.
func (l bannerLayout) narrow(objs []fyne.CanvasObject, width float32) bool {
	return len(objs) > 2 && l.row.widths(objs, width)[1] < bannerText && l.row.MinSize(objs).Width-objs[1].MinSize().Width+bannerText > width
}

// split is the width of the text when the links are below it, where it begins, and how high it is.
func (l bannerLayout) split(objs []fyne.CanvasObject, width float32) (x, w, h float32) {
	x = objs[0].MinSize().Width + bannerGap
	w = max(width-x, 1)
	return x, w, max(objs[0].MinSize().Height, HeightFor(objs[1], w))
}

func (l bannerLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	if !l.narrow(objs, s.Width) {
		l.row.Layout(objs, s)
		return
	}
	x, w, h := l.split(objs, s.Width)
	icon := objs[0].MinSize()
	place(objs[0], s.Width, 0, (h-icon.Height)/2, icon.Width, icon.Height)
	place(objs[1], s.Width, x, 0, w, HeightFor(objs[1], w))
	begin := max(0, x-bannerLink) // the words of links stand below those of the text
	l.links.each(objs[2:], s.Width-begin, func(o fyne.CanvasObject, lx, y, lw, lh float32) {
		place(o, s.Width, begin+lx, h+l.links.rowGap+y, lw, lh)
	})
}

// MinSize implements fyne.Layout: no wider than the widest link, because all else goes below each other.
func (l bannerLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := l.row.MinSize(objs)
	if len(objs) > 2 {
		m.Width = max(objs[0].MinSize().Width+bannerGap+objs[1].MinSize().Width, l.links.MinSize(objs[2:]).Width)
	}
	return m
}

func (l bannerLayout) heightForWidth(objs []fyne.CanvasObject, width float32) float32 {
	if !l.narrow(objs, width) {
		return l.row.heightForWidth(objs, width)
	}
	x, _, h := l.split(objs, width)
	return h + l.links.rowGap + l.links.heightForWidth(objs[2:], width-max(0, x-bannerLink))
}
