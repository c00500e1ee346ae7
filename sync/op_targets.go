package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// source is the targets of an operation that lie in one folder of the server.
type source struct {
	folder  mail.FolderID
	path    string
	state   remote.MailboxState // as the folder was when the targets were found: their UIDs are those of this UIDVALIDITY
	uids    []mail.UID          // ascending
	message map[mail.UID]store.OpTarget
}

// sources groups the targets by folder and finds the UID of each on the server as it is now: a UID counts only under the
// UIDVALIDITY it was seen with, and not where the folder may be another one in spite of that (see wentBack); otherwise the message is looked up by its Message-ID. Targets that are not there any more
// (another client was faster) go into res.Gone.
func (r *opRun) sources(ctx context.Context) ([]*source, error) {
	var out []*source
	byPath := map[string]*source{}
	same := map[string]uint32{} // the UIDVALIDITY under which UIDs count; 0: under none
	for _, t := range r.targets {
		s := byPath[t.Path]
		if s == nil {
			state, err := r.mb.Select(ctx, t.Path)
			if err != nil {
				return nil, err
			}
			s = &source{folder: t.Folder, path: t.Path, state: state, message: map[mail.UID]store.OpTarget{}}
			byPath[t.Path] = s
			f, err := r.st.Folder(ctx, t.Folder)
			if err != nil {
				return nil, err
			}
			if same[t.Path] = state.UIDValidity; wentBack(f, state) {
				same[t.Path] = 0
			}
			out = append(out, s)
		}
		uid := t.UID
		if v := same[t.Path]; uid == 0 || v == 0 || t.UIDValidity != 0 && t.UIDValidity != v {
			var err error
			if uid, err = r.lookUp(ctx, t.Path, t, s.message); err != nil {
				return nil, err
			}
		}
		if uid == 0 {
			r.res.Gone = append(r.res.Gone, t.Message)
			continue
		}
		s.uids = append(s.uids, uid)
		s.message[uid] = t
	}
	for _, s := range out {
		slices.Sort(s.uids)
	}
	return out, nil
}

// each calls fn for every folder in which targets are left on the server.
func (r *opRun) each(ctx context.Context, fn func(*source) error) error {
	ss, err := r.sources(ctx)
	if err != nil {
		return err
	}
	for _, s := range ss {
		if len(s.uids) == 0 {
			continue
		}
		if err := fn(s); err != nil {
			return err
		}
	}
	return nil
}

// lookUp finds a message by Message-ID, or by its header when it has none; 0 when it is not there. taken are UIDs that belong to other targets.
// Several may have the Message-ID (versions of a draft, a letter that came over a list as well): then its size tells which one it is, and
// what has another size is never deleted.
func (r *opRun) lookUp(ctx context.Context, path string, t store.OpTarget, taken map[mail.UID]store.OpTarget) (mail.UID, error) {
	if t.HeaderID == "" {
		return r.nameless(ctx, t, taken)
	}
	uids, err := r.mb.FindByHeaderID(ctx, path, t.HeaderID)
	if err != nil {
		return 0, err
	}
	uids = slices.DeleteFunc(uids, func(u mail.UID) bool { _, used := taken[u]; return used })
	if uids = uids[max(0, len(uids)-lookUpMost):]; len(uids) == 0 {
		return 0, nil
	}
	deletes := r.op.Kind == mail.OpExpunge
	if t.Size <= 0 || len(uids) == 1 && !deletes {
		return uids[len(uids)-1], nil
	}
	var same mail.UID
	_, err = r.mb.Fetch(ctx, path, ranges(uids), remote.WantContentID, func(f remote.Fetched) error {
		if f.Size == t.Size && slices.Contains(uids, f.UID) {
			same = max(same, f.UID)
		}
		return nil
	})
	if err != nil || same != 0 || deletes {
		return same, err
	}
	return uids[len(uids)-1], nil
}

// lookUpMost is how many messages with a Message-ID are looked at, the newest.
const lookUpMost = 50

// record notes the new UIDs of messages in the destination.
func (r *opRun) record(s *source, moved map[mail.UID]mail.UID) {
	if r.res.UIDs == nil {
		r.res.UIDs = map[mail.MessageID]mail.UID{}
	}
	for old, uid := range moved {
		if t, ok := s.message[old]; ok && uid != 0 {
			r.res.UIDs[t.Message] = uid
		}
	}
}
