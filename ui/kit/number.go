package kit

import (
	"strconv"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
)

// NumberField is an entry for a whole number within limits; it takes Persian and Arabic digits too, Up and Down change it. Whoever
// uses its number asks Valid before.
type NumberField struct {
	Entry
	// OnNumber is called when the user makes another valid number.
	OnNumber func(n int)

	min, max, value int
	localized       bool
	digits          int // shown at least
}

// NewNumberField is a field for min to max; localized shows the digits of the language (days, minutes), otherwise 0-9
// (ports).
func NewNumberField(min, max int, localized bool, changed func(n int)) *NumberField {
	n := &NumberField{OnNumber: changed, min: min, max: max, value: min, localized: localized}
	n.setup(n)
	n.goalWidth = 64
	if !localized {
		n.shape.dir = DirLTR
	}
	n.OnChanged = func(s string) {
		v, ok := n.parse(s)
		n.SetError(!ok)
		if ok && v != n.value {
			n.value = v
			n.told()
		}
	}
	n.OnKey = n.stepKey
	n.OnFocus = func(gained bool) {
		if !gained && n.Valid() {
			n.show() // an invalid text stays, with its red border: the last valid number is not what was asked for
		}
	}
	n.show()
	return n
}

// Number is the last valid number.
func (n *NumberField) Number() int { return n.value }

// Digits shows at least so many digits (minutes).
func (n *NumberField) Digits(d int) *NumberField {
	n.digits = d
	n.show()
	return n
}

// SetNumber sets the number, within the limits, without calling OnNumber.
func (n *NumberField) SetNumber(v int) {
	n.value = max(n.min, min(v, n.max))
	n.show()
}

// Valid reports whether the text is a number within the limits.
func (n *NumberField) Valid() bool {
	_, ok := n.parse(n.Text())
	return ok
}

func (n *NumberField) parse(s string) (int, bool) {
	v, err := lang.ParseInt(s)
	return v, err == nil && v >= n.min && v <= n.max
}

func (n *NumberField) show() {
	s := strconv.Itoa(n.value)
	for len(s) < n.digits {
		s = "0" + s
	}
	if n.localized {
		s = lang.Digits(s)
	}
	n.SetText(s)
	n.SetError(false)
}

func (n *NumberField) told() {
	if n.OnNumber != nil {
		n.OnNumber(n.value)
	}
}

// stepKey changes the number by Up and Down.
func (n *NumberField) stepKey(e *fyne.KeyEvent) bool {
	by := 0
	switch e.Name {
	case fyne.KeyUp:
		by = 1
	case fyne.KeyDown:
		by = -1
	default:
		return false
	}
	if v := n.value + by; v >= n.min && v <= n.max && !n.disabled {
		n.SetNumber(v)
		n.told()
	}
	return true
}
