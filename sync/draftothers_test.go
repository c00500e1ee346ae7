package mailsync_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// replaceDraft does what another program does with the draft of this computer: it puts another text in its place.
func (r *rig) replaceDraft(a mail.Account, from, to string) {
	r.t.Helper()
	was := r.onServer(a, 1)[0]
	r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "Drafts", "all")
	r.dove.DeliverTo("ali", "Drafts", bytes.ReplaceAll(was, []byte(from), []byte(to)))
	if got := r.onServer(a, 1); !strings.Contains(string(got[0]), to) {
		r.t.Fatalf("the server has\n%s", got[0])
	}
}

// TestTwoProgramsWriteOnADraft: what the other one wrote and nobody has seen here is neither replaced nor removed, by writing on, sending or discarding.
func TestTwoProgramsWriteOnADraft(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d := r.draft(a, "Half a letter", "first")
	first := d.HeaderID
	r.replaceDraft(a, "first", "the phone wrote this")
	d.Text = "this computer wrote that"
	r.keep(&d)
	got := r.onServer(a, 2)
	all := string(bytes.Join(got, nil))
	if !strings.Contains(all, "the phone wrote this") || !strings.Contains(all, "this computer wrote that") || d.HeaderID == first {
		t.Fatalf("the server has\n%s", all)
	}
	d.Text = "and more" // from now on they are two
	r.keep(&d)
	r.onServer(a, 2)
	var phone mail.Draft
	for _, row := range r.rows(r.folder(a, "Drafts")) {
		x, err := r.e.EditDraft(r.ctx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(x.Text, "phone") {
			phone = x
		} else if x.ID != d.ID || x.Text != "and more" {
			t.Errorf("the copy of this computer opens %+v", x)
		}
	}
	if phone.ID != 0 || phone.HeaderID != first {
		t.Fatalf("the draft of the phone opens as %+v", phone)
	}
	phone.Text += " and this computer went on"
	r.keep(&phone)
	r.onServer(a, 2)

	r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "Drafts", "header", "message-id", d.HeaderID)
	r.replaceDraft(a, "went on", "was too slow")
	phone.To, phone.Bcc = []mail.Address{{Addr: r.mta.Address("sara")}}, nil
	if _, err := r.e.Send(r.ctx, phone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := r.onServer(a, 1); !strings.Contains(string(got[0]), "too slow") {
		t.Errorf("after sending the server has\n%s", got[0])
	}
}

// TestAnOlderCopyIsOpenedAfterTheDraftWentOn: what another program wrote before is another draft then, and what is a version of this one opens it.
func TestAnOlderCopyIsOpenedAfterTheDraftWentOn(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d := r.draft(a, "plan", "first")
	r.replaceDraft(a, "first", "the phone wrote this")
	r.now.Add(60)
	d.Text = "this computer wrote that"
	if err := r.e.SaveDraft(r.ctx, &d); err != nil {
		t.Fatal(err)
	}
	opened := func() mail.Draft {
		x, err := r.e.EditDraft(r.ctx, r.rows(r.folder(a, "Drafts"))[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	if x := opened(); x.ID != 0 || !strings.Contains(x.Text, "phone") {
		t.Errorf("what the other program wrote opens %+v", x)
	}
	r.replaceDraft(a, "the phone wrote this", "first")
	if x := opened(); x.ID != d.ID || x.Text != d.Text {
		t.Errorf("a version of the draft opens %+v", x)
	}
	if here, err := r.st.Draft(r.ctx, d.ID); err != nil || here.Text != d.Text {
		t.Errorf("the draft is %+v, %v", here, err)
	}
}

// TestACopyWhoseNumberIsLostIsStillItsOwn: it is known by what it says, and does not stay behind.
func TestACopyWhoseNumberIsLostIsStillItsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d := r.draft(a, "سلام", "سلام سارا،\n\nگزارش  هفتهٔ ۴۸ را آماده کردم.\n> quoted "+strings.Repeat("long ", 40))
	r.onServer(a, 1)
	if _, err := r.st.SetDraftCopy(r.ctx, d.ID, d.HeaderID, d.Copy+1000, d.Sum()); err != nil {
		t.Fatal(err)
	}
	d, err := r.st.Draft(r.ctx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Text = "second"
	r.keep(&d)
	if got := r.onServer(a, 1); !bytes.Contains(got[0], []byte("second")) {
		t.Errorf("the server has\n%s", got[0])
	}
}
