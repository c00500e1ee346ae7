package mailsync

import (
	"context"
	"slices"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// exitTimeout bounds what is done when the program ends.
const exitTimeout = 10 * time.Second

// undoSendMax is how far away the moment of sending may be for a message to count as sent by the user: the rest of the time in
// which sending could be taken back passes at once when the program ends.
const undoSendMax = 30 * time.Second

// atExit sends what was just given to the outbox, tells servers what was just done (a draft that was kept, a message that was
// archived), empties Trash and expunges where accounts want that at the end. What cannot be done in time stays in the operation
// log and is done with the next start.
func (e *Engine) atExit() {
	ctx, cancel := context.WithTimeout(context.Background(), exitTimeout)
	defer cancel()
	accts, err := e.st.Accounts(ctx)
	if err != nil {
		return
	}
	var wg sync.WaitGroup
	for _, a := range accts {
		if a.Disabled {
			continue
		}
		wg.Go(func() { // each by itself: a server that is silent takes no time from the others
			if e.online.Load() {
				e.flush(ctx, a)
			}
			if a.Protocol == mail.IMAP && (a.IMAP.EmptyTrashExit || a.IMAP.ExpungeOnExit) {
				e.exitAccount(ctx, a)
			}
		})
	}
	wg.Wait()
}

// awaitSent waits for the messages that servers are being given just now: of one that is cut off behind its last byte nobody knows whether it was sent,
// and any other would wait for the next start.
func (e *Engine) awaitSent() {
	if !e.opt.Push {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), exitTimeout)
	defer cancel()
	var wg sync.WaitGroup
	for _, w := range e.allWorkers() {
		wg.Go(func() { w.sender.lastOne(ctx) })
	}
	wg.Wait()
}

// flush does what waits since a moment ago. What an earlier try failed with waits for the next start: the end of the program is
// not held up by a server that is away.
func (e *Engine) flush(ctx context.Context, a mail.Account) {
	var s scope
	items, err := e.st.OutboxItems(ctx)
	if err != nil {
		return
	}
	for _, it := range items {
		if it.Account != a.ID || it.State != mail.OutboxQueued || it.Attempts > 0 || it.Reason != "" || it.NotBefore.After(e.opt.Now().Add(undoSendMax)) {
			continue
		}
		it.NotBefore = time.Time{}
		if ok, err := e.st.SwapOutbox(ctx, it, mail.OutboxQueued); err != nil {
			return
		} else if !ok { // taken back, or another process is sending it
			continue
		}
		s = scopeOutbox | scopeOps
	}
	if ops, err := e.st.Ops(ctx, 50); err == nil {
		for _, o := range ops {
			if o.Account == a.ID && o.State == mail.OpPending && o.Attempts == 0 {
				s |= scopeOps
			}
		}
	}
	if s != 0 {
		newPass(e, a).run(ctx, s)
	}
}

func (e *Engine) exitAccount(ctx context.Context, a mail.Account) {
	if a.IMAP.EmptyTrashExit {
		if f, err := e.st.FolderByRole(ctx, a.ID, mail.RoleTrash); err == nil && f.Total > 0 {
			if _, err := e.Do(ctx, mail.Action{Kind: mail.ActEmptyTrash, Folder: f.ID}); err != nil {
				e.opt.Log.Warn("empty Trash at exit", "account", a.Name, "err", err)
			}
		}
	}
	if !e.online.Load() {
		return
	}
	p := newPass(e, a)
	p.run(ctx, scopeOps)
	if !a.IMAP.ExpungeOnExit || len(p.problems) > 0 {
		return
	}
	opener, err := e.opener(ctx, a)
	if err != nil {
		return
	}
	p.withMailboxes(ctx, opener, remote.Start{}, func(ctx context.Context, mb remote.Mailboxes) error { return p.expungeInbox(ctx, mb) })
}

// expungeInbox removes what is marked \Deleted in the inbox as this computer last saw it. It names UIDs, so that what another
// client marked meanwhile stays; and it asks for the marks once more, so that what another client took the mark from stays, too.
func (p *pass) expungeInbox(ctx context.Context, mb remote.Mailboxes) error {
	f, err := p.st.FolderByRole(ctx, p.acct.ID, mail.RoleInbox)
	if err != nil {
		return err
	}
	states, err := p.st.FlagStates(ctx, f.ID)
	if err != nil {
		return err
	}
	var uids []mail.UID
	for _, s := range states {
		if s.Flags.Has(mail.FlagDeleted) {
			uids = append(uids, s.UID)
		}
	}
	if len(uids) == 0 {
		return nil
	}
	state, err := mb.Select(ctx, f.Path)
	if err != nil || state.UIDValidity != f.UIDValidity {
		return err
	}
	var marked []mail.UID
	if _, err := mb.Fetch(ctx, f.Path, ranges(uids), remote.WantFlags, func(m remote.Fetched) error {
		if _, asked := slices.BinarySearch(uids, m.UID); asked && m.Flags.Has(mail.FlagDeleted) {
			marked = append(marked, m.UID)
		}
		return nil
	}); err != nil {
		return err
	}
	if uids = marked; len(uids) == 0 {
		return nil
	}
	done, err := mb.Expunge(ctx, f.Path, uids)
	if err != nil || !done {
		return err
	}
	_, err = p.st.RemoveUIDs(ctx, f.ID, uids)
	return err
}
