package ui

import (
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// The list can be in the order of senders, subjects and sizes, either way around, also of conversations and of what a search finds; it says so, and
// remembers.
func TestSorting(t *testing.T) {
	b := newBench(t, prefs(quiet))
	sort := func(id string) {
		t.Helper()
		b.w.run(b.w.byID[id])
		b.until(id, func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() > 0 })
		b.drain()
	}
	rows := func() (out []mail.Row) {
		for i := range b.w.list.pager.Total() {
			r, ok := b.w.list.pager.Row(i)
			if !ok {
				b.until("a row", func() bool { r, ok = b.w.list.pager.Row(i); return ok })
			}
			out = append(out, r)
		}
		return out
	}
	sizes := func() (out []int64) {
		for _, r := range rows() {
			out = append(out, r.Size)
		}
		return out
	}
	senders := func() (out []string) {
		for _, r := range rows() {
			out = append(out, strings.ToLower(firstOf(r.From).Name))
		}
		return out
	}
	total := b.w.list.pager.Total()
	sort("sortattached")
	with := rows()
	if !slices.IsSortedFunc(with, func(a, b mail.Row) int { return min(b.Attachments, 1) - min(a.Attachments, 1) }) || with[0].Attachments == 0 || with[len(with)-1].Attachments > 0 {
		t.Errorf("by attachments: %+v", with)
	}
	sort("sortsize")
	down := sizes()
	if len(down) != total || !slices.IsSortedFunc(down, func(a, b int64) int { return int(b - a) }) || down[0] == down[len(down)-1] {
		t.Errorf("by size: %v", down)
	}
	if got := b.w.list.header.counts.Text(); !strings.Contains(got, "by size") {
		t.Errorf("the header says %q", got)
	}
	b.shot("sort-size")
	sort("oldest")
	up := sizes()
	if slices.Reverse(up); !slices.Equal(up, down) {
		t.Errorf("the other way around: %v and %v", up, down)
	}
	if got := b.w.commandTitle(b.w.byID["oldest"]); got != "Reverse order" {
		t.Errorf("the menu says %q", got)
	}
	sort("sortsender")
	if s := senders(); !slices.IsSorted(s) || len(s) != total {
		t.Errorf("by sender: %q", s)
	}
	sort("sortsender") // once more turns it around
	if s := senders(); !slices.IsSortedFunc(s, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("from Z to A: %q", s)
	}
	b.w.keepState()
	if s := b.w.state; s.SortBy != model.SortSender || !s.SortOldest {
		t.Errorf("remembered: %+v", s)
	}
	b.w.run(b.w.byID["grouped"])
	sort("sortsender")
	if s := senders(); !slices.IsSorted(s) || !b.w.list.grouped() {
		t.Errorf("conversations by sender: %q", s)
	}
	sort("sortsize")
	if b.w.list.grouped() || len(sizes()) != total {
		t.Error("conversations in the order of sizes")
	}
	b.find("reza")
	if s := sizes(); len(s) < 2 || !slices.IsSortedFunc(s, func(a, b int64) int { return int(b - a) }) {
		t.Errorf("of a search: %v", s)
	}
	sort("sortdate")
	if got := b.w.commandTitle(b.w.byID["oldest"]); got != "Oldest first" || b.w.list.view.order != (model.Order{}) {
		t.Errorf("by date the menu says %q", got)
	}
	b.w.sortMenu()
	if b.w.Window().Canvas().Overlays().Top() == nil {
		t.Error("no menu of the orders")
	}
	b.shot("sort-menu")
}
