package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
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
	b.engine.progress <- mail.Progress{Account: b.pop, Phase: mail.PhaseIdle, Result: &mail.PassResult{New: 2}}
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
