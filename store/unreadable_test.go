package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestWhatCannotBeReadKeepsBytes: an outgoing message or a draft whose row is damaged may need any bytes. It is told, and hides no other.
func TestWhatCannotBeReadKeepsBytes(t *testing.T) {
	ctx := context.Background()
	spoil := func(q string) string { return strings.ReplaceAll(q, "SPOILED", `'{"Hash":"abc'`) }
	for name, c := range map[string]struct{ q, said string }{
		"the outbox":             {spoil("UPDATE outbox SET item=SPOILED WHERE id=1"), "the outgoing message 1 cannot be read"},
		"a hash in the outbox":   {`UPDATE outbox SET item=replace(item,'"Hash":"','"Hash":"~') WHERE id=1`, "the outgoing message 1 cannot be read"},
		"an earlier version":     {spoil("UPDATE draft_versions SET content=SPOILED WHERE draft=1 AND n=1"), "an earlier version of the draft 1 cannot be read"},
		"all versions":           {spoil("UPDATE draft_versions SET content=SPOILED WHERE draft=1; UPDATE drafts SET draft=SPOILED WHERE id=1"), "the draft 1 cannot be read"},
		"a time in a draft":      {`UPDATE drafts SET draft=replace(draft,'"Modified":"','"Modified":"x') WHERE id=1`, ""},
		"a draft with a version": {spoil("UPDATE drafts SET draft=SPOILED WHERE id=1"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReclaimRig(t)
			needed := r.put(rawMail(1))
			got(r.Enqueue(ctx, mail.OutboxItem{Account: r.a, Subject: "one", Blob: needed}))(t)
			got(r.Enqueue(ctx, mail.OutboxItem{Account: r.a, Subject: "two"}))(t)
			for range 2 {
				must(t, r.SaveDraft(ctx, &mail.Draft{Account: r.a, Subject: "kept", Attachments: []mail.DraftAttachment{{Name: "x", Blob: &needed}}}))
			}
			r.remove(r.receive(mail.RoleInbox, 1, needed)) // now only these refer to it
			if strings.Contains(c.q, "outbox") {
				must(t, r.DeleteDraft(ctx, 1))
				must(t, r.DeleteDraft(ctx, 2))
				must(t, r.write(ctx, "test", func(t *wtx) error { return t.do("DELETE FROM draft_versions") }))
			} else {
				must(t, r.DeleteOutbox(ctx, 1))
				must(t, r.write(ctx, "test", func(t *wtx) error {
					return t.script("DELETE FROM drafts WHERE id=2; DELETE FROM draft_versions WHERE draft=2")
				}))
			}
			must(t, r.write(ctx, "test", func(t *wtx) error { return t.script("DROP TRIGGER released_draft;" + c.q) }))

			r.reclaim()
			if !r.here(needed) {
				t.Error("Reclaim took the bytes away")
			}
			rep := got(r.Check(ctx, false))(t)
			if said := fmt.Sprint(rep.Problems); rep.Clean() || !strings.Contains(said, c.said) {
				t.Errorf("the doctor says %s", said)
			}
			switch {
			case name == "a hash in the outbox": // the rest of it can be read
			case strings.Contains(c.q, "outbox"):
				if next := got(r.NextOutbox(ctx, r.a, r.now()))(t); next == nil || next.Subject != "two" {
					t.Errorf("what is to be sent next: %+v", next)
				}
				if l := got(r.OutboxItems(ctx))(t); len(l) != 1 {
					t.Errorf("%d messages are in the outbox", len(l))
				}
				if _, err := r.OutboxItem(ctx, 1); err == nil || !strings.Contains(err.Error(), "cannot be read") {
					t.Errorf("the damaged one: %v", err)
				}
			default:
				other := &mail.Draft{Account: r.a, Subject: "other"}
				must(t, r.SaveDraft(ctx, other))
				if l := got(r.Drafts(ctx))(t); len(l) == 0 || l[0].ID != other.ID {
					t.Errorf("drafts %+v", l)
				}
			}
			rep = got(r.Check(ctx, true))(t)
			if !r.here(needed) {
				t.Error("the repair took the bytes away")
			}
			if rep.Clean() != (c.said == "") {
				t.Errorf("after the repair: %+v", rep)
			}
			if c.said != "" {
				return
			}
			if d := got(r.Draft(ctx, 1))(t); d.Subject != "kept" {
				t.Errorf("the draft came back as %+v", d)
			}
		})
	}
}

// TestAnUnreadableDraftCanBeWrittenOn: what the window holds of it takes its place.
func TestAnUnreadableDraftCanBeWrittenOn(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	d := &mail.Draft{Account: a, Text: "one"}
	must(t, s.SaveDraft(ctx, d))
	must(t, s.write(ctx, "test", func(t *wtx) error { return t.do("UPDATE drafts SET draft='{'") }))
	d.Text = "two"
	must(t, s.SaveDraft(ctx, d))
	if again := got(s.Draft(ctx, d.ID))(t); again.Text != "two" {
		t.Errorf("%+v", again)
	}
}
