package mailsync_test

import (
	"bytes"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	mailsync "peyk/sync"
)

// draft saves a draft and keeps it in the server's Drafts folder, as closing its window does.
func (r *rig) draft(a mail.Account, subject, text string) mail.Draft {
	r.t.Helper()
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	d.Subject, d.Text, d.Bcc = subject, text, []mail.Address{{Addr: "hidden@example.org"}}
	r.keep(&d)
	return d
}

func (r *rig) keep(d *mail.Draft) {
	r.t.Helper()
	if err := r.e.SaveDraft(r.ctx, d); err != nil {
		r.t.Fatal(err)
	}
	if err := r.e.KeepDraft(r.ctx, d.ID); err != nil {
		r.t.Fatal(err)
	}
	kept, err := r.st.Draft(r.ctx, d.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	*d = kept
}

// onServer is what the server's Drafts folder holds, with the mail of this computer beside it.
func (r *rig) onServer(a mail.Account, n int) [][]byte {
	r.t.Helper()
	r.sync(a)
	r.sync(a)
	got := r.dove.Messages("ali", "Drafts")
	if len(got) != n {
		r.t.Fatalf("%d messages in the server's Drafts, want %d", len(got), n)
	}
	if rows := r.rows(r.folder(a, "Drafts")); len(rows) != n {
		r.t.Fatalf("%d messages in Drafts here, want %d", len(rows), n)
	}
	return got
}

// A draft appears in the server's Drafts folder, is replaced there by its next version, and goes with it.
func TestADraftIsKeptOnTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d := r.draft(a, "Half a letter", "first")
	got := r.onServer(a, 1)
	if !bytes.Contains(got[0], []byte("hidden@example.org")) {
		t.Error("the draft lost its Bcc")
	}
	d.Text = "second"
	r.keep(&d)
	if got = r.onServer(a, 1); !bytes.Contains(got[0], []byte("second")) {
		t.Errorf("the server has an old version:\n%s", got[0])
	}
	r.dove.Stop() // two versions without a connection: the last one wins
	for _, text := range []string{"third", "fourth"} {
		d.Text = text
		r.keep(&d)
	}
	r.restart()
	r.dove.Start()
	if got = r.onServer(a, 1); !bytes.Contains(got[0], []byte("fourth")) {
		t.Errorf("the server has an old version:\n%s", got[0])
	}
	d.To, d.Bcc = []mail.Address{{Addr: r.mta.Address("sara")}}, nil
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.onServer(a, 0)
	if kind, err := r.e.Undo(r.ctx); err != nil || kind != "" {
		t.Errorf("undo took back %q, %v: keeping a draft is no action of the user's", kind, err)
	}
	d = r.draft(a, "Another", "text")
	r.onServer(a, 1)
	if err := r.e.DiscardDraft(r.ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	r.onServer(a, 0)
}

// A draft that another program left in Drafts can be edited; so can the copy of one's own, which opens the draft itself.
func TestADraftOfTheServerIsEdited(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.dove.DeliverTo("ali", "Drafts", []byte(strings.ReplaceAll(`From: Ali <`+a.Email+`>
To: sara@example.org
Bcc: boss@example.org
Subject: From the phone
Message-ID: <phone@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Half a sentence
--b
Content-Type: text/csv
Content-Disposition: attachment; filename=a.csv

1,2
--b--
`, "\n", "\r\n")))
	r.sync(a)
	row := r.find(r.folder(a, "Drafts"), "From the phone")
	d, err := r.e.EditDraft(r.ctx, row.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d.ID != 0 || d.Account != a.ID || len(d.To) != 1 || len(d.Bcc) != 1 || strings.TrimSpace(d.Text) != "Half a sentence" || len(d.Attachments) != 1 {
		t.Fatalf("read as %+v", d)
	}
	d.Text = "A whole sentence"
	r.keep(&d)
	got := r.onServer(a, 1)
	if !bytes.Contains(got[0], []byte("A whole sentence")) || !bytes.Contains(got[0], []byte("a.csv")) {
		t.Errorf("the server has\n%s", got[0])
	}
	row = r.find(r.folder(a, "Drafts"), "From the phone")
	again, err := r.e.EditDraft(r.ctx, row.ID)
	if err != nil || again.ID != d.ID {
		t.Errorf("the copy opens draft %d, want %d (%v)", again.ID, d.ID, err)
	}
}

// A draft that was discarded comes back whole: with its versions, and on the server.
func TestADiscardedDraftComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d := r.draft(a, "Half a letter", "first")
	r.onServer(a, 1)
	if err := r.e.DiscardDraft(r.ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	r.onServer(a, 0)
	back, err := r.e.RestoreDraft(r.ctx, d.ID)
	if err != nil || back.ID != d.ID || back.Text != "first" || back.HeaderID != d.HeaderID || back.Versions == 0 {
		t.Fatalf("%+v, %v", back, err)
	}
	if got := r.onServer(a, 1); !bytes.Contains(got[0], []byte("first")) {
		t.Errorf("the server has\n%s", got[0])
	}
	// Before the server heard of it, too.
	if err := r.e.DiscardDraft(r.ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.e.RestoreDraft(r.ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	r.onServer(a, 1)
	if _, err := r.e.RestoreDraft(r.ctx, 99); err == nil {
		t.Error("a draft that never was came back")
	}
}

// TestADraftIsWrittenOnWhileItIsCopied: the window was closed, and opened again before the copy for the server was made. What was written since stays, and what was
// sent or discarded since does not come back.
func TestADraftIsWrittenOnWhileItIsCopied(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	meanwhile := func(d mail.Draft, do func()) {
		t.Helper()
		var done atomic.Bool
		e := mailsync.New(r.st, mailsync.Options{OpenerFor: r.opener, Profile: r.dir, Log: r.log(), Now: func() time.Time { // asked for while the copy is written
			if done.CompareAndSwap(false, true) {
				do()
			}
			return r.clock()
		}})
		defer e.Close()
		if err := e.KeepDraft(r.ctx, d.ID); err != nil || !done.Load() {
			t.Fatal(err, done.Load())
		}
	}
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Subject, d.Text = "Half a letter", "first"
	if err := r.e.SaveDraft(r.ctx, &d); err != nil {
		t.Fatal(err)
	}
	newer := d
	newer.Text = "first and second"
	meanwhile(d, func() {
		if err := r.e.SaveDraft(r.ctx, &newer); err != nil {
			t.Error(err)
		}
	})
	now, err := r.st.Draft(r.ctx, d.ID)
	if err != nil || now.Text != newer.Text || now.Copy == 0 {
		t.Errorf("%+v, %v", now, err)
	}
	r.onServer(a, 1)
	meanwhile(now, func() {
		if err := r.e.DiscardDraft(r.ctx, d.ID); err != nil {
			t.Error(err)
		}
	})
	if ds, err := r.st.Drafts(r.ctx); err != nil || len(ds) != 0 {
		t.Errorf("%+v, %v", ds, err)
	}
	r.onServer(a, 0)
}
