package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestTheCopyOfADraftChangesNothingElse of it.
func TestTheCopyOfADraftChangesNothingElse(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := mail.Draft{Account: a, Subject: "letter", Text: "first", HeaderID: "d@example.org"}
	must(t, s.SaveDraft(ctx, &d))
	d.Text = "second"
	must(t, s.SaveDraft(ctx, &d))
	if !got(s.SetDraftCopy(ctx, d.ID, "e@example.org", 42, "sum"))(t) {
		t.Error("the draft was not found")
	}
	now := got(s.Draft(ctx, d.ID))(t)
	if now.Text != "second" || now.Copy != 42 || now.HeaderID != "e@example.org" || now.Subject != "letter" {
		t.Errorf("draft %+v", now)
	}
	if vs := got(s.DraftVersions(ctx, d.ID))(t); vs[0].Text != "second" || vs[0].Copy != 42 || len(vs) != d.Versions {
		t.Errorf("versions %+v", vs)
	}
	must(t, s.DeleteDraft(ctx, d.ID))
	if got(s.SetDraftCopy(ctx, d.ID, "e@example.org", 43, "sum"))(t) {
		t.Error("a draft that is gone was found")
	}
	if ds := got(s.Drafts(ctx))(t); len(ds) != 0 {
		t.Errorf("it is back: %+v", ds)
	}
}

// TestAWindowDoesNotForgetTheCopy that was made of its draft since it was opened: what it stores next belongs to that copy, and the version that went up stays, however young.
func TestAWindowDoesNotForgetTheCopy(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := mail.Draft{Account: a, Subject: "letter", Text: "first", HeaderID: "d@example.org"}
	must(t, s.SaveDraft(ctx, &d))
	inWindow := d
	up := got(s.Draft(ctx, d.ID))(t)
	if !got(s.SetDraftCopy(ctx, d.ID, "e@example.org", 42, up.Sum()))(t) {
		t.Fatal("the draft was not found")
	}
	inWindow.Text = "first and second"
	must(t, s.SaveDraft(ctx, &inWindow))
	now := got(s.Draft(ctx, d.ID))(t)
	if now.Copy != 42 || now.HeaderID != "e@example.org" || now.Kept != up.Sum() || now.Kept == now.Sum() || inWindow.HeaderID != now.HeaderID {
		t.Errorf("draft %+v", now)
	}
	inWindow.Text = "first, second and third"
	must(t, s.SaveDraft(ctx, &inWindow))
	var texts []string
	for _, v := range got(s.DraftVersions(ctx, d.ID))(t) {
		texts = append(texts, v.Text)
	}
	if !slices.Contains(texts, "first") || !slices.Contains(texts, "first, second and third") {
		t.Errorf("versions %q", texts)
	}
	if dropped := got(s.DropDraft(ctx, now))(t); dropped {
		t.Error("a draft that was written on since it was read is gone")
	}
	if dropped := got(s.DropDraft(ctx, got(s.Draft(ctx, d.ID))(t)))(t); !dropped {
		t.Error("it stays")
	}
}

// TestAnOldDraftCanBeBroughtBack: the days in which it can count from when it was discarded, not from when it was written.
func TestAnOldDraftCanBeBroughtBack(t *testing.T) {
	clock := &testClock{t: t0}
	s := openTest(t, Options{Now: clock.now})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := mail.Draft{Account: a, Subject: "letter", Text: "written long ago"}
	must(t, s.SaveDraft(ctx, &d))
	clock.t = clock.t.AddDate(0, 0, historyDays+10)
	must(t, s.DeleteDraft(ctx, d.ID))
	clock.t = clock.t.AddDate(0, 0, historyDays-1)
	other := mail.Draft{Account: a, Subject: "another"}
	must(t, s.SaveDraft(ctx, &other))
	must(t, s.DeleteDraft(ctx, other.ID))
	if vs := got(s.DraftVersions(ctx, d.ID))(t); len(vs) != 1 || vs[0].Text != "written long ago" {
		t.Errorf("left is %+v", vs)
	}
	clock.t = clock.t.AddDate(0, 0, 2)
	must(t, s.SaveDraft(ctx, &other))
	must(t, s.DeleteDraft(ctx, other.ID))
	if vs := got(s.DraftVersions(ctx, d.ID))(t); len(vs) != 0 {
		t.Errorf("kept for ever: %+v", vs)
	}
}

// TestASlipOfTheHandLeavesTheText: everything was selected and overwritten, and the draft stored. What stood there a moment ago is a version to come back to.
func TestASlipOfTheHandLeavesTheText(t *testing.T) {
	clock := &testClock{t: t0}
	s := openTest(t, Options{Now: clock.now})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := mail.Draft{Account: a, Subject: "letter"}
	for _, text := range []string{"Dear", "Dear Sara, here", "Dear Sara, here is the long letter that I owe you", "x", "xy", "xyz"} {
		d.Text = text
		must(t, s.SaveDraft(ctx, &d))
		clock.t = clock.t.Add(2 * time.Second)
	}
	var texts []string
	for _, v := range got(s.DraftVersions(ctx, d.ID))(t) {
		texts = append(texts, v.Text)
	}
	if !slices.Contains(texts, "Dear Sara, here is the long letter that I owe you") || len(texts) != 3 {
		t.Errorf("versions %q", texts)
	}
}
