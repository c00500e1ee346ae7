package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/theme"
)

// Check is a box to tick with a text.
type Check struct {
	base
	// OnChanged is called when the user changes it.
	OnChanged func(on bool)

	on, disabled, radio bool
	hover, focused      bool
	label               *Label
	box, ring           *canvas.Rectangle
	tick                *Icon
	dot                 *canvas.Circle
	group               *RadioGroup
}

// NewCheck is an unticked box; changed may be nil.
func NewCheck(text string, changed func(on bool)) *Check {
	c := &Check{OnChanged: changed}
	c.init(text)
	return c
}

func (c *Check) init(text string) {
	c.label = NewLabel(text, Body).Wrapped()
	c.box, c.ring = newBox(5), newRing(theme.Radius)
	c.tick = NewIcon(icons.Check, theme.OnAccent, 14)
	c.dot = canvas.NewCircle(nil)
	c.ExtendBaseWidget(c)
}

// On reports whether it is ticked.
func (c *Check) On() bool { return c.on }

// Set ticks or unticks without calling OnChanged.
func (c *Check) Set(on bool) { c.on = on; c.Refresh() }

// SetText changes the text.
func (c *Check) SetText(s string) { c.label.SetText(s) }

// SetEnabled enables or disables.
func (c *Check) SetEnabled(on bool) { c.disabled = !on; c.Refresh() }

// Tapped implements fyne.Tappable.
func (c *Check) Tapped(*fyne.PointEvent) {
	if c.disabled || c.radio && c.on {
		return
	}
	c.on = !c.on
	c.update()
	if c.group != nil {
		c.group.chosen(c)
	}
	if c.OnChanged != nil {
		c.OnChanged(c.on)
	}
}

// MouseIn implements desktop.Hoverable.
func (c *Check) MouseIn(*desktop.MouseEvent) { c.hover = true; c.update() }

// MouseMoved implements desktop.Hoverable.
func (c *Check) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Check) MouseOut() { c.hover = false; c.update() }

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() { c.focused = true; c.update(); KeepInView(c) }

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() { c.focused = false; c.update() }

// Focus gives it the keyboard.
func (c *Check) Focus() { focus(c) }

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeySpace:
		c.Tapped(nil)
	case c.group != nil && (e.Name == fyne.KeyUp || e.Name == fyne.KeyLeft):
		c.group.step(c, -1)
	case c.group != nil && (e.Name == fyne.KeyDown || e.Name == fyne.KeyRight):
		c.group.step(c, 1)
	default:
		ForwardKey(c, e)
	}
}

// TypedRune implements fyne.Focusable.
func (c *Check) TypedRune(rune) {}

func (c *Check) update() {
	fill, stroke := theme.BG, theme.Muted
	if c.on {
		fill, stroke = theme.Accent, theme.None
	} else if c.hover && !c.disabled {
		stroke = theme.Accent
	}
	style := Body
	if c.disabled {
		style = Muted
		if c.on {
			fill, stroke = theme.Muted, theme.None
		} else {
			stroke = theme.Line
		}
	}
	c.label.SetStyle(style)
	paint(c.box, fill, stroke)
	c.tick.Hidden = !c.on || c.radio
	c.tick.Refresh()
	c.dot.Hidden = !c.on || !c.radio
	c.dot.FillColor = theme.Current().OnAccent
	c.dot.Refresh()
	setRing(c.ring, c.focused)
}

const (
	checkBox = 17
	checkGap = 9
)

// HeightForWidth is the height of the wrapped text.
func (c *Check) HeightForWidth(w float32) float32 {
	return max(checkBox+4, HeightFor(c.label, w-checkBox-checkGap))
}

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	if c.radio {
		c.box.CornerRadius = checkBox / 2.0
	}
	c.update()
	return &renderer{
		objects: fixed(c.ring, c.box, c.tick, c.dot, c.label),
		layout: func(s fyne.Size) {
			line := min(s.Height, c.label.Natural().Height)
			y := (line - checkBox) / 2
			if s.Height < checkBox+5 {
				y = (s.Height - checkBox) / 2
			}
			place(c.box, s.Width, 0, y, checkBox, checkBox)
			place(c.tick, s.Width, 1.5, y+1.5, 14, 14)
			place(c.dot, s.Width, 5.5, y+5.5, 6, 6)
			place(c.ring, s.Width, -3, y-3, checkBox+6, checkBox+6)
			w := max(0, s.Width-checkBox-checkGap)
			h := HeightFor(c.label, w)
			place(c.label, s.Width, checkBox+checkGap, max(0, (s.Height-h)/2), w, h)
		},
		min: func() fyne.Size {
			m := c.label.Natural()
			return fyne.NewSize(m.Width+checkBox+checkGap, max(checkBox+4, m.Height))
		},
		refresh: c.update,
	}
}

// RadioGroup is one choice of several, below each other.
type RadioGroup struct {
	// OnChanged is called when the user chooses another.
	OnChanged func(i int)
	checks    []*Check
}

// NewRadioGroup makes a group; Box lays it out, or its Options are placed one by one.
func NewRadioGroup(texts []string, changed func(i int)) *RadioGroup {
	g := &RadioGroup{OnChanged: changed}
	for _, t := range texts {
		c := &Check{radio: true, group: g}
		c.init(t)
		g.checks = append(g.checks, c)
	}
	return g
}

// Option is the i-th choice as an object to place.
func (g *RadioGroup) Option(i int) *Check { return g.checks[i] }

// Box is the group below each other.
func (g *RadioGroup) Box() *fyne.Container {
	box := VBox(8)
	for _, c := range g.checks {
		box.Add(c)
	}
	return box
}

// Chosen is the index of the choice, -1 for none.
func (g *RadioGroup) Chosen() int {
	for i, c := range g.checks {
		if c.on {
			return i
		}
	}
	return -1
}

// Choose sets the choice without calling OnChanged.
func (g *RadioGroup) Choose(i int) {
	for j, c := range g.checks {
		c.Set(i == j)
	}
}

func (g *RadioGroup) chosen(c *Check) {
	for i, o := range g.checks {
		if o == c {
			g.Choose(i)
			if g.OnChanged != nil {
				g.OnChanged(i)
			}
		}
	}
}

func (g *RadioGroup) step(c *Check, by int) {
	for i, o := range g.checks {
		if o == c && i+by >= 0 && i+by < len(g.checks) {
			focus(g.checks[i+by])
			g.checks[i+by].Tapped(nil)
			return
		}
	}
}
