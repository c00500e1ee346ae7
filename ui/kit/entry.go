package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
)

// Suggestion is one line of a completion popup.
type Suggestion struct {
	Text   string // shown first
	Detail string // shown muted
	Value  any
}

// textField is what Entry and Editor share.
type textField struct {
	widget.BaseWidget
	// OnChanged is called after every change of the text by the user.
	OnChanged func(text string)
	// OnShortcut sees shortcuts that the field does not use itself; false hands them on to the canvas.
	OnShortcut func(s fyne.Shortcut) bool
	// OnFocus is called when the field gains or loses the keyboard.
	OnFocus func(gained bool)

	inner *widget.Entry
}

// Text is the text.
func (t *textField) Text() string { return t.inner.Text }

// SetText replaces the text; it can be undone and does not call OnChanged.
func (t *textField) SetText(s string) { t.inner.SetText(s) }

// SetPlaceholder sets what is shown while the field is empty.
func (t *textField) SetPlaceholder(s string) { t.inner.SetPlaceHolder(s) }

// SetEnabled enables or disables the field.
func (t *textField) SetEnabled(on bool) {}

// SetDirection sets the base direction: DirParagraph (the default of an Editor), DirField, DirLTR for addresses and hosts.
func (t *textField) SetDirection(d Direction) {}

// ToggleDirection turns the direction of the paragraphs in the selection (Ctrl+Shift+X).
func (t *textField) ToggleDirection() {}

// Insert puts text at the caret, in place of the selection.
func (t *textField) Insert(s string) {}

// SelectAll selects the whole text.
func (t *textField) SelectAll() {}

// Selection is the selected range in bytes; start == end is the caret.
func (t *textField) Selection() (start, end int) { return 0, 0 }

// SelectedText is the selected text.
func (t *textField) SelectedText() string { return "" }

// SetCaret puts the caret at a byte offset.
func (t *textField) SetCaret(offset int) {}

// Undo takes the last step back.
func (t *textField) Undo() {}

// Redo repeats the last step taken back.
func (t *textField) Redo() {}

// Focus gives the field the keyboard.
func (t *textField) Focus() {}

// CreateRenderer implements fyne.Widget.
func (t *textField) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.inner) }

// Entry is a field of one line.
type Entry struct {
	textField
	// OnSubmit is called for Enter.
	OnSubmit func(text string)
	// OnEscape is called for Escape; false hands it on to the canvas.
	OnEscape func() bool
	// OnKey sees keys before the field does; true keeps them from it.
	OnKey func(e *fyne.KeyEvent) bool
	// Suggest returns completions for the text before the caret; OnSuggestion takes the one chosen.
	Suggest      func(text string) []Suggestion
	OnSuggestion func(s Suggestion)
}

// NewEntry is an empty field of one line with a border.
func NewEntry() *Entry {
	e := &Entry{}
	e.inner = widget.NewEntry()
	e.ExtendBaseWidget(e)
	return e
}

// NewPasswordEntry hides its text and shows it on demand by a button.
func NewPasswordEntry() *Entry { return NewEntry() }

// NewSearchEntry is an entry with the search icon.
func NewSearchEntry() *Entry { return NewEntry().WithIcon(icons.Search) }

// WithIcon puts an icon at the leading side.
func (e *Entry) WithIcon(i icons.Name) *Entry { return e }

// Borderless draws the text only (rows of the compose window).
func (e *Entry) Borderless() *Entry { return e }

// Width sets the least width (160 without).
func (e *Entry) Width(w float32) *Entry { return e }

// SetError draws the border red.
func (e *Entry) SetError(on bool) {}

// Underline marks a range of bytes by a wavy line (spelling).
type Underline struct{ Start, End int }

// Editor is a field of many paragraphs; each has its own direction, quoted lines (">") are coloured by level.
type Editor struct {
	textField
	// Spell returns the ranges of a paragraph to underline; it is called again when the paragraph changes.
	Spell func(paragraph string) []Underline
	// OnDropText takes text or file names dropped on the editor; unset, text is inserted.
	OnDropText func(s string)
}

// NewEditor is an empty editor.
func NewEditor() *Editor {
	e := &Editor{}
	e.inner = widget.NewMultiLineEntry()
	e.ExtendBaseWidget(e)
	return e
}

// Bordered draws the border of an input around the editor (signatures).
func (e *Editor) Bordered() *Editor { return e }

// SetMono shows fixed-width text.
func (e *Editor) SetMono(on bool) {}

// ParagraphDirections are the directions shown, one a paragraph: true is right to left (for the dir attribute of HTML).
func (e *Editor) ParagraphDirections() []bool { return nil }
