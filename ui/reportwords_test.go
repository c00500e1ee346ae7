package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// bannerWords are the words of the banners over the open message.
func bannerWords(b *bench) string {
	var out []string
	m := b.w.reader.Current()
	if m == nil {
		return ""
	}
	for _, o := range m.banners.Objects {
		if x, ok := o.(*kit.Banner); ok {
			out = append(out, x.Text())
		}
	}
	return strings.Join(out, "\n")
}

// A delivery report and a message that came in pieces are told in the language of the window.
func TestReportsAndPiecesInWords(t *testing.T) {
	const bounced = "Undelivered Mail Returned to Sender"
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), func(b *bench) {
		inbox := b.folder(b.imap, "INBOX")
		b.put(inbox, 100, sampleMail{from: "Mail Delivery System <mailer-daemon@example.org>", subject: bounced, at: today.Add(-5 * time.Minute), text: "I'm sorry to have to inform you.",
			headers: "Content-Type: multipart/report; report-type=delivery-status; boundary=R\r\n\r\n--R\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n" +
				"Final-Recipient: rfc822; eve@example.net\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n" +
				"Final-Recipient: rfc822; bob@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n" +
				"Final-Recipient: rfc822; c@example.com\r\nAction: delivered\r\n\r\nFinal-Recipient: rfc822; d@example.com\r\nAction: delivered\r\n\r\n--R\r\n"})
		for i := 1; i <= 2; i++ {
			b.put(inbox, mail.UID(100+i), sampleMail{from: "Sara <sara@example.org>", subject: fmt.Sprintf("Photos (%d of 2)", i), at: today.Add(-time.Duration(i) * time.Hour), text: fmt.Sprintf("the text of half %d", i),
				headers: fmt.Sprintf("Content-Type: message/partial; id=\"photos@x\"; number=%d; total=2\r\n\r\n", i) + map[int]string{1: "Subject: Photos\r\n"}[i]})
		}
		b.put(inbox, 110, sampleMail{from: "Sara <sara@example.org>", subject: "Alone", at: today.Add(-3 * time.Hour), text: "x",
			headers: "Content-Type: message/partial; id=\"other@x\"; number=2\r\n\r\n"})
		b.put(inbox, 111, sampleMail{from: "Abuse desk <abuse@example.org>", subject: "Abuse report", at: today.Add(-4 * time.Hour), text: "A complaint.",
			headers: "Content-Type: multipart/report; report-type=feedback-report; boundary=R\r\n\r\n--R\r\nContent-Type: message/feedback-report\r\n\r\n" +
				"Feedback-Type: abuse\r\nVersion: 1\r\nOriginal-Mail-From: <news@example.com>\r\n\r\n--R\r\n"})
	})
	for _, c := range []struct {
		code string
		mode theme.Mode
		want []string
	}{
		{"en", theme.ForceLight, []string{"The message to bob@example.com could not be delivered. The mailbox does not exist. The server said: 550 no such user",
			"The message to eve@example.net is not delivered yet; the server goes on trying. The other server did not answer.", "The report names 1 more recipient."}},
		{"fa", theme.ForceDark, []string{"نامه به bob@example.com نرسید. چنین صندوقی وجود ندارد. پاسخ سرور: 550 no such user"}},
	} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(1280, 800))
		b.drain()
		b.selectSubject(bounced)
		b.drain()
		got := bannerWords(b)
		for _, w := range c.want {
			if !strings.Contains(clean(got), w) {
				t.Errorf("%s: the banners say\n%s", c.code, got)
			}
		}
		if c.code == "en" && !strings.HasPrefix(clean(got), c.want[0]) {
			t.Errorf("what failed comes first:\n%s", got)
		}
		if s := b.w.reader.Content().Text; strings.Contains(s, "could not be delivered") || !strings.Contains(s, "sorry") {
			t.Errorf("%s: the text is what the server wrote: %q", c.code, s)
		}
		b.shot("report-" + c.code)
		b.selectSubject("Photos (2 of 2)")
		b.drain()
		if s := b.w.reader.Content().Text; !strings.Contains(s, "half 1") || !strings.Contains(s, "half 2") {
			t.Errorf("%s: both pieces are shown as one: %q", c.code, s)
		}
		if got := bannerWords(b); !strings.Contains(clean(got), lang.T("warning.assembled", 2)) {
			t.Errorf("%s: %s", c.code, got)
		}
		b.shot("pieces-" + c.code)
		b.w.list.SelectMessage(b.ids["Alone"])
		b.until("the piece", func() bool { return b.w.reader.Message() == b.ids["Alone"] && bannerWords(b) != "" })
		b.drain()
		if got := bannerWords(b); !strings.Contains(clean(got), lang.T("warning.piece.unknown", 2)) {
			t.Errorf("%s: %s", c.code, got)
		}
		b.shot("piece-" + c.code)
		b.selectSubject("Abuse report")
		b.drain()
		if got := clean(bannerWords(b)); !strings.Contains(got, clean(lang.T("report.abuse", "news@example.com"))) || !strings.Contains(got, "news@example.com") {
			t.Errorf("%s: the abuse report is told as %q", c.code, got)
		}
		b.shot("abuse-" + c.code)
	}
}

// clean takes the isolates off that set addresses apart.
func clean(s string) string {
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "").Replace(s)
}
