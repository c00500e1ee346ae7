package imap

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	mime "peyk/internal/message"
)

// What a server has read of a header says the same as the header itself.
func TestHeadline(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	want := []string{"From: \"Reza, R. \\\"Z\\\"\" <reza@example.org>\r\nSubject: plain\r\n", "From: =?utf-8?B?2LHYttin?= <reza@example.org>\r\nSubject: =?utf-8?Q?=DA=AF=D8=B2=D8=A7=D8=B1=D8=B4?= =?utf-8?Q?_=D9=85=D8=A7=D9=87?=\r\n",
		"From: team:a@x.example, b@x.example;\r\nSubject: a\r\n folded one\r\n", "Subject: of nobody\r\n", "From: sara@x.example\r\n"}
	for i, head := range want {
		d.Deliver("ali", fmt.Appendf(nil, "Received: from somewhere\r\n%sDate: Mon, 02 Mar 2026 10:00:%02d +0000\r\nX-Long: y\r\n\r\ntext\r\n", head, i))
	}
	c := dialDovecot(t, d, "ali")
	ctx := testContext(t)
	for i := range want {
		var sums []mail.Summary
		for _, parsed := range []bool{false, true} {
			head, err := c.Headline(ctx, "INBOX", mail.UID(i+1), parsed)
			if err != nil || len(head) == 0 {
				t.Fatalf("%d, parsed %v: %q, %v", i, parsed, head, err)
			}
			sums = append(sums, mime.ParseHeader(head).Summary())
		}
		a, b := sums[0], sums[1]
		if a.Subject != b.Subject || len(a.From) > 0 != (len(b.From) > 0) || len(a.From) > 0 && a.From[0].Addr != b.From[0].Addr || !a.Date.Equal(b.Date) || a.Date.IsZero() || a.Subject == "" && len(a.From) == 0 {
			t.Errorf("%d: the header says %+v, the envelope %+v", i, a, b)
		}
		if i == 1 && (a.Subject != "گزارش ماه" || b.From[0].Name != "رضا") {
			t.Errorf("%q from %q", a.Subject, b.From[0].Name)
		}
	}
	if head, err := c.Headline(ctx, "INBOX", 99, true); err != nil || head != nil {
		t.Errorf("of no message: %q, %v", head, err)
	}
}

func TestOddEnvelopes(t *testing.T) {
	for in, want := range map[string]string{
		`("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL)`:                                     "Date: d\r\nSubject: s\r\n\r\n",
		`(NIL NIL (("n" NIL "a" "b") ("c" NIL "d" "e")) NIL)`:                           "From: \"n\" <a@b>\r\n\r\n",
		`(NIL NIL ((NIL NIL "team" NIL) (NIL NIL "a" "b") (NIL NIL NIL NIL)))`:          "From: <a@b>\r\n\r\n",
		`("d" NIL (("n\"x" "@r" "a" "b")) ((NIL NIL "q" "w")) NIL (("z" NIL NIL NIL)))`: "Date: d\r\nFrom: \"nx\" <a@b>\r\n\r\n",
		`()`: "", `NIL`: "", `("d"`: "", `("d" "s" ((`: "", `("d" "s" (("n" NIL "a")))`: "", `("d" "s" NIL`: "",
	} {
		got, err := envelopeLines(&scanner{b: []byte(in)})
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", in, got, err)
		}
	}
}
