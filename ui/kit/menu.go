package kit

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
)

// MenuItem is a line of a menu.
type MenuItem struct {
	Text     string
	Icon     icons.Name
	Shortcut string // shown at the trailing side: "Ctrl+R"
	Do       func()
	Disabled bool
	Checked  bool
	Danger   bool
	Sub      []*MenuItem
	line     bool
}

// Item is a menu line with an action.
func Item(text string, icon icons.Name, do func()) *MenuItem {
	return &MenuItem{Text: text, Icon: icon, Do: do}
}

// MenuLine separates groups of a menu.
func MenuLine() *MenuItem { return &MenuItem{line: true} }

// With sets the shortcut shown.
func (m *MenuItem) With(shortcut string) *MenuItem { m.Shortcut = shortcut; return m }

// ShowMenu opens a menu at an absolute position; it takes the keyboard until it closes.
func ShowMenu(c fyne.Canvas, pos fyne.Position, items ...*MenuItem) {}

// ShowMenuBelow opens a menu below an object (a button), aligned with its leading side.
func ShowMenuBelow(o fyne.CanvasObject, items ...*MenuItem) {}
