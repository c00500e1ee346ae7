package model

import (
	"context"
	"sort"
	"sync"

	"peyk/internal/mail"
	"peyk/store"
)

// maxUnfolded is how many conversations of a list are unfolded at a time: each is looked for anew after every change. maxNested is
// how many messages of one are shown below it, the newest.
const (
	maxUnfolded = 40
	maxNested   = 500
)

// Unfolded names a conversation of a list that is unfolded. Either message finds it: threads can grow together under another
// number, and messages can leave.
type Unfolded struct {
	Thread mail.ThreadID
	Folder mail.FolderID
	Known  []mail.MessageID // messages of it in the folder, when it was last seen
}

// Conversations is a list of conversations, with the messages of those that are unfolded below them: oldest first, those of other
// folders among them; of a search those that it found. It is a Source; where the unfolded ones stand is found out by Count, which a refresh begins with.
type Conversations struct {
	r     Reader
	base  stored
	roles Roles

	mu   sync.Mutex
	open []Unfolded
	at   []unfoldedAt // ascending
	read bool
	// known are the messages of conversations that were given out, by Key: one whose newest message has left is still found.
	known map[mail.MessageID][]mail.MessageID
}

// maxKnown bounds known; maxTried is how many messages of a conversation are looked for.
const (
	maxKnown = 2000
	maxTried = 8
)

// unfoldedAt is an unfolded conversation: its row among the conversations, and what stands below it.
type unfoldedAt struct {
	of   int // which one it is
	row  int
	key  mail.MessageID
	rows []mail.Row
}

// NewConversations lists the conversations of a query, some of them unfolded.
func NewConversations(r Reader, q store.Query, roles Roles, open []Unfolded) *Conversations {
	q.Threads = q.Search != ""
	q.Conversations = !q.Threads
	return &Conversations{r: r, base: stored{r, q}, roles: roles, open: open[max(0, len(open)-maxUnfolded):]}
}

// Grouped reports whether a place is listed by conversation when the user wants that: folders and the unified inbox. What was
// starred is a message; what a search finds is one, too, unless its own button says otherwise.
func Grouped(p Place, roles Roles) bool {
	switch p.Kind {
	case PlaceInboxes:
		return true
	case PlaceFolder:
		f, _ := roles.Folder(p.Folder)
		return f.Role != mail.RoleDrafts
	}
	return false
}

// Toggled are the unfolded conversations when that of a row is folded, or unfolded if it is not.
func (c *Conversations) Toggled(r mail.Row) []Unfolded {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, u := range c.at {
		if u.key == Key(r) {
			return append(append([]Unfolded(nil), c.open[:u.of]...), c.open[u.of+1:]...)
		}
	}
	return append(append([]Unfolded(nil), c.open...), Unfolded{Thread: r.Thread, Folder: r.Folder, Known: r.Members()})
}

// IsUnfolded reports whether the row is that of an unfolded conversation.
func (c *Conversations) IsUnfolded(r mail.Row) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, u := range c.at {
		if u.key == Key(r) {
			return true
		}
	}
	return false
}

// Count implements Source.
func (c *Conversations) Count(ctx context.Context) (Counts, error) {
	n, err := c.base.Count(ctx)
	if err != nil {
		return n, err
	}
	n.Conversations = n.Total
	at, err := c.find(ctx)
	if err != nil {
		return n, err
	}
	for _, u := range at {
		n.Total += len(u.rows)
	}
	c.mu.Lock()
	c.at, c.read = at, true
	c.mu.Unlock()
	return n, nil
}

// places are the unfolded conversations as last found.
func (c *Conversations) places(ctx context.Context) ([]unfoldedAt, error) {
	c.mu.Lock()
	at, read := c.at, c.read
	c.mu.Unlock()
	if read {
		return at, nil
	}
	if _, err := c.Count(ctx); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at, nil
}

func (c *Conversations) find(ctx context.Context) ([]unfoldedAt, error) {
	var out []unfoldedAt
	for i, u := range c.open {
		rows, err := c.messages(ctx, u)
		if err != nil {
			return nil, err
		}
		here := mail.MessageID(0)
		for _, r := range rows {
			if r.Nested == mail.NestedHere {
				here = r.ID
			}
		}
		if here == 0 || len(rows) < 2 {
			continue
		}
		row, err := c.base.Position(ctx, here)
		if err != nil {
			return nil, err
		}
		if row >= 0 {
			out = append(out, unfoldedAt{i, row, -here, rows})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].row < out[j].row })
	return out, nil
}

// messages are those below the row of a conversation: of the folder all, of the others what the reader would show with them.
func (c *Conversations) messages(ctx context.Context, u Unfolded) ([]mail.Row, error) {
	if c.base.q.Threads {
		return c.found(ctx, u)
	}
	found, err := c.r.Page(ctx, store.Query{Thread: c.thread(ctx, u)}, 0, maxNested)
	if err != nil {
		return nil, err
	}
	var out []mail.Row
	have := map[string]bool{}
	for _, r := range found {
		if r.Folder == u.Folder {
			r.Nested = mail.NestedHere
			out = append(out, r)
			have[r.HeaderID] = r.HeaderID != ""
		}
	}
	if len(out) < 2 {
		return nil, nil // no longer a conversation of several
	}
	for _, r := range found {
		f, _ := c.roles.Folder(r.Folder)
		if r.Folder == u.Folder || aside(f.Role) || have[r.HeaderID] {
			continue
		}
		have[r.HeaderID] = r.HeaderID != ""
		r.Nested = mail.NestedElsewhere
		out = append(out, r)
	}
	oldestFirst(out)
	return out, nil
}

// found are those below the row of a conversation of a search, wherever they lie.
func (c *Conversations) found(ctx context.Context, u Unfolded) ([]mail.Row, error) {
	ids, err := c.r.Found(ctx, c.base.q, u.Known)
	if err != nil || len(ids) < 2 {
		return nil, err
	}
	out, err := c.r.Rows(ctx, ids[max(0, len(ids)-maxNested):])
	for i := range out {
		out[i].Nested = mail.NestedHere
	}
	oldestFirst(out)
	return out, err
}

func oldestFirst(rows []mail.Row) {
	sort.SliceStable(rows, func(i, j int) bool {
		if rows[i].Date.Equal(rows[j].Date) {
			return rows[i].ID < rows[j].ID
		}
		return rows[i].Date.Before(rows[j].Date)
	})
}

// members are the messages that rows of conversations stand for.
func (c *Conversations) members(ctx context.Context, heads []mail.MessageID) ([]mail.MessageID, error) {
	if c.base.q.Threads {
		return c.r.Found(ctx, c.base.q, heads)
	}
	return c.r.Members(ctx, heads)
}

// thread is the number that the conversation has now.
func (c *Conversations) thread(ctx context.Context, u Unfolded) mail.ThreadID {
	rows, err := c.r.Rows(ctx, u.Known)
	if err == nil {
		for _, r := range rows {
			if r.Folder == u.Folder {
				return r.Thread
			}
		}
	}
	return u.Thread
}

// Page implements Source.
func (c *Conversations) Page(ctx context.Context, offset, limit int) ([]mail.Row, error) {
	at, err := c.places(ctx)
	if err != nil || limit <= 0 {
		return nil, err
	}
	first, last := split(at, offset), split(at, offset+limit-1)
	base, err := c.base.Page(ctx, first.row, last.row-first.row+1)
	if err != nil {
		return nil, err
	}
	c.note(base)
	var out []mail.Row
	for i := offset; i < offset+limit; i++ {
		switch p := split(at, i); {
		case p.nested != nil:
			out = append(out, *p.nested)
		case p.row-first.row < len(base):
			out = append(out, base[p.row-first.row])
		default:
			return out, nil
		}
	}
	return out, nil
}

// spot is what a row of the list is: a row among the conversations, or a message below that.
type spot struct {
	row    int
	key    mail.MessageID // of the row, when it is unfolded
	nested *mail.Row
}

// split finds what row i is.
func split(at []unfoldedAt, i int) spot {
	above := 0 // messages below conversations further up
	for k := range at {
		u := &at[k]
		switch head := u.row + above; {
		case i < head:
			return spot{row: i - above}
		case i == head:
			return spot{row: u.row, key: u.key}
		case i <= head+len(u.rows):
			return spot{row: u.row, nested: &u.rows[i-head-1]}
		}
		above += len(u.rows)
	}
	return spot{row: i - above}
}

// Position implements Source.
func (c *Conversations) Position(ctx context.Context, id mail.MessageID) (int, error) {
	at, err := c.places(ctx)
	if err != nil {
		return -1, err
	}
	above := 0
	for _, u := range at {
		for n := range u.rows {
			if u.rows[n].ID == id {
				return u.row + above + 1 + n, nil
			}
		}
		above += len(u.rows)
	}
	row, err := c.base.Position(ctx, max(id, -id))
	if err == nil && row < 0 && id < 0 {
		row, err = c.without(ctx, id)
	}
	if err != nil || row < 0 {
		return row, err
	}
	above = 0
	for _, u := range at {
		if u.row < row {
			above += len(u.rows)
		}
	}
	return row + above, nil
}

// note remembers the messages of conversations.
func (c *Conversations) note(rows []mail.Row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) > maxKnown {
		c.known = map[mail.MessageID][]mail.MessageID{}
	}
	for _, r := range rows {
		if r.Group != nil {
			c.known[Key(r)] = r.Group.Messages
		}
	}
}

// without finds a conversation whose newest message is no longer there.
func (c *Conversations) without(ctx context.Context, key mail.MessageID) (int, error) {
	c.mu.Lock()
	ids := c.known[key]
	c.mu.Unlock()
	for n := 0; n < maxTried && n < len(ids); n++ {
		row, err := c.base.Position(ctx, ids[len(ids)-1-n])
		if err != nil || row >= 0 {
			return row, err
		}
	}
	return -1, nil
}

// Head is the row of the conversation that row i is a message of, -1 when it is not one.
func (c *Conversations) Head(i int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	above := 0
	for _, u := range c.at {
		head := u.row + above
		if i > head && i <= head+len(u.rows) {
			return head
		}
		above += len(u.rows)
	}
	return -1
}

// Chosen implements Chooser.
func (c *Conversations) Chosen(ctx context.Context, offset, limit int) (keys, messages []mail.MessageID, err error) {
	at, err := c.places(ctx)
	if err != nil || limit <= 0 {
		return nil, nil, err
	}
	first, last := split(at, offset), split(at, offset+limit-1)
	base, err := c.r.IDs(ctx, c.base.q, first.row, last.row-first.row+1)
	if err != nil {
		return nil, nil, err
	}
	var heads, nested, elsewhere []mail.MessageID
	for i := offset; i < offset+limit; i++ {
		switch p := split(at, i); {
		case p.nested != nil && p.nested.Nested == mail.NestedElsewhere:
			keys, elsewhere = append(keys, p.nested.ID), append(elsewhere, p.nested.ID)
		case p.nested != nil:
			keys, nested = append(keys, p.nested.ID), append(nested, p.nested.ID)
		case p.row-first.row < len(base):
			id := base[p.row-first.row]
			heads = append(heads, id)
			if p.key != 0 {
				id = p.key
			}
			keys = append(keys, id)
		}
	}
	if messages, err = c.members(ctx, heads); err != nil {
		return nil, nil, err
	}
	if len(heads)+len(nested) == 0 {
		return keys, elsewhere, nil
	}
	return keys, union(messages, nested), nil
}

// union joins lists of messages, each once.
func union(a, b []mail.MessageID) []mail.MessageID {
	if len(b) == 0 {
		return a
	}
	have := make(map[mail.MessageID]bool, len(a))
	for _, id := range a {
		have[id] = true
	}
	for _, id := range b {
		if !have[id] {
			have[id] = true
			a = append(a, id)
		}
	}
	return a
}

// MembersOf are the messages that selected rows stand for, each once. Messages of other folders count only when nothing else is
// selected: who selects a stretch of the inbox does not mean the answers in Sent between.
func MembersOf(rows []mail.Row) []mail.MessageID {
	var out, single, elsewhere []mail.MessageID
	for _, r := range rows {
		switch {
		case r.Group != nil:
			out = append(out, r.Group.Messages...)
		case r.Nested == mail.NestedElsewhere:
			elsewhere = append(elsewhere, r.ID)
		default:
			single = append(single, r.ID)
		}
	}
	if len(out)+len(single) == 0 {
		return elsewhere
	}
	return union(out, single)
}
