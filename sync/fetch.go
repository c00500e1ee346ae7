package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

const (
	firstScreen  = 50      // rows that show before anything else is fetched
	fetchBytes   = 1 << 20 // what one command brings, about: whoever opens a message meanwhile waits for two or three of these
	minChunk     = 20      // messages in one command
	maxChunk     = 1000
	reusePart    = 5000      // messages whose bytes are looked for here before any is fetched
	streamAbove  = 1 << 20   // larger messages go to the store as a stream, never whole into memory
	maxMessage   = 512 << 20 // a message larger than this is set aside
	bodyBatch    = 200       // bodies looked for at a time
	wholeOffline = 0         // IMAPOptions.OfflineDays: keep everything
)

// errTooLarge says that a message goes beyond maxMessage.
var errTooLarge = fmt.Errorf("the message is larger than %d MB", maxMessage>>20)

// whole reports whether new messages are fetched whole.
func (s *folderSync) whole() bool {
	return s.acct.IMAP.OfflineDays == wholeOffline && s.f.Role != mail.RoleAll
}

// first is what fetchNew asks for first of a few new messages.
func (s *folderSync) first() remote.Want {
	switch {
	case !s.whole():
		return remote.WantHeader
	case s.mb.Capabilities().ContentID:
		return remote.WantContentID // see reuse
	}
	return remote.WantBody
}

// fetchNew brings the missing messages, newest first: the newest screenful of the inbox by header, then whole messages or
// headers as the account's offline rule says.
func (s *folderSync) fetchNew(ctx context.Context, missing []mail.UID) error {
	if len(missing) == 0 {
		return nil
	}
	whole, want := s.whole(), remote.WantHeader
	if whole {
		want = remote.WantBody
	}
	in := s.intake(ctx, s.f, len(missing))
	if n := len(missing) - firstScreen; n > 0 && s.f.Role == mail.RoleInbox && whole {
		if _, err := s.fetch(ctx, in, [][]mail.UID{missing[n:]}, remote.WantHeader); err != nil {
			return err
		}
		in.then(func() error { return nil }) // now, not with the next batch
		s.headed, s.pace = missing[n:], pace{}
	}
	for len(missing) > 0 {
		part := missing[max(0, len(missing)-reusePart):]
		missing = missing[:len(missing)-len(part)]
		if whole {
			var err error
			if part, err = s.reuse(ctx, in, part); err != nil {
				return err
			}
		}
		for len(part) > 0 {
			if err := s.serveWants(ctx, s.mb); err != nil {
				return err
			}
			chunks := newestChunks(part, s.pace.chunk())
			done, err := s.fetch(ctx, in, chunks, want)
			if err != nil {
				return err
			}
			for _, c := range chunks[:done] {
				part = part[:len(part)-len(c)]
			}
		}
	}
	return in.failed()
}

// pace learns how large the messages of a folder are, so that the commands that fetch them bring equal amounts.
type pace struct{ messages, bytes int64 }

// chunk is how many messages one command is to ask for.
func (p *pace) chunk() int {
	if p.messages == 0 {
		return firstScreen
	}
	return int(min(max(fetchBytes/max(1, p.bytes/p.messages), minChunk), maxChunk))
}

// fetch hands the messages of chunks to the ingester and returns how many chunks are complete: fewer than all when somebody
// waits for a message meanwhile, or when the messages turn out far smaller or larger than thought. Those that the server sent in a form nobody can read are set aside.
func (s *folderSync) fetch(ctx context.Context, in *ingester, chunks [][]mail.UID, want remote.Want) (done int, err error) {
	sets := make([][]remote.UIDRange, len(chunks))
	for i, uids := range chunks {
		sets[i] = ranges(uids)
	}
	asked := func(uid mail.UID) bool {
		return slices.ContainsFunc(chunks, func(uids []mail.UID) bool {
			_, found := slices.BinarySearch(uids, uid)
			return found
		})
	}
	size := len(chunks[0])
	more := func() bool {
		now := s.pace.chunk()
		return (s.wants == nil || s.wants.empty()) && now <= 4*size && size <= 4*now
	}
	var large []remote.Poisoned
	poisoned, done, err := s.mb.FetchEach(ctx, s.f.Path, sets, want, more, func(f remote.Fetched) error {
		if !asked(f.UID) {
			return nil
		}
		m, err := s.incoming(in, f, want)
		if errors.Is(err, errTooLarge) {
			large = append(large, remote.Poisoned{UID: f.UID, Err: err})
			return nil
		}
		if err != nil {
			return err
		}
		if want == remote.WantBody {
			_, m.shown = slices.BinarySearch(s.headed, f.UID)
		}
		s.pace.messages++
		s.pace.bytes += m.size()
		return in.add(m)
	})
	if qerr := s.setAside(ctx, in, append(poisoned, large...)); err == nil {
		err = qerr
	}
	return done, err
}

// setAside quarantines messages, and takes back what was stored of them before it was known that they are no good.
func (s *folderSync) setAside(ctx context.Context, in *ingester, poisoned []remote.Poisoned) error {
	if len(poisoned) == 0 {
		return nil
	}
	if err := in.flush(); err != nil {
		return err
	}
	uids := make([]mail.UID, len(poisoned))
	for i, q := range poisoned {
		uids[i] = q.UID
	}
	if _, err := s.st.RemoveUIDs(ctx, s.f.ID, uids); err != nil {
		return err
	}
	return s.quarantine(ctx, poisoned)
}

// incoming reads one answer. Bytes of ordinary size stay in memory until their batch is written; large ones go to the disk.
func (s *folderSync) incoming(in *ingester, f remote.Fetched, want remote.Want) (*raw, error) {
	m := &raw{contentID: f.ContentID, in: mail.Incoming{UID: f.UID, Flags: f.Flags, Received: f.Received, Size: f.Size, ModSeq: f.ModSeq, ServerThread: f.ThreadID}}
	switch {
	case want == remote.WantHeader:
		m.in.Header = slices.Clone(f.Header)
	case f.Body == nil:
		return nil, fmt.Errorf("folder %s, UID %d: the server sent no body", s.f.Path, f.UID)
	default:
		if err := in.read(m, f.Body, f.BodySize); err != nil {
			return nil, fmt.Errorf("folder %s, UID %d: %w", s.f.Path, f.UID, err)
		}
		m.in.Size = max(m.in.Size, 0)
		if m.in.Size == 0 {
			m.in.Size = m.size()
		}
	}
	return m, nil
}

// quarantine sets messages aside and tells.
func (s *folderSync) quarantine(ctx context.Context, poisoned []remote.Poisoned) error {
	for _, q := range poisoned {
		err := s.st.Quarantine(ctx, store.Quarantined{Folder: s.f.ID, UID: q.UID, Reason: q.Err.Error()})
		if err != nil {
			return err
		}
		s.tell(&mail.Problem{
			Account: s.acct.ID, Kind: mail.ProblemServer, Code: mail.CodeSetAside, Where: s.acct.Incoming.Host, Detail: q.Err.Error(),
			Summary: fmt.Sprintf("%s: the message with UID %d in %s could not be read and was set aside", s.acct.Name, q.UID, s.f.Path),
			Advice:  "It stays on the server; look at it with another program.",
		})
	}
	return nil
}

// bodies fetches what the offline rule wants here and is not, newest first.
func (s *folderSync) bodies(ctx context.Context) error {
	days := s.acct.IMAP.OfflineDays
	if days < 0 || s.f.Role == mail.RoleAll {
		return nil
	}
	var since time.Time
	if days > 0 {
		since = s.e.opt.Now().AddDate(0, 0, -days)
	}
	tried := map[mail.MessageID]bool{}
	for {
		wants, err := s.st.MissingBodies(ctx, s.f.ID, since, bodyBatch)
		if err != nil {
			return err
		}
		wants = slices.DeleteFunc(wants, func(w store.BodyWant) bool {
			_, bad := slices.BinarySearch(s.poison, w.UID)
			return w.UID == 0 || tried[w.ID] || bad
		})
		if len(wants) == 0 {
			return nil
		}
		for _, w := range wants {
			tried[w.ID] = true
		}
		if err := s.fetchBodies(ctx, wants); err != nil {
			return err
		}
		if err := s.serveWants(ctx, s.mb); err != nil {
			return err
		}
	}
}

// fetchBodies completes messages whose rows are here.
func (s *folderSync) fetchBodies(ctx context.Context, wants []store.BodyWant) error {
	p := s.pass
	ids := make(map[mail.UID]mail.MessageID, len(wants))
	uids := make([]mail.UID, 0, len(wants))
	for _, w := range wants {
		ids[w.UID] = w.ID
		uids = append(uids, w.UID)
	}
	slices.Sort(uids)
	in := p.ingester(ctx, s.f, 0)
	in.bodies = true
	defer in.stop()
	var large []remote.Poisoned
	poisoned, err := s.mb.Fetch(ctx, s.f.Path, ranges(uids), remote.WantBody, func(f remote.Fetched) error {
		id, ours := ids[f.UID]
		if !ours {
			return nil
		}
		m, err := s.incoming(in, f, remote.WantBody)
		if errors.Is(err, errTooLarge) {
			large = append(large, remote.Poisoned{UID: f.UID, Err: err})
			return nil
		}
		if err != nil {
			return err
		}
		m.id = id
		return in.add(m)
	})
	if qerr := s.setAside(ctx, in, append(poisoned, large...)); err == nil {
		err = qerr
	}
	if err != nil {
		return err
	}
	return in.finish()
}
