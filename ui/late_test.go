package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestADraftThatAnotherDeviceDiscardedIsToldAndComesBack from the window and from Activity.
func TestADraftThatAnotherDeviceDiscardedIsToldAndComesBack(t *testing.T) {
	b := newBench(t)
	d := mail.Draft{Account: b.imap, Subject: "Offer 13", Text: "words"}
	b.ok(b.engine.SaveDraft(b.Context(), &d))
	b.ok(b.store.DeleteDraft(b.Context(), d.ID))
	gone := mail.PassResult{Discarded: []mail.DiscardedDraft{{ID: d.ID, Subject: d.Subject}}}
	b.ok(b.store.NotePass(b.Context(), store.Pass{Account: b.imap, At: today, Result: gone}))
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Result: &gone})
	if got := says(b.w.Window().Content()); !strings.Contains(got, goneWords(gone.Discarded[0])) {
		t.Errorf("the window says %s", got)
	}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
	}{{"gone-light", "en", theme.ForceLight, 1280, 800}, {"gone-dark-small", "fa", theme.ForceDark, 800, 560}} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.drain()
		b.w.unsent.tellDiscarded(gone.Discarded)
		b.shot(c.name)
		b.w.activity.Show()
		b.w.activity.tabs.Choose(1)
		b.drain()
		b.shotOf(b.w.activity.env.win, c.name+"-activity")
		b.w.activity.Close()
	}
	lang.Set("en")
	b.w.activity.Show()
	b.w.activity.tabs.Choose(1)
	b.drain()
	b.wantSaid(goneWords(gone.Discarded[0]))
	var back *kit.LinkText
	walkAll(b.w.activity.env.win.Content(), func(o fyne.CanvasObject) {
		if l, ok := o.(*kit.LinkText); ok && l.Text() == lang.T("drafts.back") {
			back = l
		}
	})
	if back == nil {
		t.Fatal("Activity does not offer to bring it back")
	}
	back.Tapped(nil)
	b.until("the draft", func() bool { got, err := b.store.Draft(b.Context(), d.ID); return err == nil && got.Text == "words" })
	b.w.activity.Close()
}

// TestWhatWasSentLateIsTold: in the window, on the desktop of who does not look at it, in the history of Activity, and as long as it waits in the outbox.
func TestWhatWasSentLateIsTold(t *testing.T) {
	b := newBench(t)
	desk := &desktopNotes{App: b.app}
	b.w.notify.env.app, b.w.notify.focused = desk, false
	late := mail.Late{Subject: "Offer 12", Planned: today.Add(-72 * time.Minute), Sent: today}
	want := lang.T("outbox.late", "Offer 12", lang.Time(today), lang.Time(late.Planned))
	b.ok(b.store.NotePass(b.Context(), store.Pass{Account: b.imap, At: today, Result: mail.PassResult{Sent: 1, Late: []mail.Late{late}}}))
	b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Sent: 1, Late: []mail.Late{late}}})
	if got := says(b.w.Window().Content()); !strings.Contains(got, want) {
		t.Errorf("the window does not say %q", want)
	}
	if len(desk.shown) != 1 || desk.shown[0].Content != want {
		t.Errorf("the desktop shows %+v", desk.shown)
	}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
	}{{"late-light", "en", theme.ForceLight, 1280, 800}, {"late-dark-small", "fa", theme.ForceDark, 800, 560}} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.drain()
		b.w.tellLate([]mail.Late{late})
		b.shot(c.name)
		b.w.activity.Show()
		b.drain()
		b.shotOf(b.w.activity.env.win, c.name+"-activity")
		b.w.activity.Close()
	}
	lang.Set("en")
	b.w.activity.Show()
	b.drain()
	b.wantSaid(want)
	b.w.activity.Close()
	it := mail.OutboxItem{State: mail.OutboxQueued, Chosen: late.Planned, NotBefore: today.Add(time.Minute), Reason: "office: nothing answers"}
	if got := outboxWords(it, today); !strings.Contains(got, lang.T("outbox.planned", lang.FullDate(late.Planned))) {
		t.Errorf("the outbox says %q", got)
	}
}
