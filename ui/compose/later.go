package compose

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// laterMenu offers moments to send at.
func (w *Window) laterMenu(below fyne.CanvasObject) {
	var items []*kit.MenuItem
	for _, m := range Moments(w.opt.Now()) {
		items = append(items, kit.Item(m.Words, icons.Clock, func() { w.check(m.At) }).With(m.Other))
	}
	items = append(items, kit.MenuLine(), kit.Item(lang.T("compose.later.other"), icons.Calendar, func() {
		now := w.opt.Now()
		AskTime(w.win, SendLater(), now, now.Add(time.Hour), w.check)
	}))
	kit.ShowMenuBelow(below, items...)
}

// Moment is a moment that is offered.
type Moment struct {
	Words string
	Other string // its date in the other calendar, where the language has two
	At    time.Time
}

// Moments are those that are offered for what is to happen later, in words.
func Moments(now time.Time) []Moment {
	var out []Moment
	for _, t := range laterTimes(now) {
		out = append(out, Moment{lang.T(t.id, lang.Date(t.at), lang.Time(t.at)), lang.OtherDate(t.at), t.at})
	}
	return out
}

type laterTime struct {
	id string
	at time.Time
}

// laterTimes are the moments offered: in an hour, this evening while it is before, tomorrow morning, the start of the next
// working week (Saturday in Iran's calendar).
func laterTimes(now time.Time) []laterTime {
	day := func(offset, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+offset, hour, 0, 0, 0, now.Location())
	}
	out := []laterTime{{"compose.later.hour", now.Add(time.Hour).Truncate(time.Minute)}}
	if now.Hour() < 17 {
		out = append(out, laterTime{"compose.later.evening", day(0, 18)})
	}
	out = append(out, laterTime{"compose.later.tomorrow", day(1, 8)})
	first := lang.FirstWeekday()
	if first == time.Sunday {
		first = time.Monday // the working week
	}
	ahead := (int(first) - int(now.Weekday()) + 7) % 7
	if ahead == 0 {
		ahead = 7
	}
	if ahead > 1 {
		out = append(out, laterTime{"compose.later.week", day(ahead, 8)})
	}
	return out
}

// TimeQuestion is what a moment is asked for.
type TimeQuestion struct {
	Title, OK string
	// Words says what will happen at a moment.
	Words func(t time.Time) string
}

// SendLater asks when a message is to go.
func SendLater() TimeQuestion {
	return TimeQuestion{lang.T("compose.later.title"), lang.T("compose.later.ok"), func(t time.Time) string { return lang.T("sent.later", lang.FullDate(t)) }}
}

// clockTime puts the fields of a time of day beside each other as it is written, from left to right in every language; Tab comes to the hour first.
func clockTime(hour, minute fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedHBoxLayout(8), hour, kit.Center(kit.NewLabel(":", kit.Body)), minute)
}

// AskTime asks for a moment that lies ahead, in the calendar of the language, beginning with at; then gets it. A moment of
// zero or of the past begins with the next full hour.
func AskTime(w fyne.Window, q TimeQuestion, now, at time.Time, then func(time.Time)) {
	if at = at.In(now.Location()); !at.After(now) {
		at = now.Add(time.Hour).Truncate(time.Hour)
	}
	days := kit.NewCalendar(at, now)
	hour, minute := kit.NewNumberField(0, 23, true, nil), kit.NewNumberField(0, 59, true, nil).Digits(2)
	hour.SetNumber(at.Hour())
	minute.SetNumber(at.Minute())
	words := kit.NewLabel("", kit.Meta).Wrapped()
	d := &kit.Dialog{Title: q.Title, Width: 360, Focus: days}
	chosen := func() time.Time {
		y, m, day := days.Day().Date()
		return time.Date(y, m, day, hour.Number(), minute.Number(), 0, 0, now.Location())
	}
	show := func() {
		t := chosen()
		if !t.After(now) {
			words.Set(lang.T("compose.later.past"), kit.Meta.With(theme.Danger))
		} else {
			s := q.Words(t)
			if other := lang.Other(t); other != "" {
				s += "\n" + other
			}
			words.Set(s, kit.Meta)
		}
		d.Relayout()
	}
	days.OnDay = func(time.Time) { show() }
	hour.OnNumber, minute.OnNumber = func(int) { show() }, func(int) { show() }
	set := func() {
		for _, f := range []struct {
			field *kit.NumberField
			most  int
		}{{hour, 23}, {minute, 59}} {
			if !f.field.Valid() {
				words.Set(lang.T("setup.number.bad", 0, f.most), kit.Meta.With(theme.Danger))
				d.Relayout()
				f.field.Focus()
				return
			}
		}
		if t := chosen(); t.After(now) {
			d.Close()
			then(t)
		}
	}
	hour.OnSubmit, minute.OnSubmit = func(string) { set() }, func(string) { set() }
	d.Content = kit.VBox(10, days,
		kit.HBox(8, kit.NewLabel(lang.T("compose.later.time"), kit.Muted), clockTime(hour, minute), kit.Spacer()), words)
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: q.OK, Kind: kit.Primary, Stay: true, Do: set}}
	show()
	d.Show(w)
}
