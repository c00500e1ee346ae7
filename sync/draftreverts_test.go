package mailsync_test

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestADraftBetweenTwoVersions: a pass that looks into Drafts after another device has removed the copy of a draft, and before it has put the next one there, takes nothing away. What comes then is the
// newer text.
func TestADraftBetweenTwoVersions(t *testing.T) {
	t.Parallel()
	p := newPair(t, 14, mailtest.DovecotOptions{})
	one, two := p.both[0], p.both[1]
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	one.sync(one.a)
	two.sync(two.a)
	there, err := two.e.EditDraft(two.ctx, two.rows(two.folder(two.a, "Drafts"))[0].ID)
	check(t, err)
	there.Text = "first and second"
	proxy := mailtest.StartFaultProxy(t, p.dove.IMAPPort, 1)
	two.a.Incoming.Port, two.a.Incoming.Security, two.a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	_, err = two.e.SaveAccount(two.ctx, two.a, mail.Secrets{})
	check(t, err)
	proxy.CutBefore("APPEND", 1)
	two.keep(&there)
	two.pass(two.a)
	if n := len(p.dove.Messages("ali", "Drafts")); n != 0 {
		t.Fatalf("%d copies are there", n)
	}
	for range 2 { // of one moment
		if res := one.sync(one.a); len(res.Discarded) != 0 {
			t.Errorf("told is %+v", res.Discarded)
		}
	}
	if l := one.listed(); len(l) != 1 || l[0] != "first" {
		t.Errorf("between the versions %q is listed", l)
	}
	two.now.Add(600)
	two.pass(two.a)
	one.now.Add(3600)
	one.sync(one.a)
	if l := one.listed(); len(l) != 1 || l[0] != "first and second" {
		t.Errorf("listed are %q", l)
	}
	if got, err := one.e.OpenDraft(one.ctx, it.ID); err != nil || got.Text != "first and second" {
		t.Errorf("opened as %q, %v", got.Text, err)
	}
}

// TestADraftThatWentBackElsewhere: another device puts an older text in the place of the newest one. That is the newest text then.
func TestADraftThatWentBackElsewhere(t *testing.T) {
	t.Parallel()
	p := newPair(t, 15, mailtest.DovecotOptions{})
	one, two := p.both[0], p.both[1]
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	two.sync(two.a)
	it.Text = "first and a bad idea"
	one.keep(&it)
	one.sync(one.a)
	one.sync(one.a)
	two.writeThere("first")
	one.sync(one.a)
	if l := one.listed(); len(l) != 1 || strings.TrimSpace(l[0]) != "first" {
		t.Errorf("listed are %q", l)
	}
	now, err := one.e.OpenDraft(one.ctx, it.ID)
	if err != nil || now.Text != "first" || now.ID != it.ID {
		t.Fatalf("opened as %d %q, %v", now.ID, now.Text, err)
	}
	row, err := one.e.EditDraft(one.ctx, one.rows(one.folder(one.a, "Drafts"))[0].ID)
	if err != nil || row.Text != "first" || row.ID != it.ID {
		t.Errorf("the copy opens as %d %q, %v", row.ID, row.Text, err)
	}
	// What was written here since is not replaced by it.
	now.Text = "first, and what came to mind here"
	one.keep(&now)
	p.settle()
	if l := one.listed(); len(l) != 1 || l[0] != now.Text {
		t.Errorf("listed are %q", l)
	}
	if l := two.listed(); len(l) != 1 || l[0] != now.Text {
		t.Errorf("the other one lists %q", l)
	}
}
