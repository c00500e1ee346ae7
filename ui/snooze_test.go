package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// A message that is snoozed leaves its list and every count of what is unread, stands in the list of those that wait with the time when it comes
// back, and returns by undo and by hand; the next message is selected as after a deletion.
func TestSnoozeInTheWindow(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	until := time.Now().Add(48 * time.Hour)
	snoozed := model.Place{Kind: model.PlaceSnoozed}
	count := func() int {
		for _, r := range b.w.env.tree.Rows() {
			if r.Place == snoozed {
				return r.Count
			}
		}
		t.Fatal("the folder pane has no row for it")
		return 0
	}
	b.w.openPlace(snoozed)
	b.until("the empty list", func() bool { return b.w.list.empty.Visible() })
	b.shot("snoozed-empty")
	b.w.openPlace(model.Inboxes)
	b.until("the inboxes", func() bool { return contains(b.subjects(), reza) })

	b.selectSubject(reza)
	b.key(fyne.KeyB)
	b.until("the moments", func() bool { return b.w.Window().Canvas().Overlays().Top() != nil })
	b.shot("snooze-menu")
	b.key(fyne.KeyEscape)
	b.w.snoozeUntil([]mail.MessageID{b.ids[reza]}, until)
	b.until("out of the list", func() bool { return !contains(b.subjects(), reza) && count() == 1 })
	b.until("the next message", func() bool { return b.w.reader.Message() == b.ids[sara] })
	if got := b.w.Window().Title(); got != "(2) Peyk" {
		t.Errorf("the title is %q", got)
	}
	b.w.openPlace(snoozed)
	b.until("those that wait", func() bool { return len(b.subjects()) == 1 && b.subjects()[0] == reza })
	b.selectSubject(reza)
	b.until("what is said above it", func() bool { return len(b.w.reader.views()) == 1 && len(b.w.reader.views()[0].banners.Objects) > 0 })
	b.shot("snoozed")
	if !b.w.snoozedSelected() || !strings.Contains(textOf(b.row(reza), false, today, b.w.env.isMe).until, lang.Time(until)) {
		t.Error("the row does not say when it comes back")
	}
	b.w.unsnooze()
	b.until("nothing waits", func() bool { return len(b.subjects()) == 0 && count() == 0 })
	b.chord(ctrl(fyne.KeyZ))
	b.until("it waits again", func() bool { return count() == 1 })
	b.chord(ctrl(fyne.KeyZ))
	b.until("it was never snoozed", func() bool { return count() == 0 })
	b.w.openPlace(model.Inboxes)
	b.until("in the list", func() bool { return contains(b.subjects(), reza) })
}

// A conversation waits whole, and its messages can be found meanwhile.
func TestSnoozedIsFound(t *testing.T) {
	b := newBench(t)
	b.w.snoozeUntil([]mail.MessageID{b.ids[github]}, time.Now().Add(time.Hour))
	b.until("out of the list", func() bool { return !contains(b.subjects(), github) })
	b.w.openPlace(model.Place{Kind: model.PlaceSearch, Search: "release"})
	b.until("found", func() bool { return contains(b.subjects(), github) })
}

func TestReturnedIsTold(t *testing.T) {
	b := newBench(t)
	row := b.row(reza)
	row.Returned = today.Add(-time.Minute)
	if got := textOf(row, false, today, b.w.env.isMe).date; got != lang.Time(row.Returned) {
		t.Errorf("the row says %q", got)
	}
	if got := newReaderHeader(b.w.env).summary(mail.Content{Row: row}); !strings.Contains(got, lang.FullDate(row.Returned)) || !strings.Contains(got, lang.FullDate(row.Date)) {
		t.Errorf("the header says %q", got)
	}
}
