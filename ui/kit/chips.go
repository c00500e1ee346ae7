package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Chip is a pill: a filter to switch (All, Unread, Starred), a recipient to remove, or a tag to look at.
type Chip struct {
	base
	// OnTapped is called for a tap; nil makes a chip to look at.
	OnTapped func()
	// OnRemove shows a cross and is called for it, Delete and Backspace.
	OnRemove func()
	// OnMenu is called for a secondary tap; pos is absolute.
	OnMenu func(pos fyne.Position)
	// OnDrop lets the chip be dragged, and is called where it is dropped; at is absolute.
	OnDrop func(at fyne.Position)

	drag    *chipDrag
	text    string
	tip     string
	on      bool
	height  float32
	color   theme.Role
	fill    theme.Role
	hover   bool
	focused bool

	label    *Label
	cross    *Icon
	bg, ring *canvas.Rectangle
}

func newChip(text string, height float32, color theme.Role) *Chip {
	c := &Chip{text: text, height: height, color: color, fill: theme.Chip}
	c.label = NewLabel(text, Style{Size: theme.TextMeta, Weight: SemiBold, Color: color})
	c.cross = NewIcon(icons.X, theme.MutedTint, 14)
	c.bg, c.ring = newBox(height/2), newRing(height/2)
	c.ExtendBaseWidget(c)
	return c
}

// NewToggleChip is a filter pill.
func NewToggleChip(text string, tapped func()) *Chip {
	c := newChip(text, 24, theme.MutedTint)
	c.OnTapped = tapped
	return c
}

// NewRecipientChip is an address in a recipient field.
func NewRecipientChip(text string, remove func()) *Chip {
	c := newChip(text, 27, theme.FG)
	c.OnRemove = remove
	return c
}

// NewPill is a tag to look at, in one of the roles.
func NewPill(text string, color theme.Role) *Chip {
	c := newChip(text, 20, color)
	c.label.SetStyle(Style{Size: theme.TextSmall, Weight: SemiBold, Color: color})
	return c
}

// Tip sets the tooltip.
func (c *Chip) Tip(s string) *Chip { c.tip = s; return c }

// Text is the text.
func (c *Chip) Text() string { return c.text }

// SetText changes the text.
func (c *Chip) SetText(s string) { c.text = s; c.Refresh() }

// On reports whether a filter is switched on.
func (c *Chip) On() bool { return c.on }

// Set switches a filter without calling OnTapped.
func (c *Chip) Set(on bool) {
	if c.on != on {
		c.on = on
		c.Refresh()
	}
}

// SetWarning draws the chip in the colours of a warning (an address that cannot be right).
func (c *Chip) SetWarning(on bool) {
	c.fill, c.color = theme.Chip, theme.FG
	if on {
		c.fill, c.color = theme.WarningBG, theme.WarningFG
	}
	c.Refresh()
}

// SetError draws the chip in the colour of an error (what is no address at all).
func (c *Chip) SetError() {
	c.color = theme.Danger
	c.Refresh()
}

// Tapped implements fyne.Tappable.
func (c *Chip) Tapped(e *fyne.PointEvent) {
	if c.OnRemove != nil && e != nil {
		x := e.Position.X
		if lang.RTL() {
			x = c.Size().Width - x
		}
		if x > c.Size().Width-26 {
			c.OnRemove()
			return
		}
	}
	if c.OnTapped != nil {
		c.OnTapped()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (c *Chip) TappedSecondary(e *fyne.PointEvent) {
	if c.OnMenu != nil {
		c.OnMenu(e.AbsolutePosition)
	}
}

// MouseIn implements desktop.Hoverable.
func (c *Chip) MouseIn(*desktop.MouseEvent) {
	c.hover = true
	c.update()
	showTipLater(c, c.tip)
}

// MouseMoved implements desktop.Hoverable.
func (c *Chip) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Chip) MouseOut() {
	c.hover = false
	c.update()
	hideTip(c)
}

// FocusGained implements fyne.Focusable.
func (c *Chip) FocusGained() { c.focused = true; c.update(); KeepInView(c) }

// FocusLost implements fyne.Focusable.
func (c *Chip) FocusLost() { c.focused = false; c.update() }

// TypedKey implements fyne.Focusable.
func (c *Chip) TypedKey(e *fyne.KeyEvent) {
	switch {
	case c.OnRemove != nil && (e.Name == fyne.KeyDelete || e.Name == fyne.KeyBackspace):
		c.OnRemove()
	case c.OnTapped != nil && (e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter):
		c.OnTapped()
	default:
		ForwardKey(c, e)
	}
}

// TypedRune implements fyne.Focusable.
func (c *Chip) TypedRune(rune) {}

func (c *Chip) update() {
	fill, color := c.fill, c.color
	if c.on {
		fill, color = theme.AccentBG, theme.Accent
	}
	s := c.label.style
	s.Color = color
	c.label.Set(c.text, s)
	paint(c.bg, fill, theme.None)
	if c.hover && (c.OnTapped != nil || c.OnRemove != nil) {
		c.bg.FillColor = blend(fill.Color(), theme.Current().Hover)
		c.bg.Refresh()
	}
	c.cross.Hidden = c.OnRemove == nil
	c.cross.Refresh()
	setRing(c.ring, c.focused)
}

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	c.update()
	pad := c.height * 0.4
	return &renderer{
		objects: fixed(c.bg, c.label, c.cross, c.ring),
		layout: func(s fyne.Size) {
			c.bg.Resize(s)
			c.ring.Resize(s)
			m := c.label.MinSize()
			place(c.label, s.Width, pad, (s.Height-m.Height)/2, m.Width, m.Height)
			place(c.cross, s.Width, s.Width-pad-12, (s.Height-14)/2, 14, 14)
		},
		min: func() fyne.Size {
			w := c.label.MinSize().Width + 2*pad
			if c.OnRemove != nil {
				w += 16
			}
			return fyne.NewSize(w, c.height)
		},
		refresh: c.update,
	}
}
