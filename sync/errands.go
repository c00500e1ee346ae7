package mailsync

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// A first download may take an hour. What the user does meanwhile, and new mail in folders that it is done with, does not wait for
// its end: that is done between two of its commands. What the user sends is no matter of the pass; see sender.

// errand reports whether there is such a thing to do.
func (p *pass) errand() bool {
	if p.keep == nil {
		return false
	}
	s, paths := p.keep.errands(p, false)
	return s != 0 || len(paths) > 0
}

// errands is what was asked of the worker since the pass p began and can be done in it: operations, a look into Sent, and one into folders
// that are complete. take says that it will be done. Operations that failed before come after new mail, at the end of the pass.
func (w *worker) errands(p *pass, take bool) (s scope, paths []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s = w.requested & scopeUnsure
	if p.stuck == nil && !p.tired {
		s |= w.requested & scopeOps
	}
	taken := s
	if w.requested&scopeInbox != 0 && p.complete[p.inbox] {
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
func (p *pass) runErrands(ctx context.Context, mb remote.Mailboxes) (err error) {
	if p.keep == nil {
		return nil
	}
	s, paths := p.keep.errands(p, true)
	if s == 0 && len(paths) == 0 {
		return nil
	}
	defer func() {
		if err != nil && len(paths) > 0 {
			p.keep.requestFolders(paths...)
		}
	}()
	// What came is written first: a message that is moved must not come again where it was.
	if err := p.written(); err != nil {
		return err
	}
	if s&scopeOps != 0 {
		if err := p.tryOperations(ctx, mb); err != nil {
			return err
		}
	}
	if s&scopeUnsure != 0 {
		if err := p.lookIntoSent(ctx, mb, p.uncertainItems(ctx)); err != nil {
			return err
		}
		if !p.tired {
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

// heardOf is how often new mail was asked about; here says that it was in a folder, and that nobody has looked since.
func (w *worker) heardOf(f mail.Folder) (heard int, here bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked, f.Role == mail.RoleInbox && w.requested&(scopeInbox|scopeFolders) != 0 || w.some[f.Path]
}

// newsHere reports whether there may be new mail in the folder at hand, which has come since it was opened.
func (s *folderSync) newsHere() bool {
	if s.keep == nil || s.ahead || s.next() == 0 {
		return false
	}
	heard, here := s.keep.heardOf(s.f)
	return here && heard != s.heard
}

// next is the least UID that a message can have which comes while the folder is received.
func (s *folderSync) next() mail.UID {
	next := cmp.Or(s.state.UIDNext, s.f.UIDNext)
	if next == 0 {
		return 0
	}
	return max(next, s.top+1)
}

// news brings what has come into the folder at hand since it was opened: it is newer than everything else that is still to come. The state
// of the folder is left to the next pass, which was asked for.
func (s *folderSync) news(ctx context.Context) error {
	if !s.newsHere() {
		return nil
	}
	s.heard, _ = s.keep.heardOf(s.f)
	if err := s.mb.Noop(ctx); err != nil { // so that the server looks
		return err
	}
	uids := make([]mail.UID, firstScreen)
	for i := range uids {
		uids[i] = s.next() + mail.UID(i)
	}
	want := remote.WantHeader
	if s.whole() {
		want = remote.WantBody
	}
	in := s.intake(ctx, s.f, 0)
	s.guess = true
	defer func() { s.guess = false }()
	if _, err := s.fetch(ctx, in, [][]mail.UID{uids}, want, nil); err != nil {
		return err
	}
	in.then(func() error { return nil })
	return in.failed()
}
