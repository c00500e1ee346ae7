package compose

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

func redirected() mail.Draft {
	return mail.Draft{Account: 1, Identity: 1, Resend: true, Forwarded: true, Plain: true, Source: 7, Subject: "گزارش هفتگی — Weekly report 48",
		Text:        "From: Shop <shop@shop.example>\nDate: Tue, 25 Nov 2025 09:41 +0000\nSubject: گزارش هفتگی — Weekly report 48\nAttachments: \u2068گزارش.pdf\u2069, \u2068numbers.xlsx\u2069\n\nسلام سارا،\nگزارش هفتهٔ ۴۸ را پیوست کردم.\n",
		Attachments: []mail.DraftAttachment{{Name: "Weekly report.eml", ContentType: "message/rfc822", Size: 5000, Message: 7}}}
}

// TestRedirect: the window asks for recipients and changes nothing of the message, whatever the sender signs with.
func TestRedirect(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		for name, mode := range map[string]theme.Mode{"light": theme.ForceLight, "dark": theme.ForceDark} {
			r := open(t, l, mode, redirected())
			r.w.to.add(seen[0])
			r.shot("redirect-" + l + "-" + name)
			r.win.Resize(fyne.NewSize(440, 480))
			r.shot("redirect-small-" + l + "-" + name)
		}
	}
	r := open(t, "en", theme.ForceLight, redirected())
	before := r.w.Draft()
	r.w.body.Focus()
	r.w.body.TypedRune('x')
	r.w.takeFiles([]string{"redirect_test.go"}, false)
	r.w.from.Tapped(nil)
	r.w.from.Choose(2)
	r.w.senderChanged(2)
	r.w.to.add(seen[0])
	r.loop.tick()
	if d := r.w.Draft(); d.Text != before.Text || d.Subject != before.Subject || len(d.Attachments) != 1 || len(d.Bcc) != 0 || d.Account != 2 || !d.Resend {
		t.Errorf("it became %+v", d)
	}
	if n := len(r.w.moreMenu()); n != 1 {
		t.Errorf("%d things can be done with it", n)
	}
	r.w.Send()
	r.loop.run()
	if len(r.engine.sent) != 1 || !r.engine.sent[0].Resend || r.closed != 1 {
		t.Errorf("sent %+v", r.engine.sent)
	}
}

// TestARedirectToNobody leaves nothing behind, and is not sent.
func TestARedirectToNobody(t *testing.T) {
	r := open(t, "en", theme.ForceLight, redirected())
	r.w.check(time.Time{})
	if len(r.engine.sent) != 0 {
		t.Error("it was sent to nobody")
	}
	r.w.Close()
	r.loop.run()
	if len(r.engine.drafts) != 0 || r.closed != 1 {
		t.Errorf("left behind: %+v", r.engine.drafts)
	}
}

// TestARedirectHasNoSubjectToGoTo: Tab leads past the fields that are not there.
func TestARedirectHasNoSubjectToGoTo(t *testing.T) {
	r := open(t, "en", theme.ForceLight, redirected())
	r.w.cc.entry.Focus()
	r.w.cc.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if !r.w.body.Focused() || !r.w.body.OnTab(true) || !r.w.cc.entry.Focused() {
		t.Error("Tab leads elsewhere")
	}
	if want := lang.T("compose.redirect.title", redirected().Subject); want == "" || r.win.Title() != lang.Plain(want)+" — "+lang.T("app.name") {
		t.Errorf("the window is called %q", r.win.Title())
	}
}
