package kit

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// treeRow draws one node of a Tree.
type treeRow struct {
	base
	node               flatNode
	arrow, icon, alert *Icon
	sign               *Icon
	text, count        *Label
}

// treeNarrow is the width below which a row gives up some of its space for the name.
const treeNarrow = 190

func newTreeRow() *treeRow {
	r := &treeRow{
		arrow: NewIcon("", theme.Muted, 10), icon: NewIcon("", theme.Muted, theme.Icon),
		alert: NewIcon(icons.TriangleAlert, theme.WarningFG, 14),
		sign:  NewIcon("", theme.Muted, 14),
		text:  NewLabel("", Body).Ellipsized(), count: NewLabel("", Meta),
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *treeRow) show(n flatNode, s RowState) {
	r.node = n
	tint, style := theme.Muted, Body
	countStyle := Meta.Weighted(Medium)
	switch {
	case n.Header:
		style = Section.Sized(11.5)
	case s.Selected:
		tint = theme.Accent
		style = Strong.With(theme.Accent)
		countStyle = countStyle.With(theme.Accent).Weighted(SemiBold)
	case n.Strong:
		style = Body.Weighted(SemiBold)
	case n.Muted:
		style = Muted
	}
	r.text.Set(n.Text, style)
	r.icon.Set(n.Icon, tint)
	r.arrow.Hidden = len(n.Children) == 0 || n.Header
	if n.open {
		r.arrow.Set(icons.ChevronDown, tint)
	} else {
		r.arrow.Set(icons.ChevronRight, tint)
	}
	r.alert.Hidden = n.Warn == ""
	r.sign.Hidden = n.Sign == ""
	r.sign.Set(n.Sign, tint)
	r.count.Hidden = n.Count <= 0
	if n.Count > 0 {
		r.count.Set(lang.Num(n.Count), countStyle)
	}
	r.layout(r.Size())
}

func (r *treeRow) layout(s fyne.Size) {
	if r.node.TreeNode == nil {
		return
	}
	lead, gap, trail := float32(10), float32(27), float32(10)
	if s.Width < treeNarrow {
		lead, gap, trail = 9, 24, 6
	}
	x, mid := lead, s.Height/2
	if r.node.Header {
		mid = s.Height - 13
	} else {
		x += float32(r.node.depth) * treeIndent
		place(r.arrow, s.Width, x-11, mid-5, 10, 10)
		place(r.icon, s.Width, x, mid-theme.Icon/2, theme.Icon, theme.Icon)
		x += gap
	}
	end := s.Width - trail
	if !r.count.Hidden {
		m := r.count.MinSize()
		end -= m.Width
		place(r.count, s.Width, end, mid-m.Height/2, m.Width, m.Height)
		end -= trail
	}
	for _, i := range []*Icon{r.sign, r.alert} {
		if !i.Hidden {
			end -= 14
			place(i, s.Width, end, mid-7, 14, 14)
			end -= 6
		}
	}
	h := r.text.MinSize().Height
	place(r.text, s.Width, x, mid-h/2, max(0, end-x), h)
}

// CreateRenderer implements fyne.Widget.
func (r *treeRow) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(r.arrow, r.icon, r.text, r.sign, r.alert, r.count),
		layout:  r.layout,
		min:     func() fyne.Size { return fyne.NewSize(60, theme.FolderRowHeight) },
		refresh: func() {
			for _, o := range []fyne.CanvasObject{r.arrow, r.icon, r.text, r.sign, r.alert, r.count} {
				o.Refresh()
			}
			r.layout(r.Size())
		},
	}
}
