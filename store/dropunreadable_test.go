package store

import (
	"context"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestWhatCannotBeReadCanBeRemoved: what is left of a damaged row is handed out, bytes too, and without it deleted bytes go again.
func TestWhatCannotBeReadCanBeRemoved(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		table, spoil, name string
	}{
		{"outbox", "UPDATE outbox SET item=substr(item,2) WHERE id=1", "the outgoing message 1"},
		{"drafts", "DELETE FROM draft_versions; UPDATE drafts SET draft=substr(draft,2) WHERE id=1", "the draft 1"},
		{"draft_versions", "UPDATE draft_versions SET content=substr(content,2) WHERE draft=1", "an earlier version of the draft 1"},
	} {
		t.Run(c.table, func(t *testing.T) {
			r := newReclaimRig(t)
			r.opts.Parse = parseStub
			needed, other := r.put(rawMail(1)), r.put(rawMail(2))
			if c.table == "outbox" {
				got(r.Enqueue(ctx, mail.OutboxItem{Account: r.a, Subject: "one", Blob: needed}))(t)
			} else {
				must(t, r.SaveDraft(ctx, &mail.Draft{Account: r.a, Subject: "one", Attachments: []mail.DraftAttachment{{Name: "x", Blob: &needed}}}))
			}
			r.remove(r.receive(mail.RoleInbox, 1, other))
			must(t, r.write(ctx, "test", func(t *wtx) error { return t.script("DROP TRIGGER released_draft;" + c.spoil) }))
			r.reclaim()
			if !r.here(other) {
				t.Fatal("what was deleted has gone although a row cannot be read")
			}
			list := got(r.Unreadable(ctx))(t)
			if len(list) != 1 || list[0].Name != c.name || list[0].Table != c.table || !strings.Contains(list[0].Text, "one") || len(list[0].Blobs) != 1 || list[0].Blobs[0] != needed {
				t.Fatalf("%+v", list)
			}
			if is := got(r.IsMail(ctx, needed))(t); !is {
				t.Error("it is no message")
			}
			changed := list[0]
			changed.Text += " "
			must(t, r.DropUnreadable(ctx, changed))
			if again := got(r.Unreadable(ctx))(t); len(again) != 1 {
				t.Error("a row that is another one was removed")
			}
			must(t, r.DropUnreadable(ctx, list[0]))
			if again := got(r.Unreadable(ctx))(t); len(again) != 0 {
				t.Errorf("still there: %+v", again)
			}
			r.reclaim()
			if r.here(other) || r.here(needed) != (c.table == "draft_versions") { // the draft itself has it still
				t.Errorf("what was deleted is here: %t, what the row named: %t", r.here(other), r.here(needed))
			}
			clean(t, r.Store)
		})
	}
}
