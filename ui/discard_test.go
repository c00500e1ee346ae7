package ui

import (
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// TestWhatWasDiscardedComesBack: drafts and messages of the outbox go without a question, and come back as they were, by Ctrl+Z too.
func TestWhatWasDiscardedComesBack(t *testing.T) {
	b := newBench(t)
	lang.Set("fa")
	var ids []mail.DraftID
	for _, s := range []string{"half a plan", "نیمهٔ نامه"} {
		d := mail.Draft{Account: b.imap, Subject: s, Text: s}
		b.ok(b.store.SaveDraft(b.Context(), &d))
		ids = append(ids, d.ID)
	}
	b.w.Go(model.Place{Kind: model.PlaceDrafts})
	b.until("the drafts", func() bool { return b.w.list.pager.Total() == 2 })
	b.w.list.list.Focus()
	b.w.list.Step(1)
	b.w.delete() // the next one is selected, so that one after the other can go
	b.until("one draft", func() bool { return b.w.list.pager.Total() == 1 && len(b.w.list.Selected()) == 1 })
	b.drain() // the list may be without it before what undo needs is known
	b.w.env.act.Undo()
	b.until("two drafts", func() bool { return b.w.list.pager.Total() == 2 })
	b.w.list.list.SelectAll()
	b.w.delete()
	b.until("no draft", func() bool {
		return b.w.list.pager.Total() == 0 && strings.Contains(b.windowSays(), lang.N("did.discard_draft", 2))
	})
	b.shot("drafts-discarded")
	b.w.env.act.Undo()
	b.until("both back", func() bool { return b.w.list.pager.Total() == 2 })
	if d, err := b.store.Draft(b.Context(), ids[1]); err != nil || d.Text != "نیمهٔ نامه" {
		t.Errorf("back is %+v, %v", d, err)
	}

	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("Subject: Plan\r\n\r\nx")})
	b.ok(err)
	it := mail.OutboxItem{Account: b.imap, Blob: refs[0], From: "maryam@example.org", Rcpt: []string{"a@example.net", "b@example.net"}, Subject: "Plan", Created: today,
		State: mail.OutboxPartly, Refused: map[string]string{"b@example.net": "550 no"}}
	it.ID, err = b.store.Enqueue(b.Context(), it)
	b.ok(err)
	b.w.Go(model.Place{Kind: model.PlaceOutbox})
	b.until("the outbox", func() bool { return b.w.list.pager.Total() == 1 })
	b.w.unsent.DiscardOutbox(it.ID)
	b.until("the outbox empty", func() bool {
		return b.w.list.pager.Total() == 0 && strings.Contains(b.windowSays(), lang.N("did.discard_outbox", 1))
	})
	b.w.env.act.Undo()
	b.until("it is back", func() bool {
		items, err := b.store.OutboxItems(b.Context())
		b.ok(err)
		return len(items) == 1 && items[0].State == mail.OutboxPartly && len(items[0].Refused) == 1
	})
}

// A message of the outbox is opened for writing once, and without a complaint, however often that is pressed.
func TestEditingTheOutboxTwice(t *testing.T) {
	b := newBench(t)
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("From: maryam@example.org\r\nTo: a@example.net\r\nSubject: Plan\r\n\r\nx")})
	b.ok(err)
	id, err := b.store.Enqueue(b.Context(), mail.OutboxItem{Account: b.imap, Blob: refs[0], From: "maryam@example.org", Rcpt: []string{"a@example.net"}, Subject: "Plan",
		Created: today, NotBefore: today.Add(48 * time.Hour)})
	b.ok(err)
	b.w.unsent.EditOutbox(id)
	b.w.unsent.EditOutbox(id)
	b.drain()
	if says := b.windowSays(); len(b.drafts) != 1 || strings.Contains(says, lang.Plain(lang.T("fail.outbox"))) {
		t.Fatalf("%d windows; the main one says %q", len(b.drafts), says)
	}
	b.w.unsent.EditOutbox(id) // later, from a page that is not there any more: that is told
	b.until("the complaint", func() bool { return strings.Contains(b.windowSays(), lang.Plain(lang.T("fail.outbox"))) })
}

// TestADraftDiscardedWhileWrittenIsWrittenOn: with its last words.
func TestADraftDiscardedWhileWrittenIsWrittenOn(t *testing.T) {
	b := newBench(t)
	b.writes()
	b.begin("half a letter")
	if len(b.w.writing) != 1 {
		t.Fatal("no window")
	}
	for c := range b.w.writing {
		c.Discard()
	}
	b.until("it is gone", func() bool {
		return len(b.w.writing) == 0 && !b.kept("half a letter") && strings.Contains(b.windowSays(), lang.N("did.discard_draft", 1))
	})
	b.w.env.act.Undo()
	b.until("it is open again", func() bool { return len(b.w.writing) == 1 && b.kept("half a letter") })
	for c := range b.w.writing {
		if d := c.Draft(); d.Subject != "half a letter" || !strings.Contains(d.Text, "half a sentence") {
			t.Errorf("written on is %+v", d)
		}
		c.Close()
	}
	b.until("closed", func() bool { return len(b.w.writing) == 0 })
}
