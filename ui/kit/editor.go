package kit

import "fyne.io/fyne/v2"

// Editor is a field of many paragraphs; each has its own direction, quoted lines (">") are coloured by level.
type Editor struct {
	textField
	// OnDropText takes text or file names given to Drop; unset, text is inserted.
	OnDropText func(s string)
}

// NewEditor is an empty editor without a border.
func NewEditor() *Editor {
	e := &Editor{}
	e.init(e, true)
	e.plain, e.quotes = true, true
	e.padX, e.padY, e.rows = 22, 14, 4
	return e
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
	last := false
	for i := range out {
		if e.m.paras[i].text == "" {
			out[i] = last
			continue
		}
		out[i] = e.rtlOf(i)
		last = out[i]
	}
	return out
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
