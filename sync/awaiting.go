package mailsync

import (
	"context"
	"slices"

	"peyk/internal/mail"
)

// settleAwaiting settles messages that were moved, copied or appended here and whose UID the server never told. The folder
// is complete at this point, so what cannot be found in it is not there: another client took it away meanwhile, or it
// came in again as a row of its own.
func (s *folderSync) settleAwaiting(ctx context.Context) error {
	waiting, err := s.st.Awaiting(ctx, s.f.ID)
	if err != nil || len(waiting) == 0 {
		return err
	}
	known, err := s.st.KnownUIDs(ctx, s.f.ID)
	if err != nil {
		return err
	}
	var gone []mail.MessageID
	for _, a := range waiting {
		if !a.Done {
			continue
		}
		var uids []mail.UID
		if a.HeaderID != "" {
			if uids, err = s.mb.FindByHeaderID(ctx, s.f.Path, a.HeaderID); err != nil {
				return err
			}
		}
		uids = slices.DeleteFunc(uids, func(u mail.UID) bool { _, taken := slices.BinarySearch(known, u); return taken })
		if len(uids) == 0 {
			gone = append(gone, a.ID)
			continue
		}
		uid := slices.Max(uids)
		if err := s.st.SetUID(ctx, a.ID, uid); err != nil {
			return err
		}
		known = append(known, uid)
		slices.Sort(known)
	}
	if len(gone) == 0 {
		return nil
	}
	return s.st.RemoveMessages(ctx, gone)
}
