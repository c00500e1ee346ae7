package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

const sara = "جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)"

// TestWindowAtEverySize draws the window in both directions, both themes and two sizes: nothing may panic, and the
// pictures can be looked at (PEYK_SHOTS=folder).
func TestWindowAtEverySize(t *testing.T) {
	b := newBench(t, func(b *bench) {
		p := model.DefaultPrefs()
		p.MarkRead = -1
		b.ok(model.SavePrefs(b.Context(), b.store, p))
	})
	b.engine.progress <- mail.Progress{Account: b.pop, Phase: mail.PhaseIdle, Result: &mail.PassResult{Mail: 2, New: 2}}
	b.engine.progress <- mail.Progress{Account: b.imap, Phase: mail.PhaseReceiving, Done: 6400, Total: 10000}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
	}{{"main-light", "en", theme.ForceLight, 1360, 860}, {"main-dark", "en", theme.ForceDark, 1360, 860}, {"main-persian", "fa", theme.ForceLight, 1360, 860}, {"main-small", "en", theme.ForceLight, 900, 600}, {"main-small-persian", "fa", theme.ForceDark, 900, 600}} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.drain()
		b.selectSubject(sara)
		b.drain()
		b.shot(c.name)
	}
}

// TestReaderPictures draws what a reader can show: quotations, links, tags, warnings, pictures, attachments.
func TestReaderPictures(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 100, sampleMail{
			from: "service@example.org <help@examp1e.org>", subject: "پاسخ: Your account: action needed", at: today.Add(-5 * time.Minute), flags: mail.Flags{"work", "مهم"},
			text: "Hello,\n\nopen https://examp1e.org/login?next=/ now, or write to help@examp1e.org.\nاین یک خط فارسی است.\n\nبله، موافقم.\n\nسارا در ۴ آذر نوشت:\n> لطفاً عدد Q3 را دوباره بررسی کن.\n>> Level two in English.\n>>> سطح سوم\n\nMore text between.\n\n> a short one\n\n-- \nThe team", extra: "inline pdf png txt exe",
		})
	})
	b.selectSubject("پاسخ: Your account: action needed")
	b.until("the picture", func() bool { return len(b.w.reader.single.images.box.Objects) == 1 })
	b.drain()
	b.shot("reader-rich")
	b.w.reader.single.header.toggle()
	b.shot("reader-details")
	b.selectSubject(reza)
	b.drain()
	b.shot("reader-quote")
	kit.ShowMenu(b.w.Window().Canvas(), fyne.NewPos(700, 200), b.w.menu("reply", "replyall", "forward", "", "archive", "delete", "junk", "move", "tag", "", "star", "read", "", "source")...)
	b.shot("menu")
}
