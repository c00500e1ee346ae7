// Package theme holds the look of the window: colour tokens (light, dark), sizes, and a fyne.Theme made of them so that
// a stock popup looks like the rest.
//
// Widgets read Current() (or keep a Role) each time they paint; SetMode changes the variant at run time and repaints
// every window. All functions are for the UI goroutine, Current and Role.Color are safe from any.
package theme

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// Mode says which variant is shown.
type Mode string

// The modes.
const (
	System     Mode = "system" // as the desktop says, light where it says nothing
	ForceLight Mode = "light"
	ForceDark  Mode = "dark"
)

var (
	current atomic.Pointer[Tokens]
	mode    = System
)

func init() { current.Store(&Light) }

// Current returns the tokens in force. The result must not be changed.
func Current() *Tokens { return current.Load() }

// CurrentMode returns the mode last set.
func CurrentMode() Mode { return mode }

// SetMode chooses the variant and repaints every window.
func SetMode(m Mode) {
	mode = m
	app := fyne.CurrentApp()
	if app == nil {
		apply(systemVariant(nil))
		return
	}
	apply(systemVariant(app))
	Repaint()
}

// Repaint has every window lay out and paint all it shows.
func Repaint() {
	if app := fyne.CurrentApp(); app != nil {
		app.Settings().SetTheme(&fyneTheme{}) // a new value: Fyne walks all windows and refreshes them
	}
}

// Install makes this the theme of the application and follows the system's variant.
func Install(app fyne.App) {
	apply(systemVariant(app))
	app.Settings().SetTheme(&fyneTheme{})
	app.Settings().AddListener(func(s fyne.Settings) { apply(s.ThemeVariant()) })
	here.ask()
}

// systemVariant is the variant of the system (light without an application).
func systemVariant(app fyne.App) fyne.ThemeVariant {
	if app == nil {
		return variantLight
	}
	return app.Settings().ThemeVariant()
}

// apply sets the tokens by mode and system variant.
func apply(v fyne.ThemeVariant) {
	next := &Light
	if mode == ForceDark || mode == System && here.wantsDark(v) {
		next = &Dark
	}
	current.Store(next)
}
