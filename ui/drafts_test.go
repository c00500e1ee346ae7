package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/kit"
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

// What was shown of a draft is let go of when something else is shown, also before it is laid out.
func TestADraftThatIsLeftIsLetGoOf(t *testing.T) {
	b := newBench(t)
	d := mail.Draft{Account: b.pop, Subject: "half", Text: "half a sentence", HTML: "<table><tr><td>half a sentence</td></tr></table>"}
	b.ok(b.store.SaveDraft(b.Context(), &d))
	b.w.unsent.ShowDraft(d.ID)
	b.until("the draft", func() bool { return b.w.unsent.body != nil && b.w.unsent.body.ready })
	body := b.w.unsent.body
	b.w.reader.ShowEmpty()
	if body.html.doc != nil || body.content.HTML != "" {
		t.Error("the page of a draft that was left is kept")
	}
	b.w.unsent.ShowDraft(d.ID)
	b.until("the page of the draft", func() bool { return b.w.unsent.body != body })
	body = b.w.unsent.body
	b.w.reader.ShowEmpty()
	b.drain()
	if body.html.doc != nil {
		t.Error("a draft that was left before it was laid out is laid out and kept")
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

// bodySays is the text that the engine for HTML shows in the window.
func (b *bench) bodySays() string {
	var out strings.Builder
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch v := o.(type) {
		case *fyne.Container:
			for _, c := range v.Objects {
				walk(c)
			}
		case *htmlBody:
			out.WriteString(v.Slice(0, v.Length()))
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(v).Objects() {
				walk(c)
			}
		}
	}
	walk(b.w.reader.root)
	return out.String()
}

// TestTheOutboxShowsWhatAMessageSays: its text, its pictures and files, in both directions; what it brings from the web is not asked for.
func TestTheOutboxShowsWhatAMessageSays(t *testing.T) {
	b := newBench(t)
	raw := "From: maryam@example.org\r\nTo: anna@example.net\r\nSubject: Plan\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nسلام Anna,\r\nthe plan is attached.\r\n" +
		"--b\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n"
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte(raw)})
	b.ok(err)
	it := mail.OutboxItem{Account: b.imap, Blob: refs[0], From: "maryam@example.org", Rcpt: []string{"anna@example.net"}, Subject: "Plan",
		NotBefore: today.Add(48 * time.Hour), Created: today}
	it.ID, err = b.store.Enqueue(b.Context(), it)
	b.ok(err)
	gone := it
	gone.Blob.Hash = strings.Repeat("0", 64)
	for _, l := range []string{"fa", "en"} {
		lang.Set(l)
		b.drain()
		b.w.Go(model.Place{Kind: model.PlaceOutbox})
		b.until("the item", func() bool { return b.w.list.pager.Total() == 1 })
		b.w.list.Step(1)
		b.until("its text and its file", func() bool {
			says := b.windowSays()
			return strings.Contains(b.bodySays(), "the plan is attached.") && strings.Contains(says, "plan.pdf") && strings.Contains(says, lang.T("outbox.when"))
		})
		b.drain()
		b.shot("outbox-text-" + l)
	}
	b.ok(b.store.SetOutbox(b.Context(), gone)) // its bytes are damaged: that is said, and the ways on stay
	b.until("why it cannot be read", func() bool {
		says := b.windowSays()
		return strings.Contains(says, lang.Plain(lang.T("reader.unreadable"))) && strings.Contains(says, lang.T("draft.discard"))
	})
}

// TestAMessageInDoubtIsNotSentTwiceByTheWay: the button that Enter and the eye find first does no harm, and a second sending is asked about,
// from the menu too.
func TestAMessageInDoubtIsNotSentTwiceByTheWay(t *testing.T) {
	b := newBench(t)
	refs, err := b.store.PutBlobs(b.Context(), [][]byte{[]byte("Subject: Plan\r\n\r\nx")})
	b.ok(err)
	state := func(id mail.OutboxID) mail.OutboxState {
		it, err := b.store.OutboxItem(b.Context(), id)
		b.ok(err)
		return it.State
	}
	for _, tc := range []struct {
		code    string
		account mail.AccountID
		first   string
	}{{"en", b.imap, "outbox.check"}, {"fa", b.imap, "outbox.check"}, {"fa", b.pop, "outbox.arrived"}} {
		lang.Set(tc.code)
		it := mail.OutboxItem{Account: tc.account, Blob: refs[0], From: "maryam@example.org", Rcpt: []string{"anna@example.net"}, Subject: "Plan", Created: today}
		it.ID, err = b.store.Enqueue(b.Context(), it)
		b.ok(err)
		it.State, it.Reason = mail.OutboxUncertain, "the connection broke"
		b.ok(b.store.SetOutbox(b.Context(), it))
		b.w.Go(model.Place{Kind: model.PlaceOutbox})
		b.until("the item", func() bool { return b.w.list.pager.Total() == 1 })
		b.w.list.Step(1)
		window := b.w.Window().Canvas()
		b.until("its ways on", func() bool { return button(window.Content(), lang.T("outbox.send.again")) != nil })
		b.drain()
		b.shot("outbox-doubt-" + tc.code + "-" + tc.first)
		for _, way := range []string{"outbox.check", "outbox.arrived", "outbox.send.again"} {
			w := button(window.Content(), lang.T(way))
			if w != nil && (w.Kind() == kit.Primary) != (way == tc.first) || w == nil && way == tc.first {
				t.Errorf("%s of a message of %v: %+v; the main one is %s", way, tc.account, w, tc.first)
			}
		}
		if check := button(window.Content(), lang.T("outbox.check")); check != nil {
			b.engine.checked = nil
			check.Tapped(nil)
			if !slices.Contains(b.engine.checked, tc.account) {
				t.Error("nobody looked into Sent again")
			}
		}
		ask := func() (no, yes *kit.Button) {
			b.until("the question", func() bool { return window.Overlays().Top() != nil })
			b.shot("outbox-again-" + tc.code)
			top := window.Overlays().Top()
			return button(top, lang.T("kit.cancel")), button(top, lang.T("outbox.send.again"))
		}
		button(window.Content(), lang.T("outbox.send.again")).Tapped(nil)
		no, _ := ask()
		no.Tapped(nil)
		b.drain()
		if s := state(it.ID); s != mail.OutboxUncertain {
			t.Errorf("it is %s before anybody said yes", s)
		}
		b.w.unsent.SendNow(it.ID)
		_, yes := ask()
		yes.Tapped(nil)
		b.until("it in the queue", func() bool { return state(it.ID) == mail.OutboxQueued })
		b.ok(b.store.DeleteOutbox(b.Context(), it.ID))
		b.until("the outbox empty", func() bool { return b.w.list.pager.Total() == 0 })
	}
	lang.Set("en")
}

// TestAllDraftsInOnePlace: those of this computer and those that other programs left in Drafts folders, each once, are opened, discarded and brought back alike.
func TestAllDraftsInOnePlace(t *testing.T) {
	const phone, copied = "Begun on the phone", "Begun here"
	b := newBench(t, func(b *bench) {
		_, err := b.store.EnsureLocalFolder(b.Context(), b.pop, "Drafts", mail.RoleDrafts)
		b.ok(err)
		b.put(b.folder(b.pop, "Drafts"), 0, sampleMail{from: "Maryam <office@shomal.example>", to: "anna@example.net", subject: phone, at: today, text: "half a sentence"})
		b.put(b.folder(b.pop, "Drafts"), 1, sampleMail{from: "Maryam <office@shomal.example>", subject: copied, at: today.Add(-time.Hour), text: "the copy"})
	})
	d := mail.Draft{Account: b.pop, Subject: copied, Text: "whole", Copy: b.ids[copied]}
	b.ok(b.store.SaveDraft(b.Context(), &d))
	b.until("the count", func() bool { return b.w.folders.rows["drafts"].Count == 2 })
	b.w.Go(model.Place{Kind: model.PlaceDrafts})
	b.until("both", func() bool { return b.w.list.pager.Total() == 2 })
	b.shot("all-drafts")
	b.selectSubject(phone)
	b.until("the one of the server", func() bool { return b.w.reader.Message() == b.ids[phone] })
	b.w.list.list.Focus()
	b.key(fyne.KeyReturn)
	b.until("it in a window", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Copy != b.ids[phone] || d.ID != 0 {
		t.Errorf("opened %+v", d)
	}
	b.w.delete()
	b.until("it gone", func() bool { return b.w.list.pager.Total() == 1 && b.w.folders.rows["drafts"].Count == 1 })
	b.until("the next one selected", func() bool {
		id, own := model.DraftOf(firstRow(b.w.list.SelectedRows()).ID)
		return own && id == d.ID
	})
	b.key(fyne.KeyReturn)
	b.until("the one of this computer in a window", func() bool { return len(b.drafts) == 2 && b.drafts[1].ID == d.ID })
	b.w.env.act.Undo()
	b.until("both back", func() bool { return b.w.list.pager.Total() == 2 })
	b.w.list.list.SelectAll()
	b.w.delete()
	b.until("none", func() bool { return b.w.list.pager.Total() == 0 })
	b.w.env.act.Undo()
	b.w.env.act.Undo()
	b.until("both back again", func() bool { return b.w.list.pager.Total() == 2 })
}

// TestADraftOfAnotherComputer: what another program made of a draft of this computer is what the list, the reader and the window for writing show, and it is one draft.
func TestADraftOfAnotherComputer(t *testing.T) {
	b := newBench(t, func(b *bench) {
		_, err := b.store.EnsureLocalFolder(b.Context(), b.pop, "Drafts", mail.RoleDrafts)
		b.ok(err)
	})
	d := mail.Draft{Account: b.pop, Subject: "Plan", Text: "as it was left here", HeaderID: "plan@example.org", Copy: 4711}
	d.Kept = d.Sum()
	b.ok(b.store.SaveDraft(b.Context(), &d))
	b.putRaw(b.folder(b.pop, "Drafts"), 90, "Plan, grown", "From: Maryam <maryam@example.org>\r\nTo: anna@example.net\r\nSubject: Plan, grown\r\nMessage-ID: <plan@example.org>\r\nDate: "+
		today.Add(-time.Hour).Format(time.RFC1123Z)+"\r\n\r\nwritten on elsewhere\r\n") // by a clock that is slow
	b.ok(b.store.SetDraftAway(b.Context(), d, mail.DraftAway{Newer: b.ids["Plan, grown"]})) // as a pass does
	b.w.Go(model.Place{Kind: model.PlaceDrafts})
	b.until("one draft", func() bool { return b.w.list.pager.Total() == 1 })
	b.w.list.SelectMessage(model.DraftKey(d.ID))
	b.until("its words in the reader", func() bool {
		return b.w.unsent.body != nil && strings.Contains(b.w.unsent.body.content.Text, "written on elsewhere")
	})
	b.w.list.list.Focus()
	b.key(fyne.KeyReturn)
	b.until("it in a window", func() bool { return len(b.drafts) == 1 })
	if got := b.drafts[0]; got.ID != d.ID || strings.TrimSpace(got.Text) != "written on elsewhere" {
		t.Errorf("opened %d as %q", got.ID, got.Text)
	}
}
