package mailsync

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"sync"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// A batch is written when it holds this many messages or bytes: large enough that one durable commit is cheap a message,
// small enough that memory stays bounded and a crash loses little work.
const (
	batchMessages = 200
	batchBytes    = 4 << 20
)

// ingester parses and writes messages in batches while the next ones are read from the network: one batch is being filled,
// one is parsed and its bytes made durable, one gets its rows; one may wait between each two.
type ingester struct {
	*pass
	ctx    context.Context
	f      mail.Folder
	total  int
	bodies bool // complete rows instead of adding them

	batch []*raw
	bytes int64
	queue chan []*raw   // filled; nil asks for an ack
	ready chan []*raw   // parsed, bytes durable
	acks  chan struct{} // flush waits on it
	done  chan struct{}
	once  sync.Once

	mu    sync.Mutex
	err   error
	count int
}

func (p *pass) ingester(ctx context.Context, f mail.Folder, total int) *ingester {
	in := &ingester{pass: p, ctx: ctx, f: f, total: total, queue: make(chan []*raw, 1), ready: make(chan []*raw, 1), acks: make(chan struct{}), done: make(chan struct{})}
	go in.run()
	return in
}

func (in *ingester) run() {
	go func() {
		defer close(in.ready)
		for batch := range in.queue {
			if batch != nil && !in.attempt(batch, in.prepare) {
				continue
			}
			in.ready <- batch
		}
	}()
	defer close(in.done)
	for batch := range in.ready {
		if batch == nil {
			in.acks <- struct{}{}
			continue
		}
		in.attempt(batch, in.write)
	}
}

// attempt does one step with a batch; after a failure nothing more is written.
func (in *ingester) attempt(batch []*raw, step func([]*raw) error) bool {
	if in.failed() != nil {
		return false
	}
	err := step(batch)
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

// add takes one message over. An error is that of an earlier batch.
func (in *ingester) add(m *raw) error {
	in.batch = append(in.batch, m)
	in.bytes += m.size()
	if len(in.batch) >= batchMessages || in.bytes >= batchBytes {
		in.push()
	}
	return in.failed()
}

func (in *ingester) push() {
	if len(in.batch) > 0 {
		in.queue <- in.batch
		in.batch, in.bytes = nil, 0
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
	in.once.Do(func() { close(in.queue) })
	<-in.done
}

// prepare parses a batch and makes its bytes durable: they are there before the rows that name them.
func (in *ingester) prepare(batch []*raw) error {
	if err := in.parse(batch); err != nil {
		return err
	}
	return in.putBlobs(batch)
}

// write writes the rows of a batch.
func (in *ingester) write(batch []*raw) error {
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
		if _, err := in.st.Ingest(in.ctx, in.f.ID, rows); err != nil {
			return err
		}
		in.res.New += len(batch)
	}
	in.count += len(batch)
	if in.total > 0 {
		in.report(mail.Progress{Phase: mail.PhaseReceiving, Folder: in.f.Path, Done: in.count, Total: in.total})
	}
	return nil
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
	next := make(chan *raw)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		wg.Go(func() {
			for m := range next {
				if err := m.parse(in.ctx, in.st); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	for _, m := range batch {
		next <- m
	}
	close(next)
	wg.Wait()
	return first
}

// parse fills in the summary.
func (m *raw) parse(ctx context.Context, st *store.Store) error {
	switch {
	case m.body != nil:
		m.in.Summary = message.ParseBytes(m.body).Summary()
	case m.in.Blob != nil:
		b, err := st.OpenBlob(ctx, m.in.Blob.Hash)
		if err != nil {
			return err
		}
		defer b.Close()
		m.in.Summary = message.Parse(b, b.Size()).Summary()
	default:
		m.in.Summary = message.ParseHeader(m.in.Header).Summary()
	}
	return nil
}

// spool streams a large message into the store; head was read already.
func (m *raw) spool(ctx context.Context, st *store.Store, head []byte, rest *io.LimitedReader) error {
	ref, err := st.PutBlob(ctx, io.MultiReader(bytes.NewReader(head), rest))
	if err != nil {
		return err
	}
	if rest.N <= 0 {
		return errTooLarge
	}
	m.in.Blob = &ref
	return nil
}
