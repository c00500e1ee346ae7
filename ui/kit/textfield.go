package kit

import (
	"image"

	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
	"peyk/internal/text"
	"peyk/ui/icons"
	"peyk/ui/theme"
)

// textField is what Entry and Editor share: the text, caret and selection, keyboard and mouse, painting.
type textField struct {
	base
	// OnChanged is called after every change of the text by the user.
	OnChanged func(text string)
	// OnShortcut sees shortcuts that the field does not use itself; false hands them on to the canvas.
	OnShortcut func(s fyne.Shortcut) bool
	// OnFocus is called when the field gains or loses the keyboard.
	OnFocus func(gained bool)
	// OnTab is called for Tab, back for Shift+Tab; false lets the keyboard go on to the next widget as without it. A form
	// whose fields do not follow each other in the window sets it.
	OnTab func(back bool) bool
	// OnPaste sees what is pasted before the field does; true keeps it from it.
	OnPaste func(s string) bool
	// OnPasteOther is called where the clipboard holds no text, with what it gave instead: some programs hand out the bytes of a picture to who asks
	// for text. nil: that is pasted.
	OnPasteOther func(bytes string)
	// OnPasted is called in formatted text after words of another program were pasted, which stand at the bytes [from, to) now: it may know how they are formatted.
	OnPasted func(words string, from, to int)
	// MoreMenu gives items that the context menu has besides its own.
	MoreMenu func() []*MenuItem
	// Spell returns the ranges of a paragraph to underline; it is called when the paragraph comes into view or changes.
	Spell func(paragraph string) []Underline

	rich       bool // the text can be formatted
	pics       Pictures
	drawn      map[pictureKey]*image.RGBA
	pending    *richtext.Attr // what stands on the text typed next, when that was chosen
	onFormat   func(Format)
	lastFormat Format
	formatTold bool

	self        fyne.Widget // the Entry or Editor around this
	m           editModel
	shape       shape
	multi       bool
	quotes      bool
	placeholder string
	disabled    bool
	failed      bool // drawn with a red border
	plain       bool // without a border
	focused     bool

	icon       icons.Name
	trailing   fyne.CanvasObject // the eye of a password
	padX, padY float32
	x, y       float32 // scrolled by
	goalWidth  float32 // least width
	rows       int     // least height of an Editor in lines

	clicks clickCounter
	unit   int           // of a drag: 1 characters, 2 words, 3 paragraphs
	origin spot          // where the drag began
	dragAt fyne.Position // the pointer of a drag, in the widget
	held   *heldText     // the selection that a press is on
	edge   edgeScroll
	blink  blinker
	view   *fieldView
	keys   func(e *fyne.KeyEvent) bool // Entry: Enter, Escape, completion
	after  func()                      // Entry: asks for completions after a change
	decor  func(text string) []Span    // Entry: what of the text is shown as pills
	// writing is set while the caret is at the end of a pill that is text to be changed.
	writing bool
	// shortcut sees keys with the primary modifier (Editor: formatting).
	shortcut func(k fyne.KeyName, shift bool) bool
}

// Underline marks a range of bytes of a paragraph by a wavy line (spelling).
type Underline struct{ Start, End int }

func (t *textField) init(self fyne.Widget, multi bool) {
	t.self, t.multi = self, multi
	t.m = newEditModel()
	t.shape = shape{style: Body, wrap: multi}
	if multi {
		t.shape.dir = DirParagraph
	}
	t.padX, t.padY = 12, 7
	t.goalWidth, t.rows = 160, 1
	t.view = newFieldView(t)
	t.blink.field = t
	t.ExtendBaseWidget(self)
}

// Text is the text, with "\n" between paragraphs.
func (t *textField) Text() string { return t.m.String() }

// SetText replaces the text. It does not call OnChanged; what was there before can not be brought back by Undo.
func (t *textField) SetText(s string) {
	s = normalize(s)
	if !t.multi {
		s = oneLine(s)
	}
	if s == t.m.String() {
		return
	}
	t.m.paras = make([]editPara, 1)
	t.m.splice(spot{}, spot{}, s, richtext.Attr{})
	t.m.forgetHistory()
	t.pending, t.writing = nil, false
	t.m.caret, t.m.anchor, t.m.goal = spot{}, spot{}, -1
	if !t.multi {
		t.m.caret = t.m.end()
		t.m.anchor = t.m.caret
	}
	t.x, t.y = 0, 0
	t.forgetLayouts()
	t.changed(false)
}

// SetPlaceholder sets what is shown while the field is empty.
func (t *textField) SetPlaceholder(s string) { t.placeholder = s; t.repaint() }

// SetEnabled enables or disables the field.
func (t *textField) SetEnabled(on bool) { t.disabled = !on; t.repaint() }

// Disabled reports whether the field is disabled.
func (t *textField) Disabled() bool { return t.disabled }

// SetDirection sets the base direction: DirParagraph (the default of an Editor), DirField (of an Entry), DirLTR for
// addresses and hosts.
func (t *textField) SetDirection(d Direction) {
	t.shape.dir = d
	t.forgetLayouts()
	t.repaint()
}

// ToggleDirection turns the direction of the paragraphs in the selection (Ctrl+Shift+X).
func (t *textField) ToggleDirection() {
	from, to := t.m.selection()
	d := DirRTL
	if t.rtlOf(t.m.caret.p) {
		d = DirLTR
	}
	t.turn(from.p, to.p, d)
}

// SetParagraphDirection sets the direction of the paragraphs in the selection; DirParagraph makes it automatic again.
func (t *textField) SetParagraphDirection(d Direction) {
	if d == DirParagraph {
		d = DirField
	}
	from, to := t.m.selection()
	t.turn(from.p, to.p, d)
}

func (t *textField) turn(first, last int, d Direction) {
	if t.disabled {
		return
	}
	t.m.turn(first, last, d)
	t.changed(true)
}

// Insert puts text at the caret, in place of the selection, and calls OnChanged.
func (t *textField) Insert(s string) { t.insert(s, stepOther) }

// SelectAll selects the whole text.
func (t *textField) SelectAll() {
	t.m.anchor, t.m.caret, t.m.side = spot{}, t.m.end(), text.Upstream
	t.m.sealed, t.writing = true, false
	t.repaint()
}

// Selection is the selected range in bytes; start == end is the caret.
func (t *textField) Selection() (start, end int) {
	from, to := t.m.selection()
	return t.m.offset(from), t.m.offset(to)
}

// Select selects a range of bytes.
func (t *textField) Select(start, end int) {
	t.m.anchor, t.m.caret, t.pending = t.m.placeAt(start), t.m.placeAt(end), nil
	t.left()
	t.m.sealed = true
	t.reveal()
	t.repaint()
}

// SelectedText is the selected text; nothing of a password.
func (t *textField) SelectedText() string {
	if t.shape.masked {
		return ""
	}
	return t.m.slice(t.m.selection())
}

// SetCaret puts the caret at a byte offset.
func (t *textField) SetCaret(offset int) { t.Select(offset, offset) }

// Undo takes the last step back.
func (t *textField) Undo() {
	if !t.disabled && t.m.undo() {
		t.pending, t.writing = nil, false
		t.changed(true)
	}
}

// Redo repeats the last step taken back.
func (t *textField) Redo() {
	if !t.disabled && t.m.redo() {
		t.pending, t.writing = nil, false
		t.changed(true)
	}
}

// CanUndo and CanRedo tell whether there is a step.
func (t *textField) CanUndo() bool { return len(t.m.past) > 0 }

// CanRedo tells whether there is a step taken back.
func (t *textField) CanRedo() bool { return len(t.m.future) > 0 }

// Focus gives the field the keyboard.
func (t *textField) Focus() {
	if c := canvasOf(t.self); c != nil {
		c.Focus(t.self.(fyne.Focusable))
	}
}

// Focused reports whether the field has the keyboard.
func (t *textField) Focused() bool { return t.focused }

// insert puts text at the caret as a step of some kind.
func (t *textField) insert(s string, kind stepKind) {
	s = normalize(s)
	if !t.multi {
		s = oneLine(s)
	}
	from, to := t.m.selection()
	if t.m.hasSelection() {
		kind = stepOther
	}
	t.edit(from, to, s, kind)
}

// edit changes the text for the user.
func (t *textField) edit(from, to spot, s string, kind stepKind) {
	if t.disabled {
		return
	}
	var attr richtext.Attr
	if t.rich && s != "" {
		attr = t.typing(from, to)
	}
	t.m.replace(from, to, s, attr, kind)
	t.pending, t.writing = nil, t.writing || s != ""
	t.left()
	if at := t.m.caret; attr.Marks != 0 && t.m.paras[at.p].text == "" { // a new line goes on as the one before
		t.pending = &richtext.Attr{Marks: attr.Marks}
	}
	t.changed(true)
}

// typing is what stands on text that is put between two spots.
func (t *textField) typing(from, to spot) richtext.Attr {
	if t.pending != nil {
		return *t.pending
	}
	_, spans := t.m.paras[from.p].look.parts()
	if from == to {
		return richtext.Typing(spans, from.o)
	}
	a := richtext.At(spans, from.o)
	a.Image = nil
	return a
}

// changed shows the text after a change; told calls OnChanged.
func (t *textField) changed(told bool) {
	t.reveal()
	t.blink.restart()
	t.repaint()
	if !told {
		return
	}
	if t.OnChanged != nil {
		t.OnChanged(t.m.String())
	}
	if t.after != nil {
		t.after()
	}
}

func (t *textField) repaint() { t.view.update() }

// inner is the size of the part of the field that shows text.
func (t *textField) inner() (x, y, w, h float32) {
	s := t.Size()
	x, y = t.padX, t.padY
	w = s.Width - 2*t.padX
	if t.icon != "" {
		x += theme.IconSmall + 8
		w -= theme.IconSmall + 8
	}
	if t.trailing != nil {
		w -= 24
	}
	h = s.Height - 2*t.padY
	if !t.multi {
		line := lineHeight(t.shape.style.Size)
		y, h = (s.Height-line)/2, line
	}
	return x, y, max(1, w), max(1, h)
}

// reveal scrolls so that the caret is in view.
func (t *textField) reveal() {
	_, _, w, h := t.inner()
	if t.shape.width <= 1 {
		return
	}
	r := t.caretRect()
	if t.multi {
		switch {
		case r.Y < t.y:
			t.y = max(0, r.Y)
		case r.Y+r.H > t.y+h:
			t.y = r.Y + r.H - h
		}
		return
	}
	full := t.laidOut(0).Params().Width
	switch {
	case r.X < t.x+1:
		t.x = r.X - 1
	case r.X > t.x+w-2:
		t.x = r.X - w + 2
	}
	t.x = max(0, min(t.x, full-w))
}

// CreateRenderer implements fyne.Widget.
func (t *textField) CreateRenderer() fyne.WidgetRenderer { return t.view.renderer() }

// oneLine makes spaces of line ends.
func oneLine(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\n' || r == '\t' {
			out[i] = ' '
		}
	}
	return string(out)
}
