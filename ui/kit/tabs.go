package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Tabs is a row of titles, the one chosen underlined, over one page.
type Tabs struct {
	base
	// OnChanged is called when the user chooses another page.
	OnChanged func(i int)

	tabs   []*tab
	pages  []fyne.CanvasObject
	chosen int
	row    *fyne.Container
	head   fyne.CanvasObject
}

const tabHeight = 42

// NewTabs is an empty row of tabs.
func NewTabs() *Tabs {
	t := &Tabs{row: HBox(4)}
	t.head = VBox(0, Fixed(0, tabHeight, PadXY(22, 0, t.row)), HLine())
	t.ExtendBaseWidget(t)
	return t
}

// Add adds a page; the first one is shown.
func (t *Tabs) Add(title string, page fyne.CanvasObject) {
	i := len(t.tabs)
	b := newTab(t, i, title)
	t.tabs, t.pages = append(t.tabs, b), append(t.pages, page)
	t.row.Add(b)
	page.Hide()
	t.Choose(t.chosen)
}

// Choose shows page i without calling OnChanged.
func (t *Tabs) Choose(i int) {
	if i < 0 || i >= len(t.tabs) {
		return
	}
	t.chosen = i
	for j, p := range t.pages {
		if j == i {
			p.Show()
		} else {
			p.Hide()
		}
		t.tabs[j].update()
	}
	t.Refresh()
}

// Chosen is the page shown.
func (t *Tabs) Chosen() int { return t.chosen }

// SetMark shows or hides a dot beside a title: something on that page needs attention.
func (t *Tabs) SetMark(i int, on bool) {
	if i >= 0 && i < len(t.tabs) {
		t.tabs[i].mark = on
		t.tabs[i].update()
	}
}

func (t *Tabs) pick(i int) {
	if i == t.chosen || i < 0 || i >= len(t.tabs) {
		return
	}
	t.Choose(i)
	if t.OnChanged != nil {
		t.OnChanged(i)
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: func() []fyne.CanvasObject { return append([]fyne.CanvasObject{t.head}, t.pages...) },
		layout: func(s fyne.Size) {
			place(t.head, s.Width, 0, 0, s.Width, tabHeight+1)
			for _, p := range t.pages {
				place(p, s.Width, 0, tabHeight+1, s.Width, max(0, s.Height-tabHeight-1))
			}
		},
		min: func() fyne.Size {
			m := t.head.MinSize()
			for _, p := range t.pages {
				c := p.MinSize()
				m = fyne.NewSize(max(m.Width, c.Width), max(m.Height, c.Height+tabHeight+1))
			}
			return m
		},
		refresh: func() {
			t.head.Refresh()
			for i, p := range t.pages {
				if i == t.chosen {
					p.Refresh()
				}
			}
		},
	}
}

// tab is one title.
type tab struct {
	base
	tabs           *Tabs
	i              int
	title          string
	mark           bool
	hover, focused bool
	label          *Label
	line           *Surface
}

func newTab(t *Tabs, i int, title string) *tab {
	b := &tab{tabs: t, i: i, title: title, label: NewLabel(title, Muted), line: NewSurface(theme.Accent, nil)}
	b.ExtendBaseWidget(b)
	return b
}

func (b *tab) update() {
	style := Muted.Weighted(Medium)
	chosen := b.tabs.chosen == b.i
	switch {
	case chosen:
		style = Body.Weighted(SemiBold).With(theme.Accent)
	case b.hover:
		style = Body.Weighted(Medium)
	}
	title := b.title
	if b.mark {
		title += " •"
	}
	b.label.Set(title, style)
	b.line.Hidden = !chosen && !b.focused
	b.line.SetFill(theme.Accent)
	if b.focused && !chosen {
		b.line.SetFill(theme.Muted)
	}
	b.line.Refresh()
	redraw(b)
}

// Tapped implements fyne.Tappable.
func (b *tab) Tapped(*fyne.PointEvent) { focus(b); b.tabs.pick(b.i) }

// MouseIn implements desktop.Hoverable.
func (b *tab) MouseIn(*desktop.MouseEvent) { b.hover = true; b.update() }

// MouseMoved implements desktop.Hoverable.
func (b *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *tab) MouseOut() { b.hover = false; b.update() }

// FocusGained implements fyne.Focusable.
func (b *tab) FocusGained() { b.focused = true; b.update() }

// FocusLost implements fyne.Focusable.
func (b *tab) FocusLost() { b.focused = false; b.update() }

// TypedRune implements fyne.Focusable.
func (b *tab) TypedRune(r rune) { ForwardRune(b, r) }

// TypedKey implements fyne.Focusable: arrows go to the neighbours.
func (b *tab) TypedKey(e *fyne.KeyEvent) {
	next, prev := fyne.KeyRight, fyne.KeyLeft
	if lang.RTL() {
		next, prev = prev, next
	}
	to := b.i
	switch e.Name {
	case next:
		to++
	case prev:
		to--
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.tabs.pick(b.i)
		return
	default:
		ForwardKey(b, e)
		return
	}
	if to >= 0 && to < len(b.tabs.tabs) {
		focus(b.tabs.tabs[to])
		b.tabs.pick(to)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *tab) CreateRenderer() fyne.WidgetRenderer {
	b.update()
	return &renderer{
		objects: fixed(b.label, b.line),
		layout: func(s fyne.Size) {
			m := b.label.MinSize()
			place(b.label, s.Width, (s.Width-m.Width)/2, (s.Height-m.Height)/2, m.Width, m.Height)
			place(b.line, s.Width, 0, s.Height-1, s.Width, 2)
		},
		min: func() fyne.Size {
			probe := NewLabel(b.title, Body.Weighted(SemiBold))
			return fyne.NewSize(probe.MinSize().Width+28, tabHeight)
		},
		refresh: b.update,
	}
}
