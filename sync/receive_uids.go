package mailsync

import "context"

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
		return nil
	case f.UIDValidity == 0:
		// The rows that come need to know which UIDVALIDITY they belong to; UIDNEXT stays unknown until all are here.
		st := s.state
		return s.afterwards(func() error { return s.st.BeginFolder(ctx, f.ID, st.UIDValidity, st.UIDNext) })
	}
	if err := s.st.ResetFolder(ctx, f.ID, s.state.UIDValidity); err != nil {
		return err
	}
	if err := s.st.BeginFolder(ctx, f.ID, s.state.UIDValidity, s.state.UIDNext); err != nil {
		return err
	}
	if s.f, err = s.st.Folder(ctx, f.ID); err != nil {
		return err
	}
	return s.load(ctx)
}
