package mailsync

import (
	"context"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// A batch is written when it holds this many messages or bytes: large enough that one durable commit is cheap a message,
// small enough that memory stays bounded and a crash loses little work.
const (
	batchMessages = 400
	batchBytes    = 3 << 19
	batchSpooled  = 64 << 20 // bytes of large messages, which are on the disk and only wait to be synced
	rowsWait      = 300 * time.Millisecond
	rowsText      = 1 << 19 // bytes of text that wait to be indexed
)

// ingester parses and writes messages in batches while the next ones are read from the network: one batch is being filled,
// one is parsed and its bytes made durable, one gets its rows; one may wait between each two.
type ingester struct {
	*pass
	ctx    context.Context
	to     *destination // of what comes
	bodies bool         // complete rows instead of adding them
	wrote  func([]*raw) // hears of messages that are durable; nil: nobody does

	batch *batch        // being filled
	mem   chan *arena   // for the next batches: while one is filled, the other is parsed and stored
	queue chan *batch   // filled; nil asks for an ack
	ready chan *batch   // parsed, bytes durable
	acks  chan struct{} // flush waits on it
	done  chan struct{}
	once  sync.Once

	mu  sync.Mutex
	err error
}

// destination is the folder that messages go to, and how many have come.
type destination struct {
	f            mail.Folder
	count, total int
}

// batch is some messages and the memory of those whose bytes are not in the store yet.
type batch struct {
	to      *destination
	msgs    []*raw
	mem     *arena
	spooled int64        // bytes
	then    func() error // is done when the messages have their rows; nil: nothing
}

func (p *pass) ingester(ctx context.Context, f mail.Folder, total int) *ingester {
	in := &ingester{pass: p, ctx: ctx, to: &destination{f: f, total: total}, batch: &batch{}, mem: make(chan *arena, 2),
		queue: make(chan *batch, 1), ready: make(chan *batch, 1), acks: make(chan struct{}), done: make(chan struct{})}
	for range cap(in.mem) {
		in.mem <- &arena{}
	}
	go in.run()
	return in
}

func (in *ingester) run() {
	go func() {
		defer close(in.ready)
		for b := range in.queue {
			if b != nil && !in.attempt(b, in.prepare) {
				b.discard()
				in.release(b)
				continue
			}
			in.release(b)
			in.ready <- b
		}
	}()
	defer close(in.done)
	in.writeRows()
}

// writeRows gives the messages of prepared batches their rows. A batch ends when its bytes fill the memory for them, which a few
// attachments do; a transaction costs the same for three rows as for three hundred, so rows wait a moment for those behind them.
func (in *ingester) writeRows() {
	rows := &batch{}
	text := 0
	late := time.NewTimer(rowsWait)
	defer late.Stop()
	flush := func() {
		if len(rows.msgs) > 0 {
			in.attempt(rows, in.write)
			rows, text = &batch{}, 0
		}
		late.Reset(rowsWait)
	}
	defer flush()
	for {
		select {
		case b, more := <-in.ready:
			if !more {
				return
			}
			if b == nil {
				flush()
				in.acks <- struct{}{}
				continue
			}
			if rows.to != b.to {
				flush()
				rows.to = b.to
			}
			for _, m := range b.msgs {
				text += len(m.in.Summary.Words)
			}
			if rows.msgs = append(rows.msgs, b.msgs...); len(rows.msgs) >= batchMessages || text >= rowsText || b.then != nil {
				flush()
			}
			if b.then != nil {
				in.attempt(b, func(b *batch) error { return b.then() })
			}
		case <-late.C:
			flush()
		}
	}
}

// attempt does one step with a batch; after a failure nothing more is written.
func (in *ingester) attempt(b *batch, step func(*batch) error) bool {
	if in.failed() != nil {
		return false
	}
	err := step(b)
	if err != nil {
		in.mu.Lock()
		if in.err == nil {
			in.err = err
		}
		in.mu.Unlock()
	}
	return err == nil
}

func (in *ingester) failed() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.err
}

// read reads the bytes of a message that add will take over next.
func (in *ingester) read(m *raw, r io.Reader, size int64) error {
	if mem := in.batch.mem; mem != nil && int64(len(mem.buf))+min(size, streamAbove) >= arenaBytes {
		if len(in.batch.msgs) == 0 {
			mem.reset() // what was read was not wanted
		}
		in.push()
	}
	if in.batch.mem == nil {
		in.batch.mem = <-in.mem
	}
	return m.readBody(in.ctx, in.st, in.batch.mem, r, size)
}

// add takes one message over. An error is that of an earlier batch.
func (in *ingester) add(m *raw) error {
	b := in.batch
	b.msgs = append(b.msgs, m)
	if m.staged != nil {
		b.spooled += m.staged.Ref.Size
	}
	if len(b.msgs) >= batchMessages || b.mem != nil && len(b.mem.buf) >= batchBytes || b.spooled >= batchSpooled {
		in.push()
	}
	return in.failed()
}

func (in *ingester) push() {
	if len(in.batch.msgs) > 0 {
		in.batch.to = in.to
		in.queue <- in.batch
		in.batch = &batch{}
	}
}

// into sends what comes from now on to another folder.
func (in *ingester) into(f mail.Folder, total int) {
	in.push()
	in.to = &destination{f: f, total: total}
}

// back sends what comes from now on to where it went before.
func (in *ingester) back(to *destination) {
	in.push()
	in.to = to
}

// then does something when everything added so far has its rows, in the goroutine that writes them; not after a failure. Without
// waiting: the network goes on meanwhile.
func (in *ingester) then(fn func() error) {
	in.push()
	in.queue <- &batch{to: in.to, then: fn}
}

// release gives the memory of a batch to the next one.
func (in *ingester) release(b *batch) {
	if b != nil && b.mem != nil {
		b.mem.reset()
		in.mem <- b.mem
		b.mem = nil
	}
}

// discard removes what a batch that is not written has put on the disk.
func (b *batch) discard() {
	for _, m := range b.msgs {
		m.staged.Discard()
	}
}

// flush returns when everything added so far is durable.
func (in *ingester) flush() error {
	in.push()
	in.queue <- nil
	<-in.acks
	return in.failed()
}

// finish writes the rest and ends the ingester.
func (in *ingester) finish() error {
	in.push()
	in.stop()
	return in.failed()
}

// stop ends the ingester without the batch that is being filled; what was queued is still written.
func (in *ingester) stop() {
	in.once.Do(func() {
		close(in.queue)
		in.batch.discard()
	})
	<-in.done
}

// prepare parses a batch and makes its bytes durable: they are there before the rows that name them. While large messages are
// brought to the disk, which is waiting mostly, those in memory are parsed and stored.
func (in *ingester) prepare(b *batch) error {
	var large, small []*raw
	for _, m := range b.msgs {
		if m.staged != nil {
			large = append(large, m)
		} else {
			small = append(small, m)
		}
	}
	kept := make(chan error, 1)
	go func() { kept <- in.keep(large) }()
	err := in.parse(small)
	if err == nil {
		err = in.putBlobs(small)
	}
	if kerr := <-kept; kerr != nil {
		return kerr
	}
	if err == nil {
		err = in.parse(large)
	}
	return err
}

// keep makes large messages durable.
func (in *ingester) keep(large []*raw) error {
	staged := make([]*store.StagedBlob, len(large))
	for i, m := range large {
		staged[i] = m.staged
	}
	if err := in.st.KeepBlobs(in.ctx, staged); err != nil {
		return err
	}
	for _, m := range large {
		m.in.Blob, m.staged = &m.staged.Ref, nil
	}
	return nil
}

// write writes the rows of a batch.
func (in *ingester) write(b *batch) error {
	batch := b.msgs
	came, mails := 0, 0
	if in.bodies {
		bodies := make([]store.Body, len(batch))
		for i, m := range batch {
			bodies[i] = store.Body{ID: m.id, Blob: *m.in.Blob, Summary: m.in.Summary}
		}
		if err := in.st.SetBodies(in.ctx, bodies); err != nil {
			return err
		}
	} else {
		rows := make([]mail.Incoming, len(batch))
		for i, m := range batch {
			rows[i] = m.in
		}
		if _, err := in.st.Ingest(in.ctx, b.to.f.ID, rows); err != nil {
			return err
		}
		came, mails = news(b, rows)
	}
	if err := in.rememberContent(batch); err != nil {
		return err
	}
	in.answer(b)
	if in.wrote != nil {
		in.wrote(batch)
	}
	come := 0
	for _, m := range batch {
		if !m.shown {
			come++
		}
	}
	in.counting.Lock()
	in.res.New += came
	in.res.Mail += mails
	in.counting.Unlock()
	if b.to.count += come; b.to.total > 0 {
		in.report(mail.Progress{Phase: mail.PhaseReceiving, Folder: b.to.f.Path, Done: b.to.count, Total: b.to.total})
	}
	return nil
}

// news counts what a batch brought that was not here, and how much of that is new mail.
func news(b *batch, rows []mail.Incoming) (came, mails int) {
	for i, m := range b.msgs {
		if m.shown || rows[i].Adopted {
			continue
		}
		came++
		if b.to.f.Role.Receives() && !m.in.Flags.Has(mail.FlagSeen) && !m.in.Flags.Has(mail.FlagDraft) {
			mails++
		}
	}
	return came, mails
}

func (in *ingester) putBlobs(batch []*raw) error {
	var bodies [][]byte
	var who []*raw
	for _, m := range batch {
		if m.body != nil && m.in.Blob == nil {
			bodies = append(bodies, m.body)
			who = append(who, m)
		}
	}
	if len(bodies) == 0 {
		return nil
	}
	refs, err := in.st.PutBlobs(in.ctx, bodies)
	if err != nil {
		return err
	}
	for i := range refs {
		who[i].in.Blob = &refs[i]
		who[i].body = nil
	}
	return nil
}

// parse summarises a batch on as many cores as there are.
func (in *ingester) parse(batch []*raw) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(batch); i = int(next.Add(1)) - 1 {
				m := batch[i]
				err := m.parse(in.ctx, in.st)
				sum := &m.in.Summary
				sum.Words, sum.Text = store.Words(sum), ""
				if err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return first
}
