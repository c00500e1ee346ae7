package kit

import (
	"runtime"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/lang"
)

// FocusGained implements fyne.Focusable.
func (t *textField) FocusGained() {
	t.focused = true
	t.blink.restart()
	t.repaint()
	if !t.multi { // a text of several lines is brought into view at its caret
		KeepInView(t.self)
	}
	if t.OnFocus != nil {
		t.OnFocus(true)
	}
}

// FocusLost implements fyne.Focusable.
func (t *textField) FocusLost() {
	t.focused = false
	t.blink.stop()
	t.m.sealed, t.writing = true, false
	t.repaint()
	if t.OnFocus != nil {
		t.OnFocus(false)
	}
}

// TypedRune implements fyne.Focusable.
func (t *textField) TypedRune(r rune) {
	if t.disabled || r == 0 {
		return
	}
	if r == ' ' && Modifiers()&fyne.KeyModifierShift != 0 && t.joins() {
		r = '\u200c'
	}
	if t.richRune(r) {
		return
	}
	t.insert(string(r), stepType)
}

// joins reports whether the letter before the caret is one after which a zero width non-joiner makes sense.
func (t *textField) joins() bool {
	a := t.m.caret
	r, _ := utf8.DecodeLastRuneInString(t.m.paras[a.p].text[:a.o])
	return unicode.Is(unicode.Arabic, r)
}

// TypedKey implements fyne.Focusable.
func (t *textField) TypedKey(e *fyne.KeyEvent) {
	if t.keys != nil && t.keys(e) || t.richKey(e) {
		return
	}
	shift := Modifiers()&fyne.KeyModifierShift != 0
	if t.moveKey(e.Name, shift, false) {
		t.reveal()
		t.blink.restart()
		t.repaint()
		return
	}
	if IsMenuKey(e.Name) {
		r := t.caretRect()
		t.menu(absolute(t.self).AddXY(t.padX+r.X-t.x, t.padY+r.Y+r.H-t.y))
		return
	}
	switch e.Name {
	case fyne.KeyBackspace:
		t.erase(false, false)
	case fyne.KeyDelete:
		t.erase(true, false)
	case fyne.KeyReturn, fyne.KeyEnter:
		if t.multi {
			t.insert("\n", stepType)
		} else {
			ForwardKey(t.self, e)
		}
	case fyne.KeyEscape:
		if !t.putBack() {
			ForwardKey(t.self, e)
		}
	case fyne.KeyTab:
		t.tab(shift)
	}
}

// tab gives the keyboard to the next or the last widget, unless the owner has other plans.
func (t *textField) tab(back bool) {
	if t.OnTab != nil && t.OnTab(back) {
		return
	}
	c := canvasOf(t.self)
	switch {
	case c == nil:
	case back:
		c.FocusPrevious()
	default:
		c.FocusNext()
	}
}

// moveKey moves the caret by a key and reports whether it is one for that.
func (t *textField) moveKey(k fyne.KeyName, extend, word bool) bool {
	switch k {
	case fyne.KeyLeft:
		t.horizontal(true, word, extend)
	case fyne.KeyRight:
		t.horizontal(false, word, extend)
	case fyne.KeyHome:
		if word {
			t.textEdge(false, extend)
		} else {
			t.lineEdge(false, extend)
		}
	case fyne.KeyEnd:
		if word {
			t.textEdge(true, extend)
		} else {
			t.lineEdge(true, extend)
		}
	default:
		return t.multi && t.lineKey(k, extend)
	}
	return true
}

// lineKey is moveKey for the keys of a text of several lines.
func (t *textField) lineKey(k fyne.KeyName, extend bool) bool {
	_, _, _, h := t.inner()
	page := max(1, int(h/lineHeight(t.shape.style.Size))-1)
	lines := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -page, fyne.KeyPageDown: page}[k]
	if lines == 0 {
		return false
	}
	if !t.vertical(lines, extend) {
		goal := t.m.goal
		if lines > 0 {
			t.moveTo(t.m.end(), 1, extend)
		} else {
			t.moveTo(spot{}, 0, extend)
		}
		t.m.goal = goal
	}
	return true
}

// TypedShortcut implements fyne.Shortcutable.
func (t *textField) TypedShortcut(s fyne.Shortcut) {
	switch sc := s.(type) {
	case *fyne.ShortcutUndo:
		t.Undo()
	case *fyne.ShortcutRedo:
		t.Redo()
	case *fyne.ShortcutCut:
		t.cut()
	case *fyne.ShortcutCopy:
		t.copy()
	case *fyne.ShortcutPaste:
		t.paste(false)
	case *fyne.ShortcutSelectAll:
		t.SelectAll()
	case *desktop.CustomShortcut:
		if !t.custom(sc) {
			t.unused(s)
		}
	default:
		t.unused(s)
	}
}

// unused hands a shortcut on: first to the owner, then to the canvas.
func (t *textField) unused(s fyne.Shortcut) {
	if t.OnShortcut == nil || !t.OnShortcut(s) {
		ForwardShortcut(t.self, s)
	}
}

// custom does what a key with Ctrl (Alt or Command on a Mac) is for, and reports whether it is for anything here.
func (t *textField) custom(sc *desktop.CustomShortcut) bool {
	shift := sc.Modifier&fyne.KeyModifierShift != 0
	mod := sc.Modifier &^ fyne.KeyModifierShift
	word := mod == fyne.KeyModifierControl
	if runtime.GOOS == "darwin" {
		word = mod == fyne.KeyModifierAlt
	}
	primary := mod == fyne.KeyModifierShortcutDefault
	switch {
	case word && t.wordKey(sc.KeyName, shift):
	case primary && shift && sc.KeyName == fyne.KeyZ:
		t.Redo()
	case primary && shift && sc.KeyName == fyne.KeyX:
		t.ToggleDirection()
	case primary && shift && sc.KeyName == fyne.KeyV:
		t.paste(true)
	case primary && t.shortcut != nil && t.shortcut(sc.KeyName, shift):
	default:
		return false
	}
	return true
}

// wordKey moves or deletes by words.
func (t *textField) wordKey(k fyne.KeyName, shift bool) bool {
	switch k {
	case fyne.KeyBackspace:
		t.erase(false, true)
	case fyne.KeyDelete:
		t.erase(true, true)
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
		t.moveKey(k, shift, true)
		t.reveal()
		t.blink.restart()
		t.repaint()
	default:
		return false
	}
	return true
}

func (t *textField) copy() {
	s := t.SelectedText()
	if s == "" {
		return
	}
	if t.rich {
		from, to := t.m.selection()
		s = copied.take(t.m.doc(from, to))
	}
	fyne.CurrentApp().Clipboard().SetContent(s)
}

func (t *textField) cut() {
	if t.disabled || t.shape.masked || !t.m.hasSelection() {
		return
	}
	t.copy()
	t.insert("", stepOther)
}

// paste puts in what the clipboard holds; with bare its words are words, whatever is known of their formatting.
func (t *textField) paste(bare bool) {
	s := fyne.CurrentApp().Clipboard().Content()
	switch {
	case (s == "" || !utf8.ValidString(s)) && !t.disabled && t.OnPasteOther != nil:
		t.OnPasteOther(s)
	case s == "" || t.disabled || t.OnPaste != nil && t.OnPaste(s):
	case t.rich && bare:
		t.insertDoc(linesDoc(s))
	case t.rich:
		t.pasteDoc(s)
	default:
		t.insert(s, stepOther)
	}
}

// local is a position in the widget as one in the text.
func (t *textField) local(p fyne.Position) (x, y float32) {
	at := t.view.raster.Position()
	return p.X - at.X - bleed + t.x, p.Y - at.Y - bleed + t.y
}

// MouseDown implements desktop.Mouseable.
func (t *textField) MouseDown(e *desktop.MouseEvent) {
	t.Focus()
	if e.Button == desktop.MouseButtonPrimary && e.Modifier&fyne.KeyModifierShift == 0 {
		t.pressPill(t.local(e.Position))
	}
	a, side := t.hitTest(t.local(e.Position))
	if e.Button != desktop.MouseButtonPrimary {
		if from, to := t.m.selection(); a.before(from) || to.before(a) || from == to {
			t.moveTo(a, side, false)
			t.repaint()
		}
		return
	}
	t.m.goal = -1
	t.unit = t.clicks.click(e.Position)
	if t.hold(a, e.Modifier) {
		return
	}
	if e.Modifier&fyne.KeyModifierShift != 0 {
		t.moveTo(a, side, true)
	} else {
		t.moveTo(a, side, false)
		t.origin = a
		t.growTo(a)
	}
	t.blink.restart()
	t.repaint()
}

// MouseUp implements desktop.Mouseable.
func (t *textField) MouseUp(e *desktop.MouseEvent) {
	t.edge.stop()
	if h := t.held; h != nil && !h.dragged { // a click into the selection after all
		t.held = nil
		a, side := t.hitTest(t.local(e.Position))
		t.moveTo(a, side, false)
		t.origin = a
		t.repaint()
	}
}

// Tapped implements fyne.Tappable, so that the tap does not go to what lies below.
func (t *textField) Tapped(*fyne.PointEvent) {}

// Dragged implements fyne.Draggable.
func (t *textField) Dragged(e *fyne.DragEvent) {
	t.dragAt = e.Position
	t.dragTo(e.Position)
	t.edge.run(t.dragStep)
}

// DragEnd implements fyne.Draggable.
func (t *textField) DragEnd() {
	t.edge.stop()
	t.letGo()
}

// growTo selects whole words or paragraphs from where a drag began to a spot.
func (t *textField) growTo(a spot) {
	if t.unit < 2 || t.shape.masked {
		return
	}
	s1, e1 := t.around(t.origin)
	s2, e2 := t.around(a)
	if a.before(t.origin) {
		t.m.anchor, t.m.caret = e1, s2
	} else {
		t.m.anchor, t.m.caret = s1, e2
	}
}

// around is the word or paragraph at a spot.
func (t *textField) around(a spot) (from, to spot) {
	if t.unit == 3 {
		return spot{a.p, 0}, spot{a.p, len(t.m.paras[a.p].text)}
	}
	s, e := t.laidOut(a.p).WordAt(t.shownOffset(a.p, a.o))
	return spot{a.p, t.realOffset(a.p, s)}, spot{a.p, t.realOffset(a.p, e)}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *textField) TappedSecondary(e *fyne.PointEvent) { t.menu(e.AbsolutePosition) }

// menu is the context menu.
func (t *textField) menu(pos fyne.Position) {
	sel := t.m.hasSelection() && !t.shape.masked
	items := []*MenuItem{
		Item(lang.T("kit.undo"), icons.Undo2, t.Undo).With("Ctrl+Z").Enabled(t.CanUndo() && !t.disabled),
		Item(lang.T("kit.redo"), icons.Redo2, t.Redo).With("Ctrl+Shift+Z").Enabled(t.CanRedo() && !t.disabled),
		MenuLine(),
		Item(lang.T("kit.cut"), icons.Scissors, t.cut).With("Ctrl+X").Enabled(sel && !t.disabled),
		Item(lang.T("kit.copy"), icons.Copy, t.copy).With("Ctrl+C").Enabled(sel),
		Item(lang.T("kit.paste"), icons.ClipboardPaste, func() { t.paste(false) }).With("Ctrl+V").Enabled(!t.disabled),
		MenuLine(),
		Item(lang.T("kit.select.all"), "", t.SelectAll).With("Ctrl+A"),
	}
	if t.multi && !t.disabled {
		items = append(items, Item(lang.T("kit.direction"), icons.PilcrowRight, t.ToggleDirection).With("Ctrl+Shift+X"))
	}
	if t.MoreMenu != nil && !t.disabled {
		if more := t.MoreMenu(); len(more) > 0 {
			items = append(append(items, MenuLine()), more...)
		}
	}
	ShowMenu(canvasOf(t.self), pos, items...)
}

// Cursor implements desktop.Cursorable.
func (t *textField) Cursor() desktop.Cursor { return desktop.TextCursor }

// DropText inserts text dropped at an absolute position.
func (t *textField) DropText(pos fyne.Position, s string) {
	a, side := t.hitTest(t.local(pos.Subtract(absolute(t.self))))
	t.moveTo(a, side, false)
	t.insert(s, stepOther)
}

// Scrolled implements fyne.Scrollable for an Editor.
func (e *Editor) Scrolled(ev *fyne.ScrollEvent) {
	_, _, _, h := e.inner()
	e.y = max(0, min(e.y-ev.Scrolled.DY*wheel, e.textHeight()-h))
	e.repaint()
}
