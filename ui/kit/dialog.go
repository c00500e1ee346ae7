package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/lang"
)

// DialogButton is a button of a dialog.
type DialogButton struct {
	Text string
	Kind ButtonKind
	// Do is called after the dialog closed. With Stay it is called while the dialog stays.
	Do   func()
	Stay bool
}

// Dialog is a box over the window: title, text, content, buttons. The last button is the main one (Enter), but where that
// one destroys something Enter is for the first; Escape closes. What is above the buttons scrolls where the window is small.
type Dialog struct {
	Title   string
	Text    string
	Content fyne.CanvasObject
	Buttons []DialogButton
	Width   float32 // 420 when 0
	Height  float32 // what the content needs when 0
	// OnClose is called after the dialog closed by whatever way.
	OnClose func()
	// OnShortcut sees shortcuts that nothing in the dialog uses itself.
	OnShortcut func(s fyne.Shortcut)
	// Focus takes the keyboard first; nil: the button for Enter.
	Focus fyne.Focusable

	over    *overlay
	buttons []*Button
}

// Show opens the dialog over a window.
func (d *Dialog) Show(w fyne.Window) {
	body, row := d.body(), d.row()
	body = Pad(dialogEdge, dialogEdge, dialogGap, dialogEdge, body) // within the Scroll, which would cut off the rings of the keyboard
	foot := Pad(0, dialogEdge, dialogEdge, dialogEdge, row)
	box := newPopup(newCatcher(Border(nil, foot, nil, nil, NewScroll(body))))
	d.over = newOverlay(w.Canvas(), box, func(all fyne.Size) {
		width := d.Width
		if width == 0 {
			width = 420
		}
		width = min(width, all.Width-32)
		height := max(d.Height, HeightFor(body, width)+HeightFor(foot, width))
		height = min(height, all.Height-32)
		box.Resize(fyne.NewSize(width, height))
		box.Move(fyne.NewPos((all.Width-width)/2, (all.Height-height)/2))
	}, nil)
	d.over.dim, d.over.key, d.over.shortcut, d.over.dismiss = true, d.key, d.OnShortcut, d.Close
	f := d.Focus
	if f == nil && len(d.buttons) > 0 {
		f = d.buttons[d.preset()]
	}
	d.over.open(f)
}

// The space around what is in a dialog, and between what scrolls and the buttons.
const (
	dialogEdge = 20
	dialogGap  = 4
)

// body is what stands above the buttons.
func (d *Dialog) body() *fyne.Container {
	body := VBox(10)
	if d.Title != "" {
		body.Add(NewLabel(strings.TrimSuffix(d.Title, "…"), Title).Wrapped()) // that of a menu item says that there is this dialog
	}
	if d.Text != "" {
		body.Add(NewLabel(d.Text, Body).Wrapped().Selectable())
	}
	if d.Content != nil {
		body.Add(Grow(d.Content))
	} else {
		body.Add(Spacer())
	}
	return body
}

// row is the row of the buttons.
func (d *Dialog) row() fyne.CanvasObject {
	d.buttons = nil
	if len(d.Buttons) == 0 {
		return Spacer()
	}
	row := HBox(8, Spacer())
	for _, b := range d.Buttons {
		btn := NewButton(b.Kind, b.Text, "", func() { d.press(b) })
		d.buttons = append(d.buttons, btn)
		row.Add(btn)
	}
	return Pad(14, 0, 0, 0, row)
}

// preset is the button for Enter: what cannot be taken back wants a choice of its own.
func (d *Dialog) preset() int {
	if n := len(d.Buttons); d.Buttons[n-1].Kind != DangerPrimary {
		return n - 1
	}
	return 0
}

func (d *Dialog) press(b DialogButton) {
	if !b.Stay {
		d.Close()
	}
	if b.Do != nil {
		b.Do()
	}
}

// Button is the i-th button while the dialog is shown (to enable, to change its text).
func (d *Dialog) Button(i int) *Button { return d.buttons[i] }

// Close closes it.
func (d *Dialog) Close() {
	if d.over == nil {
		return
	}
	d.over.shut()
	d.over = nil
	if d.OnClose != nil {
		d.OnClose()
	}
}

// Relayout measures the dialog again after its content changed.
func (d *Dialog) Relayout() {
	if d.over != nil {
		d.over.Refresh()
	}
}

// key handles what the focused widget in the dialog did not use.
func (d *Dialog) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		d.Close()
	case fyne.KeyReturn, fyne.KeyEnter:
		if len(d.Buttons) == 0 {
			return
		}
		if i := d.preset(); !d.buttons[i].Disabled() {
			d.press(d.Buttons[i])
		}
	}
}

// Confirm asks a question with Cancel and one other answer; of a dangerous one Enter says Cancel.
func Confirm(w fyne.Window, title, text, ok string, danger bool, do func()) *Dialog {
	kind := Primary
	if danger {
		kind = DangerPrimary
	}
	d := &Dialog{Title: strings.TrimSuffix(title, "…"), Text: text, Buttons: []DialogButton{
		{Text: lang.T("kit.cancel"), Kind: Plain},
		{Text: ok, Kind: kind, Do: do},
	}}
	d.Show(w)
	return d
}

// Inform shows a text with a Close button.
func Inform(w fyne.Window, title, text string) *Dialog {
	d := &Dialog{Title: title, Text: text, Buttons: []DialogButton{{Text: lang.T("kit.close"), Kind: Primary}}}
	d.Show(w)
	return d
}

// catcher swallows taps and the pointer, so that they do not fall through a dialog.
type catcher struct {
	base
	content fyne.CanvasObject
}

func newCatcher(content fyne.CanvasObject) *catcher {
	c := &catcher{content: content}
	c.ExtendBaseWidget(c)
	return c
}

// Tapped implements fyne.Tappable.
func (c *catcher) Tapped(*fyne.PointEvent) {}

// MouseIn implements desktop.Hoverable.
func (c *catcher) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (c *catcher) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *catcher) MouseOut() {}

// HeightForWidth is the height of the content.
func (c *catcher) HeightForWidth(w float32) float32 { return HeightFor(c.content, w) }

// CreateRenderer implements fyne.Widget.
func (c *catcher) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.content) }
