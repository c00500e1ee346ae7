package compose

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestTabLeadsThroughTheFields: from To over Subject into the text, past the buttons that stand between, and back.
func TestTabLeadsThroughTheFields(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	tab := func(e *kit.Entry, want *kit.Entry) {
		t.Helper()
		e.Focus()
		if !e.AcceptsTab() {
			t.Fatal("the window takes Tab before the field")
		}
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
		if want != nil && !want.Focused() || want == nil && !r.w.body.Focused() {
			t.Error("Tab leads elsewhere")
		}
	}
	tab(r.w.to.entry, r.w.cc.entry)
	tab(r.w.cc.entry, r.w.subject)
	tab(r.w.subject, nil)
	r.w.showCopies()
	tab(r.w.to.entry, r.w.cc.entry)
	tab(r.w.cc.entry, r.w.bcc.entry)
	tab(r.w.bcc.entry, r.w.subject)
	if !r.w.subject.OnTab(true) || !r.w.bcc.entry.Focused() {
		t.Error("Shift+Tab does not lead from the subject to Bcc")
	}
	if !r.w.body.OnTab(true) || !r.w.subject.Focused() {
		t.Error("Shift+Tab does not lead from the text to the subject")
	}
	if r.w.body.OnTab(false) || r.w.to.entry.OnTab(true) {
		t.Error("the ends of the chain do not go on to the buttons")
	}
}

// TestAnOpenWindowFollowsTheLanguage: what is written and what can be undone stay.
func TestAnOpenWindowFollowsTheLanguage(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	r.w.subject.SetText("سلام")
	r.w.body.Focus()
	r.w.body.TypedRune('x')
	r.w.showCopies()
	lang.Set("fa")
	if got := r.w.send.Text(); got != lang.T("compose.send") {
		t.Errorf("the button says %q", got)
	}
	if !r.w.bccRow.Visible() || r.w.subject.Text() != "سلام" || r.w.body.Text() != "x" || !r.w.body.CanUndo() {
		t.Error("something that was written is lost")
	}
	r.w.Close()
	r.loop.run()
	lang.Set("en") // nobody listens any more
}

// TestTheNamesOfTheFieldsKeepADistance: the longest of every language ends before its field begins.
func TestTheNamesOfTheFieldsKeepADistance(t *testing.T) {
	for _, l := range []string{"en", "fa", "de", "ar"} {
		open(t, l, theme.ForceLight, mail.Draft{Account: 1})
		for _, id := range []string{"compose.from", "compose.to", "compose.cc", "compose.bcc", "compose.subject"} {
			if w := kit.NewLabel(lang.T(id), kit.Muted).MinSize().Width; w+8 > labelWidth() {
				t.Errorf("%s: %q is %v wide in %v", l, lang.T(id), w, labelWidth())
			}
		}
	}
}
