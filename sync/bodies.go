package mailsync

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

const (
	bodyBatch = 200     // bodies looked for at a time
	bodyChunk = 10      // of which so many are asked for with one command: the newest come first, and the user's wishes in between
	bodyAlone = 1 << 20 // bytes from which on a body comes in pieces, so that the user's wishes go in between
)

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
		if err := s.between(ctx); err != nil {
			return err
		}
		wants, err := s.st.MissingBodies(ctx, s.f.ID, since, bodyBatch)
		if err != nil {
			return err
		}
		others := s.wants.outOfTurn(s.f.ID)
		wants = slices.DeleteFunc(wants, func(w store.BodyWant) bool {
			_, bad := slices.BinarySearch(s.poison, w.UID)
			_, theirs := slices.BinarySearch(others, w.UID)
			return w.UID == 0 || tried[w.ID] || bad || theirs
		})
		if len(wants) == 0 {
			return nil
		}
		done, err := s.nextBodies(ctx, wants)
		if err != nil {
			return err
		}
		for _, w := range wants[:done] {
			tried[w.ID] = true
		}
	}
}

// nextBodies fetches the first of wants, and more of them while nothing else is more urgent. It returns how many are done with.
func (s *folderSync) nextBodies(ctx context.Context, wants []store.BodyWant) (int, error) {
	s.ahead = false
	large := func(w store.BodyWant) bool { return w.Size >= bodyAlone && w.Size <= maxMessage }
	if pieces, ok := s.mb.(remote.Pieces); ok && s.wants != nil {
		if large(wants[0]) {
			return 1, s.largeBody(ctx, pieces, wants[0])
		}
		if n := slices.IndexFunc(wants, large); n > 0 {
			wants = wants[:n]
		}
	}
	var chunks [][]store.BodyWant
	for c := range slices.Chunk(wants, bodyChunk) {
		chunks = append(chunks, c)
	}
	n, err := s.fetchBodies(ctx, chunks)
	done := 0
	for _, c := range chunks[:n] {
		done += len(c)
	}
	return done, err
}

// largeBody fetches a body in pieces. Whoever waits for a message meanwhile is served between two of them.
func (s *folderSync) largeBody(ctx context.Context, mb remote.Pieces, w store.BodyWant) error {
	at := place{s.f.Path, cmp.Or(s.state.UIDValidity, s.f.UIDValidity), w.UID}
	for {
		sv := s.wants.claim(ctx, w.ID, spot{s.f.ID, w.UID})
		if sv == nil { // somebody waits for it: that comes first
			return s.between(ctx)
		}
		err := s.fetchPieces(ctx, mb, sv, at, w.Size)
		switch {
		case errors.Is(err, errAwaited):
			return nil
		case errors.Is(err, errLater):
			sv.later()
			if err := s.between(ctx); err != nil {
				return err
			}
			continue
		case errors.Is(err, remote.ErrNotWhole):
			if _, err = s.fetchBodies(ctx, [][]store.BodyWant{{w}}); err == nil {
				sv.finish(nil)
				return nil
			}
		}
		if err != nil && (closed(err) || ctx.Err() != nil) {
			sv.putBack()
			return err
		}
		sv.finish(err)
		return err
	}
}

// fetchBodies completes messages whose rows are here, chunk after chunk, and returns how many chunks are complete.
func (s *folderSync) fetchBodies(ctx context.Context, chunks [][]store.BodyWant) (int, error) {
	ids := map[mail.UID]mail.MessageID{}
	in := s.ingester(ctx, s.f, 0)
	in.bodies = true
	ask := &asking{s: s, in: in}
	defer func() {
		in.stop()
		ask.over(true)
	}()
	var sets [][]remote.UIDRange
	for _, c := range chunks {
		uids := make([]mail.UID, 0, len(c))
		for _, w := range c {
			ids[w.UID] = w.ID
			uids = append(uids, w.UID)
		}
		slices.Sort(uids)
		sets, ask.chunks = append(sets, ranges(uids)), append(ask.chunks, uids)
	}
	ask.next()
	var large []remote.Poisoned
	more := func() bool { return !s.urgent() && ask.free() && ask.next() }
	poisoned, done, err := s.mb.FetchEach(ctx, s.f.Path, sets, remote.WantBody, more, func(f remote.Fetched) error {
		id, ours := ids[f.UID]
		if !ours {
			return nil
		}
		f.Body = ask.watch(f.UID, f.Body, f.BodySize)
		m, err := s.incoming(in, f, remote.WantBody)
		if errors.Is(err, ErrTooLarge) {
			large = append(large, remote.Poisoned{UID: f.UID, Err: err})
			ask.not(f.UID)
			return nil
		}
		if err != nil {
			return err
		}
		m.id = id
		size := m.size()
		err = in.add(m)
		ask.has(f.UID, size)
		return err
	})
	if qerr := s.setAside(ctx, in, append(poisoned, large...)); err == nil {
		err = qerr
	}
	if err != nil {
		return done, err
	}
	return done, in.finish()
}
