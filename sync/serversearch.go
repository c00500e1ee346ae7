package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

const (
	// askBatch is how many messages a server is asked about at a time: few enough that one without an index answers before it is given up.
	askBatch = 4000
	// mostFound is how many messages of a search are taken from servers.
	mostFound = 5000
)

// SearchServers asks the servers of IMAP accounts for the messages of a search whose texts are not here. tell is told how far it is, one
// call at a time, from other goroutines, and at last before it returns. Accounts that could not be asked are among its problems; the error is about
// the store, or about ctx, which ends it at once.
func (e *Engine) SearchServers(ctx context.Context, query string, tell func(mail.ServerFound)) error {
	plan, err := e.st.ServerSearch(ctx, query)
	if err != nil {
		return err
	}
	s := &serverSearch{e: e, words: plan.Words, tell: tell}
	s.found.Total = plan.Total
	var wg sync.WaitGroup
	for _, folders := range byAccount(plan.Folders) {
		wg.Go(func() { s.account(ctx, folders) })
	}
	wg.Wait()
	s.note(func(*mail.ServerFound) {})
	return ctx.Err()
}

// byAccount divides folders by their accounts, each in the order they had.
func byAccount(folders []store.ServerFolder) [][]store.ServerFolder {
	at := map[mail.AccountID]int{}
	var out [][]store.ServerFolder
	for _, f := range folders {
		i, known := at[f.Account]
		if !known {
			i = len(out)
			at[f.Account] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

// serverSearch is one search on all servers.
type serverSearch struct {
	e     *Engine
	words mail.Words
	tell  func(mail.ServerFound)

	mu    sync.Mutex
	found mail.ServerFound
}

// note changes what is known, and tells it.
func (s *serverSearch) note(change func(f *mail.ServerFound)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.found)
	f := s.found
	f.Messages, f.Problems = slices.Clone(f.Messages), slices.Clone(f.Problems)
	s.tell(f)
}

// full reports whether enough was found.
func (s *serverSearch) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found.Full
}

// account asks one server.
func (s *serverSearch) account(ctx context.Context, folders []store.ServerFolder) {
	a, err := s.e.st.Account(ctx, folders[0].Account)
	if err == nil {
		err = s.e.borrow(ctx, a, func(ctx context.Context, mb remote.Mailboxes) error { return s.ask(ctx, mb, folders) })
	}
	if err != nil && ctx.Err() == nil {
		s.note(func(f *mail.ServerFound) { f.Problems = append(f.Problems, problem(a, "searching", err, false)) })
	}
}

// ask asks about the messages of folders, one after the other. A folder that the server refuses does not keep the others from being asked.
func (s *serverSearch) ask(ctx context.Context, mb remote.Mailboxes, folders []store.ServerFolder) error {
	searcher, ok := mb.(remote.Searcher)
	if !ok {
		return remote.ErrUnsupported
	}
	var refused error
	for _, f := range folders {
		err := s.folder(ctx, mb, searcher, f)
		if re := remote.As(err); err != nil && (re == nil || re.Closed || re.Why == mail.CodeCharset || ctx.Err() != nil) {
			return err
		}
		refused = errors.Join(refused, err)
	}
	return refused
}

func (s *serverSearch) folder(ctx context.Context, mb remote.Mailboxes, searcher remote.Searcher, f store.ServerFolder) error {
	state, err := mb.Select(ctx, f.Path)
	if err != nil {
		return err
	}
	if state.UIDValidity != f.UIDValidity {
		// The numbers of its messages are others now: the next check of the account finds out which.
		return &remote.Error{Step: "search " + f.Path, Kind: mail.ProblemServer, Why: mail.CodeLater, Err: errors.New("the folder was made anew on the server")}
	}
	for batch := range slices.Chunk(f.Messages, askBatch) {
		if s.full() {
			return nil
		}
		ids := make(map[mail.UID]mail.MessageID, len(batch))
		uids := make([]mail.UID, 0, len(batch))
		for _, m := range batch {
			ids[m.UID] = m.ID
			uids = append(uids, m.UID)
		}
		slices.Sort(uids)
		hits, err := searcher.FindText(ctx, f.Path, ranges(uids), s.words)
		if err != nil {
			return err
		}
		s.note(func(found *mail.ServerFound) {
			found.Done += len(batch)
			slices.Reverse(hits) // the newest first
			for _, u := range hits {
				if id, ours := ids[u]; !ours {
					continue
				} else if found.Full = len(found.Messages) == mostFound; found.Full {
					break
				} else {
					found.Messages = append(found.Messages, id)
				}
			}
		})
	}
	return nil
}

// borrow does something with a session of an account beside what its worker does: a session of its own, or the worker's where there may be
// no other.
func (e *Engine) borrow(ctx context.Context, a mail.Account, do func(context.Context, remote.Mailboxes) error) error {
	if !e.online.Load() {
		return &remote.Error{Step: "search", Kind: mail.ProblemNetwork, Err: errors.New("set to work offline")}
	}
	if w := e.worker(a.ID); w != nil && a.IMAP.MaxConnections == 1 {
		return w.lend(ctx, do)
	}
	opener, err := e.opener(ctx, a)
	if err != nil {
		return err
	}
	r, err := opener.Receive(ctx, remote.Start{})
	if err != nil {
		return err
	}
	defer r.Close()
	mb, ok := r.(remote.Mailboxes)
	if !ok {
		return fmt.Errorf("search: %w", remote.ErrUnsupported)
	}
	return do(ctx, mb)
}

// loan is something that is to be done with a worker's own session.
type loan struct {
	ctx  context.Context
	do   func(context.Context, remote.Mailboxes) error
	done chan error // buffered, gets exactly one answer
}

// lend waits until the worker has time, and does something with its session. Any goroutine.
func (w *worker) lend(ctx context.Context, do func(context.Context, remote.Mailboxes) error) error {
	l := &loan{ctx, do, make(chan error, 1)}
	select {
	case w.loans <- l:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.done:
		return context.Canceled
	}
	select {
	case err := <-l.done:
		return err
	case <-w.done:
		return context.Canceled
	}
}

// serveLoan runs in the worker's goroutine.
func (w *worker) serveLoan(l *loan) {
	ctx, end := context.WithCancel(w.ctx)
	defer end()
	defer context.AfterFunc(l.ctx, end)()
	l.done <- func() error {
		p := newPass(w.e, w.acct)
		p.keep = w
		release, err := p.lock(ctx, nil)
		if err != nil {
			return err
		}
		defer release()
		opener, err := w.e.opener(ctx, w.acct)
		if err != nil {
			return err
		}
		p.withMailboxes(ctx, opener, remote.Start{}, func(ctx context.Context, mb remote.Mailboxes) error {
			err = l.do(ctx, mb)
			if !closed(err) {
				return nil // told to who asked; the session is none the worse
			}
			return err
		})
		if len(p.problems) > 0 && err == nil {
			err = &remote.Error{Step: "search", Kind: p.problems[0].Kind, Why: p.problems[0].Code, Text: p.problems[0].Summary}
		}
		w.settled(p)
		return err
	}()
}
