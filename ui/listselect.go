package ui

import (
	"context"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// What is selected in the list, and which messages that is.

// follow selects the messages that were selected where they are now. When all are gone because the user acted on them,
// the message that took their place is next; when they went by themselves, what is being read stays on the screen.
func (p *listPane) follow(chosen []mail.MessageID, at []int) {
	had := p.sel.Len()
	rows, cursor, same := p.sel.Moved(chosen, at)
	if !same {
		p.Refresh() // others were selected meanwhile, and may stand elsewhere by now
		return
	}
	_, was := p.sel.Cursor()
	if len(rows) > 0 {
		if cursor < 0 {
			cursor = rows[0]
		}
		p.list.SetSelected(rows, cursor)
		p.rename(rows)
		if p.sel.Len() != had {
			p.tell()
		}
		return // still leaving: this answer may be older than the action
	}
	p.list.ClearSelection()
	if !p.leaving {
		p.sel.Clear()
		p.messages = nil
		p.OnGone()
		return
	}
	p.leaving = false
	if next := min(was, p.pager.Total()-1); next >= 0 {
		p.list.Select(next)
		p.userSelected()
		return
	}
	p.sel.Clear()
	p.messages = nil
	p.OnSelected(nil, mail.Row{})
}

// Leaving tells that the selected messages are about to leave the list by the user's will; false: that failed.
func (p *listPane) Leaving(yes bool) {
	p.leaving = yes
	if yes {
		p.OnLeaving()
	}
}

// Acted tells that what takes messages away was carried out: those that are listed after that stay.
func (p *listPane) Acted() {
	gen := p.gen
	p.refresh(func() {
		if gen == p.gen {
			p.leaving = false
		}
	})
}

// userSelected finds out which messages the selected rows are. Rows that are in memory are known at once; those of a long
// range are asked from the store.
func (p *listPane) userSelected() {
	p.gen++
	p.leaving = false
	gen, cursor, ranges := p.gen, p.list.Cursor(), p.list.SelectedRanges()
	if rows, ok := p.cached(ranges); ok {
		p.selected(keysOf(rows), model.MembersOf(rows), ranges, cursor)
		return
	}
	p.messages, p.asking, p.waiting = nil, true, nil
	p.ask(ranges, func(c model.Chosen) {
		if gen != p.gen {
			return
		}
		waiting := p.waiting
		p.selected(c.Keys, c.Messages, c.Ranges, cursor)
		p.Refresh() // the rows on the screen may be older than the answer
		for _, do := range waiting {
			do()
		}
	})
}

// WhenChosen does something once it is known which messages are selected: what is pressed right after a long range was, is about that range.
func (p *listPane) WhenChosen(do func()) {
	if p.asking {
		p.waiting = append(p.waiting, do)
		return
	}
	do()
}

// answered ends the wait for an answer.
func (p *listPane) answered() { p.asking, p.waiting = false, nil }

// ask reads which messages rows are that are not in memory.
func (p *listPane) ask(ranges [][2]int, take func(c model.Chosen)) {
	src, ok := p.pager.Source().(model.Chooser)
	if !ok {
		return
	}
	place, gen := p.place, p.gen
	seen := p.pager.Stretches(ranges)
	p.env.loop.Go(func(ctx context.Context) func() {
		c, err := model.Choose(ctx, src, seen)
		return func() {
			switch {
			case place != p.place:
			case err != nil:
				if gen == p.gen {
					p.answered()
				}
				p.env.fail(lang.T("fail.list"), err)
			default:
				take(c)
			}
		}
	})
}

func (p *listPane) cached(ranges [][2]int) ([]mail.Row, bool) {
	n := 0
	for _, r := range ranges {
		n += r[1] - r[0]
	}
	if n > 200 {
		return nil, false
	}
	rows := make([]mail.Row, 0, n)
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			row, ok := p.pager.Row(i)
			if !ok {
				return nil, false
			}
			rows = append(rows, row)
		}
	}
	return rows, true
}

func keysOf(rows []mail.Row) []mail.MessageID {
	keys := make([]mail.MessageID, len(rows))
	for i := range rows {
		keys[i] = model.Key(rows[i])
	}
	return keys
}

func (p *listPane) selected(keys, messages []mail.MessageID, ranges [][2]int, cursor int) {
	row, _ := p.pager.Row(cursor)
	key := model.Key(row)
	if len(keys) == 1 {
		key = keys[0]
	}
	p.messages = messages
	p.answered()
	p.sel.Set(keys, ranges, key, cursor)
	p.tell()
}

func (p *listPane) tell() {
	keys := p.sel.IDs()
	key, _ := p.sel.Cursor()
	if len(keys) == 1 {
		key = keys[0]
	}
	row, _, ok := p.pager.Cached(key)
	id := max(key, -key)
	if ok || !p.place.Messages() || len(keys) != 1 {
		if !ok {
			row = mail.Row{ID: id}
		}
		p.OnSelected(keys, row)
		return
	}
	// A jump goes ahead of the rows: the message is read by itself.
	gen := p.gen
	p.env.loop.Go(func(ctx context.Context) func() {
		row, err := p.env.store.Row(ctx, id)
		return func() {
			if gen == p.gen && err == nil {
				p.OnSelected(keys, row)
			}
		}
	})
}

// Selected are the messages that the selected rows stand for.
func (p *listPane) Selected() []mail.MessageID { return p.messages }

// SelectedCount is the number of selected rows.
func (p *listPane) SelectedCount() int { return p.sel.Len() }

// SelectedRows are those of the selected rows that are in memory: enough to decide between star and unstar.
func (p *listPane) SelectedRows() []mail.Row {
	var out []mail.Row
	for r := range p.pager.InMemory { // of a hundred thousand that are selected few are
		if p.sel.Has(model.Key(r)) {
			out = append(out, r)
		}
		if len(out) == maxSelectedRows {
			break
		}
	}
	return out
}

// maxSelectedRows bounds SelectedRows.
const maxSelectedRows = 500

// SelectMessage puts cursor and selection on the row of a message, wherever it is in the list.
func (p *listPane) SelectMessage(id mail.MessageID) { p.selectMessage(id, func(bool) {}) }

// selectMessage is SelectMessage; then is called when that is done, with false when something else was selected meanwhile.
func (p *listPane) selectMessage(id mail.MessageID, then func(ok bool)) {
	src := p.pager.Source()
	gen := p.gen
	p.env.loop.Go(func(ctx context.Context) func() {
		at, err := src.Position(ctx, id)
		return func() {
			if gen != p.gen {
				then(false)
				return
			}
			defer then(true)
			if err != nil || at < 0 || at >= p.pager.Total() {
				return
			}
			p.list.Select(at)
			row, ok := p.pager.Row(at)
			if ok && contains(row.Members(), id) { // the row of its conversation, too
				p.userSelected()
				return
			}
			p.gen++
			p.selected([]mail.MessageID{id}, []mail.MessageID{id}, [][2]int{{at, at + 1}}, at)
		}
	})
}

// Step moves the cursor by n rows, as the arrow keys do.
func (p *listPane) Step(n int) {
	if p.list.Cursor() < 0 && p.pager.Total() > 0 {
		_, was := p.sel.Cursor()
		p.list.Select(min(max(was, 0), p.pager.Total()-1))
		p.userSelected()
		return
	}
	p.list.Step(n, false)
}

// dragged is what the pointer carries out of the list.
type dragged struct{ ids []mail.MessageID }

func (p *listPane) drag() (any, string) {
	ids := p.messages
	if len(ids) == 0 || !p.place.Messages() {
		return nil, ""
	}
	return dragged{ids}, lang.N("list.messages", len(ids))
}
