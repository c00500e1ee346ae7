package mailsync

import (
	"context"
	"slices"

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
		_, err := s.otherLife(ctx)
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
	id := s.f.ID
	if err := s.st.ResetFolder(ctx, id, s.state.UIDValidity); err != nil {
		return err
	}
	if err := s.st.BeginFolder(ctx, id, s.state.UIDValidity, s.state.UIDNext); err != nil {
		return err
	}
	if s.f, err = s.st.Folder(ctx, id); err != nil {
		return err
	}
	return s.load(ctx)
}

// wentBack reports whether something of a folder has gone back that cannot in one life of it: UIDNEXT (RFC 9051 §2.3.1.1) or the modification
// sequence (RFC 7162 §3.1.1). Servers that count anew do that as well.
func wentBack(f mail.Folder, st remote.MailboxState) bool {
	return st.UIDNext != 0 && st.UIDNext < f.UIDNext || st.HighestMod != 0 && st.HighestMod < f.HighestMod
}

// lifeSample is how many messages are looked at to see whether a folder is still the one that it was.
const lifeSample = 10

// otherLife looks whether a folder is another one than before although it has the same UIDVALIDITY: one that was deleted and made again
// on a server that takes the time in seconds, or a mailbox that was restored from elsewhere. Its UIDs name other messages then, and rows
// would show the text of the old ones; so it is begun with anew. The newest messages that both may have are looked at: a UID that has another
// Message-ID now is another message. It is asked where something does not fit.
func (s *folderSync) otherLife(ctx context.Context) (bool, error) {
	f, st := s.f, s.state
	var sample []mail.UID
	for i := len(s.known) - 1; i >= 0 && len(sample) < lifeSample; i-- {
		if u := s.known[i]; st.UIDNext == 0 || u < st.UIDNext {
			sample = append(sample, u)
		}
	}
	if len(sample) == 0 || st.Exists == 0 {
		return false, nil // what is here the server has not any more: that is seen when everything is compared
	}
	slices.Sort(sample)
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
