package ui

import (
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// sort puts the list into another order, by its command.
func (b *bench) sort(id string) {
	b.Helper()
	b.w.run(b.w.byID[id])
	b.until(id, func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() > 0 })
	b.drain()
}

func (b *bench) listRows() (out []mail.Row) {
	b.Helper()
	for i := range b.w.list.pager.Total() {
		r, ok := b.w.list.pager.Row(i)
		if !ok {
			b.until("a row", func() bool { r, ok = b.w.list.pager.Row(i); return ok })
		}
		out = append(out, r)
	}
	return out
}

func (b *bench) sizes() (out []int64) {
	b.Helper()
	for _, r := range b.listRows() {
		out = append(out, r.Size)
	}
	return out
}

func (b *bench) senders() (out []string) {
	b.Helper()
	for _, r := range b.listRows() {
		out = append(out, strings.ToLower(firstOf(r.From).Name))
	}
	return out
}

func bySize(a, b int64) int { return int(b - a) }

// The list can be in the order of attachments and sizes, either way around; it says so.
func TestSortingBySize(t *testing.T) {
	b := newBench(t, prefs(quiet))
	total := b.w.list.pager.Total()
	b.sort("sortattached")
	with := b.listRows()
	if !slices.IsSortedFunc(with, func(a, b mail.Row) int { return min(b.Attachments, 1) - min(a.Attachments, 1) }) || with[0].Attachments == 0 || with[len(with)-1].Attachments > 0 {
		t.Errorf("by attachments: %+v", with)
	}
	b.sort("sortsize")
	down := b.sizes()
	if len(down) != total || !slices.IsSortedFunc(down, bySize) || down[0] == down[len(down)-1] {
		t.Errorf("by size: %v", down)
	}
	if got := b.w.list.header.counts.Text(); !strings.Contains(got, "by size") {
		t.Errorf("the header says %q", got)
	}
	b.shot("sort-size")
	b.sort("oldest")
	up := b.sizes()
	if slices.Reverse(up); !slices.Equal(up, down) {
		t.Errorf("the other way around: %v and %v", up, down)
	}
	if got := b.w.commandTitle(b.w.byID["oldest"]); got != "Reverse order" {
		t.Errorf("the menu says %q", got)
	}
}

// It can be in the order of senders, and remembers.
func TestSortingBySender(t *testing.T) {
	b := newBench(t, prefs(quiet))
	total := b.w.list.pager.Total()
	b.sort("sortsender")
	if s := b.senders(); !slices.IsSorted(s) || len(s) != total {
		t.Errorf("by sender: %q", s)
	}
	b.sort("sortsender") // once more turns it around
	if s := b.senders(); !slices.IsSortedFunc(s, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("from Z to A: %q", s)
	}
	b.w.keepState()
	if s := b.w.state; s.SortBy != model.SortSender || !s.SortOldest {
		t.Errorf("remembered: %+v", s)
	}
}

// So can conversations and what a search finds.
func TestSortingConversationsAndResults(t *testing.T) {
	b := newBench(t, prefs(quiet))
	total := b.w.list.pager.Total()
	b.w.run(b.w.byID["grouped"])
	b.sort("sortsender")
	if s := b.senders(); !slices.IsSorted(s) || !b.w.list.grouped() {
		t.Errorf("conversations by sender: %q", s)
	}
	b.sort("sortsize")
	if b.w.list.grouped() || len(b.sizes()) != total {
		t.Error("conversations in the order of sizes")
	}
	b.find("reza")
	if s := b.sizes(); len(s) < 2 || !slices.IsSortedFunc(s, bySize) {
		t.Errorf("of a search: %v", s)
	}
	b.sort("sortdate")
	if got := b.w.commandTitle(b.w.byID["oldest"]); got != "Oldest first" || b.w.list.view.order != (model.Order{}) {
		t.Errorf("by date the menu says %q", got)
	}
	b.w.sortMenu()
	if b.w.Window().Canvas().Overlays().Top() == nil {
		t.Error("no menu of the orders")
	}
	b.shot("sort-menu")
}
