package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
)

// LinkText is a text that acts like a link: no padding, underlined under the pointer, reached by Tab.
type LinkText struct {
	base
	OnTapped func()

	label          *Label
	hover, focused bool
	line           *canvas.Rectangle
	ring           *canvas.Rectangle
}

// NewLinkText is a link in this style.
func NewLinkText(text string, style Style, tapped func()) *LinkText {
	l := &LinkText{OnTapped: tapped, label: NewLabel(text, style), line: newBox(0), ring: newRing(4)}
	l.ExtendBaseWidget(l)
	return l
}

// Text is the text.
func (l *LinkText) Text() string { return l.label.Text() }

// SetText changes the text.
func (l *LinkText) SetText(s string) { l.label.SetText(s) }

// Tapped implements fyne.Tappable.
func (l *LinkText) Tapped(*fyne.PointEvent) {
	if l.OnTapped != nil {
		l.OnTapped()
	}
}

// Cursor implements desktop.Cursorable.
func (l *LinkText) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (l *LinkText) MouseIn(*desktop.MouseEvent) { l.hover = true; l.update() }

// MouseMoved implements desktop.Hoverable.
func (l *LinkText) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *LinkText) MouseOut() { l.hover = false; l.update() }

// FocusGained implements fyne.Focusable.
func (l *LinkText) FocusGained() { l.focused = true; l.update(); KeepInView(l) }

// FocusLost implements fyne.Focusable.
func (l *LinkText) FocusLost() { l.focused = false; l.update() }

// TypedKey implements fyne.Focusable.
func (l *LinkText) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.Tapped(nil)
	default:
		ForwardKey(l, e)
	}
}

// TypedRune implements fyne.Focusable.
func (l *LinkText) TypedRune(rune) {}

func (l *LinkText) update() {
	l.line.FillColor = l.label.style.Color.Color()
	l.line.Hidden = !l.hover
	l.line.Refresh()
	setRing(l.ring, l.focused)
	redraw(l)
}

// CreateRenderer implements fyne.Widget.
func (l *LinkText) CreateRenderer() fyne.WidgetRenderer {
	l.update()
	return &renderer{
		objects: fixed(l.label, l.line, l.ring),
		layout: func(s fyne.Size) {
			l.label.Resize(s)
			l.line.Resize(fyne.NewSize(s.Width, 1))
			l.line.Move(fyne.NewPos(0, s.Height-2))
			l.ring.Resize(s.AddWidthHeight(6, 4))
			l.ring.Move(fyne.NewPos(-3, -2))
		},
		min:     func() fyne.Size { return l.label.MinSize() },
		refresh: func() { l.update(); l.label.Refresh() },
	}
}
