package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Tabs is a row of titles, the one chosen underlined, over one page.
type Tabs struct {
	widget.BaseWidget
	// OnChanged is called when the user chooses another page.
	OnChanged func(i int)
	titles    []string
	pages     []fyne.CanvasObject
	chosen    int
}

// NewTabs is an empty row of tabs.
func NewTabs() *Tabs {
	t := &Tabs{}
	t.ExtendBaseWidget(t)
	return t
}

// Add adds a page.
func (t *Tabs) Add(title string, page fyne.CanvasObject) {
	t.titles, t.pages = append(t.titles, title), append(t.pages, page)
}

// Choose shows page i without calling OnChanged.
func (t *Tabs) Choose(i int) { t.chosen = i; t.Refresh() }

// Chosen is the page shown.
func (t *Tabs) Chosen() int { return t.chosen }

// CreateRenderer implements fyne.Widget.
func (t *Tabs) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Stack(t.pages...))
}
