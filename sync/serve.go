package mailsync

import (
	"context"
	"errors"
	"fmt"
	"io"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// errNoBody says that a message cannot be completed: the server does not have it any more.
var errNoBody = errors.New("the message is no longer on the server")

// serveWants fetches the bodies that somebody waits for, between two batches of a pass. It fails only when the session does;
// the wants then wait for the next session.
func (p *pass) serveWants(ctx context.Context, mb remote.Mailboxes) error {
	if p.wants == nil {
		return ctx.Err()
	}
	for {
		if err := p.listAhead(ctx, mb); err != nil && (closed(err) || ctx.Err() != nil) {
			return err
		}
		s := p.wants.take()
		if s == nil && p.e.opt.Push {
			if err := p.near(ctx, mb); err != nil {
				return err
			}
			s = p.wants.take()
		}
		if s == nil {
			p.in.hurry()
			return ctx.Err()
		}
		err := p.fetchBody(ctx, mb, s)
		switch {
		case errors.Is(err, errAwaited):
		case errors.Is(err, errLater), errors.Is(err, context.Canceled) && ctx.Err() == nil:
			s.later() // nobody waited any more, unless somebody has come this moment
		case err != nil && (closed(err) || ctx.Err() != nil):
			s.putBack()
			return err
		default:
			s.finish(err)
		}
	}
}

// fetchWhole fetches a message as one.
func fetchWhole(ctx context.Context, st *store.Store, mb remote.Mailboxes, id mail.MessageID, at place) error {
	got := false
	poisoned, err := mb.Fetch(ctx, at.path, []remote.UIDRange{{First: at.uid, Last: at.uid}}, remote.WantBody, func(f remote.Fetched) error {
		if f.UID != at.uid || f.Body == nil {
			return nil
		}
		m := &raw{}
		if err := m.readBody(ctx, st, nil, f.Body, f.BodySize); err != nil {
			return err
		}
		got = true
		return m.complete(ctx, st, id)
	})
	switch {
	case err != nil:
		return err
	case len(poisoned) > 0:
		return fmt.Errorf("the server sent the message in a form nobody can read: %w", poisoned[0].Err)
	case !got:
		return errNoBody
	}
	return nil
}

// complete stores the bytes and gives them to the row.
func (m *raw) complete(ctx context.Context, st *store.Store, id mail.MessageID) error {
	if err := m.durable(ctx, st); err != nil {
		return err
	}
	if err := m.parse(ctx, st); err != nil {
		return err
	}
	return st.SetBody(ctx, id, *m.in.Blob, m.in.Summary)
}

// fetchDrop completes one message of a maildrop whose header only was fetched, and notes in the ledger that it is here.
func fetchDrop(ctx context.Context, st *store.Store, md remote.Maildrop, d store.Details, drop remote.Drop) error {
	return md.Retrieve(ctx, []remote.Drop{drop}, func(_ remote.Drop, body io.Reader) error {
		m := &raw{}
		if err := m.readBody(ctx, st, nil, body, drop.Size); err != nil {
			return err
		}
		if err := m.complete(ctx, st, d.ID); err != nil {
			return err
		}
		if err := st.VerifyBlob(ctx, m.in.Blob.Hash); err != nil {
			return err
		}
		return verifiedLedger(ctx, st, d.Account, d.UIDL, m.in.Blob.Hash)
	})
}
