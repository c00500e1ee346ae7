package mailsync

import (
	"context"
	"maps"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// identityMost is how many messages are looked at before something is done to them without asking whether they are there: those are some ten KB of answers.
const identityMost = 1000

// weakMost is how many of those are looked at more closely of which the server says one thing otherwise than before: of some servers it is the usual thing.
const weakMost = 50

// present asks which of some messages of a source are there. What marks, moves, copies or deletes asks first, because a folder may be another one since it was looked
// at, under the same UIDVALIDITY: made again where servers do not count it, or restored from a backup, after which the UIDs above the backup's are given
// anew. Those under whose UID there is another message now are looked for by their Message-IDs, as under another UIDVALIDITY, and so are those
// that nobody looked at then.
func (r *opRun) present(ctx context.Context, s *source, uids []mail.UID) (there []mail.UID, err error) {
	came := map[mail.UID]remote.Fetched{}
	odd, err := r.mb.Fetch(ctx, s.path, ranges(uids), remote.WantContentID, func(f remote.Fetched) error {
		came[f.UID] = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	others, err := r.others(ctx, s, came)
	if err != nil {
		return nil, err
	}
	for _, p := range odd {
		came[p.UID] = remote.Fetched{}
	}
	there = slices.DeleteFunc(slices.Clone(uids), func(u mail.UID) bool { _, is := came[u]; return !is || others[u] })
	if len(others) == 0 {
		return there, nil
	}
	r.e.opt.Log.Info("a folder is another one under the same UIDVALIDITY", "account", r.acct.Name, "folder", s.path)
	r.replaced = append(r.replaced, s)
	for _, u := range subtract(s.uids, uids) {
		others[u] = true
	}
	found, err := r.findAgain(ctx, s, others)
	there = append(there, found...)
	slices.Sort(there)
	return there, err
}

// others finds the messages of a source under whose UIDs the server has other ones: they came at another time or have another size, and another Message-ID.
func (r *opRun) others(ctx context.Context, s *source, came map[mail.UID]remote.Fetched) (map[mail.UID]bool, error) {
	received, err := r.received(ctx, s, slices.Sorted(maps.Keys(came)))
	if err != nil {
		return nil, err
	}
	var strong, weak []mail.UID
	for u, f := range came {
		t := s.message[u]
		at, known := received[t.Message]
		switch date, size := known && f.Received.Unix() != at, f.Size != t.Size; {
		case t.HeaderID == "":
		case date && size, size && !known: // one that was deleted here for good has no row: its size alone has to do
			strong = append(strong, u)
		case date || size:
			weak = append(weak, u)
		}
	}
	slices.Sort(weak)
	ask := slices.Concat(strong, spread(weak, weakMost))
	out := map[mail.UID]bool{}
	if len(ask) == 0 {
		return out, nil
	}
	slices.Sort(ask)
	_, err = r.mb.Fetch(ctx, s.path, ranges(ask), remote.WantHeader, func(f remote.Fetched) error {
		if t, asked := s.message[f.UID]; asked && len(f.Header) > 0 && message.ParseHeader(f.Header).Summary().HeaderID != t.HeaderID {
			out[f.UID] = true
		}
		return nil
	})
	return out, err
}

// received tells when messages of a source came, Unix seconds: of those that were moved here, and of those that are hidden because they are to be deleted.
func (r *opRun) received(ctx context.Context, s *source, uids []mail.UID) (map[mail.MessageID]int64, error) {
	out := map[mail.MessageID]int64{}
	var ids []mail.MessageID
	for _, u := range uids {
		ids = append(ids, s.message[u].Message)
	}
	rows, err := r.st.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	staying, err := r.st.RowsByUID(ctx, s.folder, uids)
	for _, row := range slices.AppendSeq(rows, maps.Values(staying)) {
		out[row.ID] = row.Received.Unix()
	}
	return out, err
}

// findAgain looks for some messages of a source by their Message-IDs. Those that are not there are gone.
func (r *opRun) findAgain(ctx context.Context, s *source, lost map[mail.UID]bool) (found []mail.UID, err error) {
	var look []store.OpTarget
	for u := range lost {
		look = append(look, s.message[u])
		delete(s.message, u)
	}
	for _, t := range look {
		uid, err := r.lookUp(ctx, s.path, t, s.message)
		if err != nil {
			return nil, err
		}
		if uid == 0 {
			r.res.Gone = append(r.res.Gone, t.Message)
			continue
		}
		found = append(found, uid)
		s.message[uid] = t
	}
	s.uids = slices.Sorted(maps.Keys(s.message))
	return found, nil
}

// beginAnew lets the folders be received anew of which the operation has found that they are others. One that is being received just now is left to the next
// operation, or to stillTheSame: its rows have the UIDs of what it is now in part.
func (r *opRun) beginAnew(ctx context.Context) error {
	for _, s := range r.replaced {
		if r.begun[s.path] && !r.complete[s.path] {
			continue
		}
		if err := r.forgetUIDs(ctx, s.folder, s.state); err != nil {
			return err
		}
		r.begun[s.path] = false
	}
	return nil
}
