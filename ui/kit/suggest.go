package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/theme"
)

const mutedTint = theme.Muted

// Suggestion is one line of a completion popup.
type Suggestion struct {
	Text   string // shown first
	Detail string // shown muted
	Value  any
}

const (
	suggestRow = 34
	suggestMax = 8
)

// completion is the list of suggestions below an entry; the keyboard stays with the entry.
type completion struct {
	base
	entry  *Entry
	items  []Suggestion
	cursor int // the one that Enter takes; -1: none was chosen yet
	layer  *fyne.Container
	box    *Surface
	rows   []fyne.CanvasObject
	bar    *Surface
}

// suggest asks for completions after a change of the text.
func (e *Entry) suggest() {
	if e.Suggest == nil {
		return
	}
	e.showSuggestions(e.Suggest(e.m.paras[0].text[:e.m.caret.o]))
}

// ShowSuggestions shows completions that came later than Suggest returned.
func (e *Entry) ShowSuggestions(items []Suggestion) {
	if e.focused {
		e.showSuggestions(items)
	}
}

func (e *Entry) showSuggestions(items []Suggestion) {
	e.closeSuggestions()
	layer := layerOf(e.self)
	if len(items) == 0 || layer == nil || !e.focused {
		return
	}
	c := &completion{entry: e, items: items[:min(len(items), suggestMax)], layer: layer, box: newPopup(nil)}
	if e.Offers != nil && e.Offers(e.Text()) {
		c.cursor = -1
	}
	c.bar = newSurface(theme.Chip, theme.None, 6, nil)
	for _, it := range c.items {
		c.rows = append(c.rows, PadXY(10, 0, HBox(10, NewLabel(it.Text, Body.Weighted(Medium)), Grow(NewLabel(it.Detail, Meta.OnTint(true)).Ellipsized()))))
	}
	c.ExtendBaseWidget(c)
	e.completion = c
	at, size := absolute(e.self), e.Size()
	pos := at.AddXY(0, size.Height+4)
	want := fyne.NewSize(max(size.Width, 320), float32(len(c.items))*suggestRow+12)
	float(layer, c.box, pos, want)
	float(layer, c, pos, want)
}

// closeSuggestions takes the list away.
func (e *Entry) closeSuggestions() {
	if c := e.completion; c != nil {
		e.completion = nil
		unfloat(c.layer, c)
		unfloat(c.layer, c.box)
	}
}

// key handles a key while the list is open.
func (c *completion) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyDown:
		c.move(c.cursor + 1)
	case fyne.KeyUp:
		c.move(max(c.cursor, 0) - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.cursor < 0 { // what was typed is meant
			c.entry.closeSuggestions()
			return false
		}
		c.take(c.cursor)
	case fyne.KeyTab:
		c.take(max(c.cursor, 0))
	case fyne.KeyEscape:
		c.entry.closeSuggestions()
	default:
		return false
	}
	return true
}

func (c *completion) move(i int) {
	c.cursor = (i + len(c.items)) % len(c.items)
	c.Refresh()
}

func (c *completion) take(i int) {
	e := c.entry
	e.closeSuggestions()
	if i >= 0 && i < len(c.items) && e.OnSuggestion != nil {
		e.OnSuggestion(c.items[i])
	}
}

func (c *completion) at(p fyne.Position) int {
	return max(0, min(int((p.Y-6)/suggestRow), len(c.items)-1))
}

// MouseDown implements desktop.Mouseable: before the click takes the keyboard from the entry and closes the list.
func (c *completion) MouseDown(e *desktop.MouseEvent) { c.take(c.at(e.Position)) }

// MouseUp implements desktop.Mouseable.
func (c *completion) MouseUp(*desktop.MouseEvent) {}

// MouseIn implements desktop.Hoverable.
func (c *completion) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (c *completion) MouseMoved(e *desktop.MouseEvent) {
	if i := c.at(e.Position); i != c.cursor {
		c.move(i)
	}
}

// MouseOut implements desktop.Hoverable.
func (c *completion) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (c *completion) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		for i, r := range c.rows {
			y := 6 + float32(i)*suggestRow
			place(r, s.Width, 6, y, s.Width-12, suggestRow)
			if i == c.cursor {
				place(c.bar, s.Width, 6, y, s.Width-12, suggestRow)
			}
		}
	}
	return &renderer{
		objects: fixed(append([]fyne.CanvasObject{c.bar}, c.rows...)...),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(320, suggestRow) },
		refresh: func() { layout(c.Size()); c.bar.Refresh(); redraw(c) },
	}
}
