package mailsync

import (
	"context"
	"errors"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// A first download may take an hour. What the user does and sends meanwhile, and new mail in folders that it is done with, does not wait for
// its end: that is done between two of its commands.

// errand reports whether there is such a thing to do.
func (p *pass) errand() bool {
	if p.keep == nil {
		return false
	}
	s, paths := p.keep.errands(p, false)
	return s != 0 || len(paths) > 0
}

// errands is what was asked of the worker since the pass p began and can be done in it: operations, the outbox, and a look into folders
// that are complete. take says that it will be done.
func (w *worker) errands(p *pass, take bool) (s scope, paths []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s = w.requested & scopeOutbox
	if p.stuck == nil {
		s |= w.requested & scopeOps
	}
	taken := s
	if w.requested&scopeInbox != 0 && w.requested&scopeFolders == 0 && p.complete[p.inbox] {
		paths, taken = append(paths, p.inbox), taken|scopeInbox
	}
	if w.requested&scopeSome != 0 {
		left := 0
		for path := range w.some {
			if !p.complete[path] {
				left++
			} else if paths = append(paths, path); take {
				delete(w.some, path)
			}
		}
		if left == 0 {
			taken |= scopeSome
		}
	}
	if take {
		w.requested &^= taken
	}
	slices.Sort(paths)
	return s, slices.Compact(paths)
}

// runErrands does what has come up. It fails only when the session does.
func (p *pass) runErrands(ctx context.Context, mb remote.Mailboxes) error {
	if p.keep == nil {
		return nil
	}
	s, paths := p.keep.errands(p, true)
	if s == 0 && len(paths) == 0 {
		return nil
	}
	// What came is written first: a message that is moved must not come again where it was.
	if err := p.written(); err != nil {
		return err
	}
	if s&scopeOps != 0 {
		if err := p.tryOperations(ctx, mb); err != nil {
			return err
		}
	}
	if s&scopeOutbox != 0 && p.send != nil {
		left := p.send()
		if unsure := p.uncertainItems(ctx); left || len(unsure) > 0 {
			if err := p.lookIntoSent(ctx, mb, unsure); err != nil {
				return err
			}
			if err := p.tryOperations(ctx, mb); err != nil {
				return err
			}
		}
	}
	for _, path := range paths {
		if err := p.lookAgain(ctx, mb, path); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// tryOperations executes operations in the midst of a pass. What the server cannot do now is told, and waits for the next pass.
func (p *pass) tryOperations(ctx context.Context, mb remote.Mailboxes) error {
	if p.stuck != nil {
		return nil
	}
	err := p.operations(ctx, mb)
	if err == nil || p.stuck == nil || remote.As(err) == nil || closed(err) || ctx.Err() != nil {
		return err
	}
	p.fail(ctx, "checking mail", err)
	return nil
}

// lookAgain receives a folder that this pass was done with.
func (p *pass) lookAgain(ctx context.Context, mb remote.Mailboxes, path string) error {
	f, err := p.st.FolderByPath(ctx, p.acct.ID, path)
	if errors.Is(err, store.ErrNotFound) || err == nil && !receivable(f) {
		return nil
	}
	if err != nil {
		return err
	}
	delete(p.begun, path)
	delete(p.listed, path) // what the listing said is no news any more
	return p.receiveOne(ctx, mb, f)
}

// done notes that everything of a folder is here.
func (p *pass) done(f mail.Folder, is bool) {
	p.complete[f.Path] = is
	if f.Role == mail.RoleInbox {
		p.inbox = f.Path
	}
}
