package filepick

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// key sees what the list does not use.
func (p *picker) key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyBackspace {
		p.up()
		return true
	}
	return false
}

// typePause is how long the letters typed in the list belong to one word.
const typePause = time.Second

// letter goes to the next name that begins with what is typed; "/" and "~" begin a path.
func (p *picker) letter(r rune) bool {
	if r == '/' || r == '~' {
		p.typePath(true, string(r))
		return true
	}
	if now := time.Now(); now.Sub(p.typedAt) > typePause {
		p.typed, p.typedAt = "", now
	} else {
		p.typedAt = now
	}
	p.typed += string(r)
	from := max(p.list.Cursor(), 0)
	if len([]rune(p.typed)) == 1 {
		from++ // the same letter again: the next one
	}
	for k := range p.shown {
		i := (from + k) % len(p.shown)
		if starts(p.shown[i].name, p.typed) {
			p.list.Select(i)
			p.selected()
			break
		}
	}
	return true
}

// shortcut is what works wherever the keyboard is in the dialog.
func (p *picker) shortcut(s fyne.Shortcut) {
	sc, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return
	}
	ctrl := sc.Modifier == fyne.KeyModifierShortcutDefault
	switch {
	case ctrl && sc.KeyName == fyne.KeyL:
		p.typePath(true, "")
	case ctrl && sc.KeyName == fyne.KeyH:
		p.toggleHidden()
	case sc.Modifier == fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift && sc.KeyName == fyne.KeyN:
		p.askFolder()
	case sc.Modifier == fyne.KeyModifierAlt && sc.KeyName == fyne.KeyUp:
		p.up()
	}
}

// typePath shows the field for a path in place of the crumbs, or takes it away.
func (p *picker) typePath(on bool, begin string) {
	if on == p.path.Visible() {
		return
	}
	if !on {
		if p.path.Focused() {
			p.list.Focus()
		}
		p.path.Hide()
		p.bar.box.Show()
		return
	}
	p.bar.box.Hide()
	p.path.Show()
	if begin != "" {
		p.path.SetText(begin)
		p.path.SetCaret(len(begin))
	} else {
		p.path.SetText(p.dir)
		p.path.SelectAll()
	}
	p.win.Canvas().Focus(p.path) // the field was never painted before: it does not know its canvas
}

func (p *picker) toggleHidden() {
	p.c.hidden = !p.c.hidden
	p.hiddenTip()
	p.refill()
}

// refill lists the folder again with the cursor where it was.
func (p *picker) refill() {
	p.after = ""
	if i := p.list.Cursor(); i >= 0 && i < len(p.shown) {
		p.after = p.shown[i].name
	}
	p.fill()
}

func (p *picker) hiddenTip() {
	if p.c.hidden {
		p.hidden.SetIcon(icons.EyeOff)
		p.hidden.Tip(lang.T("files.hide") + " (Ctrl+H)")
		return
	}
	p.hidden.SetIcon(icons.Eye)
	p.hidden.Tip(lang.T("files.unhide") + " (Ctrl+H)")
}

func (p *picker) sortMenu(below fyne.CanvasObject) {
	var items []*kit.MenuItem
	for _, x := range []struct {
		by order
		id string
	}{{byName, "files.by.name"}, {byTime, "files.by.time"}, {bySize, "files.by.size"}} {
		it := kit.Item(lang.T(x.id), "", func() {
			p.c.by = x.by
			p.refill()
		})
		it.Checked = p.c.by == x.by
		items = append(items, it)
	}
	kit.ShowMenuBelow(below, items...)
}
