package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// A server sends messages in its own order, the oldest first. Behind a large one that takes long, smaller and newer ones would wait for minutes
// before anybody knew of them. So the headers of what is still to come are asked for on the connection that listens, and the list is whole
// at once, newest first; the bodies come as they come.

// behind is a folder of which messages are on their way behind a large one.
type behind struct {
	path     string
	folder   mail.FolderID
	validity uint32
}

// listBehind has what is on its way listed by somebody else. It is forgotten when the pass ends.
func (s *folderSync) listBehind() {
	if s.keep == nil || !s.keep.pushes() {
		return
	}
	q := s.wants
	q.mu.Lock()
	q.stream.behind = &behind{s.f.Path, s.f.ID, s.state.UIDValidity}
	q.mu.Unlock()
	q.signal()
}

// takeBehind returns what is to be listed, newest last, and forgets it; nil when there is nothing.
func (q *wantQueue) takeBehind() (b *behind, uids []mail.UID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if b, q.stream.behind = q.stream.behind, nil; b == nil {
		return nil, nil
	}
	for _, in := range q.stream.order {
		if !in.ended && !in.here && in.came == 0 && in.at.folder == b.folder {
			uids = append(uids, in.at.uid)
		}
	}
	slices.Sort(uids)
	return b, uids[max(0, len(uids)-firstScreen):]
}

// listAhead lists messages by their headers, as far as they are not here. They are new to the pass all the same, which brings the rest of them.
func (p *pass) listAhead(ctx context.Context, mb remote.Mailboxes) error {
	b, uids := p.wants.takeBehind()
	if len(uids) == 0 {
		return nil
	}
	rows, err := p.st.RowsByUID(ctx, b.folder, uids)
	if err != nil {
		return err
	}
	uids = slices.DeleteFunc(uids, func(u mail.UID) bool { return rows[u].ID != 0 })
	state, err := mb.Select(ctx, b.path)
	if err != nil || state.UIDValidity != b.validity || len(uids) == 0 {
		return err
	}
	var in []mail.Incoming
	_, err = mb.Fetch(ctx, b.path, ranges(uids), remote.WantHeader, func(f remote.Fetched) error {
		m := &raw{in: mail.Incoming{UID: f.UID, Flags: f.Flags, Received: f.Received, Size: f.Size, ModSeq: f.ModSeq, ServerThread: f.ThreadID, Header: slices.Clone(f.Header)}}
		if _, asked := slices.BinarySearch(uids, f.UID); !asked || len(f.Header) == 0 {
			return nil
		}
		err := m.parse(ctx, p.st)
		in = append(in, m.in)
		return err
	})
	if err != nil {
		return err
	}
	_, err = p.st.Ingest(ctx, b.folder, in)
	return err
}
