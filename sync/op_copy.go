package mailsync

import (
	"context"
	"fmt"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// copy copies messages. After a lost answer what arrived already is found by Message-ID and size and not copied again.
func (r *opRun) copy(ctx context.Context) error {
	return r.each(ctx, func(s *source) error {
		dest := r.dest(s)
		if _, err := r.present(ctx, s, spread(s.uids, identityMost)); err != nil || len(s.uids) == 0 {
			return err
		}
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
		if _, err := r.present(ctx, s, spread(s.uids, identityMost)); err != nil || len(s.uids) == 0 {
			return err
		}
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
	t, err := r.appendsTo(ctx)
	if err != nil {
		return err
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
		uid, err := r.findCopy(ctx, t, b)
		if err != nil {
			return err
		}
		if uid != 0 {
			r.appended(t, uid)
			return nil
		}
	}
	uid, err := r.mb.Append(ctx, t.Dest, r.op.Add, r.op.Date, b.Size(), b)
	if err != nil {
		return err
	}
	if uid == 0 {
		uid, err = r.confirmAppend(ctx, t, b)
	}
	r.appended(t, uid)
	return err
}

// confirmAppend looks for what the server said to have taken without telling its UID, when the message is to be deleted where it comes from then: an OK alone
// is no copy.
func (r *opRun) confirmAppend(ctx context.Context, t store.OpTarget, b store.Blob) (mail.UID, error) {
	moves, err := r.st.SourceStays(ctx, r.op.ID)
	if err != nil || !moves {
		return 0, err
	}
	uid, err := r.findCopy(ctx, t, b)
	if err == nil && uid == 0 {
		err = &remote.Error{Host: r.acct.Incoming.Host, Step: "append to " + t.Dest, Kind: mail.ProblemServer, Permanent: true,
			Text: fmt.Sprintf("the server took the message, but it cannot be found in %s; the original stays where it is", t.Dest)}
	}
	return uid, err
}

// appendsTo is the message that is appended, when there is a row of it, and the path of its folder.
func (r *opRun) appendsTo(ctx context.Context) (t store.OpTarget, err error) {
	if len(r.targets) > 0 {
		t = r.targets[0]
	}
	if t.Dest == "" {
		f, err := r.st.Folder(ctx, r.op.Folder)
		if err != nil {
			return t, err
		}
		t.Dest = f.Path
	}
	return t, nil
}

// findCopy looks on the server for what this append brought there; 0: nothing.
func (r *opRun) findCopy(ctx context.Context, t store.OpTarget, b store.Blob) (mail.UID, error) {
	head, err := headerOf(b)
	if err != nil {
		return 0, err
	}
	a, err := r.newcomers(ctx, t.Dest)
	if err != nil {
		return 0, err
	}
	c := copyOf{message: t.Message, headerID: t.HeaderID, size: b.Size(), anySize: true, header: func() ([]byte, error) { return head, nil }}
	if slices.Contains(r.op.Add, mail.FlagDraft) {
		c.date, c.same = message.ParseHeader(head).Summary().Date, func(ctx context.Context, path string, uid mail.UID) (bool, error) {
			return r.saysTheSame(ctx, path, uid, b)
		}
	}
	return a.find(ctx, c)
}

func (r *opRun) appended(t store.OpTarget, uid mail.UID) {
	r.stored = uid != 0
	if uid != 0 && t.Message != 0 {
		r.res.UIDs = map[mail.MessageID]mail.UID{t.Message: uid}
	}
}
