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

// OptionCard is a large choice with icon, title and a sentence (IMAP, POP3 in the wizard).
type OptionCard struct {
	base
	OnTapped func()

	others                 []*OptionCard // all of which one is chosen, itself among them
	chosen, hover, focused bool
	body                   *fyne.Container
	bg, ring               *canvas.Rectangle
}

// NewOptionCard is a card that is not chosen.
func NewOptionCard(icon icons.Name, title, text string, tapped func()) *OptionCard {
	c := &OptionCard{OnTapped: tapped, bg: newBox(theme.RadiusCard), ring: newRing(theme.RadiusCard)}
	c.body = Inset(19, HBoxTop(14, NewIcon(icon, theme.FG, 22),
		Grow(VBox(3, NewLabel(title, Strong), NewLabel(text, Style{Size: 13, Weight: Regular, Color: theme.MutedTint}).Wrapped()))))
	c.ExtendBaseWidget(c)
	return c
}

// Choose draws the card as chosen or not.
func (c *OptionCard) Choose(on bool) { c.chosen = on; c.Refresh() }

// Chosen reports whether the card is chosen.
func (c *OptionCard) Chosen() bool { return c.chosen }

// HeightForWidth is the height of the content.
func (c *OptionCard) HeightForWidth(w float32) float32 { return HeightFor(c.body, w) }

// Tapped implements fyne.Tappable.
func (c *OptionCard) Tapped(*fyne.PointEvent) {
	if c.OnTapped != nil {
		c.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (c *OptionCard) MouseIn(*desktop.MouseEvent) { c.hover = true; c.update() }

// MouseMoved implements desktop.Hoverable.
func (c *OptionCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *OptionCard) MouseOut() { c.hover = false; c.update() }

// FocusGained implements fyne.Focusable.
func (c *OptionCard) FocusGained() { c.focused = true; c.update(); KeepInView(c) }

// FocusLost implements fyne.Focusable.
func (c *OptionCard) FocusLost() { c.focused = false; c.update() }

// TypedKey implements fyne.Focusable.
func (c *OptionCard) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		c.Tapped(nil)
	case fyne.KeyLeft, fyne.KeyUp:
		c.step(e, -1)
	case fyne.KeyRight, fyne.KeyDown:
		c.step(e, 1)
	default:
		ForwardKey(c, e)
	}
}

// OptionCards makes cards that stand beside each other one choice: arrows go from one to the next and choose it.
func OptionCards(cards ...*OptionCard) {
	for _, c := range cards {
		c.others = cards
	}
}

// step goes to the card before or behind this one; the arrows to the sides go as the window runs.
func (c *OptionCard) step(e *fyne.KeyEvent, by int) {
	if lang.RTL() && (e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight) {
		by = -by
	}
	i := slices.Index(c.others, c) + by
	if len(c.others) == 0 || i < 0 || i >= len(c.others) {
		return
	}
	focus(c.others[i])
	c.others[i].Tapped(nil)
}

// TypedRune implements fyne.Focusable.
func (c *OptionCard) TypedRune(rune) {}

func (c *OptionCard) update() {
	switch {
	case c.chosen:
		paint(c.bg, theme.AccentBG, theme.Accent)
	case c.hover:
		paint(c.bg, theme.BG, theme.Muted)
	default:
		paint(c.bg, theme.BG, theme.Line)
	}
	setRing(c.ring, c.focused)
}

// optionLeast is the width below which a card would be a column of single words.
const optionLeast = 210

// CreateRenderer implements fyne.Widget.
func (c *OptionCard) CreateRenderer() fyne.WidgetRenderer {
	c.update()
	return &renderer{
		objects: fixed(c.bg, c.body, c.ring),
		layout: func(s fyne.Size) {
			c.bg.Resize(s)
			c.body.Resize(s)
			c.ring.Resize(s)
		},
		min:     func() fyne.Size { return c.body.MinSize().Max(fyne.NewSize(optionLeast, 0)) },
		refresh: func() { c.update(); c.body.Refresh() },
	}
}
