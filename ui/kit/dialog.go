package kit

import (
	"fyne.io/fyne/v2"
)

// DialogButton is a button of a dialog.
type DialogButton struct {
	Text string
	Kind ButtonKind
	// Do is called after the dialog closed. With Stay it is called while the dialog stays.
	Do   func()
	Stay bool
}

// Dialog is a box over the window: title, text, content, buttons. The last button is the main one (Enter); Escape closes.
type Dialog struct {
	Title   string
	Text    string
	Content fyne.CanvasObject
	Buttons []DialogButton
	Width   float32 // 420 when 0
	// OnClose is called after the dialog closed by whatever way.
	OnClose func()
	// Focus takes the keyboard first; nil: the main button.
	Focus fyne.Focusable

	canvas fyne.Canvas
}

// Show opens the dialog over a window.
func (d *Dialog) Show(w fyne.Window) { d.canvas = w.Canvas() }

// Close closes it.
func (d *Dialog) Close() {}

// Confirm asks a question with Cancel and one other answer.
func Confirm(w fyne.Window, title, text, ok string, danger bool, do func()) *Dialog {
	d := &Dialog{Title: title, Text: text}
	d.Show(w)
	return d
}

// Inform shows a text with a Close button.
func Inform(w fyne.Window, title, text string) *Dialog {
	d := &Dialog{Title: title, Text: text}
	d.Show(w)
	return d
}
