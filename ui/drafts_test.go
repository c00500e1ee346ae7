package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// A message of a Drafts folder, whoever wrote it there, is opened for writing.
func TestAStoredDraftOpensForWriting(t *testing.T) {
	const subject = "Begun on the phone"
	b := newBench(t, func(b *bench) {
		_, err := b.store.EnsureLocalFolder(b.Context(), b.pop, "Drafts", mail.RoleDrafts)
		b.ok(err)
		b.put(b.folder(b.pop, "Drafts"), 0, sampleMail{from: "Maryam <office@shomal.example>", subject: subject, at: today, text: "half a sentence"})
	})
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.pop, "Drafts")})
	b.until("the folder", func() bool { return b.w.list.pager.Total() == 1 })
	b.selectSubject(subject)
	b.until("the banner that says that this is a draft", func() bool { return len(b.w.reader.single.banners.Objects) > 0 })
	b.w.list.list.Focus()
	b.key(fyne.KeyReturn)
	b.until("the draft", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Subject != subject || strings.TrimSpace(d.Text) != "half a sentence" || d.Copy != b.ids[subject] {
		t.Errorf("opened %+v", d)
	}
}

// A message that waits because the server was not reached says so, and does not look as if it was to be sent later.
func TestTheOutboxSaysWhyAMessageWaits(t *testing.T) {
	it := mail.OutboxItem{State: mail.OutboxQueued, NotBefore: today.Add(time.Minute), Reason: "office: nothing answers on port 465 of 127.0.0.1"}
	if got := outboxWords(it, today); !strings.Contains(got, "465") {
		t.Errorf("it says %q", got)
	}
	it.Reason = ""
	if got := outboxWords(it, today); got != lang.T("outbox.later", lang.FullDate(it.NotBefore)) {
		t.Errorf("it says %q", got)
	}
}
