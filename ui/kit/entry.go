package kit

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
)

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
	// Offers reports whether the completions of a text are offers beside what Enter does with it: none is chosen before the user does. nil:
	// the first one is, and Enter takes it.
	Offers func(text string) bool

	completion *completion
}

// NewEntry is an empty field of one line with a border.
func NewEntry() *Entry {
	e := &Entry{}
	e.setup(e)
	return e
}

// setup makes an Entry of zeroes one that works; self is the widget around it.
func (e *Entry) setup(self fyne.Widget) {
	e.init(self, false)
	e.keys = e.key
	e.after = e.suggest
}

// NewPasswordEntry hides its text and shows it on demand by a button.
func NewPasswordEntry() *Entry {
	e := NewEntry()
	e.shape.masked, e.shape.dir = true, DirLTR
	eye := NewIconButton(icons.Eye, lang.T("kit.show.password"), nil).Small().Tinted(mutedTint)
	eye.OnTapped = func() {
		e.shape.masked = !e.shape.masked
		if e.shape.masked {
			eye.SetIcon(icons.Eye)
			eye.Tip(lang.T("kit.show.password"))
		} else {
			eye.SetIcon(icons.EyeOff)
			eye.Tip(lang.T("kit.hide.password"))
		}
		e.forgetLayouts()
		e.reveal()
		e.repaint()
	}
	e.trailing = eye
	e.OnTab = func(back bool) bool { // what is typed after Tab is for the next field; Shift+Tab comes to the button
		c := canvasOf(e)
		if back || c == nil {
			return false
		}
		c.Focus(eye)
		c.FocusNext()
		return true
	}
	return e
}

// NewSearchEntry is an entry with the search icon.
func NewSearchEntry() *Entry { return NewEntry().WithIcon(icons.Search) }

// Decorate lets parts of the text be shown as pills: decor tells for a text which (Span.Pill), in order and apart from each other.
func (e *Entry) Decorate(decor func(text string) []Span) {
	e.decor = decor
	e.forgetLayouts()
	e.Refresh()
}

// WithIcon puts an icon at the leading side. Call it before the entry is shown.
func (e *Entry) WithIcon(i icons.Name) *Entry { e.icon = i; return e }

// Borderless draws the text only (rows of the compose window).
func (e *Entry) Borderless() *Entry {
	e.plain, e.padX = true, 0
	return e
}

// Width sets the least width (160 without).
func (e *Entry) Width(w float32) *Entry { e.goalWidth = w; return e }

// AtSide aligns the text with the leading side of the window whatever its direction is: for what stands behind something else there.
func (e *Entry) AtSide() *Entry { e.shape.side = true; return e }

// LTR makes the field one for addresses, hosts and other texts that always run from left to right.
func (e *Entry) LTR() *Entry { e.SetDirection(DirLTR); return e }

// SetError draws the border red.
func (e *Entry) SetError(on bool) {
	if on != e.failed {
		e.failed = on
		e.repaint()
	}
}

// Failed reports whether it is marked as wrong.
func (e *Entry) Failed() bool { return e.failed }

// key sees keys before the field.
func (e *Entry) key(ev *fyne.KeyEvent) bool {
	if e.completion != nil && e.completion.key(ev) {
		return true
	}
	if e.OnKey != nil && e.OnKey(ev) {
		return true
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.OnSubmit != nil {
			e.OnSubmit(e.Text())
			return true
		}
	case fyne.KeyEscape:
		return e.OnEscape != nil && e.OnEscape()
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		ForwardKey(e.self, ev)
		return true
	}
	return false
}

// AcceptsTab implements fyne.Tabbable: Tab takes a completion while there is one; else it is for OnTab.
func (e *Entry) AcceptsTab() bool { return e.completion != nil || e.OnTab != nil }

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.closeSuggestions()
	e.textField.FocusLost()
}
