package theme

import (
	"os"
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// desktop is what is known of the look that the desktop wishes.
//
// On free desktops Fyne asks the settings portal in the background and says "dark" until it was answered, which is for ever
// where there is no portal. So its "dark" counts only once the desktop was heard: by our own question, or because Fyne has
// said "light" before, which it does only when told.
type desktop struct {
	always bool        // Fyne knows at once: other platforms, or FYNE_THEME is set
	dark   atomic.Bool // our own question was answered with "dark"
	light  atomic.Bool // Fyne has said "light"
}

var here = desktop{always: !asksPortal || os.Getenv("FYNE_THEME") != ""}

// wantsDark reports whether the desktop wishes a dark window, v being what Fyne says.
func (d *desktop) wantsDark(v fyne.ThemeVariant) bool {
	if v == variantLight {
		d.light.Store(true)
		return false
	}
	return v == variantDark && (d.always || d.light.Load() || d.dark.Load())
}

// ask asks the desktop in the background; the windows follow once it answers.
func (d *desktop) ask() {
	if d.always {
		return
	}
	go func() { // ends by itself: the question has a deadline
		if !portalDark() {
			return
		}
		d.dark.Store(true)
		fyne.Do(func() {
			apply(systemVariant(fyne.CurrentApp()))
			Repaint()
		})
	}()
}
