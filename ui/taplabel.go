package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/kit"
	"peyk/ui/theme"
)

// tapLabel is a line of text that gives way where there is no room, and does something when it is tapped.
type tapLabel struct {
	widget.BaseWidget
	tap   func()
	hover func(in bool) // may be nil
	style kit.Style
	label *kit.Label
}

func newTapLabel(style kit.Style, tap func()) *tapLabel {
	t := &tapLabel{tap: tap, style: style, label: kit.NewLabel("", style).Ellipsized()}
	t.ExtendBaseWidget(t)
	return t
}

// Lines lets the text have up to n lines.
func (t *tapLabel) Lines(n int) *tapLabel { t.label.Lines(n); return t }

// HeightForWidth is the height at a width.
func (t *tapLabel) HeightForWidth(w float32) float32 { return t.label.HeightForWidth(w) }

// SetText changes the text.
func (t *tapLabel) SetText(s string) { t.label.SetText(s) }

// Text is what it says.
func (t *tapLabel) Text() string { return t.label.Text() }

// Tapped implements fyne.Tappable.
func (t *tapLabel) Tapped(*fyne.PointEvent) { t.tap() }

// Cursor implements desktop.Cursorable.
func (t *tapLabel) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (t *tapLabel) MouseIn(*desktop.MouseEvent) {
	t.label.SetStyle(t.style.With(theme.FG))
	if t.hover != nil {
		t.hover(true)
	}
}

// MouseMoved implements desktop.Hoverable.
func (t *tapLabel) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tapLabel) MouseOut() {
	t.label.SetStyle(t.style)
	if t.hover != nil {
		t.hover(false)
	}
}

// FocusGained implements fyne.Focusable.
func (t *tapLabel) FocusGained() {
	t.label.SetStyle(t.style.With(theme.Accent))
	kit.KeepInView(t)
}

// FocusLost implements fyne.Focusable.
func (t *tapLabel) FocusLost() { t.label.SetStyle(t.style) }

// TypedRune implements fyne.Focusable.
func (t *tapLabel) TypedRune(r rune) { kit.ForwardRune(t, r) }

// TypedKey implements fyne.Focusable.
func (t *tapLabel) TypedKey(e *fyne.KeyEvent) {
	if presses(e) {
		t.tap()
		return
	}
	kit.ForwardKey(t, e)
}

// CreateRenderer implements fyne.Widget.
func (t *tapLabel) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.label) }
