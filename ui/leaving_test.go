package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// fullDisk is an engine that cannot store drafts while full is set.
type fullDisk struct {
	Engine
	full   atomic.Bool
	copies atomic.Int64 // how many drafts were to be copied to a server
}

func (e *fullDisk) KeepDraft(ctx context.Context, id mail.DraftID) error {
	e.copies.Add(1)
	return e.Engine.KeepDraft(ctx, id)
}

func (e *fullDisk) SaveDraft(ctx context.Context, d *mail.Draft) error {
	if e.full.Load() {
		return errors.New("the disk is full")
	}
	return e.Engine.SaveDraft(ctx, d)
}

// writes gives a window an engine whose disk can be full, and lets it open windows for writing.
func (b *bench) writes() *fullDisk {
	disk := &fullDisk{Engine: b.w.env.engine}
	b.w.env.engine = disk
	b.w.env.open.Compose = b.w.openDraft
	return disk
}

// offers is the button of the dialog that is open; nil: there is none.
func (b *bench) offers(id string) *kit.Button {
	if top := b.w.Window().Canvas().Overlays().Top(); top != nil {
		return button(top, lang.T(id))
	}
	return nil
}

// begin begins a message, with something in it that is stored nowhere.
func (b *bench) begin(subject string) {
	b.w.openDraft(mail.Draft{Account: b.imap, Subject: subject, Text: "half a sentence", Unsaved: true})
}

func (b *bench) kept(subject string) bool {
	b.Helper()
	list, err := b.store.Drafts(b.Context())
	b.ok(err)
	return slices.ContainsFunc(list, func(d mail.Draft) bool { return d.Subject == subject })
}

// Who quits, by the key, the menu or the window's button, finds what was being written among the drafts.
func TestQuitKeepsWhatIsBeingWritten(t *testing.T) {
	b := newBench(t)
	disk := b.writes()
	b.begin("Offer")
	b.w.run(b.w.byID["quit"])
	b.until("the end", func() bool { return b.w.closed })
	if !b.kept("Offer") {
		t.Error("what was written last is lost")
	}
	if disk.copies.Load() == 0 {
		t.Error("other programs cannot go on with it")
	}
}

// TestTheEndOfTheSessionKeepsWhatIsBeingWritten: the desktop ends the program, which asks nobody.
func TestTheEndOfTheSessionKeepsWhatIsBeingWritten(t *testing.T) {
	b := newBench(t)
	b.w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	b.w = NewMainWindow(ctx, b.app, Deps{Store: b.store, Engine: b.engine, Now: func() time.Time { return today }, Post: func(f func()) { b.jobs <- f }})
	b.w.Show()
	shown := false
	b.w.Start(func() { shown = true })
	b.until("the first list", func() bool { return shown && len(b.w.env.tree.Accounts()) > 0 })
	b.writes()
	b.begin("Offer")
	cancel()
	time.Sleep(50 * time.Millisecond) // what listens to the context has heard of it
	b.w.endNow()
	if !b.kept("Offer") {
		t.Error("what was written last is lost")
	}
}

// What cannot be stored keeps the window open, and so does an answer in the field under a conversation.
func TestQuitStopsAtWhatCannotBeStored(t *testing.T) {
	b := newBench(t)
	disk := b.writes()
	disk.full.Store(true)
	b.begin("Offer")
	asks := func() bool { return b.offers("leave.stay") != nil }
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.w.run(b.w.byID["quit"])
		b.until("the question", asks)
		b.shot("leave-" + code)
		b.offers("leave.stay").Tapped(nil)
		b.drain()
		if b.w.closed || len(b.w.writing) != 1 || asks() {
			t.Fatalf("%s: closed %v, %d windows, still asking %v", code, b.w.closed, len(b.w.writing), asks())
		}
	}
	lang.Set("en")
	disk.full.Store(false)
	b.w.run(b.w.byID["quit"])
	b.until("the end", func() bool { return b.w.closed })
	if !b.kept("Offer") {
		t.Error("lost after all")
	}
}

// The user may quit without what cannot be stored.
func TestQuitAllTheSame(t *testing.T) {
	b := newBench(t)
	b.writes().full.Store(true)
	b.begin("Offer")
	b.w.run(b.w.byID["quit"])
	b.until("the question", func() bool { return b.offers("leave.stay") != nil })
	b.offers("leave.anyway").Tapped(nil)
	b.until("the end", func() bool { return b.w.closed })
}

// An answer that was begun under a conversation becomes a draft at the end, and a window of its own where it cannot.
func TestQuitKeepsTheQuickAnswer(t *testing.T) {
	b := newBench(t, threaded(3))
	disk := b.writes()
	th := b.openThread(0)
	disk.full.Store(true)
	th.reply.Open()
	th.reply.editor.SetText("Yes, on Tuesday.")
	b.w.run(b.w.byID["quit"])
	b.until("the question", func() bool { return b.offers("leave.stay") != nil })
	if b.w.closed || len(b.w.writing) != 1 {
		t.Fatalf("closed %v, %d windows", b.w.closed, len(b.w.writing))
	}
	b.offers("leave.stay").Tapped(nil)
	disk.full.Store(false)
	b.w.run(b.w.byID["quit"])
	b.until("the end", func() bool { return b.w.closed })
	list, err := b.store.Drafts(b.Context())
	b.ok(err)
	if len(list) == 0 || !strings.Contains(list[0].Text, "Yes, on Tuesday.") {
		t.Errorf("drafts %+v", list)
	}
}

// A newer Peyk has upgraded the profile: that is told once, and quitting is offered.
func TestAnUpgradeUnderTheWindowIsTold(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		t.Run(code, func(t *testing.T) {
			b := newBench(t)
			lang.Set(code)
			b.w.changed(mail.Change{Newer: true})
			b.w.changed(mail.Change{Newer: true})
			b.drain()
			if n := len(b.w.Window().Canvas().Overlays().List()); n != 1 {
				t.Fatalf("told %d times", n)
			}
			if !strings.Contains(b.w.status.trouble, lang.T("problem.why.upgraded")) {
				t.Errorf("the status bar says %q", b.w.status.trouble)
			}
			b.shot("upgraded-" + code)
			b.offers("cmd.quit").Tapped(nil)
			b.until("the end", func() bool { return b.w.closed })
		})
	}
}

// Why a profile cannot be opened is told in the user's language, with the error itself.
func TestRefusal(t *testing.T) {
	b := bareBench(t)
	err := fmt.Errorf("opening the profile: %w", &store.SchemaError{File: "/p/mail.db", Have: 99, Newest: 9})
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		quit := false
		win := b.app.NewWindow("")
		kit.SetContent(win, refusal(err, func() { quit = true }))
		win.Resize(fyne.NewSize(520, 320))
		win.Show()
		says := says(win.Content())
		if !strings.Contains(says, lang.Plain(lang.T("problem.why.newer"))) || !strings.Contains(says, "schema 99") {
			t.Errorf("%s: %q", code, says)
		}
		b.shotOf(win, "refused-"+code)
		button(win.Content(), lang.T("kit.close")).Tapped(nil)
		if !quit {
			t.Error("it cannot be closed")
		}
		win.Close()
	}
}
