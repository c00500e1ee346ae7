package mailsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// Content parses a stored message. Content.Partial says that the body is not here yet; of one that is on its way there may be the text.
func (e *Engine) Content(ctx context.Context, id mail.MessageID) (mail.Content, error) {
	d, err := e.st.Details(ctx, id)
	if err != nil {
		return mail.Content{}, fmt.Errorf("open message %d: %w", id, err)
	}
	if d.Blob == nil {
		var c mail.Content
		if v := e.arrivals.find(id); v != nil {
			c = v.content()
		} else {
			c = message.ParseHeader(d.Header).Content()
		}
		c.Row, c.Partial = d.Row, true
		return c, nil
	}
	checks, err := e.st.Signatures(ctx, d.Blob.Hash)
	if err != nil {
		return mail.Content{}, fmt.Errorf("open message %d: %w", id, err)
	}
	if c, ok := e.contents.get(d.Blob.Hash); ok {
		c.Row, c.Signatures = d.Row, checks
		return c, nil
	}
	m, err := e.openMessage(ctx, d.Account, d.Blob.Hash)
	if err != nil {
		return mail.Content{}, fmt.Errorf("open message %d: %w", id, err)
	}
	defer m.Close()
	c := m.Content()
	if !m.piece {
		e.contents.put(d.Blob.Hash, c)
	}
	c.Row, c.Signatures = d.Row, checks
	return c, nil
}

// Want fetches the body of a message before anything else; it returns when it is in the store or ctx ends. tell, which may be nil, is
// told how far a large one is, from another goroutine.
func (e *Engine) Want(ctx context.Context, id mail.MessageID, tell func(mail.Arrival)) error {
	d, err := e.st.Details(ctx, id)
	if err != nil || d.HasBody {
		return err
	}
	if d.Local && d.UIDL == "" {
		return errors.New("the message's bytes are not on this computer and on no server")
	}
	w := e.worker(d.Account)
	if w == nil {
		return e.fetchNow(ctx, d.Account, id, tell)
	}
	at := spotOf(d)
	look := w.wants.outlook(ctx, e.st, at, d.Size)
	wt := w.wants.add(ctx, id, at, tell, look == soon || look == inTime && d.Size < piecesAbove)
	select {
	case err := <-wt.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-w.done:
		return errors.New("the account is not connected any more")
	}
}

// fetchNow fetches a body on a session of its own: no worker runs (the command line).
func (e *Engine) fetchNow(ctx context.Context, account mail.AccountID, id mail.MessageID, tell func(mail.Arrival)) error {
	a, err := e.st.Account(ctx, account)
	if err != nil {
		return err
	}
	p := newPass(e, a)
	p.wants = newWantQueue()
	w := p.wants.add(ctx, id, spot{}, tell, false)
	p.runWants(ctx)
	p.wants.failAll(errNoBody)
	return <-w.done
}

// Raw opens the bytes as received.
func (e *Engine) Raw(ctx context.Context, id mail.MessageID) (io.ReadCloser, error) {
	d, err := e.st.Details(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open message %d: %w", id, err)
	}
	if d.Blob == nil {
		return io.NopCloser(bytes.NewReader(d.Header)), nil
	}
	return e.st.OpenBlob(ctx, d.Blob.Hash)
}

// Part opens the decoded bytes of one part. Of a message that is not here whole it waits for the rest, unless ctx ends.
func (e *Engine) Part(ctx context.Context, id mail.MessageID, part string) (io.ReadCloser, error) {
	d, err := e.st.Details(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open message %d: %w", id, err)
	}
	if d.Blob == nil {
		return e.arrivingPart(ctx, id, part)
	}
	m, err := e.openMessage(ctx, d.Account, d.Blob.Hash)
	if err != nil {
		return nil, fmt.Errorf("open message %d: %w", id, err)
	}
	r, err := m.OpenPart(part)
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("message %d: %w", id, err)
	}
	return partReader{r, m}, nil
}

// partReader reads a part and closes what is behind it.
type partReader struct {
	io.Reader
	io.Closer
}

// cachedContents is how many parsed messages are kept, so that going back and forth in a list costs nothing.
const cachedContents = 24

// contentCache keeps parsed messages by the hash of their bytes; the oldest goes first.
type contentCache struct {
	mu    sync.Mutex
	byKey map[string]mail.Content
	order []string
}

func newContentCache() *contentCache { return &contentCache{byKey: map[string]mail.Content{}} }

func (c *contentCache) get(key string) (mail.Content, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.byKey[key]
	return v, ok
}

func (c *contentCache) put(key string, v mail.Content) {
	const large = 4 << 20
	if len(v.Text)+len(v.HTML) > large {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, have := c.byKey[key]; have {
		return
	}
	c.byKey[key] = v
	c.order = append(c.order, key)
	if len(c.order) > cachedContents {
		delete(c.byKey, c.order[0])
		c.order = c.order[1:]
	}
}
