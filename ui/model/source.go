package model

import (
	"context"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
)

// Reader is the part of the store that lists are read from.
type Reader interface {
	Count(ctx context.Context, q store.Query) (total, unread int, err error)
	Page(ctx context.Context, q store.Query, offset, limit int) ([]mail.Row, error)
	Position(ctx context.Context, q store.Query, id mail.MessageID) (int, error)
	IDs(ctx context.Context, q store.Query, offset, limit int) ([]mail.MessageID, error)
	Rows(ctx context.Context, ids []mail.MessageID) ([]mail.Row, error)
	Members(ctx context.Context, ids []mail.MessageID) ([]mail.MessageID, error)
	Found(ctx context.Context, q store.Query, ids []mail.MessageID) ([]mail.MessageID, error)
	Drafts(ctx context.Context) ([]mail.Draft, error)
	OutboxItems(ctx context.Context) ([]mail.OutboxItem, error)
}

// QueryFor is the store's query for a place with messages.
func QueryFor(p Place, f Filter, o Order) store.Query {
	q := store.Query{Unread: f == FilterUnread, Starred: f == FilterStarred}
	o.apply(&q)
	switch p.Kind {
	case PlaceInboxes:
		q.Role, q.Snoozed = mail.RoleInbox, store.SnoozedLeftOut
	case PlaceStarred:
		q.Starred = true
	case PlaceFolder:
		q.Folder, q.Snoozed = p.Folder, store.SnoozedLeftOut
	case PlaceSnoozed:
		q.Snoozed = store.SnoozedOnly
	case PlaceSearch:
		q.Search = p.Search
	}
	return q
}

// SourceFor gives the list of a place. describe puts the state of an outbox item into words.
func SourceFor(r Reader, p Place, f Filter, o Order, describe func(mail.OutboxItem) string) Source {
	switch p.Kind {
	case PlaceDrafts:
		return small{func(ctx context.Context) ([]mail.Row, error) { return DraftRows(ctx, r) }}
	case PlaceOutbox:
		return small{func(ctx context.Context) ([]mail.Row, error) {
			items, err := r.OutboxItems(ctx)
			rows := make([]mail.Row, 0, len(items))
			for _, it := range items {
				rows = append(rows, OutboxRow(it, describe(it)))
			}
			return rows, err
		}}
	}
	return stored{r, QueryFor(p, f, o)}
}

// SearchSource is the list of a search, with what servers found beside what is found here.
func SearchSource(r Reader, p Place, f Filter, o Order, also *store.Also) Source {
	q := QueryFor(p, f, o)
	q.Also = also
	return stored{r, q}
}

type stored struct {
	r Reader
	q store.Query
}

func (s stored) Count(ctx context.Context) (Counts, error) {
	total, unread, err := s.r.Count(ctx, s.q)
	return Counts{Total: total, Unread: unread}, err
}

func (s stored) Page(ctx context.Context, offset, limit int) ([]mail.Row, error) {
	return s.r.Page(ctx, s.q, offset, limit)
}

func (s stored) Position(ctx context.Context, id mail.MessageID) (int, error) {
	return s.r.Position(ctx, s.q, id)
}

// Chosen implements Chooser.
func (s stored) Chosen(ctx context.Context, offset, limit int) (keys, messages []mail.MessageID, err error) {
	keys, err = s.r.IDs(ctx, s.q, offset, limit)
	return keys, keys, err
}

// small is a list that is read whole: drafts and the outbox are a few rows.
type small struct {
	read func(context.Context) ([]mail.Row, error)
}

func (s small) Count(ctx context.Context) (Counts, error) {
	rows, err := s.read(ctx)
	return Counts{Total: len(rows)}, err
}

func (s small) Page(ctx context.Context, offset, limit int) ([]mail.Row, error) {
	rows, err := s.read(ctx)
	offset = min(offset, len(rows))
	return rows[offset:min(offset+limit, len(rows))], err
}

func (s small) Position(ctx context.Context, id mail.MessageID) (int, error) {
	rows, err := s.read(ctx)
	for i, r := range rows {
		if r.ID == id {
			return i, err
		}
	}
	return -1, err
}

// Chosen implements Chooser.
func (s small) Chosen(ctx context.Context, offset, limit int) (keys, messages []mail.MessageID, err error) {
	rows, err := s.Page(ctx, offset, limit)
	keys = make([]mail.MessageID, len(rows))
	for i := range rows {
		keys[i] = rows[i].ID
	}
	return keys, keys, err
}

// OutboxRow shows a message on its way out as a row of a list. Its ID is the item's: it has a meaning in PlaceOutbox only.
func OutboxRow(it mail.OutboxItem, state string) mail.Row {
	to := make([]mail.Address, len(it.Rcpt))
	for i, a := range it.Rcpt {
		to[i].Addr = a
	}
	r := mail.Row{
		ID: mail.MessageID(it.ID), Account: it.Account, Subject: it.Subject, To: to, Date: it.Created, Received: it.Created,
		Size: it.Blob.Size, Flags: mail.Flags{mail.FlagSeen}, Snippet: state, HasBody: true,
	}
	switch it.State {
	case mail.OutboxFailed, mail.OutboxPartly, mail.OutboxUncertain:
		r.Failed = state
	}
	return r
}

func firstLine(text string) string {
	s := strings.Join(strings.Fields(text), " ")
	n := 0
	for i := range s {
		if n == 200 {
			return s[:i]
		}
		n++
	}
	return s
}
