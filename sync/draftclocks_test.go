package mailsync_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// writeThere goes on with the only draft of a device's Drafts folder, as closing its window does.
func (d *device) writeThere(text string) mail.Draft {
	d.t.Helper()
	d.sync(d.a)
	there, err := d.e.EditDraft(d.ctx, d.rows(d.folder(d.a, "Drafts"))[0].ID)
	if err != nil {
		d.t.Fatal(err)
	}
	there.Text = text
	d.keep(&there)
	d.sync(d.a)
	return there
}

// listed are the texts that the place of drafts shows.
func (d *device) listed() []string {
	d.t.Helper()
	all, err := d.st.Drafts(d.ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	said := func(id mail.MessageID) string {
		row, err := d.st.Row(d.ctx, id)
		if err != nil {
			d.t.Fatal(err)
		}
		return strings.TrimSpace(row.Snippet)
	}
	var out []string
	for _, x := range all {
		if x.Away.Newer != 0 {
			x.Text = said(x.Away.Newer)
		}
		out = append(out, x.Text)
		for _, id := range x.Away.Apart {
			out = append(out, said(id))
		}
	}
	return out
}

// TestDraftsAreNotJudgedByClocks: the other computer's clock is a day behind, or ahead. What it made of the draft as it is here is the newer text; what it made of an
// older one is another draft.
func TestDraftsAreNotJudgedByClocks(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]int64{"behind": -86400, "ahead": 86400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, 11, mailtest.DovecotOptions{})
			one, two := p.both[0], p.both[1]
			two.now.Add(off)
			it := one.draft(one.a, "plan", "first")
			one.sync(one.a)
			two.writeThere("first and second")
			one.sync(one.a)
			if l := one.listed(); len(l) != 1 || l[0] != "first and second" {
				t.Errorf("listed are %q", l)
			}
			now, err := one.e.OpenDraft(one.ctx, it.ID)
			if err != nil || now.ID != it.ID || now.Text != "first and second" {
				t.Fatalf("opened as %d %q, %v", now.ID, now.Text, err)
			}
			now.Text = "first, second and third"
			one.keep(&now)
			one.sync(one.a)
			two.sync(two.a)
			there, err := two.st.Drafts(two.ctx)
			if err != nil || len(there) != 1 {
				t.Fatalf("%+v, %v", there, err)
			}
			back, err := two.e.OpenDraft(two.ctx, there[0].ID)
			if err != nil || back.Text != "first, second and third" {
				t.Errorf("the other one opens %q, %v", back.Text, err)
			}
			// Both go on without having seen each other.
			now.Text = "written here"
			if err := one.e.SaveDraft(one.ctx, &now); err != nil {
				t.Fatal(err)
			}
			back.Text = "written there"
			two.keep(&back)
			two.sync(two.a)
			one.sync(one.a)
			if l := strings.Join(one.listed(), "|"); !strings.Contains(l, "written here") || !strings.Contains(l, "written there") {
				t.Errorf("listed are %q", l)
			}
			if got, err := one.e.OpenDraft(one.ctx, now.ID); err != nil || got.Text != "written here" {
				t.Errorf("what was written here opens as %q, %v", got.Text, err)
			}
			other, err := one.e.EditDraft(one.ctx, one.rows(one.folder(one.a, "Drafts"))[0].ID)
			if err != nil || other.ID == now.ID || strings.TrimSpace(other.Text) != "written there" {
				t.Errorf("what was written there opens as %d %q, %v", other.ID, other.Text, err)
			}
		})
	}
}

// TestADraftThatWasDiscardedElsewhere is gone here, too, and can be brought back, unless it was written on here since.
func TestADraftThatWasDiscardedElsewhere(t *testing.T) {
	t.Parallel()
	p := newPair(t, 12, mailtest.DovecotOptions{})
	one, two := p.both[0], p.both[1]
	discard := func() {
		t.Helper()
		there := two.writeThere("first, and more")
		one.sync(one.a)
		if err := two.e.DiscardDraft(two.ctx, there.ID); err != nil {
			t.Fatal(err)
		}
		two.sync(two.a)
	}
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	discard()
	if res := one.sync(one.a); len(res.Discarded) != 0 {
		t.Errorf("told at once is %+v", res.Discarded)
	}
	one.now.Add(3600)
	res := one.sync(one.a)
	if ds, err := one.st.Drafts(one.ctx); err != nil || len(ds) != 0 {
		t.Fatalf("it is still here: %+v, %v", ds, err)
	}
	if len(res.Discarded) != 1 || res.Discarded[0] != (mail.DiscardedDraft{ID: it.ID, Subject: "plan"}) {
		t.Errorf("told is %+v", res.Discarded)
	}
	if ps, err := one.st.Passes(one.ctx, 1); err != nil || len(ps) != 1 || len(ps[0].Result.Discarded) != 1 {
		t.Errorf("the history says %+v, %v", ps, err)
	}
	back, err := one.e.RestoreDraft(one.ctx, it.ID)
	if err != nil || back.Text != "first" {
		t.Fatalf("brought back as %q, %v", back.Text, err)
	}
	one.sync(one.a)
	one.sync(one.a)
	if ds, err := one.st.Drafts(one.ctx); err != nil || len(ds) != 1 || len(p.dove.Messages("ali", "Drafts")) != 1 {
		t.Errorf("what was brought back is not kept: %+v, %v", ds, err)
	}
	discard()
	back.Text = "first, and what came to mind here"
	if err := one.e.SaveDraft(one.ctx, &back); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if res := one.sync(one.a); len(res.Discarded) != 0 {
			t.Errorf("told is %+v", res.Discarded)
		}
		one.now.Add(3600)
	}
	if got, err := one.st.Draft(one.ctx, it.ID); err != nil || got.Text != back.Text {
		t.Errorf("what was written here is %q, %v", got.Text, err)
	}
}

// TestADraftsFolderThatIsMadeAnewTellsNothing about what was in it, also where it has the same UIDVALIDITY.
func TestADraftsFolderThatIsMadeAnewTellsNothing(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"another UIDVALIDITY": false, "the same": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			d := r.draft(a, "plan", "first")
			r.onServer(a, 1)
			r.box.Append(t, "ali", "Drafts", letters(0, 2)...)
			r.sync(a)
			if got, err := r.st.Draft(r.ctx, d.ID); err != nil || got.Away.Copy == 0 {
				t.Fatalf("no pass has seen its copy: %+v, %v", got, err)
			}
			before := r.folder(a, "Drafts").UIDValidity
			r.dove.Doveadm("mailbox", "delete", "-u", "ali", "Drafts")
			r.dove.Doveadm("mailbox", "create", "-u", "ali", "Drafts")
			others := 0
			if same {
				r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(before)), "Drafts")
				others = 2
				r.box.Append(t, "ali", "Drafts", letters(10, others)...)
			}
			r.sync(a)
			r.sync(a)
			if f := r.folder(a, "Drafts"); (f.UIDValidity == before) != same || len(r.rows(f)) != others {
				t.Fatalf("the folder is %+v", f)
			}
			if got, err := r.st.Draft(r.ctx, d.ID); err != nil || got.Text != "first" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestAnotherVersionOfTheSameSecond: the connection breaks while a version of a draft goes up, and another computer has put one there that is of the same second, as long, and
// under the same Message-ID. Only what they say tells them apart.
func TestAnotherVersionOfTheSameSecond(t *testing.T) {
	t.Parallel()
	p := newPair(t, 13, mailtest.DovecotOptions{})
	one, two := p.both[0], p.both[1]
	it := one.draft(one.a, "plan", "first")
	one.sync(one.a)
	one.now.Add(60)
	two.now.Store(one.now.Load())
	two.writeThere("written there")
	proxy := mailtest.StartFaultProxy(t, p.dove.IMAPPort, 1)
	one.a.Incoming.Port, one.a.Incoming.Security, one.a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	if _, err := one.e.SaveAccount(one.ctx, one.a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	it.Text = "written-heree"
	one.keep(&it)
	proxy.CutBefore("APPEND", 1)
	one.pass(one.a)
	p.settle()
	all := string(bytes.Join(p.dove.Messages("ali", "Drafts"), nil))
	if !strings.Contains(all, "written there") || !strings.Contains(all, "written-heree") {
		t.Errorf("the server has\n%s", all)
	}
}
