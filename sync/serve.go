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
		w := p.wants.take()
		if w == nil {
			return ctx.Err()
		}
		err := fetchBody(ctx, p.st, mb, w.id)
		if err != nil && (closed(err) || ctx.Err() != nil) {
			p.wants.putBack(w)
			return err
		}
		w.done <- err
	}
}

// fetchBody completes one message of an IMAP account.
func fetchBody(ctx context.Context, st *store.Store, mb remote.Mailboxes, id mail.MessageID) error {
	d, err := st.Details(ctx, id)
	if err != nil || d.HasBody {
		return err
	}
	path, uid := d.FolderPath, d.UID
	state, err := mb.Select(ctx, path)
	if err != nil {
		return err
	}
	if uid == 0 || (d.UIDValidity != 0 && d.UIDValidity != state.UIDValidity) {
		if d.HeaderID == "" {
			return errNoBody
		}
		found, err := mb.FindByHeaderID(ctx, path, d.HeaderID)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errNoBody
		}
		uid = found[len(found)-1]
	}
	got := false
	poisoned, err := mb.Fetch(ctx, path, []remote.UIDRange{{First: uid, Last: uid}}, remote.WantBody, func(f remote.Fetched) error {
		if f.UID != uid || f.Body == nil {
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
