package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// ButtonKind is the look of a button.
type ButtonKind uint8

// The kinds.
const (
	Plain         ButtonKind = iota // text or icon on nothing (toolbar, Cancel)
	Primary                         // filled with the accent: the one main action
	Danger                          // red text (Delete account…)
	DangerPrimary                   // filled red: confirms a deletion
	Link                            // accent text (Use defaults, Show images)
	Outline                         // with a border of one pixel
)

// Button is a button with a text, an icon or both. It takes the keyboard (Tab, Space, Enter).
type Button struct {
	base
	OnTapped func()

	text     string
	icon     icons.Name
	kind     ButtonKind
	tip      string
	tint     theme.Role // of a Link or Plain button, None: by kind
	disabled bool
	small    bool
	on       bool

	hover, pressed, focused bool

	label *Label
	pic   *Icon
	bg    *canvas.Rectangle
	ring  *canvas.Rectangle
}

// NewButton is a button; icon may be "".
func NewButton(kind ButtonKind, text string, icon icons.Name, tapped func()) *Button {
	b := &Button{kind: kind, text: text, icon: icon, OnTapped: tapped, tint: theme.None}
	b.label = NewLabel(text, Body)
	b.pic = NewIcon(icon, theme.FG, theme.Icon)
	b.bg, b.ring = newBox(theme.Radius), newRing(theme.Radius+3)
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton is a plain button with an icon only; tip says what it does and is needed.
func NewIconButton(icon icons.Name, tip string, tapped func()) *Button {
	return NewButton(Plain, "", icon, tapped).Tip(tip)
}

// Tip sets what is shown while the pointer rests on the button (with its shortcut, if any).
func (b *Button) Tip(s string) *Button { b.tip = lang.Keys(s); return b }

// Tinted sets the colour of text and icon.
func (b *Button) Tinted(r theme.Role) *Button { b.tint = r; b.Refresh(); return b }

// Small makes a button of 30 instead of 34.
func (b *Button) Small() *Button { b.small = true; return b }

// SetOn shows a button as switched on, in the colours of what is chosen (a mark of the text).
func (b *Button) SetOn(on bool) {
	if b.on != on {
		b.on = on
		b.Refresh()
	}
}

// On reports whether it is shown as switched on.
func (b *Button) On() bool { return b.on }

// SetText changes the text.
func (b *Button) SetText(s string) { b.text = s; b.Refresh() }

// Text is the text.
func (b *Button) Text() string { return b.text }

// SetIcon changes the icon.
func (b *Button) SetIcon(i icons.Name) { b.icon = i; b.Refresh() }

// Kind is how the button looks.
func (b *Button) Kind() ButtonKind { return b.kind }

// SetKind changes the look.
func (b *Button) SetKind(k ButtonKind) { b.kind = k; b.Refresh() }

// Enable and Disable switch the button.
func (b *Button) Enable() { b.SetEnabled(true) }

// Disable greys the button out; it takes neither pointer nor keyboard.
func (b *Button) Disable() { b.SetEnabled(false) }

// SetEnabled enables or disables.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == on {
		b.disabled = !on
		b.Refresh()
	}
}

// Disabled implements fyne.Disableable.
func (b *Button) Disabled() bool { return b.disabled }

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	hideTip(b)
	if !b.disabled && b.OnTapped != nil {
		b.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	pointerAt(e.AbsolutePosition)
	b.hover = true
	b.update()
	showTipLater(b, b.tip)
}

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	pointerGone()
	b.hover, b.pressed = false, false
	b.update()
	hideTip(b)
}

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.pressed = true; b.update() }

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.update() }

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor {
	if b.kind == Link && !b.disabled {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.update(); KeepInView(b) }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.update() }

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		ForwardKey(b, e)
	}
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(r rune) {
	if r != ' ' {
		ForwardRune(b, r)
	}
}

// update brings the colours to the state.
func (b *Button) update() {
	fg, fill := theme.FG, theme.None
	weight := Medium
	switch b.kind {
	case Primary:
		fg, fill = theme.OnAccent, theme.Accent
	case DangerPrimary:
		fg, fill = theme.OnDanger, theme.Danger
	case Danger:
		fg = theme.Danger
	case Link:
		fg = theme.Accent
	case Outline:
		fill = theme.BG
	}
	if b.tint != theme.None {
		fg = b.tint
	}
	if b.on {
		fg, fill = theme.Accent, theme.AccentBG
	}
	if b.disabled {
		fg = theme.Muted
		if fill != theme.None {
			fill = theme.Chip
		}
	}
	stroke := theme.None
	if b.kind == Outline {
		stroke = theme.Line
	}
	paint(b.bg, fill, stroke)
	if !b.disabled && (b.hover || b.pressed) {
		t := theme.Current()
		over := t.Hover
		if b.pressed {
			over = t.Press
		}
		b.bg.FillColor = blend(fill.Color(), over)
		b.bg.Refresh()
	}
	b.label.Set(b.text, Style{Size: theme.TextBody, Weight: weight, Color: fg})
	b.pic.Set(b.icon, fg)
	setRing(b.ring, b.focused && !b.pressed)
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.update()
	pad, gap := float32(11), float32(7)
	height := func() float32 {
		if b.small {
			return theme.ControlSmall
		}
		return theme.Control
	}
	content := func() (w float32) {
		if b.icon != "" {
			w += theme.Icon
		}
		if b.text != "" {
			w += b.label.MinSize().Width
		}
		if b.icon != "" && b.text != "" {
			w += gap
		}
		return w
	}
	return &renderer{
		objects: fixed(b.bg, b.pic, b.label, b.ring),
		layout: func(s fyne.Size) {
			b.bg.Resize(s)
			b.ring.Resize(s.AddWidthHeight(6, 6))
			b.ring.Move(fyne.NewPos(-3, -3))
			x := (s.Width - content()) / 2
			b.pic.Hidden = b.icon == ""
			if b.icon != "" {
				place(b.pic, s.Width, x, (s.Height-theme.Icon)/2, theme.Icon, theme.Icon)
				x += theme.Icon + gap
			}
			m := b.label.MinSize()
			place(b.label, s.Width, x, (s.Height-m.Height)/2, m.Width, m.Height)
		},
		min: func() fyne.Size {
			if b.text == "" {
				return fyne.NewSquareSize(height())
			}
			return fyne.NewSize(content()+2*pad, height())
		},
		refresh: func() { b.update() },
	}
}
