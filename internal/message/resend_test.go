package message

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"peyk/internal/mail"
)

// resend sends raw on from a user to To, Cc and Bcc.
func resend(t *testing.T, raw string, change func(*mail.Draft)) (string, Envelope) {
	t.Helper()
	d := mail.Draft{To: []mail.Address{{Name: "سارا", Addr: "sara@example.org"}}, Cc: []mail.Address{{Addr: "anna@bücher.example"}}, Bcc: []mail.Address{{Addr: "hidden@example.org"}},
		Subject: "of no account", Text: "of no account", Resend: true, HeaderID: "resent@example.org", Attachments: []mail.DraftAttachment{{Name: "x.eml"}}}
	if change != nil {
		change(&d)
	}
	var b bytes.Buffer
	env, err := Resend(&b, Outgoing{Draft: d, From: mail.Identity{Name: "Ali", Addr: "ali@example.org", ReplyTo: "other@example.org"}, Date: time.Date(2026, 11, 27, 9, 5, 0, 0, time.UTC), SMTPUTF8: true,
		Open: func(mail.DraftAttachment) (io.ReadCloser, error) {
			return io.NopCloser(iotest.OneByteReader(strings.NewReader(raw))), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	if env.Size != int64(b.Len()) {
		t.Errorf("it is said to have %d bytes, and has %d", env.Size, b.Len())
	}
	return b.String(), env
}

// The fields of RFC 5322 §3.6.6 stand in one block before the message, and behind them it is as it came: odd fields, long lines, bytes above 127, dots, an older resending.
func TestAResentMessageIsAsItCame(t *testing.T) {
	raw := "Received: from a\r\n\tby b\r\nResent-From: first@example.org\r\nDKIM-Signature: v=1;  b=ab\r\n cd\r\nfrom:Shop   <shop@shop.example>\r\nTo: ali@example.org\r\n" +
		"Subject: =?utf-8?q?Yo=\r\n ur?= order\r\nX-Odd \r\nMessage-ID: <order@shop.example>\r\nX-Bcc: stays\r\n\r\n" +
		".\r\n..two\r\n" + strings.Repeat("x", 100_000) + "\r\n\xff\xfe سلام \r\nBcc: in the text\r\n\r\nno line end"
	got, env := resend(t, raw, nil)
	block := "Resent-Date: Fri, 27 Nov 2026 09:05:00 +0000\r\nResent-From: Ali <ali@example.org>\r\nResent-To: =?utf-8?B?2LPYp9ix2Kc=?= <sara@example.org>\r\n" +
		"Resent-Cc: anna@xn--bcher-kva.example\r\nResent-Message-ID: <resent@example.org>\r\n"
	if !strings.EqualFold(got[:env.Resent], block) {
		t.Errorf("before it stands\n%s", got[:env.Resent])
	}
	if got[env.Resent:] != raw {
		t.Errorf("the message was changed: %.300q", got[env.Resent:])
	}
	if strings.Join(env.Rcpt, " ") != "sara@example.org anna@xn--bcher-kva.example hidden@example.org" || env.From != "ali@example.org" || env.MessageID != "resent@example.org" {
		t.Errorf("envelope %+v", env)
	}
}

// What belongs to the delivery to this mailbox does not go on, nor does what was hidden from the recipients of the first time. Line ends become those of the way.
func TestWhatBelongsToTheDeliveryStaysHere(t *testing.T) {
	got, env := resend(t, "From shop@shop.example Fri Nov 27 2026\nReturn-Path: <bounce@shop.example>\nDelivered-To:\n ali@example.org\nReceived: x\nBCC: secret@example.org,\n  other@example.org\nResent-Bcc : third@example.org\nSubject: a\n\nFrom here\nReturn-Path: y\rz\r\r\nend\r", nil)
	if want := "Received: x\r\nSubject: a\r\n\r\nFrom here\r\nReturn-Path: y\r\nz\r\nend\r\n"; got[env.Resent:] != want {
		t.Errorf("%q", got[env.Resent:])
	}
	if strings.Contains(got, "hidden") || strings.Contains(got, "secret") {
		t.Errorf("who was to be hidden is named:\n%s", got)
	}
}

// Nor does it where the message ends in the midst of such a field.
func TestAHiddenFieldThatEndsTheMessage(t *testing.T) {
	for _, raw := range []string{"Subject: a\r\nBcc: secret@example.org", "Subject: a\r\nBcc: x,\r\n secret@example.org", "Subject: a\r\nBcc: " + strings.Repeat("x", 100_000) + "secret@example.org"} {
		if got, env := resend(t, raw, nil); got[env.Resent:] != "Subject: a\r\n" {
			t.Errorf("%.100q", got[env.Resent:])
		}
	}
}

func TestResentToHiddenRecipientsOnly(t *testing.T) {
	got, env := resend(t, "Subject: a\r\n\r\nb", func(d *mail.Draft) { d.To, d.Cc = nil, nil })
	if !strings.Contains(got, "Resent-To: undisclosed-recipients:;\r\n") || strings.Contains(got, "hidden") || len(env.Rcpt) != 1 {
		t.Errorf("%s\n%+v", got, env)
	}
	for _, raw := range []string{"", "\r\n", "\r", "no header", "Subject: no end\r\n"} {
		got, env := resend(t, raw, nil)
		if want := strings.ReplaceAll(raw, "\r\n", "\r"); got[env.Resent:] != strings.ReplaceAll(want, "\r", "\r\n") {
			t.Errorf("%q became %q", raw, got[env.Resent:])
		}
	}
	var b bytes.Buffer
	d := mail.Draft{Attachments: []mail.DraftAttachment{{}}}
	if _, err := Resend(&b, Outgoing{Draft: d, From: mail.Identity{Addr: "ali@example.org"}}); err != ErrNoRecipient || b.Len() > 0 {
		t.Errorf("to nobody: %v, %q", err, b.String())
	}
}

// A redirect is made of the message whole, and says which one it is.
func TestARedirectNamesItsMessage(t *testing.T) {
	files := mail.Content{Row: mail.Row{ID: 7, Subject: "Order"}, Text: "x", Attachments: []mail.Attachment{{Filename: "invoice.pdf"}, {Filename: "گزارش.docx"},
		{Filename: "logo.png", Inline: true, ContentID: "logo"}, {Filename: "photo\u202egpj.exe"}}}
	for lang, want := range map[string]string{"en": "Subject: Order\nAttachments: ", "fa": "موضوع: Order\nپیوست‌ها: "} {
		want += "\u2068invoice.pdf\u2069, \u2068گزارش.docx\u2069, \u2068photogpj.exe\u2069\n\nx\n"
		if d := NewReply(files, ReplyOptions{Kind: mail.Redirect, Lang: lang}); d.Text != want {
			t.Errorf("%s: it says\n%q, want\n%q", lang, d.Text, want)
		}
	}
	c := mail.Content{Text: "Your order 1402\n", Row: mail.Row{ID: 7, Subject: "Order", Size: 99, From: []mail.Address{{Name: "Shop", Addr: "shop@shop.example"}}, To: []mail.Address{{Addr: "b@example.org"}}}}
	d := NewReply(c, ReplyOptions{Kind: mail.Redirect, Lang: "en", Account: mail.Account{ID: 3, Identities: []mail.Identity{{Addr: "a@example.org"}, {Addr: "b@example.org", Bcc: "me@example.org", Signature: "Best"}}}})
	if !d.Resend || !d.Forwarded || d.Source != 7 || d.Identity != 1 || d.Subject != "Order" || len(d.To)+len(d.Cc)+len(d.Bcc) != 0 || len(d.Attachments) != 1 || d.Attachments[0].Message != 7 || d.Attachments[0].Part != "" {
		t.Errorf("%+v", d)
	}
	if d.Text != "From: Shop <shop@shop.example>\nSubject: Order\nTo: b@example.org\n\nYour order 1402\n" {
		t.Errorf("it says\n%s", d.Text)
	}
}
