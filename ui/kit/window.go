package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// SetContent makes o the content of a window, with the layer over it in which tooltips, toasts and completions appear.
// Every window of the program uses it instead of SetContent of Fyne.
func SetContent(w fyne.Window, o fyne.CanvasObject) { w.SetContent(o) }

// ShowToast shows words at the bottom of a window for a while, with at most one action (Undo). Another toast replaces it.
func ShowToast(w fyne.Window, text string, d time.Duration, action ...Action) {}

// HideToast takes the toast away.
func HideToast(w fyne.Window) {}
