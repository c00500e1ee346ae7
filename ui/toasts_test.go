package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// toastOf is the box in the window that says something.
func (b *bench) toastOf(words string) (box *kit.Surface) {
	b.Helper()
	walkAll(b.w.Window().Content(), func(o fyne.CanvasObject) {
		if s, ok := o.(*kit.Surface); ok && strings.Contains(says(s), lang.Plain(words)) {
			box = s // the innermost comes last
		}
	})
	if box == nil {
		b.Fatalf("the window does not say %q", words)
	}
	return box
}

// One check may tell two things, and the user does something meanwhile: all is seen, with the ways to take it back.
func TestWhatHappenedByItselfIsNotReplaced(t *testing.T) {
	b := newBench(t)
	late := mail.Late{Subject: "Report", Planned: today.Add(-5 * 60e9), Sent: today}
	gone := mail.DiscardedDraft{ID: 1, Subject: "Offer 13"}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
	}{{"toasts-light", "en", theme.ForceLight, 1280, 800}, {"toasts-dark-small-persian", "fa", theme.ForceDark, leastWindow, 640}, {"toasts-small-german", "de", theme.ForceLight, leastWindow, 640}} {
		lang.Set(c.code)
		theme.SetMode(c.mode)
		b.w.Window().Resize(fyne.NewSize(c.w, c.h))
		b.drain()
		b.w.undone(mail.ActArchive)
		b.w.status.Progress(mail.Progress{Account: b.imap, Phase: mail.PhaseWaiting, Result: &mail.PassResult{Late: []mail.Late{late}, Discarded: []mail.DiscardedDraft{gone}}})
		b.w.undone(mail.ActStar)
		b.shot(c.name)
		var last fyne.Position
		for i, words := range []string{lateWords(late, today.Location()), goneWords(gone), lang.T("undone." + string(mail.ActStar))} {
			box := b.toastOf(words)
			pos, size := b.app.Driver().AbsolutePositionForObject(box), box.Size()
			if i > 0 && pos == last {
				t.Errorf("%s: %q lies over another", c.name, words)
			}
			if last = pos; pos.X < 0 || pos.X+size.Width > c.w || pos.Y < 0 || pos.Y+size.Height > c.h-theme.StatusHeight {
				t.Errorf("%s: %q reaches from %v over %v out of the window", c.name, words, pos, size)
			}
		}
		if words := lang.T("undone." + string(mail.ActArchive)); strings.Contains(b.windowSays(), lang.Plain(words)) {
			t.Errorf("%s: it still says %q", c.name, words)
		}
	}
}

// What is longer than the window is wide takes several lines; the ways out stay in reach.
func TestALongToastKeepsItsButtons(t *testing.T) {
	b := newBench(t)
	for _, width := range []float32{1280, leastWindow} {
		b.w.Window().Resize(fyne.NewSize(width, 640))
		b.drain()
		words := lang.T("drafts.gone", strings.Repeat("what everybody wants to know ", 10))
		kit.ShowToast(b.w.Window(), words, toastTime, kit.Action{Text: "Bring back", Do: func() {}})
		b.drain()
		found := 0
		walkAll(b.toastOf(words), func(o fyne.CanvasObject) {
			switch o.(type) {
			case *kit.LinkText, *kit.Button:
				found++
				if at := b.app.Driver().AbsolutePositionForObject(o); at.X+o.Size().Width > width {
					t.Errorf("%v wide: a button of the toast stands at %v", width, at)
				}
			}
		})
		if found < 2 {
			t.Errorf("%v wide: %d buttons", width, found)
		}
	}
}
