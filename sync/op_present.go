package mailsync

import (
	"context"
	"errors"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// present asks which of some messages of a source are there. What moves, copies or deletes asks first, because a folder may have been deleted and
// made again since it was looked at, under the same UIDVALIDITY (where servers do not count it, or a mailbox was restored): its UIDs are those of other
// messages then. Where one of them has come at another time, with another size and under another Message-ID than the message here, all
// are looked for by their Message-IDs, as under another UIDVALIDITY.
func (r *opRun) present(ctx context.Context, s *source, uids []mail.UID) (there []mail.UID, err error) {
	came := map[mail.UID]remote.Fetched{}
	odd, err := r.mb.Fetch(ctx, s.path, ranges(uids), remote.WantContentID, func(f remote.Fetched) error {
		came[f.UID] = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, u := range spread(uids, lifeSample) {
		other, err := r.isAnother(ctx, s, u, came[u])
		if err != nil {
			return nil, err
		}
		if other {
			r.e.opt.Log.Info("a folder is another one under the same UIDVALIDITY", "account", r.acct.Name, "folder", s.path)
			return r.findAgain(ctx, s)
		}
	}
	for _, p := range odd {
		came[p.UID] = remote.Fetched{}
	}
	return slices.DeleteFunc(slices.Clone(uids), func(u mail.UID) bool { _, is := came[u]; return !is }), nil
}

// isAnother reports whether the server has another message under a UID than the one that the operation is about.
func (r *opRun) isAnother(ctx context.Context, s *source, u mail.UID, f remote.Fetched) (bool, error) {
	t := s.message[u]
	if f.UID == 0 || t.HeaderID == "" || f.Size == t.Size {
		return false, nil
	}
	switch row, err := r.st.Row(ctx, t.Message); {
	case errors.Is(err, store.ErrNotFound): // it was deleted here for good: its size alone has to do
	case err != nil || f.Received.Unix() == row.Received.Unix():
		return false, err
	}
	head, err := r.header(ctx, s.path, u)
	return len(head) > 0 && message.ParseHeader(head).Summary().HeaderID != t.HeaderID, err
}

// findAgain looks for every message of a source by its Message-ID. Those that are not there are gone.
func (r *opRun) findAgain(ctx context.Context, s *source) ([]mail.UID, error) {
	old := s.message
	s.uids, s.message = nil, map[mail.UID]store.OpTarget{}
	for _, t := range old {
		uid, err := r.lookUp(ctx, s.path, t, s.message)
		if err != nil {
			return nil, err
		}
		if uid == 0 {
			r.res.Gone = append(r.res.Gone, t.Message)
			continue
		}
		s.uids = append(s.uids, uid)
		s.message[uid] = t
	}
	slices.Sort(s.uids)
	return slices.Clone(s.uids), nil
}
