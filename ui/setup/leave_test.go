package setup

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestSettingsSaveNoOtherNumberThanTyped: a number beyond its limits stays in its field when the keyboard goes elsewhere, keeps the
// account from being saved and gets the keyboard back; Persian digits are digits.
func TestSettingsSaveNoOtherNumberThanTyped(t *testing.T) {
	a := pop3Account()
	a.POP3.LeaveOnServer, a.POP3.RemoveAfterDays = true, 14
	e := &engine{}
	w := window(t, "fa", theme.ForceLight, 820, 700)
	f, closed := settings(t, w, a, e)
	f.Choose(TabAdvanced)
	enter := func(s string) {
		f.pop.days.Focus()
		f.pop.days.SetText("")
		for _, r := range s {
			f.pop.days.TypedRune(r)
		}
		w.Canvas().Unfocus()
		f.Choose(TabGeneral)
	}
	for _, bad := range []string{"9999", "0", "", "۰", "x"} {
		enter(bad)
		f.Save()
		f.opt.Loop.(*queue).run()
		if len(e.saved) != 0 || *closed || f.tabs.Chosen() != int(TabAdvanced) || w.Canvas().Focused() != fyne.Focusable(f.pop.days) {
			t.Fatalf("%q: saved %+v, closed %v, on tab %d", bad, e.saved, *closed, f.tabs.Chosen())
		}
		if got, want := textOf(f.problem), lang.T("setup.number.bad", 1, 3650); !strings.Contains(got, want) {
			t.Errorf("%q: said %q", bad, got)
		}
	}
	enter("۳۰")
	f.Save()
	f.opt.Loop.(*queue).run()
	if len(e.saved) != 1 || e.saved[0].POP3.RemoveAfterDays != 30 {
		t.Errorf("saved %+v", e.saved)
	}
}

// TestLeavingChangedSettings asks what becomes of the changes; without any, Escape closes them.
func TestLeavingChangedSettings(t *testing.T) {
	for _, c := range []struct {
		answer        string
		saved, closed bool
	}{{"setup.cancel", false, false}, {"setup.leave.discard", false, true}, {"setup.save", true, true}} {
		e := &engine{}
		w := window(t, "en", theme.ForceLight, 640, 480)
		f, closed := settings(t, w, pop3Account(), e)
		f.Keys()
		f.pop.leave.Tapped(nil)
		w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		top := w.Canvas().Overlays().Top()
		if top == nil || *closed {
			t.Fatalf("%s: changes are left without a question (closed %v)", c.answer, *closed)
		}
		shot(t, w, "settings-leave")
		tapText(t, top, lang.T(c.answer))
		f.opt.Loop.(*queue).run()
		if (len(e.saved) == 1) != c.saved || *closed != c.closed || w.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: saved %d, closed %v", c.answer, len(e.saved), *closed)
		}
	}
	bare := mail.Account{ID: 4, Name: "bare", Email: "x@example.org", Protocol: mail.IMAP} // as from a file: much is not said
	for _, a := range []mail.Account{pop3Account(), bare} {
		w := window(t, "en", theme.ForceLight, 640, 480)
		f, closed := settings(t, w, a, &engine{})
		f.Keys()
		w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if !*closed {
			t.Errorf("%s: settings in which nothing was changed stay open", a.Name)
		}
	}
}
