package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/ui/uitest"
)

// TestShortcutsOnAButtonOfADialog stay in the dialog. (The canvas of tests knows no shortcuts, so what reaches the window
// without a dialog cannot be seen here.)
func TestShortcutsOnAButtonOfADialog(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	SetContent(w, NewButton(Plain, "text", "", nil))
	got := 0
	d := &Dialog{Title: "title", Buttons: []DialogButton{{Text: "ok"}}, OnShortcut: func(fyne.Shortcut) { got++ }}
	d.Show(w)
	f, ok := w.Canvas().Focused().(fyne.Shortcutable)
	if !ok {
		t.Fatal("a button lets shortcuts through to the window below")
	}
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyL, Modifier: fyne.KeyModifierShortcutDefault})
	if got != 1 {
		t.Errorf("the dialog got %d", got)
	}
}
