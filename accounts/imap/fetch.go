package imap

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Fetch implements remote.Mailboxes. Message bodies are streamed from the connection: fn reads while the message arrives.
// When fn returns an error, what still comes is read and thrown away, up to a few megabytes; if more is coming, the
// connection is dropped and the next verb opens another.
func (c *Client) Fetch(ctx context.Context, path string, set []remote.UIDRange, want remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	poisoned, _, err := c.FetchNext(ctx, path, [][]remote.UIDRange{set}, want, nil, nil, fn)
	return poisoned, err
}

// FetchEach implements remote.Mailboxes.
func (c *Client) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) (poisoned []remote.Poisoned, done int, err error) {
	return c.FetchNext(ctx, path, sets, want, more, nil, fn)
}

// FetchFlags implements remote.Mailboxes.
func (c *Client) FetchFlags(ctx context.Context, path string, sample *remote.Sample, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	poisoned, _, err := c.fetch(ctx, &fetching{path: path, want: remote.WantFlags, fn: fn, sample: sample}, [][]remote.UIDRange{{{First: 1}}}, nil)
	return poisoned, err
}

// FetchNext implements remote.Nexter.
func (c *Client) FetchNext(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, then func() []remote.Visit, fn func(remote.Fetched) error) (poisoned []remote.Poisoned, done int, err error) {
	return c.fetch(ctx, &fetching{path: path, want: want, fn: fn, then: then}, sets, more)
}

func (c *Client) fetch(ctx context.Context, f *fetching, sets [][]remote.UIDRange, more func() bool) (poisoned []remote.Poisoned, done int, err error) {
	s, validity, end, err := c.beginFetch(ctx, f.path, sets, f.want)
	if err != nil {
		return nil, 0, err
	}
	defer end()
	if len(sets) == 0 || len(sets) == 1 && len(sets[0]) == 0 {
		return nil, len(sets), nil
	}
	if err := c.ensure(ctx, s, f.path); err != nil {
		return nil, 0, err
	}
	f.s, f.validity = s, cmp.Or(validity, s.state.UIDValidity)
	if err := f.same(); err != nil {
		return nil, 0, err
	}
	sets = slices.Clone(sets)
	for i := range sets {
		if sets[i], err = s.whole(ctx, sets[i]); err != nil {
			return nil, 0, err
		}
	}
	s.cut = false
	err = f.understood(func() error { return c.runFirst(ctx, f, sets, more) })
	f.then, f.sample = nil, nil // what has to be done again is done alone
	if err == nil && f.unknown == 0 && f.stop == nil {
		if s.cut {
			err = c.comeBack(ctx, f)
		}
		if err == nil {
			err = f.complete(ctx, slices.Concat(sets[:f.done]...))
		}
	}
	if f.stop != nil {
		c.dropped = s.w.isClosed() && ctx.Err() == nil
		return f.poisoned, f.done, f.stop
	}
	if err == nil && f.unknown == 0 {
		return f.poisoned, f.done, nil
	}
	if ctx.Err() != nil {
		return f.poisoned, f.done, err
	}
	// Of several sets, the one that failed and those asked for behind it are gone over again; so are those before it, of which
	// nothing is missing.
	done = min(f.done+maxFetchAhead, len(sets))
	err = c.isolate(ctx, f, slices.Concat(sets[:done]...), err)
	return f.poisoned, done, err
}

// beginFetch is begin; what was asked for ahead stays to be read when it is what is wanted now. validity is the UIDVALIDITY that the caller
// knows the mailbox by; 0: it does not.
func (c *Client) beginFetch(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want) (s *session, validity uint32, end func(), err error) {
	step := "fetch from " + path
	s, end, err = c.take(ctx, step)
	if err != nil {
		return nil, 0, nil, err
	}
	validity = c.known[path].UIDValidity
	if !s.behind() || s.serves(path, sets, want) {
		return s, validity, end, nil
	}
	if ok, err := c.follow(ctx, s, path, sets, want); ok {
		return s, validity, end, nil
	} else if err != nil {
		c.dropped = s.w.isClosed() && ctx.Err() == nil // what was asked for ahead may be why
	}
	end()
	s, end, err = c.begin(ctx, step)
	return s, validity, end, err
}

// fetching is one Fetch, over one or more sessions.
type fetching struct {
	s        *session
	path     string
	want     remote.Want
	fn       func(remote.Fetched) error
	validity uint32
	then     func() []remote.Visit // what is asked behind the last set; nil: nothing
	sample   *remote.Sample        // what is asked with the first run; nil: nothing
	extras   bool                  // items of extensions were asked for

	set       []remote.UIDRange // of the run under way
	done      int               // sets that were answered whole
	delivered []mail.UID        // in the order they came, poisoned ones included
	poisoned  []remote.Poisoned
	unknown   int   // answers that could not be read and did not say of which message
	junk      int64 // bytes of answers that could not be read, in the run under way
	bulk      int64 // bytes of all answers, without the bodies that passed through
	strange   int64 // bytes of bodies that nobody asked for
	bodies    int   // how many came
	stop      error // fn's

	answers, most int // how many answers came, and may come

	held *half              // see halves.go
	told map[mail.UID]items // likewise

	taken    *items // the message whose body the hook has given away or spooled
	spooled  *spool
	stopSize int64
	literal  int64 // bytes announced for it
	twice    bool  // the answer had another body
}

// visits are asked for behind the last set.
func (f *fetching) visits() []*visit {
	then := f.then
	if f.then = nil; then == nil {
		return nil
	}
	return f.s.newVisits(then())
}

// drainAfterStop is how much of an answer is read and thrown away rather than losing the connection, and drainSet how much more for each
// set that came in the last moment.
const (
	drainAfterStop = 4 << 20
	drainSet       = 1 << 20
)

// runFirst is runSets, unless the sets are on their way already.
func (c *Client) runFirst(ctx context.Context, f *fetching, sets [][]remote.UIDRange, more func() bool) error {
	u := f.s.unread
	if u == nil || u.begins(sets, f.want) {
		return f.runSets(ctx, sets, more)
	}
	u.cmd.handle = f.handle
	if err := f.s.sendVisits(ctx, f.visits()); err != nil {
		return err
	}
	finish := f.listen(u.set)
	st, err := f.s.read(ctx, u)
	finish(err)
	if err == nil && st.typ != "OK" { // refused, perhaps only because it came early
		if err = c.comeBack(ctx, f); err == nil {
			f.then = nil
			err = f.runSets(ctx, sets, more)
		}
		return err
	}
	if err == nil {
		f.done = len(sets)
	}
	return err
}

// understood runs a fetch, and again without the items of extensions where the server does not understand it, see search. Where that is not understood
// either it was not for them.
func (f *fetching) understood(run func() error) error {
	before := len(f.delivered)
	err := run()
	if !f.extras || len(f.delivered) > before || !notUnderstood(err) {
		return err
	}
	f.s.plain = true
	if err = run(); notUnderstood(err) {
		f.s.plain = false
	}
	return err
}

// run fetches set on the current session.
func (f *fetching) run(ctx context.Context, set []remote.UIDRange) error {
	return f.runSets(ctx, [][]remote.UIDRange{set}, nil)
}

// runSets fetches sets one after the other on the current session, while more agrees. What is unread is the answer about the first.
func (f *fetching) runSets(ctx context.Context, sets [][]remote.UIDRange, more func() bool) error {
	f.unknown, f.done = 0, 0
	query := " (" + f.query(f.s.condstore && f.s.state.HighestMod > 0) + ")"
	var cmds []*command
	var endsSet []int // sets that are complete with each command
	sent := f.s.unread
	for i, set := range sets {
		if i == 0 && sent != nil {
			sent.cmd.handle = f.handle
			cmds, endsSet = append(cmds, sent.cmd), append(endsSet, 1)
			continue
		}
		for _, ch := range f.s.chunks(set) {
			cmds = append(cmds, &command{step: "fetch from " + f.path, text: "UID FETCH " + ch.text + query, handle: f.handle,
				maxUnits: 1 << 20, ownBulk: true})
			endsSet = append(endsSet, i)
		}
		if n := len(endsSet); n > 0 {
			endsSet[n-1] = i + 1
		}
	}
	of := len(cmds)
	if c := f.s.sampling(f.path, f.sample); c != nil {
		cmds = append(cmds, c)
	}
	ahead := func(int) int { return len(cmds) }
	if len(sets) > 1 {
		f.s.fetches.come = 0
		ahead = f.s.fetches.ahead
	}
	finish := f.listen(slices.Concat(sets...))
	answers, err := f.s.runAhead(ctx, flight{cmds: cmds, first: sent, ahead: ahead, more: more, then: f.visits})
	finish(err)
	for i, st := range answers[:min(of, len(answers))] { // the sample may fail
		if st == nil {
			break
		}
		if st.typ != "OK" {
			if err == nil {
				err = f.s.refused(cmds[i].step, st)
			}
			break
		}
		f.done = endsSet[i]
	}
	return err
}

// listen gets ready for the answers about set; the returned function ends that, with what ended it.
func (f *fetching) listen(set []remote.UIDRange) (finish func(error)) {
	f.set = set
	f.answers, f.most, f.junk, f.bulk, f.strange, f.bodies = 0, f.allowed(), 0, 0, 0, 0
	if f.want == remote.WantBody {
		f.s.r.hook = f.body
	}
	return func(err error) {
		f.s.r.hook = nil
		if err == nil {
			f.release()
		}
		f.forget()
		f.spooled.remove()
		f.spooled, f.taken = nil, nil
	}
}

func (f *fetching) query(modseq bool) string {
	q := "UID FLAGS"
	if modseq = modseq && !f.s.plain; modseq {
		q += " MODSEQ"
	}
	content, thread := f.s.objectNames()
	f.extras = modseq || content+thread != ""
	if content != "" && (f.want == remote.WantBody || f.want == remote.WantContentID) {
		q += " " + content
	}
	if thread != "" && f.want != remote.WantFlags {
		q += " " + thread
	}
	switch f.want {
	case remote.WantContentID:
		q += " INTERNALDATE RFC822.SIZE"
	case remote.WantHeader:
		q += " INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]"
	case remote.WantBody:
		q += " INTERNALDATE RFC822.SIZE BODY.PEEK[]"
	}
	return q
}

// missing is what of uids has not been delivered.
func (f *fetching) missing(uids []mail.UID) []mail.UID {
	have := make(map[mail.UID]bool, len(f.delivered))
	for _, u := range f.delivered {
		have[u] = true
	}
	return slices.DeleteFunc(slices.Clone(uids), func(u mail.UID) bool { return have[u] })
}

// handle gets each response of the command.
func (f *fetching) handle(p *response) (bool, error) {
	if p.typ != "FETCH" {
		return false, nil
	}
	if f.answers++; f.tooBulky(p) {
		return true, errTooMuch
	}
	if f.stop != nil {
		if f.s.w.bytesIn() > f.stopSize+drainAfterStop {
			return true, f.stop
		}
		return true, nil
	}
	taken, spooled := f.taken, f.spooled
	f.taken, f.spooled = nil, nil
	defer spooled.remove()
	if taken != nil && spooled == nil {
		f.checkEnd(p, taken) // delivered while it was read
		return true, nil
	}
	var it items
	err := it.read(p, false)
	if spooled != nil {
		it.hasContent, it.named = true, true
	}
	if err == nil {
		err = p.broken
	}
	if err != nil {
		if f.junk += p.size; f.junk > maxJunk {
			return true, errTooMuch
		}
	}
	f.take(&it, spooled, err)
	return true, nil
}

// take delivers what a response has of a message that was asked for; err is why the response cannot be read.
func (f *fetching) take(it *items, spooled *spool, err error) {
	if f.sample != nil && tells(f.sample, it) && !it.hasFlags {
		return
	}
	if err != nil && it.uid == 0 {
		f.unknown++
		return
	}
	if it.uid == 0 || !contains(f.set, it.uid) {
		// Not asked for: a change by others. Except that "100:*" always names the newest message, even when it is number 3
		// (RFC 9051 §6.4.9).
		f.s.dirty = f.s.dirty || it.uid == 0 || !openEnded(f.set)
		return
	}
	flagsOnly := f.want == remote.WantFlags || f.want == remote.WantContentID
	if err == nil && !flagsOnly && !it.hasContent {
		if !it.named {
			f.s.dirty = true // only flags: somebody changed them meanwhile
			f.besides(it)
			return
		}
		err = errors.New("the server gave no content for it")
	}
	if err == nil && flagsOnly && !it.hasFlags {
		return
	}
	if err != nil {
		f.poison(it.uid, err)
		return
	}
	if !flagsOnly && !f.known(it) {
		f.hold(it, spooled)
		return
	}
	f.deliver(it, spooled)
}

// checkEnd looks at what follows a body that was delivered already. When it cannot be read, and the body has not the size that the
// server gives for the message, then the server announced a wrong number of bytes: what was delivered is not the message, and the
// answers behind it may be lost in it.
func (f *fetching) checkEnd(p *response, taken *items) {
	var whole items
	twice := f.twice
	f.twice = false
	if taken.uid == 0 || !twice && (whole.read(p, false) == nil || taken.size == f.literal && taken.size > 0) {
		return
	}
	f.unknown++
	f.poison(taken.uid, fmt.Errorf("the server announced %d bytes for it, which is not what it sent", f.literal))
}

func (f *fetching) poison(uid mail.UID, err error) {
	f.delivered = append(f.delivered, uid)
	f.poisoned = append(f.poisoned, remote.Poisoned{UID: uid, Err: fmt.Errorf("message %d of %s: %w", uid, f.path, err)})
}

func (f *fetching) deliver(it *items, sp *spool) {
	m := f.message(it)
	switch f.want {
	case remote.WantHeader:
		m.Header = it.content
	case remote.WantBody:
		if sp != nil {
			m.Body, m.BodySize = sp.reader(), sp.size
		} else {
			m.Body, m.BodySize = bytes.NewReader(it.content), int64(len(it.content))
		}
	}
	f.call(m)
}

func (f *fetching) message(it *items) remote.Fetched {
	return remote.Fetched{FlagState: mail.FlagState{UID: it.uid, Flags: it.flags, ModSeq: it.modseq}, Received: it.received, Size: it.size, ContentID: it.contentID,
		ThreadID: it.threadID}
}

func (f *fetching) call(m remote.Fetched) {
	if err := f.fn(m); err != nil {
		f.stop = err
		f.stopSize = f.s.w.bytesIn()
		return
	}
	f.delivered = append(f.delivered, m.UID)
}

// body is asked at each literal of the answers. When the message is known by now, its body goes to fn straight from the
// connection; otherwise it is put aside until the rest of the answer has come.
func (f *fetching) body(text []byte, lits [][]byte, size int64, l *literal) (bool, error) {
	if !endsWithContent(text) {
		return false, nil
	}
	if f.taken != nil {
		// A second body in one answer: the first one has swallowed the beginning of another answer.
		f.twice = true
		return true, nil
	}
	f.literal = size
	if f.stop != nil {
		return true, f.tooMuchLeft(size)
	}
	p := response{text: text, lits: lits}
	p.classify()
	var it items
	if p.typ != "FETCH" {
		return false, nil
	}
	err := it.read(&p, true)
	if err != nil || it.uid == 0 || !f.known(&it) {
		f.taken = &it
		f.spooled, err = newSpool(l, size)
		return true, err
	}
	f.taken = &it
	asked := contains(f.set, it.uid)
	if err := f.unwanted(size, asked); err != nil || !asked {
		return true, err
	}
	m := f.message(&it)
	m.Body, m.BodySize = l, size
	f.call(m)
	// A body that broke off is the connection's failure, whatever fn made of it.
	if l.err != nil {
		if f.stop != nil {
			f.stop = nil
		} else {
			f.delivered = f.delivered[:len(f.delivered)-1]
		}
		return true, l.err
	}
	if f.stop != nil {
		return true, f.tooMuchLeft(l.left)
	}
	return true, nil
}

// tooMuchLeft ends the connection when skipping a literal would cost more than a new one.
func (f *fetching) tooMuchLeft(n int64) error {
	if n > drainAfterStop {
		return f.stop
	}
	return nil
}

// endsWithContent reports whether the next literal is a message body.
func endsWithContent(text []byte) bool {
	t := bytes.TrimRight(text, " ~")
	i := bytes.LastIndexAny(t, " (")
	return i >= 0 && isContent(t[i+1:])
}
