package ui

import (
	"fmt"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// many are more messages than a page of the list has, in a folder of their own.
const many = 300

func withMany(b *bench) {
	var ms []sampleMail
	for i := range many {
		ms = append(ms, sampleMail{from: "Row <row@example.net>", subject: fmt.Sprint("row ", i), at: today.Add(-time.Duration(i) * time.Hour), text: "x", flags: mail.Flags{mail.FlagSeen}})
	}
	b.put(b.folder(b.imap, "Projects/Tehran"), 1, ms...)
}

// manyShown is a window that shows them, with the first one selected.
func manyShown(t *testing.T) *bench {
	b := newBench(t, prefs(quiet), withMany)
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects/Tehran")})
	b.until("the folder", func() bool { return b.w.list.pager.Total() == many })
	b.selectSubject("row 0")
	b.drain()
	return b
}

// in counts the messages of a folder.
func (b *bench) in(path string) int {
	b.Helper()
	n, _, err := b.store.Count(b.Context(), model.QueryFor(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, path)}, model.FilterAll, model.Order{}))
	b.ok(err)
	return n
}

// Which messages a long range is, the store has to be asked: what is pressed before it has answered is about that range, not about what was selected before.
func TestWhatIsPressedRightAfterALongRange(t *testing.T) {
	b := manyShown(t)
	b.w.list.list.SelectAll()
	if payload, _ := b.w.list.drag(); payload != nil {
		t.Errorf("a drag takes %v along while it is not known what is selected", payload)
	}
	b.w.list.Refresh() // new mail comes at the same time
	b.w.run(b.w.byID["archive"])
	b.drain()
	if n := b.in("Archive"); n != many {
		t.Errorf("of %d selected messages %d were archived", many, n)
	}
}

// A change in the store while it is asked leaves the new selection alone.
func TestARefreshDuringALongSelection(t *testing.T) {
	b := manyShown(t)
	b.w.list.list.SelectAll()
	b.w.list.Refresh()
	b.drain()
	if rows, chosen := b.w.list.list.SelectedCount(), len(b.w.list.Selected()); rows != many || chosen != many {
		t.Errorf("%d rows are shown as selected, and commands get %d messages", rows, chosen)
	}
}

// Mail that came since the rows were painted moves a long range: chosen is what was seen.
func TestALongRangeIsWhatWasSeen(t *testing.T) {
	b := manyShown(t)
	b.put(b.folder(b.imap, "Projects/Tehran"), 1000, sampleMail{from: "Row <row@example.net>", subject: "above", at: today, text: "x"})
	b.w.list.list.SetSelected(nil, 0)
	b.w.list.list.Step(many-2, true) // all but the last, as on the screen
	ids := b.ids
	b.until("the answer", func() bool { return len(b.w.list.Selected()) > 1 })
	for subject, want := range map[string]bool{"above": false, "row 0": true, fmt.Sprint("row ", many-2): true, fmt.Sprint("row ", many-1): false} {
		if contains(b.w.list.Selected(), ids[subject]) != want {
			t.Errorf("%q is selected: %v", subject, !want)
		}
	}
	b.drain()
	if first, n := b.w.list.list.SelectedRanges()[0][0], b.w.list.list.SelectedCount(); first != 1 || n != many-1 {
		t.Errorf("%d rows from %d on are shown as selected", n, first)
	}
}

// Who goes on to another message while the list is read again has that one under the cursor afterwards, wherever it stands by then.
func TestSelectingDuringARefresh(t *testing.T) {
	b := manyShown(t)
	b.put(b.folder(b.imap, "Projects/Tehran"), 1000, sampleMail{from: "Row <row@example.net>", subject: "above", at: today, text: "x"})
	for b.w.env.loop.idle() { // until the list is read again because of it
		(<-b.jobs)()
	}
	b.w.list.Step(1)
	b.drain()
	row, _ := b.w.list.pager.Row(b.w.list.list.Cursor())
	if row.Subject != "row 1" || b.w.reader.Message() != b.ids["row 1"] || !b.w.list.list.IsSelected(2) {
		t.Errorf("the cursor is on %q, the reader shows message %d", row.Subject, b.w.reader.Message())
	}
}

// Readings of the list that overlap tell of the same selection twice: what the first one found gone is not looked for in the answer of the second.
func TestTwoRefreshesWhenOneOfSeveralIsGone(t *testing.T) {
	b := manyShown(t)
	b.w.list.list.Step(3, true)
	b.until("four rows", func() bool { return len(b.w.list.Selected()) == 4 })
	b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids["row 0"]}))
	b.w.list.Refresh()
	b.w.list.Refresh()
	b.drain()
	if got := b.w.list.SelectedRows(); len(got) != 3 || got[0].Subject != "row 1" || b.w.list.list.SelectedCount() != 3 {
		t.Errorf("%d rows are selected", len(got))
	}
}
