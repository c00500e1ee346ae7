package mailsync

import (
	"context"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
)

// sameUIDs sees to it that the rows here and the UIDs of the opened folder are of one UIDVALIDITY: where that is another than before, the rows
// wait for their new UIDs.
func (s *folderSync) sameUIDs(ctx context.Context) (err error) {
	f := s.f
	if s.state.UIDValidity == 0 && f.UIDValidity != 0 {
		// The line that says it may have got lost, and everything would be fetched anew: it is asked for once more.
		if s.state, err = s.mb.Select(ctx, f.Path); err != nil {
			return err
		}
		s.since, s.opened = nil, nil
	}
	switch {
	case f.UIDValidity == s.state.UIDValidity && f.UIDValidity != 0:
		if !wentBack(f, s.state) {
			return nil
		}
		_, err := s.otherLife(ctx, s.latest())
		return err
	case f.UIDValidity == 0:
		// The rows that come need to know which UIDVALIDITY they belong to; UIDNEXT stays unknown until all are here.
		st := s.state
		return s.afterwards(func() error { return s.st.BeginFolder(ctx, f.ID, st.UIDValidity, st.UIDNext) })
	}
	return s.beginAnew(ctx)
}

// beginAnew lets the rows wait for their new UIDs.
func (s *folderSync) beginAnew(ctx context.Context) (err error) {
	if err := s.forgetUIDs(ctx, s.f.ID, s.state); err != nil {
		return err
	}
	if s.f, err = s.st.Folder(ctx, s.f.ID); err != nil {
		return err
	}
	return s.load(ctx)
}

// forgetUIDs lets the rows of a folder wait for their UIDs in what the folder is now.
func (p *pass) forgetUIDs(ctx context.Context, id mail.FolderID, now remote.MailboxState) error {
	if err := p.forgetStanding(ctx, id); err != nil {
		return err
	}
	if err := p.st.ResetFolder(ctx, id, now.UIDValidity); err != nil {
		return err
	}
	return p.st.BeginFolder(ctx, id, now.UIDValidity, now.UIDNext)
}

// wentBack reports whether something of a folder has gone back that cannot in one life of it: UIDNEXT (RFC 9051 §2.3.1.1) or the modification
// sequence (RFC 7162 §3.1.1). Servers that count anew do that as well.
func wentBack(f mail.Folder, st remote.MailboxState) bool {
	return st.UIDNext != 0 && st.UIDNext < f.UIDNext || st.HighestMod != 0 && st.HighestMod < f.HighestMod
}

// lifeSample is how many messages are looked at to see whether a folder is still the one that it was, and lifeHint how many of those are
// asked about in every pass.
const (
	lifeSample = 10
	lifeHint   = 3
)

// sample are messages of which the server is asked along with the flags when they came and how large they are. A UID of which it says both
// otherwise than it did is in doubt: some servers always err, but they do in the same way, and what was brought here
// or there may have been given another date or another size. The oldest and the newest are among them, so that what one pass did not see, because
// those messages are gone, the next one may.
func (s *folderSync) sample(ctx context.Context) (*remote.Sample, error) {
	return s.sampleOf(ctx, spread(s.below(s.known), lifeSample), lifeHint)
}

// sampleOf asks about n of these messages.
func (s *folderSync) sampleOf(ctx context.Context, uids []mail.UID, n int) (*remote.Sample, error) {
	rows, err := s.st.RowsByUID(ctx, s.f.ID, uids)
	if err != nil {
		return nil, err
	}
	uids = slices.DeleteFunc(uids, func(u mail.UID) bool { return rows[u].HeaderID == "" })
	return &remote.Sample{Of: spread(uids, n), Told: func(uid mail.UID, received time.Time, size int64) {
		if row := rows[uid]; received.Unix() != row.Received.Unix() && size != row.Size {
			s.doubt = append(s.doubt, uid)
		}
	}}, nil
}

// below are those of UIDs, ascending, that the server can have.
func (s *folderSync) below(uids []mail.UID) []mail.UID {
	if s.state.UIDNext == 0 {
		return uids
	}
	n, _ := slices.BinarySearch(uids, s.state.UIDNext)
	return uids[:n]
}

// spread picks n of them, the first and the last among them.
func spread(uids []mail.UID, n int) []mail.UID {
	if len(uids) <= n {
		return slices.Clone(uids)
	}
	out := make([]mail.UID, n)
	for i := range out {
		out[i] = uids[i*(len(uids)-1)/(n-1)]
	}
	return out
}

// doubted looks whether what the sample has put in doubt makes the folder another one.
func (s *folderSync) doubted(ctx context.Context) (bool, error) {
	uids := s.doubt
	s.doubt = nil
	if len(uids) == 0 {
		return false, nil
	}
	return s.otherLife(ctx, uids)
}

// latest are the newest messages here that the server can have.
func (s *folderSync) latest() []mail.UID {
	uids := s.below(s.known)
	return uids[max(0, len(uids)-lifeSample):]
}

// otherLife looks whether a folder is another one than before although it has the same UIDVALIDITY: one that was deleted and made again
// on a server that takes the time in seconds, or a mailbox that was restored from elsewhere. Its UIDs name other messages then, and rows
// would show the text of the old ones; so it is begun with anew. A UID that has another Message-ID now is another message. It is asked where
// something does not fit, about some of the messages here.
func (s *folderSync) otherLife(ctx context.Context, sample []mail.UID) (bool, error) {
	f := s.f
	if len(sample) == 0 || s.state.Exists == 0 {
		return false, nil // what is here the server has not any more: that is seen when everything is compared
	}
	sample = slices.Compact(slices.Sorted(slices.Values(sample)))
	rows, err := s.st.RowsByUID(ctx, f.ID, sample)
	if err != nil {
		return false, err
	}
	came, other := 0, 0
	_, err = s.mb.Fetch(ctx, f.Path, ranges(sample), remote.WantHeader, func(m remote.Fetched) error {
		row, known := rows[m.UID]
		if !known || len(m.Header) == 0 {
			return nil
		}
		if came++; message.ParseHeader(m.Header).Summary().HeaderID != row.HeaderID {
			other++
		}
		return nil
	})
	if err != nil || other*2 <= came {
		return false, err
	}
	s.e.opt.Log.Info("a folder is another one under the same UIDVALIDITY", "account", s.acct.Name, "folder", f.Path)
	s.since, s.opened = nil, nil
	return true, s.beginAnew(ctx)
}
