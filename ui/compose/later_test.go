package compose

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestAskTime shows the calendar of each language and takes a moment by keyboard.
func TestAskTime(t *testing.T) {
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		key        fyne.KeyName // the next day
	}{{"later", "en", theme.ForceLight, fyne.KeyRight}, {"later-persian", "fa", theme.ForceLight, fyne.KeyLeft}, {"later-dark", "fa", theme.ForceDark, fyne.KeyLeft}} {
		r := open(t, c.code, c.mode, mockup())
		var got time.Time
		AskTime(r.win, SendLater(), clock, time.Time{}, func(at time.Time) { got = at })
		focused := r.win.Canvas().Focused()
		if focused == nil {
			t.Fatal("nothing has the keyboard")
		}
		focused.TypedKey(&fyne.KeyEvent{Name: c.key})
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		r.shot(c.name)
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp}) // before today: today
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		y, m, d := lang.Civil(got)
		wy, wm, wd := lang.Civil(clock)
		if y != wy || m != wm+1 || d != wd || got.Hour() != 10 || got.Minute() != 0 {
			t.Errorf("%s: chosen was %v (%d-%d-%d), asked on %d-%d-%d", c.name, got, y, m, d, wy, wm, wd)
		}
	}
}

func TestSendingLaterKeepsTheMoment(t *testing.T) {
	r := open(t, "fa", theme.ForceLight, mockup())
	at := clock.Add(26 * time.Hour)
	r.w.files.list = append(r.w.files.list, weekly().Attachments...)
	r.w.body.SetDocument(nil)
	r.w.body.Insert("hello")
	r.w.check(at)
	r.loop.run()
	if r.sent != 1 || !r.engine.at[0].Equal(at) {
		t.Errorf("sent %d, at %v", r.sent, r.engine.at)
	}
}
