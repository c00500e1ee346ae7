package mailsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

const (
	// piecesAbove is the size in bytes from which on a message somebody waits for is fetched in pieces, its text first.
	piecesAbove = 128 << 10
	// keptArrivals is how many unfinished messages are kept for whoever comes back to them.
	keptArrivals = 4

	firstPiece = 64 << 10
	minPiece   = 32 << 10
	maxPiece   = 1 << 20
	pieceTime  = 400 * time.Millisecond // what a piece is to take on the line at hand
)

var (
	// errLater says that somebody else waits for something newer: what was being fetched goes on after that.
	errLater = errors.New("somebody waits for a newer message")
	// errAwaited says that a pass has asked for the message already, and that whoever waits is answered when it has come.
	errAwaited = errors.New("the message is on its way")
)

// arrival is a large message on its way. What has come of it stays when nobody waits any more, so that whoever comes back goes on
// where it was.
type arrival struct {
	id   mail.MessageID
	from place
	size int64 // bytes, as the server says

	// preview has a lock of its own: it is read while the message is fetched.
	preview preview

	// What follows belongs to the goroutine that serves the message.
	busy   bool // somebody serves it; guarded by arrivals.mu
	looked bool // at its parts
	left   []remote.Section
	file   *os.File // the bytes so far
	at     int64    // how many
}

// place is where a message lies on its server.
type place struct {
	path     string
	validity uint32
	uid      mail.UID
}

// arrivals are the messages on their way, the newest last.
type arrivals struct {
	mu   sync.Mutex
	list []*arrival
}

// get returns the arrival of a message, a new one when it is not as it was.
func (as *arrivals) get(id mail.MessageID, from place, size int64) (*arrival, error) {
	as.mu.Lock()
	defer as.mu.Unlock()
	i := slices.IndexFunc(as.list, func(a *arrival) bool { return a.id == id })
	if i >= 0 {
		a := as.list[i]
		as.list = slices.Delete(as.list, i, i+1)
		if a.from == from && a.size == size {
			a.busy = true
			as.list = append(as.list, a)
			return a, nil
		}
		a.close()
	}
	f, err := os.CreateTemp("", "peyk-arriving-*")
	if err != nil {
		return nil, fmt.Errorf("put the pieces of a message aside: %w", err)
	}
	if i := slices.IndexFunc(as.list, func(a *arrival) bool { return !a.busy }); i >= 0 && len(as.list) >= keptArrivals {
		as.list[i].close()
		as.list = slices.Delete(as.list, i, i+1)
	}
	a := &arrival{id: id, from: from, size: size, file: f, busy: true}
	as.list = append(as.list, a)
	return a, nil
}

// rest says that nobody serves a message now.
func (as *arrivals) rest(a *arrival) {
	as.mu.Lock()
	defer as.mu.Unlock()
	a.busy = false
}

// find returns what can be read of a message that is on its way, or nil.
func (as *arrivals) find(id mail.MessageID) *preview {
	as.mu.Lock()
	defer as.mu.Unlock()
	for _, a := range as.list {
		if a.id == id && a.preview.readable() > 0 {
			return &a.preview
		}
	}
	return nil
}

// readable is how much can be read of a message that is on its way.
func (as *arrivals) readable(id mail.MessageID) int {
	if v := as.find(id); v != nil {
		return v.readable()
	}
	return 0
}

// came forgets a message that has come in another way, unless somebody is fetching it.
func (as *arrivals) came(id mail.MessageID) {
	as.mu.Lock()
	defer as.mu.Unlock()
	as.list = slices.DeleteFunc(as.list, func(a *arrival) bool {
		if a.id != id || a.busy {
			return false
		}
		a.close()
		return true
	})
}

// drop forgets a message, which is here or not to be had.
func (as *arrivals) drop(a *arrival) {
	as.mu.Lock()
	defer as.mu.Unlock()
	as.list = slices.DeleteFunc(as.list, func(b *arrival) bool { return a == b })
	a.close()
}

func (as *arrivals) close() {
	as.mu.Lock()
	defer as.mu.Unlock()
	for _, a := range as.list {
		a.close()
	}
	as.list = nil
}

func (a *arrival) close() {
	_ = a.file.Close()
	_ = os.Remove(a.file.Name())
}

func (a *arrival) progress() mail.Arrival {
	return mail.Arrival{Done: a.at, Total: a.size, Readable: a.preview.readable()}
}

// arriving is the fetching of one message in pieces, in one session.
type arriving struct {
	*arrival
	ctx   context.Context
	p     *pass
	mb    remote.Pieces
	s     *service
	piece int64 // bytes
}

// fetchPieces fetches the text of a message and what belongs to it, then all of its bytes, with room for more urgent messages in
// between. The error is errLater when it made room for one, remote.ErrNotWhole when the message has to be fetched in another way.
func (p *pass) fetchPieces(ctx context.Context, mb remote.Pieces, s *service, from place, size int64) error {
	kept, err := p.e.arrivals.get(s.id, from, size)
	if err != nil {
		return err
	}
	defer p.e.arrivals.rest(kept)
	a := &arriving{arrival: kept, ctx: ctx, p: p, mb: mb, s: s, piece: firstPiece}
	for a.at < a.size {
		if a.unseen() {
			if err := a.read(); err != nil {
				return err
			}
		}
		if a.s.arrived() { // a pass was quicker
			p.e.arrivals.drop(kept)
			return nil
		}
		if err := a.yield(); err != nil {
			return err
		}
		if p.wants.outlook(ctx, p.st, s.at, a.size-a.at) >= inTime && p.wants.await(s) {
			return errAwaited
		}
		if err := a.some(); err != nil {
			if !closed(err) && ctx.Err() == nil {
				p.e.arrivals.drop(kept)
				err = fmt.Errorf("%w: %w", remote.ErrNotWhole, err)
			}
			return err
		}
	}
	m := &raw{}
	err = m.readBody(ctx, p.st, nil, io.NewSectionReader(a.file, 0, a.size), a.size)
	if err == nil {
		err = m.complete(ctx, p.st, s.id)
	}
	if err == nil {
		p.e.arrivals.drop(kept)
	}
	return err
}

// yield says whether something else is to be done now.
func (a *arriving) yield() error {
	switch {
	case a.ctx.Err() != nil:
		return a.ctx.Err()
	case !a.s.wanted():
		return context.Canceled
	case !a.p.wants.empty(), a.s.idle() && (a.p.visible() != "" || a.p.errand()):
		return errLater
	}
	return nil
}

// unseen reports whether somebody waits to read what is not there to be read yet.
func (a *arriving) unseen() bool { return a.s.tells() && (!a.looked || len(a.left) > 0) }

// some fetches pieces until something else is to be done, or the line turns out to be faster or slower than thought.
func (a *arriving) some() error {
	var last time.Time
	size := a.piece
	more := func() bool { return a.yield() == nil && !a.unseen() && a.piece < 2*size && size < 2*a.piece }
	at, err := a.mb.Range(a.ctx, a.from.path, a.from.uid, a.at, a.size, size, more, func(b []byte) error {
		if _, err := a.file.WriteAt(b, a.at); err != nil {
			return fmt.Errorf("put a piece of a message aside: %w", err)
		}
		a.at += int64(len(b))
		now := time.Now()
		if !last.IsZero() { // the first one took a round trip, too
			a.piece = int64(float64(size) * min(4, float64(pieceTime)/float64(max(now.Sub(last), time.Millisecond))))
			a.piece = min(max(a.piece, minPiece), maxPiece)
		}
		last = now
		a.s.tell(a.progress())
		return nil
	})
	if err == nil && at != a.at {
		err = remote.ErrNotWhole
	}
	return err
}

// fetchBody completes one message of an IMAP account.
func (p *pass) fetchBody(ctx context.Context, mb remote.Mailboxes, s *service) error {
	d, err := p.st.Details(ctx, s.id)
	if err != nil || d.HasBody {
		return err
	}
	pieces, ok := mb.(remote.Pieces)
	ok = ok && d.Size >= piecesAbove && d.Size <= maxMessage
	if look := p.wants.outlook(ctx, p.st, s.at, d.Size); look == soon || look == inTime && !ok {
		if p.wants.await(s) {
			return errAwaited
		}
		if d, err = p.st.Details(ctx, s.id); err != nil || d.HasBody { // it may have come this moment
			return err
		}
	}
	from, err := locate(ctx, mb, d)
	if err != nil {
		return err
	}
	if ok {
		err := p.fetchPieces(ctx, pieces, s, from, d.Size)
		if !errors.Is(err, remote.ErrNotWhole) {
			return err
		}
	}
	return fetchWhole(ctx, p.st, mb, s.id, from)
}

// locate finds the message on the server.
func locate(ctx context.Context, mb remote.Mailboxes, d store.Details) (place, error) {
	state, err := mb.Select(ctx, d.FolderPath)
	if err != nil {
		return place{}, err
	}
	at := place{d.FolderPath, state.UIDValidity, d.UID}
	if d.UID != 0 && (d.UIDValidity == 0 || d.UIDValidity == state.UIDValidity) {
		return at, nil
	}
	if d.HeaderID == "" {
		return at, errNoBody
	}
	found, err := mb.FindByHeaderID(ctx, d.FolderPath, d.HeaderID)
	if err != nil {
		return at, err
	}
	if len(found) == 0 {
		return at, errNoBody
	}
	at.uid = found[len(found)-1]
	return at, nil
}
