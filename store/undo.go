package store

import (
	"context"
	"errors"
	"fmt"

	"peyk/internal/mail"
)

// revert takes the local effect of a live operation back, while later operations may lie over it.
func (t *wtx) revert(o opRow, state mail.OpState, text string) error {
	t.ch.Ops = true
	targets, err := t.targets(o.ID)
	if err != nil {
		return err
	}
	if err := t.do("UPDATE op_targets SET live=0 WHERE op=?", o.ID); err != nil {
		return err
	}
	if err := t.do("UPDATE ops SET state=?,error=?,finished=? WHERE id=?", string(state), text, millis(t.s.now()), o.ID); err != nil {
		return err
	}
	for _, g := range targets {
		if err := t.revertOne(o, g); err != nil {
			return fmt.Errorf("message %d: %w", g.message, err)
		}
	}
	if err := errors.Join(t.keepSources(o, targets, state, text), t.sourceStays(o, state, text)); err != nil {
		return err
	}
	return t.revertFolder(o)
}

func (t *wtx) revertOne(o opRow, g targetRow) error {
	switch o.Kind {
	case mail.OpFlags:
		return t.overlay(g.message)
	case mail.OpExpunge:
		if err := t.do("UPDATE messages SET hidden=hidden&~? WHERE id=?", hideExpunged, g.message); err != nil {
			return err
		}
		return t.do("UPDATE ledger SET deleted=0 WHERE message=? AND message<>0", g.message)
	case mail.OpCopy:
		return t.vanishUnlessThere(g.copy, o.Folder)
	case mail.OpAppend:
		return t.vanishUnlessThere(g.message, o.Folder)
	case mail.OpMove:
		return t.moveBack(o, g)
	case mail.OpSnooze:
		return t.snooze(g.message, g.folder, g.until)
	}
	return nil
}

// vanish removes a row that exists here only, with what was submitted on it since.
func (t *wtx) vanish(id mail.MessageID) error {
	if id == 0 {
		return nil
	}
	if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND live=1", id); err != nil {
		return err
	}
	return t.deleteRow(id)
}

// moveBack returns a message to where it was. When a later move has taken it on, that one gets the first source instead.
func (t *wtx) moveBack(o opRow, g targetRow) error {
	var at mail.FolderID
	var hidden int
	ok, err := t.get("SELECT folder,hidden FROM messages WHERE id=?", []any{g.message}, &at, &hidden)
	if err != nil || !ok {
		return err
	}
	if g.gone {
		return t.vanishUnlessThere(g.message, o.Folder)
	}
	var uid any
	if g.uid.Valid {
		uid = g.uid.Int64
	}
	// Later operations on the message have its place after the move in their targets.
	if err := t.do("UPDATE op_targets SET folder=?,uidvalidity=?,uid=? WHERE message=? AND folder=? AND op>? AND live=1",
		g.folder, g.uidValidity, uid, g.message, o.Folder, o.ID); err != nil {
		return err
	}
	if at != o.Folder {
		return nil
	}
	f, err := t.folder(g.folder)
	if err != nil {
		return err
	}
	if o.local && f.pending == folderDropping {
		return nil // that folder was deleted since: who brings it back gets it back without the message, which is safe where it is
	}
	await := int64(0)
	if uid == nil && !f.Local {
		if await, err = t.bringer(g.message, f, o.ID); err != nil {
			return err
		}
	}
	if uid != nil {
		var twin mail.MessageID
		dup, err := t.get("SELECT id FROM messages WHERE folder=? AND uid=? AND id<>?", []any{f.ID, uid, g.message}, &twin)
		if err != nil {
			return err
		}
		if dup {
			if err := t.deleteRow(twin); err != nil {
				return err
			}
		}
	}
	return t.place(g.message, f, uid, await)
}

// bringer is the operation before another one that is to bring a message to where it is again, or awaitUnknown: it is there already.
func (t *wtx) bringer(id mail.MessageID, f folderRow, before mail.OpID) (op int64, err error) {
	ok, err := t.get(`SELECT o.id FROM op_targets t JOIN ops o ON o.id=t.op WHERE t.message=? AND t.live=1 AND o.folder=? AND o.id<?
 AND o.kind IN ('move','append') ORDER BY o.id DESC LIMIT 1`, []any{id, f.ID, before}, &op)
	if err != nil || ok {
		return op, err
	}
	ok, err = t.get(`SELECT o.id FROM ops o CROSS JOIN op_targets t ON t.op=o.id WHERE o.account=? AND o.state IN ('pending','running') AND o.kind='copy'
 AND o.folder=? AND o.id<? AND t.copy=? LIMIT 1`, []any{f.Account, f.ID, before, id}, &op)
	if err != nil || ok {
		return op, err
	}
	return awaitUnknown, nil
}

func (t *wtx) revertFolder(o opRow) error {
	if o.Folder == 0 {
		return nil
	}
	switch o.Kind {
	case mail.OpCreate, mail.OpRename, mail.OpDropFolder, mail.OpSubscribe, mail.OpUnsubscribe:
	default:
		return nil
	}
	f, err := t.folder(o.Folder)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t.ch.Folders = append(t.ch.Folders, f.ID)
	t.ch.Accounts = append(t.ch.Accounts, f.Account)
	switch o.Kind {
	case mail.OpCreate:
		needed, err := t.folderNeeded(f.ID)
		if err != nil {
			return err
		}
		used, err := t.folderUsed(f.ID)
		if err != nil {
			return err
		}
		if !needed && !used {
			return t.dropFolder(f.ID)
		}
		return t.do("UPDATE folders SET pending=0,missing=1 WHERE id=?", f.ID)
	case mail.OpRename:
		return t.unrename(o, f)
	case mail.OpDropFolder:
		if err := t.do("UPDATE folders SET pending=0 WHERE id=?", f.ID); err != nil {
			return err
		}
		if err := t.nameBack(f, o.oldName); err != nil {
			return err
		}
		if err := t.do("UPDATE ledger SET deleted=0 WHERE message<>0 AND message IN (SELECT id FROM messages WHERE id IN ("+inFolder+") AND hidden&2=0)", f.ID); err != nil {
			return err
		}
		return t.do("UPDATE messages SET hidden=hidden&~?2 WHERE id IN ("+inFolder+")", f.ID, hideDropped)
	case mail.OpSubscribe, mail.OpUnsubscribe:
		return t.do("UPDATE folders SET subscribed=? WHERE id=?", o.Kind == mail.OpUnsubscribe, f.ID)
	}
	return nil
}

// nameBack gives a folder of this computer that was deleted its name again, or the next free one.
func (t *wtx) nameBack(f folderRow, name string) error {
	if !f.Local || name == "" {
		return nil
	}
	path := name
	for n := 2; t.pathFree(f.Account, path) != nil && n < 1000; n++ {
		path = fmt.Sprintf("%s %d", name, n)
	}
	return t.do("UPDATE folders SET path=?,server_path=? WHERE id=?", path, path, f.ID)
}

// undoable is the condition for operations that Undo can take back: the user's own, not executed beyond recall.
const undoable = `inverse=0 AND title<>'' AND (state IN ('pending','running')
 OR state='done' AND (local=1 OR kind NOT IN ('expunge','drop_folder')))`

// LastUndoable is the user's newest action: its group and kind; 0 when there is none. When that action cannot be undone any
// more the error wraps ErrCannotUndo: an older one is not offered in its place, for nobody would expect it to be taken back.
func (s *Store) LastUndoable(ctx context.Context) (mail.GroupID, mail.ActionKind, error) {
	var g mail.GroupID
	var k mail.ActionKind
	var can bool
	ok, err := s.read(ctx, `SELECT grp,title,max(CASE WHEN `+undoable+` THEN 1 ELSE 0 END) FROM ops
 WHERE inverse=0 AND title<>'' AND state IN ('pending','running','done') GROUP BY grp ORDER BY max(id) DESC LIMIT 1`, nil, &g, &k, &can)
	if err == nil && ok && can {
		var only bool
		_, err = s.read(ctx, "SELECT "+onlyCopy, []any{g}, &only)
		can = !only
	}
	if err == nil && ok && !can {
		return 0, "", fmt.Errorf("%s: %w", k, ErrCannotUndo)
	}
	return g, k, err
}

// ErrCannotUndo is returned for a group that was executed and cannot be taken back (mail deleted for good on the server).
var ErrCannotUndo error = &mail.Refusal{Code: mail.CodeNoUndo, Text: "this cannot be undone any more: the server has deleted it for good"}

// ErrTakenBack is returned for a group of which nothing is in effect any more: its operations failed or were discarded, and
// their local effect was taken back then.
var ErrTakenBack = errors.New("this was taken back before")

// whyNot is the reason why a group cannot be undone.
func (t *wtx) whyNot(g mail.GroupID) error {
	var done bool
	if _, err := t.get("SELECT count(*)=0 OR sum(state='done')>0 FROM ops WHERE grp=?", []any{g}, &done); err != nil {
		return err
	}
	if done {
		return ErrCannotUndo
	}
	return ErrTakenBack
}

// UndoGroup takes back a group and returns the action that caused it. What the server has not heard of is cancelled; for the
// rest inverse operations are queued. Messages that changed place since are left where they are.
func (s *Store) UndoGroup(ctx context.Context, g mail.GroupID) (mail.ActionKind, error) {
	var kind mail.ActionKind
	err := s.write(ctx, "undoing", func(t *wtx) error {
		var ids []mail.OpID
		if err := t.each("SELECT id FROM ops WHERE grp=? AND "+undoable+" ORDER BY id DESC", []any{g}, takeID(&ids)); err != nil {
			return err
		}
		if len(ids) == 0 {
			return t.whyNot(g)
		}
		var only bool
		if _, err := t.get("SELECT "+onlyCopy, []any{g}, &only); err != nil {
			return err
		}
		if only {
			return ErrCannotUndo
		}
		for _, id := range ids {
			o, err := t.op(id)
			if err != nil {
				return err
			}
			kind = mail.ActionKind(o.Title)
			if err := t.undo(o); err != nil {
				return fmt.Errorf("%s: %w", o.Kind, err)
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return kind, nil
}

func (t *wtx) undo(o opRow) error {
	if o.State == mail.OpPending && o.Attempts == 0 {
		return t.revert(o, mail.OpUndone, "")
	}
	if o.local {
		return t.undoLocal(o)
	}
	if o.State == mail.OpPending && (o.Kind == mail.OpExpunge || o.Kind == mail.OpDropFolder) {
		return t.revert(o, mail.OpUndone, "") // tried, but it never took place as far as we know
	}
	inv, err := t.inverse(o)
	if err != nil {
		return err
	}
	if len(inv) > 0 {
		if _, err := t.submit(inv, true); err != nil {
			return err
		}
	}
	t.ch.Ops = true
	if o.live() {
		// It is being executed, or may have been: let it come to its end, the inverse follows it.
		return t.do("UPDATE ops SET inverse=1 WHERE id=?", o.ID)
	}
	return t.do("UPDATE ops SET state='undone' WHERE id=?", o.ID)
}

// undoLocal takes back an operation on local folders, where no server takes part.
func (t *wtx) undoLocal(o opRow) error {
	if o.Kind == mail.OpFlags {
		inv, err := t.inverse(o)
		if err != nil {
			return err
		}
		if len(inv) > 0 {
			if _, err := t.submit(inv, true); err != nil {
				return err
			}
		}
		return t.do("UPDATE ops SET state='undone' WHERE id=?", o.ID)
	}
	if o.Kind == mail.OpCreate {
		if used, err := t.folderUsed(o.Folder); err != nil || used {
			return errors.Join(err, ErrCannotUndo)
		}
	}
	return t.revert(o, mail.OpUndone, "")
}

// folderUsed reports whether there are messages in a folder, also such as are not shown: what deleted them may be undone.
func (t *wtx) folderUsed(id mail.FolderID) (used bool, err error) {
	_, err = t.get("SELECT EXISTS("+inFolder+")", []any{id}, &used)
	return used, err
}

// FolderUsed reports whether a folder holds messages here, or is to: also such as are not shown, because it is being deleted.
func (s *Store) FolderUsed(ctx context.Context, id mail.FolderID) (used bool, err error) {
	if _, err = s.read(ctx, "SELECT EXISTS("+inFolder+")", []any{id}, &used); err != nil {
		err = fmt.Errorf("looking for messages in folder %d: %w", id, err)
	}
	return used, err
}

// inverse builds the operations that undo one that the server has executed.
func (t *wtx) inverse(o opRow) ([]mail.Op, error) {
	targets, err := t.targets(o.ID)
	if err != nil {
		return nil, err
	}
	base := mail.Op{Account: o.Account, Title: o.Title}
	switch o.Kind {
	case mail.OpFlags:
		return inverseFlags(base, o, targets), nil
	case mail.OpMove:
		return t.inverseMove(base, o, targets)
	case mail.OpCopy, mail.OpAppend:
		base.Kind = mail.OpExpunge
		for _, g := range targets {
			id := g.message
			if g.copy != 0 {
				id = g.copy
			}
			base.Messages = append(base.Messages, id)
		}
		return []mail.Op{base}, nil
	case mail.OpCreate:
		if _, err := t.folder(o.Folder); errors.Is(err, ErrNotFound) {
			return nil, nil // somebody else was quicker
		}
		used, err := t.folderUsed(o.Folder)
		if err != nil || used {
			return nil, errors.Join(err, ErrCannotUndo)
		}
		base.Kind, base.Folder = mail.OpDropFolder, o.Folder
		return []mail.Op{base}, nil
	case mail.OpRename:
		base.Kind, base.Folder, base.Name = mail.OpRename, o.Folder, o.oldName
		return []mail.Op{base}, nil
	case mail.OpSubscribe:
		base.Kind, base.Folder = mail.OpUnsubscribe, o.Folder
		return []mail.Op{base}, nil
	case mail.OpUnsubscribe:
		base.Kind, base.Folder = mail.OpSubscribe, o.Folder
		return []mail.Op{base}, nil
	}
	return nil, ErrCannotUndo
}

// inverseFlags gives back to each message what the operation really changed on it.
func inverseFlags(base mail.Op, o opRow, targets []targetRow) []mail.Op {
	add, remove := packFlags(o.Add), packFlags(o.Remove)
	type change struct{ add, remove flagSet }
	byChange := map[change][]mail.MessageID{}
	var order []change
	for _, g := range targets {
		after := g.before.apply(add, remove)
		c := change{add: g.before.minus(after), remove: after.minus(g.before)}
		if _, ok := byChange[c]; !ok {
			order = append(order, c)
		}
		byChange[c] = append(byChange[c], g.message)
	}
	var out []mail.Op
	for _, c := range order {
		op := base
		op.Kind, op.Add, op.Remove, op.Messages = mail.OpFlags, c.add.flags(), c.remove.flags(), byChange[c]
		out = append(out, op)
	}
	return out
}

// inverseMove returns messages that are still where the move put them.
func (t *wtx) inverseMove(base mail.Op, o opRow, targets []targetRow) ([]mail.Op, error) {
	byFolder := map[mail.FolderID][]mail.MessageID{}
	var order []mail.FolderID
	for _, g := range targets {
		var at mail.FolderID
		ok, err := t.get("SELECT folder FROM messages WHERE id=?", []any{g.message}, &at)
		if err != nil {
			return nil, err
		}
		if !ok || at != o.Folder {
			continue
		}
		if byFolder[g.folder] == nil {
			order = append(order, g.folder)
		}
		byFolder[g.folder] = append(byFolder[g.folder], g.message)
	}
	var out []mail.Op
	for _, f := range order {
		op := base
		op.Kind, op.Folder, op.Messages = mail.OpMove, f, byFolder[f]
		out = append(out, op)
	}
	return out, nil
}
