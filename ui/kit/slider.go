package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Slider chooses one of a row of values.
type Slider struct {
	widget.BaseWidget
	// OnChanged is called when the user moves it.
	OnChanged             func(v float64)
	min, max, step, value float64
}

// NewSlider goes from min to max in steps.
func NewSlider(min, max, step float64, changed func(v float64)) *Slider {
	s := &Slider{min: min, max: max, step: step, value: min, OnChanged: changed}
	s.ExtendBaseWidget(s)
	return s
}

// Value is the value.
func (s *Slider) Value() float64 { return s.value }

// Set sets the value without calling OnChanged.
func (s *Slider) Set(v float64) { s.value = v; s.Refresh() }

// SetEnabled enables or disables.
func (s *Slider) SetEnabled(on bool) {}

// CreateRenderer implements fyne.Widget.
func (s *Slider) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Fixed(220, 24, nil))
}
