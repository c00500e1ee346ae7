package mailsync

import (
	"context"

	"peyk/internal/mail"
	"peyk/store"
)

// copy copies messages. After a lost answer what arrived already is found by Message-ID and size and not copied again.
func (r *opRun) copy(ctx context.Context) error {
	return r.each(ctx, func(s *source) error {
		dest := r.dest(s)
		todo := s.uids
		if r.again {
			arrived, err := r.confirm(ctx, s, s.uids, dest)
			if err != nil {
				return err
			}
			r.record(s, arrived)
			todo = without(s.uids, arrived)
		}
		if len(todo) == 0 {
			return nil
		}
		copied, err := r.mb.Copy(ctx, s.path, todo, dest)
		if err == nil {
			r.record(s, copied)
		}
		return err
	})
}

// expunge removes exactly these messages (UID EXPUNGE, RFC 4315 §2.1). Without UIDPLUS they are only marked \Deleted: a
// plain EXPUNGE would take what other clients marked, too.
func (r *opRun) expunge(ctx context.Context) error {
	return r.each(ctx, func(s *source) error {
		done, err := r.mb.Expunge(ctx, s.path, s.uids)
		switch {
		case err != nil:
			return err
		case done:
			r.pass.res.RemovedOnServer += len(s.uids)
		default:
			r.res.Kept = true
		}
		return nil
	})
}

// append stores a message of this computer on the server. After a lost answer it is looked for there first.
func (r *opRun) append(ctx context.Context) error {
	var t store.OpTarget
	if len(r.targets) > 0 {
		t = r.targets[0]
	}
	path := t.Dest
	if path == "" {
		f, err := r.st.Folder(ctx, r.op.Folder)
		if err != nil {
			return err
		}
		path = f.Path
	}
	if r.op.Blob == nil {
		return errNoBlob
	}
	b, err := r.st.OpenBlob(ctx, r.op.Blob.Hash)
	if err != nil {
		return err
	}
	defer b.Close()
	if r.again {
		head, err := headerOf(b)
		if err != nil {
			return err
		}
		a, err := r.newcomers(ctx, path)
		if err != nil {
			return err
		}
		uid, err := a.find(ctx, copyOf{message: t.Message, headerID: t.HeaderID, size: b.Size(), anySize: true, header: func() ([]byte, error) { return head, nil }})
		if err != nil {
			return err
		}
		if uid != 0 {
			r.appended(t, uid)
			return nil
		}
	}
	uid, err := r.mb.Append(ctx, path, r.op.Add, r.op.Date, b.Size(), b)
	if err != nil {
		return err
	}
	r.appended(t, uid)
	return nil
}

func (r *opRun) appended(t store.OpTarget, uid mail.UID) {
	if uid != 0 && t.Message != 0 {
		r.res.UIDs = map[mail.MessageID]mail.UID{t.Message: uid}
	}
}
