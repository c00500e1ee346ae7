package mailsync

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// What was set aside is asked for again by itself: most often it was the network's fault, and nobody would ever press a button for a
// message that is not in any list. When, store.dueAfter says. It is done when everything else of a pass is, because the session may end of
// it, and noted before, so that it is not done in every pass. Until a message has come whole it counts as set aside, and nobody is told of a
// try that failed.
//
// Where the connection ended, three cuts in a row prove little. So such a message has another try in the same pass, once the rest of that came
// over a connection that stood, and nobody is told of one that comes then; and on another network its waiting is over.

const (
	againAtOnce = 20 // messages in one pass
	// againPause is how long a worker lets what is due wait that the pass before it has not come to.
	againPause = 5 * time.Minute
)

// cause says why a message is set aside, as far as it says when to ask for it again.
func cause(err error) store.AsideCause {
	re := remote.As(err)
	switch {
	case errors.Is(err, ErrTooLarge):
		return store.AsideLarge
	case re != nil && re.Closed && re.Kind == mail.ProblemNetwork:
		return store.AsideNetwork
	}
	return store.AsideRefused
}

// askAgain asks for the messages that were set aside and are due. What the server does at it is no failure of the pass.
func (p *pass) askAgain(ctx context.Context, mb remote.Mailboxes) error {
	anew := p.keep != nil && p.keep.anew.Swap(false)
	due, err := p.st.DueAside(ctx, p.acct.ID, anew, againAtOnce)
	if err != nil {
		return err
	}
	for _, n := range p.aside {
		if known := slices.ContainsFunc(due, func(q store.Quarantined) bool { return q.ID() == n.q.ID() }); n.q.Cause == store.AsideNetwork && !known && len(due) < againAtOnce {
			n.q.Tries = 1
			due = append(due, n.q)
		}
	}
	slices.SortStableFunc(due, func(a, b store.Quarantined) int { return cmp.Compare(a.Folder, b.Folder) })
	var s *folderSync
	for _, q := range due {
		if s == nil || s.f.ID != q.Folder {
			f, err := p.st.Folder(ctx, q.Folder)
			if err != nil {
				return err
			}
			s = &folderSync{pass: p, mb: mb, f: f}
		}
		if !receivable(s.f) {
			continue
		}
		if err := s.askAgain(ctx, q); err != nil {
			if remote.As(err) == nil {
				return err
			}
			p.e.opt.Log.Info("asking again for what was set aside", "account", p.acct.Name, "folder", s.f.Path, "uid", q.UID, "err", err)
			if closed(err) || ctx.Err() != nil {
				return nil // the others are still due, and come first
			}
		}
	}
	return nil
}

// askAgain asks for one of them.
func (s *folderSync) askAgain(ctx context.Context, q store.Quarantined) (err error) {
	if err := s.st.TryAside(ctx, q); err != nil {
		return err
	}
	selected := false
	if s.state, selected = s.mb.State(s.f.Path); !selected {
		if s.state, err = s.mb.Select(ctx, s.f.Path); err != nil {
			return err
		}
	}
	if s.state.UIDValidity != 0 && s.state.UIDValidity != s.f.UIDValidity {
		return nil // another mailbox: when it is received, everything that is known of this one is forgotten
	}
	want := remote.WantBody
	if s.acct.IMAP.OfflineDays < 0 || s.f.Role == mail.RoleAll {
		want = remote.WantHeader
	}
	s.retry, s.failed = q.UID, false
	in := s.intake(ctx, s.f, 0)
	if _, err := s.fetch(ctx, in, [][]mail.UID{{q.UID}}, want, nil); err != nil || s.failed {
		return err
	}
	// It has come, which takes it off the list, or it is gone from the server.
	return s.afterwards(func() error { return s.st.Unquarantine(ctx, q.Folder, q.UID, "") })
}

// dropsAgain is askAgain for a maildrop, on a session of its own: where it ends early, no deletion is lost.
func (p *pass) dropsAgain(ctx context.Context, opener remote.Opener) error {
	due, err := p.st.DueAside(ctx, p.acct.ID, false, againAtOnce)
	if err != nil || len(due) == 0 {
		return err
	}
	md, err := p.openDrop(ctx, opener)
	if err != nil {
		return err
	}
	defer func() {
		p.res.BytesIn += md.BytesIn()
		md.Close()
	}()
	s := &dropSync{pass: p, md: md, made: map[int]string{}, retry: map[string]store.Quarantined{}}
	if err := s.load(ctx); err != nil {
		return err
	}
	for _, q := range due {
		if q.Folder == s.f.ID {
			s.retry[q.UIDL] = q
			delete(s.bad, q.UIDL)
		}
	}
	local := context.WithoutCancel(ctx)
	err = errors.Join(s.fetch(ctx), s.verify(local))
	for _, d := range s.drops {
		// What turned out to be here already was not stored again, so nothing else has taken it off the list.
		if q, again := s.retry[s.key(d)]; again && s.seen.has(d.Number) {
			err = errors.Join(err, s.st.Unquarantine(local, q.Folder, 0, q.UIDL))
		}
	}
	if err != nil {
		return err
	}
	return md.Quit(ctx) // what the rule removes is left to the next pass
}

// fetchAgain fetches what was set aside, one by one, what waits longest first. Where the session ends, the others are still due.
func (s *dropSync) fetchAgain(ctx context.Context, in *ingester, id *dropIdentity, whole, big []remote.Drop) error {
	headers := len(big)
	drops := append(slices.Clone(big), whole...)
	for i, d := range drops {
		if err := s.st.TryAside(ctx, s.retry[s.key(d)]); err != nil {
			return err
		}
		one := []remote.Drop{d}
		var err error
		if i < headers {
			err = s.top(ctx, in, d)
		} else {
			err = s.retrieve(ctx, in, id, one)
		}
		if err := s.struck(ctx, one, err); err != nil {
			return err
		}
	}
	return nil
}

// asideDue is when the worker asks by itself for something that was set aside; zero where nothing is.
func (w *worker) asideDue() time.Time {
	due, err := w.e.st.NextAside(w.ctx, w.acct.ID)
	if err != nil || due.IsZero() || due.After(w.nextAside) {
		return due
	}
	return w.nextAside
}
