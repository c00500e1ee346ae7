package ui

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/emersion/go-msgauth/dkim"

	"peyk/internal/mail"
	"peyk/internal/message"
	mailsync "peyk/sync"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// said collects the texts of labels below an object.
func (a *authLines) said() string {
	var out []string
	walkLabels(a.box, func(l *kit.Label) { out = append(out, l.Text()) })
	return strings.Join(out, "\n")
}

func TestTheDetailsSayWhereAMessageComesFrom(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	b := newBench(t, func(b *bench) {
		b.engine.Engine.Close()
		b.engine.Engine = mailsync.New(b.store, mailsync.Options{LookupTXT: func(context.Context, string) ([]string, error) {
			asked++
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
		}})
		var signed bytes.Buffer
		raw := sampleMail{from: "Bank <info@bank.example>", subject: "signed", at: time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC), text: "Your statement."}.raw()
		b.ok(dkim.Sign(&signed, bytes.NewReader(raw), &dkim.SignOptions{Domain: "bank.example", Selector: "s", Signer: private}))
		refs, err := b.store.PutBlobs(b.Context(), [][]byte{signed.Bytes()})
		b.ok(err)
		ids, err := b.store.Ingest(b.Context(), b.folder(b.imap, "INBOX"), []mail.Incoming{{UID: 60, Received: today, Size: int64(signed.Len()), Summary: message.ParseBytes(signed.Bytes()).Summary(), Blob: &refs[0]}})
		b.ok(err)
		b.ids["signed"] = ids[0]
		b.put(b.folder(b.imap, "INBOX"), 70, sampleMail{from: "Bank <info@bank.example>", subject: "forged", at: time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC), text: "Pay now.", headers: "Authentication-Results: mx.example.org; dmarc=fail header.from=bank.example; spf=softfail smtp.mailfrom=x@evil.test\r\n"})
	})
	b.selectSubject("signed")
	b.drain()
	m := b.w.reader.Current()
	if s := m.auth.said(); !strings.Contains(s, lang.T("auth.none", "bank.example")) || m.auth.auth.Verdict != model.AuthNone || asked != 0 {
		t.Errorf("unchecked: %q, %d questions", s, asked)
	}
	m.header.toggle()
	b.drain()
	b.shot("auth-unchecked")
	m.auth.check()
	b.until("the check", func() bool { return len(m.content.Signatures) == 1 })
	b.drain()
	b.shot("auth-checked")
	if s := m.auth.said(); !strings.Contains(s, lang.T("auth.pass", "bank.example")) || !strings.Contains(s, lang.T("auth.check.ok", "bank.example")) || asked != 1 {
		t.Errorf("checked: %q, %d questions", s, asked)
	}
	b.selectSubject("forged")
	b.drain()
	m = b.w.reader.Current()
	m.header.toggle()
	b.drain()
	b.shot("auth-failed")
	if s := m.auth.said(); !strings.Contains(s, lang.T("auth.fail", "bank.example")) || !strings.Contains(s, "DMARC fail (bank.example), SPF softfail (evil.test)") {
		t.Errorf("forged: %q", s)
	}
	// Its banner can be put away.
	n := len(m.banners.Objects)
	m.banners.Objects[0].(*kit.Banner).Dismiss()
	if len(m.banners.Objects) != n-1 {
		t.Error("the banner stays")
	}
}

// walkLabels calls f for the labels in containers and in what wraps one.
func walkLabels(o fyne.CanvasObject, f func(*kit.Label)) {
	walkAll(o, func(o fyne.CanvasObject) {
		if l, ok := o.(*kit.Label); ok {
			f(l)
		}
	})
}

// walkAll calls f for an object and all below it.
func walkAll(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	f(o)
	switch x := o.(type) {
	case *fyne.Container:
		for _, c := range x.Objects {
			walkAll(c, f)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(x).Objects() {
			walkAll(c, f)
		}
	}
}
