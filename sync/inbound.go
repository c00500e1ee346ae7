package mailsync

import (
	"cmp"
	"context"
	"slices"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// A pass asks for many bodies at a time, and a server cannot be told to leave one out that it was asked for. So who opens a message that
// is on its way waits for that, unless asking once more is quicker; and what was asked for out of turn is left out by the pass. Either way
// its bytes cross the line once.

const (
	// soonEnough is how long a message on its way may take in the eyes of who waits for it, in moments of the meter.
	soonEnough = 15
	// awaitTick is how long nothing may come at all before who waits for a message on its way has it asked for again.
	awaitTick = 2 * time.Second
)

// spot is where the row of a message stands.
type spot struct {
	folder mail.FolderID
	uid    mail.UID // 0: it has none
}

func spotOf(d store.Details) spot { return spot{d.Folder, d.UID} }

// inbound is a body that a pass has asked for and that is not in the store yet.
type inbound struct {
	at    spot
	came  int64    // bytes
	here  bool     // all of them: it is being written
	ended bool     // it is in the store, or will not come
	of    *service // who waits for it; nil: nobody
}

// stream is what comes of a pass. wantQueue.mu guards it.
type stream struct {
	order   []*inbound // as they were asked for
	by      map[spot]*inbound
	settled map[spot]bool // what was brought out of turn while the pass went on
	running bool          // there is a pass
	typical int64         // bytes of a message
	speed   int64         // bytes in a moment of the meter; 0: not known
	came    int64         // bytes of everything
	hurried bool          // somebody waits for what is here and not written
	behind  *behind       // what is to be listed; nil: nothing
}

// outlook is what can be said about a message that somebody waits for.
type outlook int

const (
	notInbound outlook = iota
	farOff             // it is on its way, but asking for it once more is quicker
	inTime             // it takes a while, and asking once more would take as long
	soon
)

// beginStream says that a pass begins to receive.
func (q *wantQueue) beginStream() {
	if q == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stream = stream{by: map[spot]*inbound{}, settled: map[spot]bool{}, running: true}
}

// endStream says that nothing more comes of the pass. Who still waits is put back.
func (q *wantQueue) endStream() {
	if q == nil {
		return
	}
	q.unexpect(func(*inbound) bool { return true })
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stream = stream{}
}

// expect says that bodies have been asked for, in that order.
func (q *wantQueue) expect(folder mail.FolderID, uids []mail.UID) {
	if q == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	st := &q.stream
	if !st.running {
		return
	}
	for _, u := range uids {
		at := spot{folder, u}
		if st.by[at] == nil {
			in := &inbound{at: at}
			st.by[at] = in
			st.order = append(st.order, in)
		}
	}
}

// comes says that some bytes of a body have come; the service returned, which may be nil, is whoever waits for it.
func (q *wantQueue) comes(at spot, n int64) *service {
	if q == nil {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	in := q.stream.by[at]
	if in == nil {
		return nil
	}
	in.came += n
	q.stream.came += n
	return in.of
}

// has says that all of a body has come, and how messages come at present.
func (q *wantQueue) has(at spot, size, typical, speed int64) {
	if q == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	st := &q.stream
	st.typical, st.speed = typical, speed
	if in := st.by[at]; in != nil {
		st.came += max(0, size-in.came)
		in.here = true
		st.hurried = st.hurried || in.of != nil
	}
}

// hurry reports, once, whether somebody waits for what has come and is not written.
func (q *wantQueue) hurry() bool {
	if q == nil {
		return false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.stream.hurried
	q.stream.hurried = false
	return h
}

// stored says that bodies are in the store now, and answers who waited for them. Who asks for one of them by itself hears of it, too.
func (q *wantQueue) stored(folder mail.FolderID, uids []mail.UID) (answered []mail.MessageID) {
	if q == nil {
		return nil
	}
	var done []*service
	q.mu.Lock()
	for _, u := range uids {
		at := spot{folder, u}
		if in := q.end(at); in != nil && in.of != nil {
			done = append(done, in.of)
		}
		for _, s := range q.serving {
			if s.at == at {
				s.stored = true
			}
		}
	}
	q.mu.Unlock()
	for _, s := range done {
		s.finish(nil)
		answered = append(answered, s.id)
	}
	return answered
}

// end takes a body off the list of what is on its way. q.mu is held.
func (q *wantQueue) end(at spot) *inbound {
	st := &q.stream
	in := st.by[at]
	if in == nil {
		return nil
	}
	in.ended = true
	delete(st.by, at)
	if len(st.by) == 0 {
		st.order = nil
	}
	for len(st.order) > 0 && st.order[0].ended {
		st.order = st.order[1:]
	}
	return in
}

// unexpect says that what is chosen does not come. Who waits for any of it is put back.
func (q *wantQueue) unexpect(choose func(*inbound) bool) {
	if q == nil {
		return
	}
	var lost []*service
	q.mu.Lock()
	for _, in := range slices.Clone(q.stream.order) {
		if in.ended || !choose(in) {
			continue
		}
		q.end(in.at)
		if in.of != nil {
			lost = append(lost, in.of)
		}
	}
	q.mu.Unlock()
	for _, s := range lost {
		s.putBack()
	}
}

// outOfTurn lists the bodies of a folder that are asked for by themselves, or were brought so: a pass leaves them out. Ascending.
func (q *wantQueue) outOfTurn(folder mail.FolderID) []mail.UID {
	if q == nil {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.stream.running || len(q.items)+len(q.serving)+len(q.stream.settled) == 0 {
		return nil
	}
	var out []mail.UID
	add := func(at spot) {
		if at.folder == folder && at.uid != 0 && q.stream.by[at] == nil {
			out = append(out, at.uid)
		}
	}
	for _, w := range q.items {
		add(w.at)
	}
	for _, s := range q.serving {
		add(s.at)
	}
	for at := range q.stream.settled {
		add(at)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// outlook says what is to be expected of a message of which size bytes are still to be asked for.
func (q *wantQueue) outlook(ctx context.Context, st *store.Store, at spot, size int64) outlook {
	before, came, known := q.before(at)
	if !known {
		return notInbound
	}
	q.mu.Lock()
	speed, typical := q.stream.speed, q.stream.typical
	q.mu.Unlock()
	left := max(0, size-came)
	rows, err := st.RowsByUID(ctx, at.folder, before)
	if err != nil {
		rows = nil // by what is typical
	}
	for _, u := range before {
		left += cmp.Or(rows[u].Size, typical)
	}
	return lookAhead(left, size, speed)
}

// lookAhead says what is to be expected of a message when left bytes come until it is here, of which it is not known how quickly where speed
// is 0. Asked for by itself it would cost size bytes.
func lookAhead(left, size, speed int64) outlook {
	switch {
	case left <= soonEnough*speed:
		return soon
	case speed == 0, left <= 2*size: // both would share the line
		return inTime
	}
	return farOff
}

// before lists what comes before a body that is on its way, and how much of it has come.
func (q *wantQueue) before(at spot) (uids []mail.UID, came int64, known bool) {
	if q == nil {
		return nil, 0, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	it := q.stream.by[at]
	if it == nil {
		return nil, 0, false
	}
	if !it.here {
		for _, in := range q.stream.order {
			if in == it {
				break
			}
			if !in.ended && !in.here {
				uids = append(uids, in.at.uid)
			}
		}
	}
	return uids, it.came, true
}

// await leaves a service to the body that is on its way. It is false when that is not so any more: the body may be in the store.
func (q *wantQueue) await(s *service) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.attach(s)
}

// attach is await; q.mu is held.
func (q *wantQueue) attach(s *service) bool {
	in := q.stream.by[s.at]
	if in == nil || in.of != nil || s.alone {
		return false
	}
	in.of = s
	q.stream.hurried = q.stream.hurried || in.here
	s.seen = q.stream.came
	s.watch = time.AfterFunc(q.tick, s.look)
	return true
}

// look has a message asked for by itself when nothing came for a while: the connection that is to bring it may be dead.
func (s *service) look() {
	q := s.q
	q.mu.Lock()
	in := q.stream.by[s.at]
	if in == nil || in.of != s { // answered or put back this moment
		q.mu.Unlock()
		return
	}
	if q.stream.came != s.seen {
		s.seen = q.stream.came
		s.watch.Reset(q.tick)
		q.mu.Unlock()
		return
	}
	in.of = nil
	for _, w := range s.wants {
		w.alone = true
	}
	q.mu.Unlock()
	s.putBack()
}

// arrived reports whether a pass has brought the message while it was being asked for.
func (s *service) arrived() bool {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	return s.stored
}
