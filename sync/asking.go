package mailsync

import (
	"context"
	"io"
	"slices"

	"peyk/internal/mail"
)

// asking tells the queue of wishes what a command after the other asks for.
type asking struct {
	s      *folderSync
	in     *ingester
	chunks [][]mail.UID // ascending each
	sent   int
}

// next says that the next chunk is asked for.
func (a *asking) next() bool {
	if a.sent < len(a.chunks) {
		a.s.wants.expect(a.s.f.ID, a.chunks[a.sent])
		a.sent++
	}
	return true
}

// free reports whether nothing of the next chunk is brought out of turn.
func (a *asking) free() bool {
	if a.sent >= len(a.chunks) {
		return true
	}
	chunk := a.chunks[a.sent]
	return !slices.ContainsFunc(a.s.wants.outOfTurn(a.s.f.ID), func(u mail.UID) bool {
		_, in := slices.BinarySearch(chunk, u)
		return in
	})
}

// over says that nothing more comes of what was asked for. What has come is still to be written, unless all is over.
func (a *asking) over(all bool) {
	a.s.wants.unexpect(func(in *inbound) bool { return in.at.folder == a.s.f.ID && (all || !in.here) })
}

// not says that a message is not taken.
func (a *asking) not(uid mail.UID) {
	at := spot{a.s.f.ID, uid}
	a.s.wants.unexpect(func(in *inbound) bool { return in.at == at })
}

// has says that a message is here.
func (a *asking) has(uid mail.UID, size int64) {
	a.s.wants.has(spot{a.s.f.ID, uid}, size, a.s.pace.bytes/max(1, a.s.pace.messages), a.s.line.moment())
	a.in.hurry()
}

// hurry has what came written now where somebody waits for it, not with the next batch. It belongs to the goroutine that adds messages.
func (in *ingester) hurry() {
	if in != nil && in.wants.hurry() {
		in.then(func() error { return nil })
	}
}

// answer tells those who wait for messages of a batch that these are in the store.
func (in *ingester) answer(b *batch) {
	if in.wants == nil {
		return
	}
	uids := make([]mail.UID, 0, len(b.msgs))
	for _, m := range b.msgs {
		if m.in.Blob != nil && m.in.UID != 0 {
			uids = append(uids, m.in.UID)
		}
	}
	for _, id := range in.wants.stored(b.to.f.ID, uids) {
		in.e.arrivals.came(id)
	}
}

// takeTheirs are the messages that were left out and that nobody asks for any more, though they did not come. What somebody still asks for
// is looked for by the next pass.
func (s *folderSync) takeTheirs() []mail.UID {
	slices.Sort(s.theirs)
	left := subtract(slices.Compact(s.theirs), s.wants.outOfTurn(s.f.ID))
	s.theirs = nil
	return left
}

// leaveOut divides what is still to be fetched whole from what is brought out of turn. Only what has a row can be.
func (s *folderSync) leaveOut(ctx context.Context, uids []mail.UID) (left, theirs []mail.UID, err error) {
	theirs = s.wants.outOfTurn(s.f.ID)
	theirs = slices.DeleteFunc(theirs, func(u mail.UID) bool { _, in := slices.BinarySearch(uids, u); return !in })
	if len(theirs) == 0 {
		return uids, nil, nil
	}
	rows, err := s.st.RowsByUID(ctx, s.f.ID, theirs)
	if err != nil {
		return nil, nil, err
	}
	theirs = slices.DeleteFunc(theirs, func(u mail.UID) bool { return rows[u].ID == 0 })
	return subtract(uids, theirs), theirs, nil
}

// watched is a body of some size on its way.
type watched struct {
	io.Reader
	in   *ingester
	at   spot
	size int64
	done int64
}

// watch has whoever waits for a body on its way told how far it is.
func (a *asking) watch(uid mail.UID, body io.Reader, size int64) io.Reader {
	if a.s.wants == nil || size < piecesAbove {
		return body
	}
	return &watched{Reader: body, in: a.in, at: spot{a.s.f.ID, uid}, size: size}
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.done += int64(n)
	if sv := w.in.wants.comes(w.at, int64(n)); sv != nil {
		sv.tell(mail.Arrival{Done: w.done, Total: w.size, Readable: w.in.e.arrivals.readable(sv.id)})
	}
	if w.size > streamAbove { // it goes to the disk: the batch at hand can be written meanwhile
		w.in.hurry()
	}
	return n, err
}
