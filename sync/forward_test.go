package mailsync_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/internal/richtext"
)

const orderMail = `From: Shop <shop@shop.example>
To: ali@example.org
Subject: Your order
Message-ID: <order@shop.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html; charset=utf-8

<html><head><style>.b{background:#0a7;color:#fff} td{padding:4px}</style></head><body bgcolor="#eeeeff"><script>x()</script>
<table width="500"><tr><td class="b">Order 1402</td></tr><tr><td><img src="cid:box@shop" width="40"><img src="https://shop.example/logo.png">
<img src="https://shop.example/o.gif" width="1" height="1"></td></tr></table></body></html>
--r
Content-Type: image/png; name=box.png
Content-ID: <box@shop>
Content-Disposition: inline; filename=box.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--r--
--m
Content-Type: text/csv
Content-Disposition: attachment; filename=a.csv

1,2
--m--
`

// A message with a look arrives with it where it is forwarded to, by way of the server's Drafts and another computer, too.
func TestAForwardedMessageKeepsItsLook(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.dove.DeliverTo("ali", "INBOX", []byte(strings.ReplaceAll(orderMail, "\n", "\r\n")))
	r.sync(a)
	d, err := r.e.Reply(r.ctx, r.find(r.inbox(a), "Your order").ID, mail.ForwardInline, "en")
	if err != nil {
		t.Fatal(err)
	}
	if pages := richtext.FromDraft(d.HTML).Pages(); len(pages) != 1 {
		t.Fatalf("the draft has %d pages:\n%s", len(pages), d.HTML)
	}
	d.To = []mail.Address{{Addr: r.mta.Address("sara")}}
	r.keep(&d)
	r.onServer(a, 1)
	if err := r.st.DeleteDraft(r.ctx, d.ID); err != nil { // as if it had been written elsewhere
		t.Fatal(err)
	}
	again, err := r.e.EditDraft(r.ctx, r.find(r.folder(a, "Drafts"), "Fwd: Your order").ID)
	if err != nil {
		t.Fatal(err)
	}
	before, after := richtext.FromDraft(d.HTML), richtext.FromDraft(again.HTML)
	if len(after.Pages()) != 1 || after.Pages()[0].Page != before.Pages()[0].Page || before.Plain() != after.Plain() {
		t.Fatalf("by way of the server:\n%s\nwas\n%s", again.HTML, d.HTML)
	}
	if _, err := r.e.Send(r.ctx, again, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.sync(a)
	var got [][]byte
	for end := time.Now().Add(time.Minute); len(got) == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got = r.dove.Messages("sara", "INBOX")
	}
	if len(got) != 1 {
		t.Fatalf("%d messages arrived", len(got))
	}
	m := message.ParseBytes(got[0])
	c := m.Content()
	for _, want := range []string{"<table", "background:#0a7", "padding:4px", "background-color:#eeeeff", "cid:box@shop", "https://shop.example/logo.png", "Forwarded message"} {
		if !strings.Contains(c.HTML, want) {
			t.Errorf("what arrived has no %s:\n%s", want, c.HTML)
		}
	}
	for _, no := range []string{"<script", "o.gif", "data-peyk", "<style", "\ufffc"} {
		if strings.Contains(c.HTML+c.Text, no) {
			t.Errorf("what arrived has %s:\n%s", no, c.HTML)
		}
	}
	if !strings.Contains(c.Text, "Order 1402") || len(c.Attachments) != 2 {
		t.Errorf("text %q, attachments %+v", c.Text, c.Attachments)
	}
	for _, at := range c.Attachments {
		p, err := m.OpenPart(at.Part)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(p)
		if at.Inline != (at.ContentID == "box@shop") || at.Inline && !bytes.HasPrefix(raw, []byte("\x89PNG")) || !at.Inline && strings.TrimSpace(string(raw)) != "1,2" {
			t.Errorf("%+v: %q", at, raw)
		}
	}
}

// A message that was sent can be the beginning of another one: whole, and without what made it that one.
func TestEditedAsNew(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Identities = []mail.Identity{{Addr: a.Email, Bcc: "archive@example.org"}} })
	r.dove.DeliverTo("ali", "INBOX", []byte(strings.ReplaceAll(orderMail, "\n", "\r\n")))
	r.sync(a)
	d := mail.Draft{Account: a.ID, To: []mail.Address{{Addr: "sara@example.org"}}, Bcc: []mail.Address{{Addr: "hidden@example.org"}}, Subject: "Invoice 12", InReplyTo: "x@y.example", References: []string{"x@y.example"},
		HTML: richtext.Doc{{Text: "Dear Sara", Spans: []richtext.Span{{Start: 0, End: 4, Attr: richtext.Attr{Marks: richtext.Bold}}}}, {Text: "one", Block: richtext.Block{List: richtext.Bullets}},
			richtext.NewPage("<div><table><tr><td>Plan</td></tr></table></div>")}.HTML()}
	r.keep(&d)
	r.onServer(a, 1)
	copied := r.find(r.folder(a, "Drafts"), "Invoice 12")
	got, err := r.e.Reply(r.ctx, copied.ID, mail.AsNew, "en")
	if err != nil {
		t.Fatal(err)
	}
	doc := richtext.FromDraft(got.HTML)
	if got.ID != 0 || got.Copy != 0 || got.HeaderID != "" || got.InReplyTo != "" || len(got.References) != 0 || got.Source != 0 || got.Forwarded {
		t.Errorf("it is still the old one: %+v", got)
	}
	if got.Subject != "Invoice 12" || len(got.To) != 1 || len(got.Bcc) != 2 || len(doc) != 3 || len(doc.Pages()) != 1 || doc[1].List != richtext.Bullets || len(doc[0].Spans) != 1 {
		t.Errorf("%+v\n%#v", got, doc)
	}
	got, err = r.e.Reply(r.ctx, r.find(r.inbox(a), "Your order").ID, mail.AsNew, "en")
	if err != nil {
		t.Fatal(err)
	}
	if doc = richtext.FromDraft(got.HTML); len(doc.Pages()) != 1 || len(got.Attachments) != 2 || !got.Attachments[0].Inline || !strings.Contains(got.Text, "Order 1402") {
		t.Errorf("a message with a look: %+v", got)
	}
	if err := r.e.SaveDraft(r.ctx, &got); err != nil || got.HeaderID == "" || got.HeaderID == "order@shop.example" {
		t.Errorf("saved as %q, %v", got.HeaderID, err)
	}
}

// What anybody put into Drafts is made harmless before it is written on.
func TestAPageInDraftsIsNotBelieved(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.dove.DeliverTo("ali", "Drafts", []byte(strings.ReplaceAll(`From: ali@example.org
Subject: Trap
Message-ID: <trap@example.org>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p data-peyk="">Look</p><div data-peyk-page="q0"><table bgcolor="red"><tr><td onclick="x()" style="position:fixed">T<script>y()</script></td></tr></table></div><p>End</p>
`, "\n", "\r\n")))
	r.sync(a)
	d, err := r.e.EditDraft(r.ctx, r.find(r.folder(a, "Drafts"), "Trap").ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(richtext.FromDraft(d.HTML).Pages()) != 1 || !strings.Contains(d.Text, "T") {
		t.Errorf("the page is gone:\n%s", d.HTML)
	}
	for _, no := range []string{"onclick", "script", "position"} {
		if strings.Contains(d.HTML, no) {
			t.Errorf("%s is in it:\n%s", no, d.HTML)
		}
	}
}

// TestAForwardOutlivesItsMessage: what is sent on belongs to the draft once that is stored: the message may be deleted for good before it goes.
func TestAForwardOutlivesItsMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	for i := range 3 {
		r.dove.DeliverTo("ali", "INBOX", []byte(strings.ReplaceAll(strings.Replace(orderMail, "Your order", fmt.Sprintf("order %d", i), 1), "\n", "\r\n")))
	}
	r.sync(ali)
	var drafts []mail.Draft
	for i, kind := range []mail.ReplyKind{mail.ForwardInline, mail.ForwardAttached, mail.Redirect} {
		id := r.find(r.inbox(ali), fmt.Sprintf("order %d", i)).ID
		d, err := r.e.Reply(r.ctx, id, kind, "en")
		check(t, err)
		d.To = []mail.Address{{Addr: r.mta.Address("sara")}}
		check(t, r.e.SaveDraft(r.ctx, &d))
		drafts = append(drafts, d)
		r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{id}})
	}
	r.sync(ali)
	for _, d := range drafts {
		if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
			t.Error(err)
		}
	}
	r.sync(ali)
	for _, raw := range r.arrive("sara", "INBOX", 3) {
		for _, want := range []string{"Order 1402", "a.csv"} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s has no %s", subjectOf(raw), want)
			}
		}
	}
}
