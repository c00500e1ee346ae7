package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
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
	t := &Tabs{row: container.New(tabsLayout{})}
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

// tabsLayout puts titles beside each other. Where there is no room for all of them the longest are shortened.
type tabsLayout struct{}

const (
	tabGap   = 4
	tabLeast = 48
)

// Layout implements fyne.Layout.
func (tabsLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	most := widest(objs, s.Width)
	x := float32(0)
	for _, o := range objs {
		w := min(o.(*tab).natural(), most)
		place(o, s.Width, x, 0, w, s.Height)
		x += w + tabGap
	}
}

// widest is what the widest title may take for all to have room.
func widest(objs []fyne.CanvasObject, width float32) float32 {
	var ws []float32
	for _, o := range objs {
		ws = append(ws, o.(*tab).natural())
	}
	slices.Sort(ws)
	room := width - tabGap*float32(len(ws)-1)
	for i, w := range ws { // the shorter ones keep what they need
		if left := float32(len(ws) - i); w*left > room {
			return max(tabLeast, room/left)
		}
		room -= w
	}
	return width
}

// MinSize implements fyne.Layout.
func (tabsLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(len(objs))*(tabLeast+tabGap), tabHeight)
}

// tab is one title.
type tab struct {
	base
	tabs           *Tabs
	i              int
	title          string
	mark           bool
	hover, focused bool
	clicked        bool // the pointer gave it the keyboard: the eye is there
	label          *Label
	line           *Surface
	ring           *canvas.Rectangle
}

func newTab(t *Tabs, i int, title string) *tab {
	b := &tab{tabs: t, i: i, title: title, label: NewLabel(title, Muted).Ellipsized(), line: NewSurface(theme.Accent, nil), ring: newRing(theme.Radius)}
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
	b.layout(b.Size()) // the title has another width
	b.line.Hidden = !chosen
	b.line.SetFill(theme.Accent)
	b.line.Refresh()
	setRing(b.ring, b.focused && !b.clicked)
	redraw(b)
}

// Tapped implements fyne.Tappable.
func (b *tab) Tapped(*fyne.PointEvent) {
	b.clicked = true
	focus(b)
	b.update()
	b.tabs.pick(b.i)
}

// MouseIn implements desktop.Hoverable.
func (b *tab) MouseIn(*desktop.MouseEvent) { b.hover = true; b.update() }

// MouseMoved implements desktop.Hoverable.
func (b *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *tab) MouseOut() { b.hover = false; b.update() }

// FocusGained implements fyne.Focusable.
func (b *tab) FocusGained() { b.focused = true; b.update() }

// FocusLost implements fyne.Focusable.
func (b *tab) FocusLost() { b.focused, b.clicked = false, false; b.update() }

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
		objects: fixed(b.label, b.line, b.ring),
		layout:  b.layout,
		min:     func() fyne.Size { return fyne.NewSize(tabLeast, tabHeight) },
		refresh: b.update,
	}
}

func (b *tab) layout(s fyne.Size) {
	h, w := b.label.MinSize().Height, min(b.label.Natural().Width+1, s.Width-8)
	place(b.label, s.Width, (s.Width-w)/2, (s.Height-h)/2, w, h)
	place(b.line, s.Width, 0, s.Height-1, s.Width, 2)
	place(b.ring, s.Width, 2, 6, s.Width-4, s.Height-12)
}

// natural is the width for the whole title, also when it is the one chosen.
func (b *tab) natural() float32 {
	return NewLabel(b.title, Body.Weighted(SemiBold)).MinSize().Width + 28
}
