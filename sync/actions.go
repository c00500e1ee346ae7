package mailsync

import (
	"context"
	"fmt"

	"peyk/internal/mail"
	"peyk/store"
)

// Do carries out a user's action: the local effect and the operations for the servers are one durable transaction. What the
// action means is decided by each account's rules.
func (e *Engine) Do(ctx context.Context, a mail.Action) (mail.GroupID, error) {
	return e.DoAll(ctx, a)
}

// DoAll is Do for actions that belong together, such as a move into the folders of a name that several accounts have: all or
// none are carried out, and one undo takes all of them back.
func (e *Engine) DoAll(ctx context.Context, actions ...mail.Action) (mail.GroupID, error) {
	pl := &planner{e: e, st: e.st, accounts: map[mail.AccountID]mail.Account{}}
	for _, a := range actions {
		pl.action = a
		if err := pl.plan(ctx); err != nil {
			return 0, fmt.Errorf("%s: %w", a.Kind, err)
		}
	}
	if len(pl.ops) == 0 {
		return 0, nil
	}
	g, err := e.st.Submit(ctx, pl.ops)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", actions[0].Kind, err)
	}
	e.kick(scopeOps, pl.touched()...)
	e.lookSnoozed()
	return g, nil
}

// Undo takes back the newest undoable action and returns its kind ("" when there is none).
func (e *Engine) Undo(ctx context.Context) (mail.ActionKind, error) {
	g, _, err := e.st.LastUndoable(ctx)
	if err != nil || g == 0 {
		return "", err
	}
	kind, err := e.st.UndoGroup(ctx, g)
	e.kickAll()
	return kind, err
}

// UndoGroup takes back one action.
func (e *Engine) UndoGroup(ctx context.Context, g mail.GroupID) error {
	_, err := e.st.UndoGroup(ctx, g)
	e.kickAll()
	return err
}

// RetryOps tries operations again that failed or wait, at once.
func (e *Engine) RetryOps(ctx context.Context, ids ...mail.OpID) error {
	err := e.st.Requeue(ctx, ids...)
	e.kickAll()
	return err
}

// DiscardOps drops pending and failed operations and takes their local effect back. RestoreOps brings them back. A message on its way to another account that
// was deleted for good where it came from is kept on this computer.
func (e *Engine) DiscardOps(ctx context.Context, ids ...mail.OpID) ([]mail.DiscardedOp, error) {
	only, err := e.st.OnlyCopies(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, op := range only {
		if err := rescue(ctx, e.st, &op); err != nil {
			return nil, fmt.Errorf("keep a message that is nowhere else: %w", err)
		}
	}
	out, err := e.st.DiscardOps(ctx, ids...)
	e.kickAll() // what waited behind them waits no more
	return out, err
}

// RestoreOps takes a DiscardOps back.
func (e *Engine) RestoreOps(ctx context.Context, discarded []mail.DiscardedOp) error {
	err := e.st.RestoreOps(ctx, discarded)
	e.kickAll()
	return err
}

// RetrySetAside lets messages that were set aside be asked for again, at once.
func (e *Engine) RetrySetAside(ctx context.Context, ids ...mail.SetAsideID) error {
	var accounts []mail.AccountID
	for _, q := range ids {
		f, err := e.st.Folder(ctx, q.Folder)
		if err == nil {
			err = e.st.Unquarantine(ctx, q.Folder, q.UID, q.UIDL)
		}
		if err != nil {
			return fmt.Errorf("try a message again that was set aside: %w", err)
		}
		accounts = append(accounts, f.Account)
	}
	e.kick(scopeFull, accounts...)
	return nil
}

// DismissSetAside takes messages that were set aside off the list of those that are told, or puts them back.
func (e *Engine) DismissSetAside(ctx context.Context, dismissed bool, ids ...mail.SetAsideID) error {
	return e.st.DismissSetAside(ctx, dismissed, ids...)
}

func (e *Engine) kickAll() {
	for _, w := range e.allWorkers() {
		w.request(scopeOps)
	}
	e.lookSnoozed()
}

// planner turns one action into operations.
type planner struct {
	e        *Engine
	st       *store.Store
	action   mail.Action
	accounts map[mail.AccountID]mail.Account
	ops      []mail.Op
}

func (pl *planner) touched() []mail.AccountID {
	var ids []mail.AccountID
	for _, op := range pl.ops {
		if op.Kind != mail.OpSnooze { // no server is told
			ids = append(ids, op.Account)
		}
	}
	return ids
}

func (pl *planner) account(ctx context.Context, id mail.AccountID) (mail.Account, error) {
	if a, ok := pl.accounts[id]; ok {
		return a, nil
	}
	a, err := pl.st.Account(ctx, id)
	if err == nil {
		pl.accounts[id] = a
	}
	return a, err
}

func (pl *planner) add(op mail.Op) {
	op.Title = string(pl.action.Kind)
	pl.ops = append(pl.ops, op)
}

func (pl *planner) plan(ctx context.Context) error {
	switch pl.action.Kind {
	case mail.ActNewFolder, mail.ActRename, mail.ActTopFolder, mail.ActDropFolder, mail.ActDestroyFolder, mail.ActSubscribe, mail.ActUnsubscribe:
		return pl.folderAction(ctx)
	case mail.ActEmptyTrash, mail.ActReadAll:
		return pl.wholeFolder(ctx)
	}
	groups, err := pl.group(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := pl.messages(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// group is the messages of one folder that an action is about.
type group struct {
	account mail.Account
	folder  mail.Folder
	ids     []mail.MessageID
}

// group sorts the action's messages by folder, in a stable order. A message that does not exist is an error: nothing is done
// then.
func (pl *planner) group(ctx context.Context) ([]*group, error) {
	rows, err := pl.st.Rows(ctx, pl.action.Messages)
	if err != nil {
		return nil, err
	}
	if len(rows) < len(pl.action.Messages) {
		have := map[mail.MessageID]bool{}
		for _, r := range rows {
			have[r.ID] = true
		}
		for _, id := range pl.action.Messages {
			if !have[id] {
				return nil, fmt.Errorf("there is no message %d: %w", id, store.ErrNotFound)
			}
		}
	}
	var out []*group
	byFolder := map[mail.FolderID]*group{}
	for _, r := range rows {
		g := byFolder[r.Folder]
		if g == nil {
			f, err := pl.st.Folder(ctx, r.Folder)
			if err != nil {
				return nil, err
			}
			a, err := pl.account(ctx, r.Account)
			if err != nil {
				return nil, err
			}
			g = &group{account: a, folder: f}
			byFolder[r.Folder] = g
			out = append(out, g)
		}
		g.ids = append(g.ids, r.ID)
	}
	return out, nil
}
