package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// foldedLine is a message of a conversation folded to a card of one line: who, how it begins, when.
type foldedLine struct {
	widget.BaseWidget
	env     *env
	tap     func()
	is      bool // the keyboard acts on its message
	focused bool
	avatar  *kit.Avatar
	name    *kit.Label
	snippet *kit.Label
	date    *kit.Label
	clip    *kit.Icon
	card    *kit.Surface
}

func newFoldedLine(e *env, row mail.Row, tap func()) *foldedLine {
	l := &foldedLine{
		env: e, tap: tap, avatar: kit.NewAvatar(theme.Avatar),
		name:    kit.NewLabel("", kit.Strong).Ellipsized(),
		snippet: kit.NewLabel("", kit.Meta.Sized(theme.TextList)).Ellipsized(),
		date:    kit.NewLabel("", kit.Meta),
		clip:    kit.NewIcon("", theme.Muted, theme.IconSmall),
	}
	words := newShrinkRow(5, l.name, l.snippet, kit.NewIcon("", theme.Muted, 0))
	l.card = kit.NewCard(0, kit.Pad(11, 16, 11, 16, kit.HBox(12, l.avatar, kit.Grow(words), l.clip, l.date)))
	l.ExtendBaseWidget(l)
	l.fill(row)
	return l
}

// fill fills the line.
func (l *foldedLine) fill(row mail.Row) {
	from := firstOf(row.From)
	name := model.ShownName(from)
	l.avatar.Set(name, from.Addr)
	if l.env.isMe(from) {
		name = lang.T("reader.thread.me")
	}
	l.name.SetText(pick(name == "", lang.T("list.no.sender"), name))
	l.snippet.SetText(model.Visible(row.Snippet))
	l.clip.Set(pick[icons.Name](row.Attachments > 0, icons.Paperclip, ""), theme.Muted)
	l.date.SetText("")
	if !row.Date.IsZero() {
		l.date.SetText(lang.ListDate(row.Date.In(l.env.now().Location()), l.env.now()))
	}
}

// current outlines the line that the keyboard acts on.
func (l *foldedLine) current(yes bool) {
	l.is = yes
	l.outline()
}

func (l *foldedLine) outline() { l.card.SetStroke(pick(l.is || l.focused, theme.Accent, theme.Line)) }

// Tapped implements fyne.Tappable.
func (l *foldedLine) Tapped(*fyne.PointEvent) { l.tap() }

// Cursor implements desktop.Cursorable.
func (l *foldedLine) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn implements desktop.Hoverable.
func (l *foldedLine) MouseIn(*desktop.MouseEvent) { l.card.SetFill(theme.Side) }

// MouseMoved implements desktop.Hoverable.
func (l *foldedLine) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *foldedLine) MouseOut() { l.card.SetFill(theme.BG) }

// FocusGained implements fyne.Focusable.
func (l *foldedLine) FocusGained() {
	l.focused = true
	l.outline()
	kit.KeepInView(l)
}

// FocusLost implements fyne.Focusable.
func (l *foldedLine) FocusLost() {
	l.focused = false
	l.outline()
}

// TypedRune implements fyne.Focusable.
func (l *foldedLine) TypedRune(r rune) { kit.ForwardRune(l, r) }

// TypedKey implements fyne.Focusable.
func (l *foldedLine) TypedKey(e *fyne.KeyEvent) {
	if presses(e) {
		l.tap()
		return
	}
	kit.ForwardKey(l, e)
}

// presses reports whether a key is one that presses what has the keyboard.
func presses(e *fyne.KeyEvent) bool {
	return e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace
}

// CreateRenderer implements fyne.Widget.
func (l *foldedLine) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.card) }

// tapArea takes taps where nothing above it does.
type tapArea struct {
	widget.BaseWidget
	tap func()
}

// keyArea is a tapArea that the keyboard can press, too. outline shows whether it has the keyboard.
type keyArea struct {
	tapArea
	outline func(focused bool)
}

func newKeyArea(tap func(), outline func(focused bool)) *keyArea {
	a := &keyArea{tapArea: tapArea{tap: tap}, outline: outline}
	a.ExtendBaseWidget(a)
	return a
}

// FocusGained implements fyne.Focusable.
func (a *keyArea) FocusGained() {
	a.outline(true)
	kit.KeepInView(a)
}

// FocusLost implements fyne.Focusable.
func (a *keyArea) FocusLost() { a.outline(false) }

// TypedRune implements fyne.Focusable.
func (a *keyArea) TypedRune(r rune) { kit.ForwardRune(a, r) }

// TypedKey implements fyne.Focusable.
func (a *keyArea) TypedKey(e *fyne.KeyEvent) {
	if presses(e) {
		a.tap()
		return
	}
	kit.ForwardKey(a, e)
}

func newTapArea(tap func()) *tapArea {
	a := &tapArea{tap: tap}
	a.ExtendBaseWidget(a)
	return a
}

// Tapped implements fyne.Tappable.
func (a *tapArea) Tapped(*fyne.PointEvent) { a.tap() }

// CreateRenderer implements fyne.Widget.
func (a *tapArea) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(kit.Stack()) }
