package mailsync_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A draft that is written on, and sent, on another computer: the first one opens it as it was written there, and has it no more when it was sent. What was written on at both
// stays as it is here.
func TestADraftOnTwoComputers(t *testing.T) {
	t.Parallel()
	p := newPair(t, 1, mailtest.DovecotOptions{})
	mta := mailtest.StartPostfix(t, p.dove, mailtest.PostfixOptions{})
	one, two := p.both[0], p.both[1]
	later := func() { // clocks of seconds
		for _, d := range p.both {
			d.now.Add(60)
		}
	}
	both := func() {
		for _, d := range p.both {
			d.sync(d.a)
			d.sync(d.a)
		}
	}
	local := func(d *device) []mail.Draft {
		t.Helper()
		all, err := d.st.Drafts(d.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	it := one.draft(one.a, "plan", "first")
	both()
	later()
	there, err := two.e.EditDraft(two.ctx, two.rows(two.folder(two.a, "Drafts"))[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	there.Text = "first and second"
	two.keep(&there)
	two.sync(two.a)
	both()
	now, err := one.e.OpenDraft(one.ctx, it.ID)
	if err != nil || now.ID != it.ID || now.Text != "first and second" {
		t.Fatalf("opened as %d %q, %v", now.ID, now.Text, err)
	}
	later()
	now.Text += " and third"
	one.keep(&now)
	both()
	if n := len(p.dove.Messages("ali", "Drafts")); n != 1 {
		t.Errorf("%d drafts on the server", n)
	}
	later()
	there, err = two.e.OpenDraft(two.ctx, there.ID)
	if err != nil || there.Text != "first and second and third" {
		t.Fatalf("opened as %q, %v", there.Text, err)
	}
	there.To, there.Bcc = []mail.Address{{Addr: mta.Address("sara")}}, nil
	two.a.Outgoing.Port = mta.Port465
	if _, err := two.e.SaveAccount(two.ctx, two.a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	// A draft that was only begun on the first one, and one that it went on with, are not touched.
	other := one.draft(one.a, "other", "text")
	both()
	if _, err := two.e.Send(two.ctx, there, time.Time{}); err != nil {
		t.Fatal(err)
	}
	two.sync(two.a)
	both()
	if got := local(one); len(got) != 1 || got[0].ID != other.ID {
		t.Errorf("after it was sent on the other computer the drafts are %+v", got)
	}
	if got := local(two); len(got) != 0 {
		t.Errorf("the computer that sent it has %+v", got)
	}
}

// A draft that was written on here since it was sent elsewhere stays.
func TestADraftThatWentOnStays(t *testing.T) {
	t.Parallel()
	p := newPair(t, 2, mailtest.DovecotOptions{})
	mta := mailtest.StartPostfix(t, p.dove, mailtest.PostfixOptions{})
	one, two := p.both[0], p.both[1]
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	two.a.Outgoing.Port = mta.Port465
	if _, err := two.e.SaveAccount(two.ctx, two.a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	two.sync(two.a)
	there, err := two.e.EditDraft(two.ctx, two.rows(two.folder(two.a, "Drafts"))[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	there.To, there.Bcc = []mail.Address{{Addr: mta.Address("sara")}}, nil
	if _, err := two.e.Send(two.ctx, there, time.Time{}); err != nil {
		t.Fatal(err)
	}
	two.sync(two.a)
	one.now.Add(60)
	it.Text = "first, and what came to mind then"
	if err := one.e.SaveDraft(one.ctx, &it); err != nil {
		t.Fatal(err)
	}
	one.sync(one.a)
	one.sync(one.a)
	if got, err := one.st.Draft(one.ctx, it.ID); err != nil || got.Text != it.Text {
		t.Errorf("it is %q, %v", got.Text, err)
	}
}

// The connection breaks while a version of a draft is put on the server, where another computer has put its own, under the same Message-ID: the other's is not taken for
// the one that is on its way, and both are there in the end.
func TestAnotherVersionIsNotOurUpload(t *testing.T) {
	t.Parallel()
	p := newPair(t, 3, mailtest.DovecotOptions{})
	one, two := p.both[0], p.both[1]
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	two.sync(two.a)
	two.now.Add(60)
	there, err := two.e.EditDraft(two.ctx, two.rows(two.folder(two.a, "Drafts"))[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	there.Text = "written there, and longer than what is here"
	two.keep(&there)
	two.sync(two.a)
	proxy := mailtest.StartFaultProxy(t, p.dove.IMAPPort, 1)
	one.a.Incoming.Port, one.a.Incoming.Security, one.a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	if _, err := one.e.SaveAccount(one.ctx, one.a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	one.now.Add(120)
	it.Text = "written here"
	one.keep(&it)
	proxy.CutBefore("APPEND", 1)
	one.pass(one.a)
	p.settle()
	all := string(bytes.Join(p.dove.Messages("ali", "Drafts"), nil))
	if !strings.Contains(all, "written there") || !strings.Contains(all, "written here") {
		t.Errorf("the server has\n%s", all)
	}
}
