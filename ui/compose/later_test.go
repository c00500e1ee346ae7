package compose

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
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

// TestATimeOfDayIsTypedHourFirst: it stands with the hour at the left in every language, and Tab comes to the hour first.
func TestATimeOfDayIsTypedHourFirst(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		r := open(t, l, theme.ForceLight, mail.Draft{Account: 1})
		AskTime(r.win, SendLater(), clock, clock.Add(time.Hour), func(time.Time) {})
		var fields []*kit.NumberField
		for range 12 {
			r.win.Canvas().FocusNext()
			if f, ok := r.win.Canvas().Focused().(*kit.NumberField); ok {
				fields = append(fields, f)
			}
			if len(fields) == 2 {
				break
			}
		}
		if len(fields) != 2 || fields[0].Number() != 10 || fields[1].Number() != 41 {
			t.Fatalf("%s: Tab comes to %v", l, fields)
		}
		driver := fyne.CurrentApp().Driver()
		if h, m := driver.AbsolutePositionForObject(fields[0]).X, driver.AbsolutePositionForObject(fields[1]).X; h >= m {
			t.Errorf("%s: the hour stands at %v, the minute at %v", l, h, m)
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
