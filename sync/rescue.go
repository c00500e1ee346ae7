package mailsync

import (
	"context"
	"slices"

	"peyk/internal/mail"
	"peyk/store"
)

// rescue keeps a message that exists nowhere else before its operation is taken back. One that was kept when the same was tried before
// is not kept twice.
func rescue(ctx context.Context, st *store.Store, op *mail.Op) error {
	if op.Blob == nil {
		return nil
	}
	id, err := st.EnsureLocalFolder(ctx, op.Account, mail.RescueFolder, mail.RoleNone)
	if err != nil {
		return err
	}
	if spare, err := st.SpareCopies(ctx, id, op.Blob.Hash); err != nil || len(spare) > 0 {
		return err
	}
	f, err := st.Folder(ctx, id)
	if err != nil {
		return err
	}
	return storeLocally(ctx, st, f, *op.Blob, op.Add, op.Date)
}

// rescued returns the copy of a message that was kept while its server refused it and is not needed any more, in a list of at most
// one. It is needed until the server has told the UID of its own, or shows the message in the folder: an OK alone is no copy.
func (r *opRun) rescued(ctx context.Context) ([]mail.MessageID, error) {
	if r.op.Kind != mail.OpAppend {
		return nil, nil
	}
	if tried, err := r.st.TriedBefore(ctx, *r.op); err != nil || !tried {
		return nil, err
	}
	folders, err := r.st.Folders(ctx, r.acct.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(folders, func(f mail.Folder) bool { return f.Local && f.Path == mail.RescueFolder })
	if i < 0 {
		return nil, nil
	}
	spare, err := r.st.SpareCopies(ctx, folders[i].ID, r.op.Blob.Hash)
	if err != nil || len(spare) == 0 || !r.stored && !r.showsCopy(ctx) {
		return nil, err
	}
	return spare[:1], nil
}

// forget removes the copy that is not needed any more, and the folder when it was the last one there: an empty one would be asked after.
func (p *pass) forget(ctx context.Context, copies []mail.MessageID) error {
	row, err := p.st.Row(ctx, copies[0])
	if err != nil {
		return err
	}
	if err := p.st.RemoveMessages(ctx, copies); err != nil {
		return err
	}
	return p.st.DropSpent(ctx, row.Folder)
}

// showsCopy looks for what an append brought to the server. Where it cannot be looked for, it is not there.
func (r *opRun) showsCopy(ctx context.Context) bool {
	to, err := r.appendsTo(ctx)
	if err != nil {
		return false
	}
	b, err := r.st.OpenBlob(ctx, r.op.Blob.Hash)
	if err != nil {
		return false
	}
	defer b.Close()
	uid, err := r.findCopy(ctx, to, b)
	if err != nil || uid == 0 {
		return false
	}
	r.appended(to, uid)
	return true
}
