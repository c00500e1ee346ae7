package store

import (
	"context"
	"testing"

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
	if !got(s.SetDraftCopy(ctx, d.ID, "e@example.org", 42))(t) {
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
	if got(s.SetDraftCopy(ctx, d.ID, "e@example.org", 43))(t) {
		t.Error("a draft that is gone was found")
	}
	if ds := got(s.Drafts(ctx))(t); len(ds) != 0 {
		t.Errorf("it is back: %+v", ds)
	}
}
