package ui

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// shortcuts finds the command of a key. Single keys come from wherever the focus is (widgets hand on what they do not use),
// but not while a dialog or a menu is open.
type shortcuts struct {
	w     *MainWindow
	in    *readerWindow // whose keys these are; nil: of the main window
	keys  map[chord]*command
	runes map[rune]*command
}

func newShortcuts(w *MainWindow, commands []*command) *shortcuts {
	s := &shortcuts{w: w, keys: map[chord]*command{}, runes: map[rune]*command{}}
	for _, c := range commands {
		for _, k := range c.keys {
			if k.r != 0 {
				s.runes[k.r] = c
			} else {
				s.keys[k] = c
			}
		}
	}
	return s
}

// install registers everything with the canvas of the window.
func (s *shortcuts) install(c fyne.Canvas) {
	c.SetOnTypedKey(s.typedKey)
	c.SetOnTypedRune(s.typedRune)
	for k, cmd := range s.keys {
		if k.mod == fyne.KeyModifierAlt {
			s.installMirrored(c, k, cmd)
		}
		if k.mod&fyne.KeyModifierShortcutDefault == 0 {
			continue
		}
		run := func(fyne.Shortcut) { s.run(cmd) }
		switch k {
		case ctrl(fyne.KeyZ):
			c.AddShortcut(&fyne.ShortcutUndo{}, run)
		case ctrl(fyne.KeyA):
			c.AddShortcut(&fyne.ShortcutSelectAll{}, run)
		default:
			c.AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: k.mod}, run)
		}
	}
	if cmd := s.keys[shift(fyne.KeyDelete)]; cmd != nil { // of which the toolkit makes the old key for cutting
		c.AddShortcut(&fyne.ShortcutCut{}, func(cut fyne.Shortcut) {
			if cut.(*fyne.ShortcutCut).Secondary {
				s.run(cmd)
			}
		})
	}
	c.AddShortcut(&fyne.ShortcutCopy{}, func(fyne.Shortcut) { s.copy() })
}

// installMirrored registers a key with Alt; the arrow of one that says leading is the other one while the window is mirrored.
func (s *shortcuts) installMirrored(c fyne.Canvas, k chord, cmd *command) {
	for _, name := range []fyne.KeyName{k.key, mirroredKey(k.key)} {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: k.mod}, func(fyne.Shortcut) {
			if pick(lang.RTL(), mirroredKey(name), name) == k.key {
				s.run(cmd)
			}
		})
	}
}

// mirroredKey is the arrow key of the other side.
func mirroredKey(k fyne.KeyName) fyne.KeyName {
	switch k {
	case fyne.KeyLeft:
		return fyne.KeyRight
	case fyne.KeyRight:
		return fyne.KeyLeft
	}
	return k
}

func (s *shortcuts) typedKey(e *fyne.KeyEvent) {
	if kit.OverlayKey(s.canvas(), e) {
		return
	}
	name := e.Name
	if name == fyne.KeyUnknown || name == "" {
		name = fyne.KeyName(model.PhysicalKey(runtime.GOOS, e.Physical.ScanCode))
		if name == "/" { // no Latin slash on this layout
			s.typedRune(pick(kit.Modifiers()&fyne.KeyModifierShift != 0, '?', '/'))
			return
		}
	}
	if lang.RTL() { // the table says leading and trailing
		name = mirroredKey(name)
	}
	mod := kit.Modifiers() & (fyne.KeyModifierShift | fyne.KeyModifierControl | fyne.KeyModifierAlt | fyne.KeyModifierSuper)
	if s.in == nil && mod == 0 && s.w.one.Scroll(name) {
		return
	}
	if c := s.keys[chord{mod: mod, key: name}]; c != nil {
		// A moment later: the letter of this key is still to come, and must not land in the field of a dialog that the
		// command opens.
		s.w.env.loop.Post(func() { s.run(c) })
	}
}

func (s *shortcuts) typedRune(r rune) {
	if c := s.runes[r]; c != nil {
		s.run(c)
	}
}

func (s *shortcuts) run(c *command) {
	switch {
	case s.canvas().Overlays().Top() != nil:
	case s.in != nil && c.id == "selectall":
		s.in.pane.SelectAll()
	case s.in != nil:
		s.in.run(c)
	default:
		s.w.run(c)
	}
}

// canvas is that of the window whose keys these are.
func (s *shortcuts) canvas() fyne.Canvas {
	if s.in != nil {
		return s.in.env.win.Canvas()
	}
	return s.w.env.win.Canvas()
}

// copy copies what is selected in an open message.
func (s *shortcuts) copy() {
	if s.in != nil {
		s.w.within(nil, s.in.pane, s.w.copyText)
		return
	}
	s.w.copyText()
}
