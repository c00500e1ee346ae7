package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// reuse takes over messages whose bytes are here already under the name that the server has for them: what another client moved
// from another folder, and what Gmail shows under several labels. It returns the UIDs that are left to fetch.
func (s *folderSync) reuse(ctx context.Context, in *ingester, uids []mail.UID) ([]mail.UID, error) {
	if !s.mb.Capabilities().ContentID {
		return uids, nil
	}
	if err := in.flush(); err != nil { // what the folders before have brought counts too
		return nil, err
	}
	if any, err := s.st.HasContent(ctx, s.acct.ID); err != nil || !any {
		return uids, err
	}
	byID := map[string]remote.Fetched{}
	var cids []string
	_, err := s.mb.Fetch(ctx, s.f.Path, ranges(uids), remote.WantContentID, func(f remote.Fetched) error {
		if _, ours := slices.BinarySearch(uids, f.UID); ours && f.ContentID != "" && byID[f.ContentID].UID == 0 {
			byID[f.ContentID] = f
			cids = append(cids, f.ContentID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	known, err := s.st.KnownContent(ctx, s.acct.ID, cids)
	if err != nil {
		return nil, err
	}
	var taken []mail.UID
	for cid, ref := range known {
		f := byID[cid]
		if err := s.st.ClaimBlobs(ctx, ref); err != nil {
			return nil, err
		}
		if f.Size != ref.Size || !s.here(ctx, ref) {
			continue
		}
		m := &raw{in: mail.Incoming{UID: f.UID, Flags: f.Flags, Received: f.Received, Size: f.Size, ModSeq: f.ModSeq, ServerThread: f.ThreadID, Blob: &ref}}
		if err := in.add(m); err != nil {
			return nil, err
		}
		taken = append(taken, f.UID)
	}
	slices.Sort(taken)
	return subtract(uids, taken), nil
}

// here reports whether the bytes can still be read: those of deleted messages go after a while.
func (s *folderSync) here(ctx context.Context, ref mail.BlobRef) bool {
	b, err := s.st.OpenBlob(ctx, ref.Hash)
	if err != nil {
		return false
	}
	return b.Close() == nil && b.Size() == ref.Size
}

// rememberContent notes the names of the messages of a batch.
func (in *ingester) rememberContent(msgs []*raw) error {
	var named map[string]mail.BlobRef
	for _, m := range msgs {
		if m.contentID == "" || m.in.Blob == nil {
			continue
		}
		if named == nil {
			named = make(map[string]mail.BlobRef, len(msgs))
		}
		named[m.contentID] = *m.in.Blob
	}
	return in.st.RememberContent(in.ctx, in.acct.ID, named)
}
