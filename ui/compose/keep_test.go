package compose

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

func TestDraftIsKeptAsItIsWritten(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1})
	r.w.subject.SetText("hello")
	r.w.body.SetText("first")
	r.w.changed()
	r.loop.tick()
	if v := r.engine.drafts[1]; len(v) != 1 || v[0].Subject != "hello" || v[0].Text != "first" {
		t.Fatalf("stored %+v", v)
	}
	r.loop.tick()
	if len(r.engine.drafts[1]) != 1 {
		t.Error("stored again without a change")
	}
	r.w.body.SetText("second")
	r.w.changed()
	r.w.Close()
	r.loop.run()
	if v := r.engine.drafts[1]; len(v) != 2 || v[1].Text != "second" || r.closed != 1 {
		t.Errorf("stored %+v, closed %d", v, r.closed)
	}
}

// Discarding a draft that was opened from the server's folder removes it there; one just typed leaves nothing either.
func TestDiscardReachesWhatIsOnItsWay(t *testing.T) {
	d := weekly()
	d.Copy = 9
	r := open(t, "en", theme.ForceLight, d)
	r.w.Discard()
	r.loop.run()
	if len(r.engine.drafts[1]) != 1 || r.engine.drafts[1][0].Copy != 9 {
		t.Fatalf("stored %+v", r.engine.drafts)
	}
	if !reflect.DeepEqual(r.engine.gone, []mail.DraftID{1}) {
		t.Errorf("discarded %v", r.engine.gone)
	}
	r = open(t, "en", theme.ForceLight, weekly())
	r.w.changed()
	r.w.save(nil)
	r.w.subject.SetText("the last words")
	r.w.changed()
	r.w.Discard()
	r.loop.run()
	if vs := r.engine.drafts[1]; !reflect.DeepEqual(r.engine.gone, []mail.DraftID{1}) || vs[len(vs)-1].Subject != "the last words" || !reflect.DeepEqual(r.discarded, r.engine.gone) || r.closed != 1 {
		t.Errorf("discarded %v, told %v, closed %d, of %+v", r.engine.gone, r.discarded, r.closed, vs)
	}
	r = open(t, "en", theme.ForceLight, weekly()) // an answer in which nothing was written
	r.w.Discard()
	r.loop.run()
	if len(r.engine.drafts) != 0 || len(r.discarded) != 0 || r.closed != 1 {
		t.Errorf("stored %v, told %v, closed %d", r.engine.drafts, r.discarded, r.closed)
	}
	r = open(t, "en", theme.ForceLight, weekly())
	r.engine.saveErr = errors.New("the disk is full")
	r.w.changed()
	r.w.Discard()
	r.loop.run()
	if r.closed != 0 || r.win.Canvas().Overlays().Top() == nil {
		t.Error("what cannot be stored is thrown away for good without a question")
	}
}

func TestFailedSaveKeepsTheWindow(t *testing.T) {
	r := open(t, "en", theme.ForceLight, weekly())
	r.engine.saveErr = errors.New("the disk is full")
	r.w.changed()
	r.w.Close()
	r.loop.run()
	if r.closed != 0 || len(r.w.banner.Objects) == 0 {
		t.Error("the window closed although the draft could not be stored")
	}
	r.engine.saveErr = nil
	r.w.Close()
	r.loop.run()
	if r.closed != 1 || len(r.engine.drafts[1]) != 1 {
		t.Errorf("closed %d, stored %d", r.closed, len(r.engine.drafts[1]))
	}
}

// TestVersionsAreThereFromTheStart: a draft that is opened again offers its earlier versions before anything is changed, and says of which day it is.
func TestVersionsAreThereFromTheStart(t *testing.T) {
	d := weekly()
	d.ID, d.Versions, d.Modified = 7, 3, clock.Add(-48*time.Hour)
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceLight, d)
		r.shot("compose-versions-" + l)
		if got := lang.Plain(r.w.saved.Text()); !r.w.saved.Visible() || !strings.Contains(got, lang.Plain(lang.N("compose.versions", 3))) || !strings.Contains(got, lang.Plain(lang.Date(d.Modified))) {
			t.Errorf("%s: it says %q", l, got)
		}
		r.engine.drafts = map[mail.DraftID][]mail.Draft{7: {d, {ID: 7, Subject: "earlier", Text: "earlier words", Modified: clock.Add(-49 * time.Hour)}}}
		r.w.showVersions()
		r.loop.run()
		if r.win.Canvas().Overlays().Top() == nil {
			t.Errorf("%s: no versions are offered", l)
		}
		r.w.restore(r.engine.drafts[7][1])
		r.loop.run()
		if r.w.subject.Text() != "earlier" || r.w.Draft().ID != 7 {
			t.Errorf("%s: back is %+v", l, r.w.Draft())
		}
	}
}

// Who never pauses has what was written stored all the same.
func TestADraftIsStoredWhileOneTypes(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Subject: "x"})
	for range 200 {
		r.w.body.Insert("word ")
	}
	waiting := map[time.Duration]*timer{}
	for _, c := range r.loop.timers {
		if !c.stopped {
			waiting[c.after] = c
		}
	}
	if len(waiting) != 2 || waiting[saveLatest] == nil || waiting[saveLatest] != r.loop.timers[1] {
		t.Fatalf("%d clocks go, the one after the first change among them: %v", len(waiting), waiting[saveLatest] == r.loop.timers[1])
	}
	waiting[saveLatest].f()
	r.loop.run()
	if n := len(r.engine.drafts[1]); n != 1 || !waiting[saveAfter].stopped {
		t.Errorf("stored %d times; the other clock goes on: %v", n, !waiting[saveAfter].stopped)
	}
	r.w.body.Insert("more")
	if last := r.loop.timers[len(r.loop.timers)-1]; last.after != saveLatest || last.stopped {
		t.Error("what is written after that has no such clock")
	}
}

// TestAnEmptiedDraftCanBeBroughtBack: who took everything out and closes the window is told that the draft is gone.
func TestAnEmptiedDraftCanBeBroughtBack(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "a letter", Plain: true})
	r.w.body.Insert("! ")
	r.loop.tick()
	r.w.body.SetText("")
	r.w.changed()
	r.w.Close()
	r.loop.run()
	if r.closed != 1 || len(r.engine.gone) != 1 || len(r.discarded) != 1 || r.discarded[0] != r.engine.gone[0] {
		t.Errorf("closed %d, gone %v, told %v", r.closed, r.engine.gone, r.discarded)
	}
}
