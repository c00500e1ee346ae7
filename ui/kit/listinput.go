package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
)

func (l *List) selected() {
	if l.OnSelect != nil {
		l.OnSelect()
	}
}

// usable reports whether the cursor may stand on row i.
func (l *List) usable(i int) bool {
	return i >= 0 && i < l.count && (l.opt.Skip == nil || !l.opt.Skip(i))
}

// at is the row under a position in the list, -1 for none.
func (l *List) at(p fyne.Position) int {
	if p.Y < 0 || p.Y >= l.Size().Height {
		return -1
	}
	return l.rowAt(l.offset + float64(p.Y))
}

// choose puts the cursor on row i: alone, or extending from the anchor, or leaving the selection as it is.
func (l *List) choose(i int, extend, keep bool) {
	l.cursor = i
	switch {
	case extend && l.opt.Multi && l.anchor >= 0:
		l.sel = ranges{{min(l.anchor, i), max(l.anchor, i) + 1}}
	case keep && l.opt.Multi:
	default:
		l.sel, l.anchor = ranges{{i, i + 1}}, i
	}
	l.ScrollTo(i)
	l.restate()
	l.selected()
}

// toggle turns the selection of row i.
func (l *List) toggle(i int) {
	if l.sel.has(i) {
		l.sel = l.sel.without(i, i+1)
	} else {
		l.sel = l.sel.with(i, i+1)
	}
	l.cursor, l.anchor = i, i
	l.restate()
	l.selected()
}

// Step moves the cursor by n rows as the arrow keys do (j, k) and calls OnSelect; extend keeps the anchor.
func (l *List) Step(n int, extend bool) { l.step(n, extend, false) }

func (l *List) step(n int, extend, keep bool) {
	if l.count == 0 || n == 0 {
		return
	}
	i := l.cursor + n
	switch {
	case l.cursor < 0 && n > l.count: // End
		i = l.count - 1
	case l.cursor < 0:
		i = 0
	}
	i = max(0, min(i, l.count-1))
	dir := 1
	if n < 0 {
		dir = -1
	}
	for !l.usable(i) && i >= 0 && i < l.count {
		i += dir
	}
	if !l.usable(i) { // only headers that way: the last usable row before them
		for i = max(0, min(i, l.count-1)); i >= 0 && i < l.count && !l.usable(i); i -= dir {
		}
	}
	if l.usable(i) && (i != l.cursor || !keep) {
		l.choose(i, extend, keep)
	}
}

// page is the number of rows that PageDown moves by.
func (l *List) page() int { return max(1, int(l.Size().Height/l.opt.RowHeight)-1) }

// MouseDown implements desktop.Mouseable.
func (l *List) MouseDown(e *desktop.MouseEvent) {
	l.keys = false
	l.Focus()
	i := l.at(e.Position)
	l.pressed, l.plain = -1, -1
	if !l.usable(i) {
		return
	}
	mod := e.Modifier
	if e.Button == desktop.MouseButtonSecondary {
		if !l.sel.has(i) {
			l.choose(i, false, false)
		} else {
			l.cursor = i
			l.restate()
		}
		return
	}
	clicks := l.clicks.click(e.Position)
	switch {
	case mod&fyne.KeyModifierShift != 0 && l.opt.Multi:
		if l.anchor < 0 {
			l.anchor = i
		}
		l.choose(i, true, false)
	case mod&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 && l.opt.Multi:
		l.toggle(i)
	case clicks == 2 && l.cursor == i:
		if l.OnOpen != nil {
			l.OnOpen(i)
		}
	case l.sel.has(i) && l.sel.count() > 1:
		l.pressed = i // a drag may follow; without one the row is selected alone
	default:
		l.choose(i, false, false)
	}
	if mod == 0 {
		l.plain = i
	}
	if mod == 0 && l.OnTap != nil {
		x := e.Position.X
		if lang.RTL() {
			x = l.Size().Width - x
		}
		l.OnTap(i, x-l.opt.Inset)
	}
}

// MouseUp implements desktop.Mouseable.
func (l *List) MouseUp(*desktop.MouseEvent) {
	if i := l.pressed; i >= 0 && l.drag == nil {
		l.choose(i, false, false)
	}
	l.pressed = -1
}

// Tapped implements fyne.Tappable, so that a tap is not taken by what lies below.
func (l *List) Tapped(*fyne.PointEvent) {
	if i := l.plain; i >= 0 && l.OnClick != nil {
		l.plain = -1
		l.OnClick(i)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (l *List) TappedSecondary(e *fyne.PointEvent) {
	if i := l.at(e.Position); l.OnMenu != nil && (l.usable(i) || l.MenuOfSkipped && i >= 0 && i < l.count) {
		l.setHover(-1)
		l.OnMenu(i, e.AbsolutePosition)
	}
}

// Scrolled implements fyne.Scrollable.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	l.scrollTo(l.offset - float64(e.Scrolled.DY*wheel))
	l.setHover(l.at(e.Position))
}

// MouseIn implements desktop.Hoverable.
func (l *List) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (l *List) MouseMoved(e *desktop.MouseEvent) {
	pointerAt(e.AbsolutePosition)
	l.setHover(l.at(e.Position))
}

// MouseOut implements desktop.Hoverable.
func (l *List) MouseOut() { pointerGone() }

func (l *List) setHover(i int) {
	if i == l.hover {
		return
	}
	old := l.hover
	l.hover = i
	if i >= 0 {
		if hoverList != nil && hoverList != l {
			hoverList.setHover(-1)
		}
		hoverList = l
	} else if hoverList == l {
		hoverList = nil
	}
	l.RefreshRow(old)
	l.RefreshRow(i)
	if l.OnHover != nil {
		l.OnHover(i)
	}
}

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() {
	if !l.held && !l.given {
		l.keys = true // by Tab, and nothing else on the screen says where it led
	}
	l.held = true
	l.setFocused(true)
}

// FocusLost implements fyne.Focusable. What another window or a dialog takes comes back without Tab.
func (l *List) FocusLost() {
	l.setFocused(false)
	fyne.Do(func() { // once it is known who has it
		if c := canvasOf(l); c != nil && !l.focused && c.Overlays().Top() == nil && c.Focused() != fyne.Focusable(l) {
			l.held = false
		}
	})
}

func (l *List) setFocused(on bool) {
	l.focused = on
	l.restate()
	if l.OnFocus != nil {
		l.OnFocus(on)
	}
}

// Focused reports whether the list has the keyboard.
func (l *List) Focused() bool { return l.focused }

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.drag != nil {
		return // a command would be about other rows than those that are dragged
	}
	if l.OnRune == nil || !l.OnRune(r) {
		ForwardRune(l, r)
	}
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	if l.drag != nil {
		if e.Name == fyne.KeyEscape {
			l.cancelDrag()
		}
		return
	}
	l.keys = true
	shift := Modifiers()&fyne.KeyModifierShift != 0
	if !l.moveKey(e.Name, shift, false) && !l.actKey(e.Name) {
		if l.OnKey == nil || !l.OnKey(e) {
			ForwardKey(l, e)
		}
	}
}

// moveKey moves the cursor by a key and reports whether it is one for that.
func (l *List) moveKey(k fyne.KeyName, extend, keep bool) bool {
	switch k {
	case fyne.KeyDown:
		l.step(1, extend, keep)
	case fyne.KeyUp:
		l.step(-1, extend, keep)
	case fyne.KeyPageDown:
		l.step(l.page(), extend, keep)
	case fyne.KeyPageUp:
		l.step(-l.page(), extend, keep)
	case fyne.KeyHome:
		l.step(-l.count-1, extend, keep)
	case fyne.KeyEnd:
		l.step(l.count+1, extend, keep)
	default:
		return false
	}
	return true
}

// actKey does what a key does with the row of the cursor.
func (l *List) actKey(k fyne.KeyName) bool {
	if l.cursor < 0 {
		return false
	}
	switch {
	case k == fyne.KeyReturn, k == fyne.KeyEnter:
		if l.OnOpen == nil {
			return false
		}
		l.OnOpen(l.cursor)
	case IsMenuKey(k):
		if l.OnMenu == nil {
			return false
		}
		y := float32(l.top(l.cursor) - l.offset + l.height(l.cursor)/2)
		l.OnMenu(l.cursor, absolute(l).AddXY(l.Size().Width/2, y))
	default:
		return false
	}
	return true
}

// TypedShortcut implements fyne.Shortcutable.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	if l.drag != nil {
		return
	}
	l.keys = true
	switch sc := s.(type) {
	case *fyne.ShortcutSelectAll:
		if l.opt.Multi {
			l.SelectAll()
			return
		}
	case *desktop.CustomShortcut:
		ctrl := sc.Modifier&^fyne.KeyModifierShift == fyne.KeyModifierControl
		if ctrl && l.moveKey(sc.KeyName, sc.Modifier&fyne.KeyModifierShift != 0, true) {
			return
		}
		if ctrl && sc.KeyName == fyne.KeySpace && l.opt.Multi && l.cursor >= 0 {
			l.toggle(l.cursor)
			return
		}
	}
	if l.OnShortcut == nil || !l.OnShortcut(s) {
		ForwardShortcut(l, s)
	}
}
