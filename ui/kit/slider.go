package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Slider chooses one of a row of values.
type Slider struct {
	base
	// OnChanged is called when the user moves it.
	OnChanged func(v float64)

	min, max, step, value float64
	disabled              bool
	hover, focused        bool
	back, bar             *canvas.Rectangle
	knob                  *canvas.Circle
	ring                  *canvas.Rectangle
}

const sliderKnob = 14

// NewSlider goes from min to max in steps.
func NewSlider(min, max, step float64, changed func(v float64)) *Slider {
	s := &Slider{min: min, max: max, step: step, value: min, OnChanged: changed}
	s.back, s.bar, s.knob, s.ring = newBox(2), newBox(2), canvas.NewCircle(nil), newRing(theme.Radius)
	s.ExtendBaseWidget(s)
	return s
}

// Value is the value.
func (s *Slider) Value() float64 { return s.value }

// Set sets the value without calling OnChanged.
func (s *Slider) Set(v float64) { s.value = s.snap(v); s.Refresh() }

// SetEnabled enables or disables.
func (s *Slider) SetEnabled(on bool) { s.disabled = !on; s.Refresh() }

func (s *Slider) snap(v float64) float64 {
	if s.step > 0 {
		v = s.min + math.Round((v-s.min)/s.step)*s.step
	}
	return math.Max(s.min, math.Min(s.max, v))
}

func (s *Slider) change(v float64) {
	v = s.snap(v)
	if s.disabled || v == s.value {
		return
	}
	s.value = v
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(v)
	}
}

// at sets the value by the pointer.
func (s *Slider) at(x float32) {
	if lang.RTL() {
		x = s.Size().Width - x
	}
	s.change(s.min + float64((x-sliderKnob/2)/max(1, s.Size().Width-sliderKnob))*(s.max-s.min))
}

// Tapped implements fyne.Tappable.
func (s *Slider) Tapped(e *fyne.PointEvent) { focus(s); s.at(e.Position.X) }

// Dragged implements fyne.Draggable.
func (s *Slider) Dragged(e *fyne.DragEvent) { s.at(e.Position.X) }

// DragEnd implements fyne.Draggable.
func (s *Slider) DragEnd() {}

// MouseIn implements desktop.Hoverable.
func (s *Slider) MouseIn(*desktop.MouseEvent) { s.hover = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *Slider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Slider) MouseOut() { s.hover = false; s.Refresh() }

// FocusGained implements fyne.Focusable.
func (s *Slider) FocusGained() { s.focused = true; s.Refresh(); KeepInView(s) }

// FocusLost implements fyne.Focusable.
func (s *Slider) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *Slider) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	up, down := fyne.KeyRight, fyne.KeyLeft
	if lang.RTL() {
		up, down = down, up
	}
	switch e.Name {
	case up, fyne.KeyUp:
		s.change(s.value + s.step)
	case down, fyne.KeyDown:
		s.change(s.value - s.step)
	case fyne.KeyPageUp:
		s.change(s.value + 10*s.step)
	case fyne.KeyPageDown:
		s.change(s.value - 10*s.step)
	case fyne.KeyHome:
		s.change(s.min)
	case fyne.KeyEnd:
		s.change(s.max)
	default:
		ForwardKey(s, e)
	}
}

func (s *Slider) layout(size fyne.Size) {
	share := float32(0)
	if s.max > s.min {
		share = float32((s.value - s.min) / (s.max - s.min))
	}
	y := size.Height / 2
	x := share * (size.Width - sliderKnob)
	place(s.back, size.Width, 0, y-2, size.Width, 4)
	place(s.bar, size.Width, 0, y-2, x+sliderKnob/2, 4)
	place(s.knob, size.Width, x, y-sliderKnob/2, sliderKnob, sliderKnob)
	place(s.ring, size.Width, x-4, y-sliderKnob/2-4, sliderKnob+8, sliderKnob+8)
}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		bar := theme.Accent
		if s.disabled {
			bar = theme.Muted
		}
		paint(s.back, theme.Line, theme.None)
		paint(s.bar, bar, theme.None)
		s.knob.FillColor = bar.Color()
		s.knob.Hidden = !s.hover && !s.focused || s.disabled
		s.knob.Refresh()
		s.ring.CornerRadius = sliderKnob/2 + 4
		setRing(s.ring, s.focused)
	}
	update()
	return &renderer{
		objects: fixed(s.back, s.bar, s.knob, s.ring),
		layout:  s.layout,
		min:     func() fyne.Size { return fyne.NewSize(120, 22) },
		refresh: func() { update(); s.layout(s.Size()) },
	}
}
