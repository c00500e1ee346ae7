package kit

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
	"peyk/internal/text"
)

// Editor is a field of many paragraphs; each has its own direction, quoted lines (">") are coloured by level.
type Editor struct {
	textField
	// OnDropText takes text or file names given to Drop; unset, text is inserted.
	OnDropText func(s string)
	// OnEscape is called for Escape; false hands it on to the canvas.
	OnEscape func() bool
}

// NewEditor is an empty editor without a border.
func NewEditor() *Editor {
	e := &Editor{}
	e.init(e, true)
	e.keys = func(ev *fyne.KeyEvent) bool {
		return ev.Name == fyne.KeyEscape && e.OnEscape != nil && e.OnEscape()
	}
	e.plain, e.quotes = true, true
	e.padX, e.padY, e.rows = 22, 14, 4
	e.shortcut = e.formatKey
	return e
}

// AcceptsTab implements fyne.Tabbable: in a list Tab moves the item; else it is for OnTab.
func (e *Editor) AcceptsTab() bool { return e.inList() || e.OnTab != nil }

// formatKey formats by the keys that everyone knows.
func (e *Editor) formatKey(k fyne.KeyName, shift bool) bool {
	if !e.rich {
		return false
	}
	switch {
	case !shift && k == fyne.KeyB:
		e.ToggleMark(richtext.Bold)
	case !shift && k == fyne.KeyI:
		e.ToggleMark(richtext.Italic)
	case !shift && k == fyne.KeyU:
		e.ToggleMark(richtext.Underline)
	case shift && k == fyne.KeyS:
		e.ToggleMark(richtext.Strike)
	case shift && k == fyne.Key7:
		e.ToggleList(richtext.Numbers)
	case shift && k == fyne.Key8:
		e.ToggleList(richtext.Bullets)
	case shift && k == fyne.Key9:
		e.ToggleQuote()
	case !shift && k == fyne.KeyBackslash:
		e.ClearFormat()
	default:
		return false
	}
	return true
}

// Bordered draws the border of an input around the editor (signatures).
func (e *Editor) Bordered() *Editor {
	e.plain, e.padX, e.padY = false, 12, 8
	return e
}

// Rows sets the least height in lines.
func (e *Editor) Rows(n int) *Editor { e.rows = n; return e }

// Padding sets the space around the text.
func (e *Editor) Padding(x, y float32) *Editor { e.padX, e.padY = x, y; return e }

// SetMono shows fixed-width text.
func (e *Editor) SetMono(on bool) {
	e.shape.style.Mono = on
	e.forgetLayouts()
	e.repaint()
}

// SetZoom scales the text (1 is 100 %).
func (e *Editor) SetZoom(f float32) {
	e.shape.style.Size = Body.Size * max(0.5, min(f, 4))
	e.forgetLayouts()
	e.repaint()
}

// ParagraphDirections are the directions shown, one a paragraph: true is right to left (for the dir attribute of HTML).
func (e *Editor) ParagraphDirections() []bool {
	out := make([]bool, len(e.m.paras))
	for i := range out {
		out[i] = e.rtlOf(i)
	}
	return out
}

// ForcedDirections are the directions chosen by hand, one a paragraph: 0 automatic, 1 right to left, -1 left to right.
// Automatic ones at the end are left out, so that it is nil when nothing was chosen.
func (e *Editor) ForcedDirections() []int8 {
	var out []int8
	for i := range e.m.paras {
		var v int8
		switch e.m.paras[i].dir {
		case DirRTL:
			v = 1
		case DirLTR:
			v = -1
		default:
			continue
		}
		for len(out) < i {
			out = append(out, 0)
		}
		out = append(out, v)
	}
	return out
}

// SetForcedDirections sets what ForcedDirections tells (a draft is opened); paragraphs beyond its end become automatic.
// It is not a step of the history.
func (e *Editor) SetForcedDirections(dirs []int8) {
	for i := range e.m.paras {
		d := DirField
		if i < len(dirs) {
			d = directionOf(richtext.Dir(dirs[i]))
		}
		if p := &e.m.paras[i]; p.dir != d {
			p.dir, p.layout = d, nil
		}
	}
	e.repaint()
}

// ReplaceText makes another text of what is there as an act of the user, which can be undone: only what differs changes, and the caret stays in its
// paragraph.
func (e *Editor) ReplaceText(s string) {
	s = normalize(s)
	was, at := e.m.String(), e.m.caret
	head := 0
	for head < len(s) && head < len(was) && s[head] == was[head] {
		head++
	}
	for head > 0 && (head < len(s) && !utf8.RuneStart(s[head]) || head < len(was) && !utf8.RuneStart(was[head])) {
		head--
	}
	tail := 0
	for tail < len(s)-head && tail < len(was)-head && s[len(s)-1-tail] == was[len(was)-1-tail] {
		tail++
	}
	for tail > 0 && !utf8.RuneStart(s[len(s)-tail]) {
		tail--
	}
	e.edit(e.m.placeAt(head), e.m.placeAt(len(was)-tail), s[head:len(s)-tail], stepOther)
	e.moveTo(at, text.Downstream, false)
	e.repaint()
}

// ScrollToTop shows the start of the text.
func (e *Editor) ScrollToTop() { e.y = 0; e.repaint() }

// Drop takes text dropped at an absolute position (window.SetOnDropped tells of files).
func (e *Editor) Drop(pos fyne.Position, s string) {
	if e.OnDropText != nil {
		e.OnDropText(s)
		return
	}
	e.DropText(pos, s)
}

// Under reports whether the editor lies under a point of the window.
func (e *Editor) Under(pos fyne.Position) bool {
	p := pos.Subtract(absolute(e))
	return p.X >= 0 && p.Y >= 0 && p.X < e.Size().Width && p.Y < e.Size().Height
}
