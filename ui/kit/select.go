package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/theme"
)

// Select is a choice from a list that opens below it.
type Select struct {
	base
	// OnChanged is called when the user chooses another.
	OnChanged func(i int)

	options  []string
	chosen   int
	disabled bool
	plain    bool

	hover, focused bool
	label          *Label
	arrow          *Icon
	bg, ring       *canvas.Rectangle
}

// NewSelect is a choice with nothing chosen.
func NewSelect(options []string, changed func(i int)) *Select {
	s := &Select{options: options, OnChanged: changed, chosen: -1}
	s.label = NewLabel("", Body).Ellipsized()
	s.arrow = NewIcon(icons.ChevronDown, theme.Muted, theme.IconSmall)
	s.bg, s.ring = newBox(theme.Radius), newRing(theme.Radius)
	s.ExtendBaseWidget(s)
	return s
}

// Borderless draws the text and the arrow only (From in the compose window).
func (s *Select) Borderless() *Select { s.plain = true; return s }

// SetOptions replaces the options; the choice is kept by index as far as it exists.
func (s *Select) SetOptions(o []string) {
	s.options = o
	if s.chosen >= len(o) {
		s.chosen = -1
	}
	s.Refresh()
}

// Options are the options.
func (s *Select) Options() []string { return s.options }

// Chosen is the index of the choice, -1 for none.
func (s *Select) Chosen() int { return s.chosen }

// Choose sets the choice without calling OnChanged.
func (s *Select) Choose(i int) {
	if i < len(s.options) {
		s.chosen = max(-1, i)
		s.Refresh()
	}
}

// SetEnabled enables or disables.
func (s *Select) SetEnabled(on bool) { s.disabled = !on; s.Refresh() }

// Disabled reports whether it is disabled.
func (s *Select) Disabled() bool { return s.disabled }

func (s *Select) pick(i int) {
	if i == s.chosen || i < 0 || i >= len(s.options) {
		return
	}
	s.Choose(i)
	if s.OnChanged != nil {
		s.OnChanged(i)
	}
}

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(*fyne.PointEvent) {
	if s.disabled {
		return
	}
	focus(s)
	items := make([]*MenuItem, len(s.options))
	for i, o := range s.options {
		items[i] = &MenuItem{Text: o, Checked: i == s.chosen, begin: i == s.chosen, Do: func() { s.pick(i) }}
	}
	ShowMenuBelow(s, items...)
}

// MouseIn implements desktop.Hoverable.
func (s *Select) MouseIn(*desktop.MouseEvent) { s.hover = true; s.update() }

// MouseMoved implements desktop.Hoverable.
func (s *Select) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Select) MouseOut() { s.hover = false; s.update() }

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() { s.focused = true; s.update(); KeepInView(s) }

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() { s.focused = false; s.update() }

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.Tapped(nil)
	case fyne.KeyDown:
		s.pick(s.chosen + 1)
	case fyne.KeyUp:
		s.pick(s.chosen - 1)
	case fyne.KeyHome:
		s.pick(0)
	case fyne.KeyEnd:
		s.pick(len(s.options) - 1)
	default:
		ForwardKey(s, e)
	}
}

// TypedRune implements fyne.Focusable: a letter goes to the next option that begins with it.
func (s *Select) TypedRune(r rune) {
	for k := 1; k <= len(s.options); k++ {
		i := (max(s.chosen, 0) + k) % len(s.options)
		if initial(s.options[i]) == initial(string(r)) {
			s.pick(i)
			return
		}
	}
}

func (s *Select) update() {
	text, style := "", Body
	if s.chosen >= 0 && s.chosen < len(s.options) {
		text = s.options[s.chosen]
	}
	if s.disabled {
		style = Muted
	}
	s.label.Set(text, style)
	switch {
	case s.plain:
		paint(s.bg, theme.None, theme.None)
	case s.hover && !s.disabled:
		paint(s.bg, theme.BG, theme.Muted)
	default:
		paint(s.bg, theme.BG, theme.Line)
	}
	setRing(s.ring, s.focused)
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	s.update()
	return &renderer{
		objects: fixed(s.bg, s.label, s.arrow, s.ring),
		layout: func(size fyne.Size) {
			s.bg.Resize(size)
			pad, out := float32(12), float32(0)
			if s.plain {
				pad, out = 0, 8 // its text stands at the edge, which the ring is not to cross
			}
			place(s.ring, size.Width, -out, 0, size.Width+2*out, size.Height)
			h := s.label.MinSize().Height
			place(s.label, size.Width, pad, (size.Height-h)/2, max(0, size.Width-pad-32), h)
			place(s.arrow, size.Width, size.Width-10-theme.IconSmall, (size.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		},
		min: func() fyne.Size {
			w := float32(90)
			probe := NewLabel("", Body)
			for _, o := range s.options {
				probe.text = o
				w = max(w, probe.MinSize().Width+46)
			}
			return fyne.NewSize(min(w, 320), theme.Control)
		},
		refresh: func() { s.update() },
	}
}
