package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

const (
	menuPad  = 6
	menuRow  = 32
	menuLine = 9
)

// menuPanel is one level of an open menu.
type menuPanel struct {
	base
	menu   *openMenu
	parent *menuPanel
	items  []*MenuItem
	cursor int      // -1: none
	box    *Surface // lies below the panel: the panel clips, and would clip the shadow
	rows   []*menuRowView
	bar    *canvas.Rectangle // behind the row with the cursor
	offset float32
}

// menuRowView holds what is drawn of one item.
type menuRowView struct {
	icon        *Icon
	text, short *Label
	arrow       *Icon
	line        fyne.CanvasObject
}

func newMenuPanel(m *openMenu, items []*MenuItem, parent *menuPanel) *menuPanel {
	p := &menuPanel{menu: m, items: items, parent: parent, box: newPopup(nil), bar: newBox(6)}
	for _, it := range items {
		r := &menuRowView{}
		if it.line {
			r.line = NewSurface(theme.Line, nil)
			p.rows = append(p.rows, r)
			continue
		}
		fg, meta := theme.FG, theme.MutedTint
		if it.Danger {
			fg = theme.Danger
		}
		if it.Disabled {
			fg = theme.Muted // what cannot be chosen may be faint
		}
		pic, tint := it.Icon, fg
		if it.Checked {
			pic, tint = icons.Check, theme.Accent
		}
		r.icon = NewIcon(pic, tint, theme.IconSmall)
		r.text = NewLabel(it.Text, Style{Size: theme.TextBody, Weight: Regular, Color: fg})
		r.short = NewLabel(it.Shortcut, Style{Size: theme.TextMeta, Weight: Regular, Color: meta}).Directed(DirLTR)
		if len(it.Sub) > 0 {
			r.arrow = NewIcon(icons.ChevronRight, theme.Muted, theme.IconSmall)
		}
		p.rows = append(p.rows, r)
	}
	p.cursor = slices.IndexFunc(items, func(it *MenuItem) bool { return it.begin })
	p.ExtendBaseWidget(p)
	return p
}

// rowTop is where row i begins, the offset of scrolling included.
func (p *menuPanel) rowTop(i int) float32 {
	y := float32(menuPad) - p.offset
	for _, it := range p.items[:i] {
		y += rowHeightOf(it)
	}
	return y
}

func rowHeightOf(it *MenuItem) float32 {
	if it.line {
		return menuLine
	}
	return menuRow
}

// rowAt is the item at a height, -1 for none.
func (p *menuPanel) rowAt(y float32) int {
	top := float32(menuPad) - p.offset
	for i, it := range p.items {
		h := rowHeightOf(it)
		if y >= top && y < top+h {
			return i
		}
		top += h
	}
	return -1
}

func (p *menuPanel) setCursor(i int) {
	if i == p.cursor {
		return
	}
	p.cursor = i
	if i >= 0 {
		top, h := p.rowTop(i), rowHeightOf(p.items[i])
		if top < menuPad {
			p.offset = max(0, p.offset-(menuPad-top))
		} else if over := top + h + menuPad - p.Size().Height; over > 0 {
			p.offset += over
		}
	}
	p.Refresh()
}

// step moves the cursor over usable items, around the ends.
func (p *menuPanel) step(by int) {
	n := len(p.items)
	i := p.cursor
	if i < 0 && by < 0 {
		i = 0
	}
	for range n {
		i = (i + by + n) % n
		if p.items[i].usable() {
			p.setCursor(i)
			return
		}
	}
}

// act does item i: opens its sub-menu or runs it.
func (p *menuPanel) act(i int) {
	if i < 0 || !p.items[i].usable() {
		return
	}
	if len(p.items[i].Sub) > 0 {
		p.menu.openSub(p, i)
		last := p.menu.panels[len(p.menu.panels)-1]
		last.step(1)
		return
	}
	p.menu.run(p.items[i])
}

// FocusGained implements fyne.Focusable.
func (p *menuPanel) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (p *menuPanel) FocusLost() {}

// AcceptsTab implements fyne.Tabbable: Tab stays in the menu.
func (p *menuPanel) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable.
func (p *menuPanel) TypedKey(e *fyne.KeyEvent) {
	into, back := fyne.KeyRight, fyne.KeyLeft
	if lang.RTL() {
		into, back = back, into
	}
	switch e.Name {
	case fyne.KeyDown, fyne.KeyTab:
		p.step(1)
	case fyne.KeyUp:
		p.step(-1)
	case fyne.KeyHome:
		p.cursor = -1
		p.step(1)
	case fyne.KeyEnd:
		p.cursor = 0
		p.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.act(p.cursor)
	case into:
		if p.cursor >= 0 && len(p.items[p.cursor].Sub) > 0 {
			p.act(p.cursor)
		}
	case back:
		if p.parent != nil {
			p.menu.cut(p.parent)
		}
	case fyne.KeyEscape:
		if p.parent != nil {
			p.menu.cut(p.parent)
		} else {
			p.menu.close()
		}
	}
}

// TypedRune implements fyne.Focusable: the first letter goes to the next item that begins with it.
func (p *menuPanel) TypedRune(r rune) {
	for k := 1; k <= len(p.items); k++ {
		i := (max(p.cursor, 0) + k) % len(p.items)
		if it := p.items[i]; it.usable() && it.Text != "" && initial(it.Text) == initial(string(r)) {
			p.setCursor(i)
			return
		}
	}
}

// MouseIn implements desktop.Hoverable.
func (p *menuPanel) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (p *menuPanel) MouseMoved(e *desktop.MouseEvent) {
	i := p.rowAt(e.Position.Y)
	if i >= 0 && !p.items[i].usable() {
		i = -1
	}
	if i == p.cursor {
		return
	}
	p.setCursor(i)
	if i < 0 {
		return
	}
	if len(p.items[i].Sub) > 0 {
		p.menu.later(func() {
			if p.cursor == i {
				p.menu.openSub(p, i)
			}
		})
	} else if p.menu.panels[len(p.menu.panels)-1] != p {
		p.menu.later(func() { p.menu.cut(p) })
	}
}

// MouseOut implements desktop.Hoverable.
func (p *menuPanel) MouseOut() {
	if p.menu.panels[len(p.menu.panels)-1] == p {
		p.setCursor(-1)
	}
}

// Tapped implements fyne.Tappable.
func (p *menuPanel) Tapped(e *fyne.PointEvent) { p.act(p.rowAt(e.Position.Y)) }

// TappedSecondary implements fyne.SecondaryTappable.
func (p *menuPanel) TappedSecondary(e *fyne.PointEvent) { p.Tapped(e) }

// Scrolled implements fyne.Scrollable (also clips the rows).
func (p *menuPanel) Scrolled(e *fyne.ScrollEvent) {
	p.offset = max(0, min(p.offset-e.Scrolled.DY*wheel, p.MinSize().Height-p.Size().Height))
	p.Refresh()
}

func (p *menuPanel) layout(s fyne.Size) {
	y := float32(menuPad) - p.offset
	p.bar.Hidden = true
	for i, r := range p.rows {
		h := rowHeightOf(p.items[i])
		if r.line != nil {
			place(r.line, s.Width, menuPad, y+h/2, s.Width-2*menuPad, 1)
			y += h
			continue
		}
		if i == p.cursor {
			p.bar.Hidden = false
			place(p.bar, s.Width, menuPad, y, s.Width-2*menuPad, h)
		}
		place(r.icon, s.Width, menuPad+10, y+(h-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		m, k := r.text.MinSize(), r.short.MinSize()
		place(r.text, s.Width, menuPad+36, y+(h-m.Height)/2, m.Width, m.Height)
		place(r.short, s.Width, s.Width-menuPad-10-k.Width, y+(h-k.Height)/2, k.Width, k.Height)
		if r.arrow != nil {
			place(r.arrow, s.Width, s.Width-menuPad-8-theme.IconSmall, y+(h-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		}
		y += h
	}
}

// CreateRenderer implements fyne.Widget.
func (p *menuPanel) CreateRenderer() fyne.WidgetRenderer {
	objs := []fyne.CanvasObject{p.bar}
	for _, r := range p.rows {
		if r.line != nil {
			objs = append(objs, r.line)
			continue
		}
		objs = append(objs, r.icon, r.text, r.short)
		if r.arrow != nil {
			objs = append(objs, r.arrow)
		}
	}
	paint(p.bar, theme.Chip, theme.None)
	return &renderer{
		objects: fixed(objs...),
		layout:  p.layout,
		min: func() fyne.Size {
			w, h := float32(180), float32(2*menuPad)
			for i, r := range p.rows {
				h += rowHeightOf(p.items[i])
				if r.line != nil {
					continue
				}
				row := r.text.MinSize().Width + 36 + 2*menuPad + 12
				if p.items[i].Shortcut != "" {
					row += 28 + r.short.MinSize().Width
				}
				if r.arrow != nil {
					row += 28
				}
				w = max(w, row)
			}
			return fyne.NewSize(w, h)
		},
		refresh: func() {
			paint(p.bar, theme.Chip, theme.None)
			p.layout(p.Size())
			p.bar.Refresh()
			redraw(p)
		},
	}
}
