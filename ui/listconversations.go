package ui

import (
	"slices"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// How the list shows conversations: a row for each, unfolded in place to its messages.

// grouped reports whether the rows are conversations. Who sorts by size looks for single messages.
func (p *listPane) grouped() bool {
	if p.place.Kind == model.PlaceSearch {
		return p.env.prefs.Threads
	}
	return p.env.prefs.Grouped && model.Grouped(p.place, p.env.tree) && p.view.order.By != model.SortSize
}

func (p *listPane) conversations() *model.Conversations {
	q := model.QueryFor(p.place, p.view.filter, p.view.order)
	if p.place.Kind == model.PlaceSearch {
		q.Also = p.server.also
	}
	return model.NewConversations(p.env.store, q, p.env.tree.Snapshot(), p.open)
}

// shown is the source of a list of conversations, nil for other lists.
func (p *listPane) shown() *model.Conversations {
	c, _ := p.pager.Source().(*model.Conversations)
	return c
}

// Regroup shows the list anew after the user turned grouping on or off; the row with the cursor stays selected.
func (p *listPane) Regroup() {
	if p.place.Kind != model.PlaceSearch && !model.Grouped(p.place, p.env.tree) {
		return
	}
	id := mail.MessageID(0)
	if p.sel.Len() > 0 {
		id, _ = p.sel.Cursor()
	}
	p.Show(p.place, func() {
		if id != 0 {
			p.SelectMessage(max(id, -id))
		}
	})
}

// rowCommand is called for what is tapped in a row.
func (p *listPane) rowCommand(command string, r mail.Row) {
	if command == rowUnfold {
		p.toggle(r)
		return
	}
	p.OnCommand(command, r)
}

// toggle unfolds or folds a conversation. What stands above stays where it is; when the cursor was on a message that goes, it goes
// to the conversation.
func (p *listPane) toggle(r mail.Row) {
	src := p.shown()
	if src == nil || r.Group == nil {
		return
	}
	folds := src.IsUnfolded(r)
	p.open = src.Toggled(r)
	_, head, _ := p.pager.Cached(model.Key(r))
	inside := head >= 0 && folds && src.Head(p.list.Cursor()) == head
	p.pager.Swap(p.conversations())
	p.Refresh()
	if inside {
		p.list.Select(head)
		p.userSelected()
	}
}

// Unfold unfolds the conversation with the cursor, or goes into it when it is open already; false: folds it, or goes from one of
// its messages to it. It reports whether there was anything to do.
func (p *listPane) Unfold(unfold bool) bool {
	src, at := p.shown(), p.list.Cursor()
	row, ok := p.pager.Row(at)
	if src == nil || !ok {
		return false
	}
	if row.Group == nil {
		head := src.Head(at)
		if unfold || head < 0 {
			return false
		}
		p.list.Select(head)
		p.userSelected()
		return true
	}
	open := src.IsUnfolded(row)
	switch {
	case open != unfold:
		p.toggle(row)
	case unfold:
		p.Step(1)
	default:
		return false
	}
	return true
}

// canUnfold reports whether Unfold has something to do.
func (p *listPane) canUnfold(unfold bool) bool {
	src, at := p.shown(), p.list.Cursor()
	row, ok := p.pager.Row(at)
	if src == nil || !ok || at < 0 {
		return false
	}
	if row.Group == nil {
		return !unfold && src.Head(at) >= 0
	}
	return unfold || src.IsUnfolded(row)
}

func (p *listPane) isUnfolded(r mail.Row) bool {
	src := p.shown()
	return src != nil && r.Group != nil && src.IsUnfolded(r)
}

// maxRenamed is of how many selected rows it is asked after every change which messages they stand for.
const maxRenamed = 500

// rename takes over what the selected rows, which have been found again, are now: a conversation has another newest message after
// one came.
func (p *listPane) rename(rows []int) {
	if p.shown() == nil {
		p.messages = p.sel.IDs()
		return
	}
	if len(rows) > maxRenamed {
		return // what came to so many conversations since is left alone
	}
	slices.Sort(rows)
	rows = slices.Compact(rows) // two conversations can have become one
	var found []mail.Row
	for _, i := range rows {
		if row, ok := p.pager.Row(i); ok {
			found = append(found, row)
		}
	}
	if len(found) == len(rows) {
		p.renamed(keysOf(found), model.MembersOf(found))
		return
	}
	gen := p.gen
	p.ask(p.list.SelectedRanges(), func(c model.Chosen) {
		if gen == p.gen {
			p.renamed(c.Keys, c.Messages)
		}
	})
}

func (p *listPane) renamed(keys, messages []mail.MessageID) {
	p.messages = messages
	if slices.Equal(keys, p.sel.IDs()) {
		return
	}
	_, at := p.sel.Cursor()
	cursor := mail.MessageID(0)
	if row, ok := p.pager.Row(at); ok {
		cursor = model.Key(row)
	}
	p.sel.Set(keys, p.list.SelectedRanges(), cursor, at)
}
