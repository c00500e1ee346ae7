package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// The keyboard alone gets everywhere in a conversation: to the folded messages, the count of older ones and the field for an answer; where what it was on
// goes, it is on what took its place.
func TestKeyboardInAConversation(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(8))
	th := b.openThread(7)
	b.drain()
	c := b.w.Window().Canvas()
	press := func(k fyne.KeyName) {
		t.Helper()
		c.Focused().TypedKey(&fyne.KeyEvent{Name: k})
		b.drain()
	}
	tabTo := func(what string, is func(o fyne.Focusable) bool) {
		t.Helper()
		for range 60 {
			c.FocusNext()
			if is(c.Focused()) {
				return
			}
		}
		t.Fatalf("Tab does not come to %s", what)
	}
	tabTo("the first message", func(o fyne.Focusable) bool { return o == fyne.Focusable(th.items[0].line) })
	press(fyne.KeyReturn)
	if !th.items[0].open || c.Focused() != fyne.Focusable(th.items[0].view.header.to) {
		t.Fatalf("Enter on a folded message: open %t, the keyboard is on %T", th.items[0].open, c.Focused())
	}
	th.SetOpen(th.items[0], false) // as the key for it does
	b.drain()
	if c.Focused() != fyne.Focusable(th.items[0].line) {
		t.Fatalf("folded again: the keyboard is on %T", c.Focused())
	}
	tabTo("the count of older ones", func(o fyne.Focusable) bool { return th.older != nil && o == fyne.Focusable(th.older) })
	press(fyne.KeySpace)
	if th.older != nil || c.Focused() != fyne.Focusable(th.items[1].line) {
		t.Fatalf("the older ones are shown: the keyboard is on %T", c.Focused())
	}
	tabTo("the answer", func(o fyne.Focusable) bool { return o == fyne.Focusable(th.reply.area) })
	press(fyne.KeyReturn)
	if c.Focused() != fyne.Focusable(th.reply.editor) {
		t.Fatalf("the field for an answer is open: the keyboard is on %T", c.Focused())
	}
	press(fyne.KeyEscape)
	if c.Focused() != fyne.Focusable(th.reply.area) || th.reply.field.Visible() {
		t.Fatalf("Escape in it: the keyboard is on %T", c.Focused())
	}
	// The keys of the window work from there.
	was := b.w.list.list.Cursor()
	press(fyne.KeyJ)
	if at := b.w.list.list.Cursor(); at != was+1 {
		t.Errorf("from row %d the next message is row %d", was, at)
	}
}

// shortcutCanvas keeps what it is given for shortcuts: the canvas of the tests does not.
type shortcutCanvas struct {
	fyne.Canvas
	added map[string]func(fyne.Shortcut)
}

func (c *shortcutCanvas) AddShortcut(s fyne.Shortcut, f func(fyne.Shortcut)) {
	c.added[s.ShortcutName()] = f
}

// Shift+Delete arrives as the old key for cutting, Shift+F10 as a key of its own: both do what they are for.
func TestKeysWithShift(t *testing.T) {
	b := newBench(t)
	c := b.w.Window().Canvas()
	b.selectSubject("Your itinerary DL 1187")
	b.drain()
	b.w.list.list.Focus()
	if len(b.w.list.Selected()) != 1 {
		t.Fatal("nothing is selected")
	}
	over := func(what string) {
		t.Helper()
		b.drain()
		if c.Overlays().Top() == nil {
			t.Fatalf("%s: nothing opens", what)
		}
		b.key(fyne.KeyEscape)
		b.drain()
		if c.Overlays().Top() != nil || c.Focused() != fyne.Focusable(b.w.list.list) {
			t.Fatalf("%s: Escape leaves the keyboard on %T", what, c.Focused())
		}
	}
	real := &shortcutCanvas{Canvas: c, added: map[string]func(fyne.Shortcut){}}
	b.w.keys.install(real)
	cut := real.added[(&fyne.ShortcutCut{}).ShortcutName()]
	cut(&fyne.ShortcutCut{Secondary: true})
	over("Shift+Delete")
	cut(&fyne.ShortcutCut{})
	b.drain()
	if c.Overlays().Top() != nil {
		t.Error("Ctrl+X destroys messages")
	}
	c.Focused().TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	over("the menu key")
}
