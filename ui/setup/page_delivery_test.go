package setup

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestAnotherRuleSaysWhatItRemoves: nothing leaves the server because of a setting before its user was told how much, also of what was deleted here.
func TestAnotherRuleSaysWhatItRemoves(t *testing.T) {
	e := &engine{removal: mail.Removal{Here: []mail.Row{{ID: 1, Subject: "a"}}, Deleted: 2}}
	w := window(t, "en", theme.ForceLight, 820, 700)
	f, closed := settings(t, w, pop3Account(), e)
	run := f.opt.Loop.(*queue).run
	f.Choose(TabAdvanced)
	run()
	if got := f.pop.note.Text(); !strings.Contains(got, "3 messages") || !strings.Contains(got, "2 of them were deleted here") {
		t.Errorf("the preview says %q", got)
	}
	f.Save()
	run()
	if !*closed || len(e.saved) != 1 {
		t.Fatal("an account with the rule that it had is saved without a question")
	}
	f, closed = settings(t, w, pop3Account(), e)
	run = f.opt.Loop.(*queue).run
	f.pop.leave.Tapped(nil)
	f.Save()
	run()
	overlay := w.Canvas().Overlays().Top()
	if *closed || overlay == nil || len(e.saved) != 1 {
		t.Fatal("saved without a question")
	}
	shot(t, w, "removal-question")
	for _, want := range []string{"3 messages are removed from the server as soon as you save", "1 stays on this computer", "2 of them were deleted here and will be nowhere then"} {
		if got := textOf(overlay); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	tapText(t, overlay, lang.T("kit.cancel"))
	run()
	if *closed || len(e.saved) != 1 {
		t.Fatal("saved although it was not meant")
	}
	f.Save()
	run()
	tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.pop.ask.ok"))
	run()
	if !*closed || len(e.saved) != 2 || e.saved[1].POP3.LeaveOnServer {
		t.Errorf("not saved: %+v", e.saved)
	}
	e.removal = mail.Removal{}
	f, closed = settings(t, w, pop3Account(), e)
	f.pop.leave.Tapped(nil)
	f.Save()
	f.opt.Loop.(*queue).run()
	if !*closed || len(e.saved) != 3 {
		t.Error("where nothing goes there is a question")
	}
}
