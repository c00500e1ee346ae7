package setup

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestTheFormFollowsTheLanguage: built again in another language it shows the same page with the same entries.
func TestTheFormFollowsTheLanguage(t *testing.T) {
	f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), pop3Account(), &engine{})
	f.Choose(TabAdvanced)
	f.pop.days.SetNumber(3)
	lang.Set("fa")
	g := f.Again(f.opt)
	a, s, err := g.Account()
	if err != nil || a.POP3.RemoveAfterDays != 3 || a.ID != pop3Account().ID || s.Incoming != "" {
		t.Errorf("the fields hold %+v, %v", a.POP3, err)
	}
	if g.tabs.Chosen() != int(TabAdvanced) || g.save.Text() != lang.T("setup.save") {
		t.Errorf("page %d, the button says %q", g.tabs.Chosen(), g.save.Text())
	}
}

// TestEscapeLeavesAFormThatWasNotChanged, and only that.
func TestEscapeLeavesAFormThatWasNotChanged(t *testing.T) {
	w := window(t, "en", theme.ForceLight, 820, 700)
	f, closed := settings(t, w, pop3Account(), &engine{})
	f.Keys()
	f.pop.days.SetNumber(3)
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if *closed {
		t.Fatal("Escape threw away what was entered")
	}
	f.pop.days.SetNumber(pop3Account().POP3.RemoveAfterDays)
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !*closed {
		t.Error("Escape does not leave the form")
	}
}
