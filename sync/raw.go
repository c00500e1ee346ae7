package mailsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// raw is a message on its way into the store.
type raw struct {
	in        mail.Incoming
	id        mail.MessageID    // the row that gets the body; 0: a new row
	shown     bool              // its row is here, made of its header
	contentID string            // the server's name for the bytes, "" for none
	body      []byte            // whole message in memory; nil when staged, in.Blob or in.Header holds it
	staged    *store.StagedBlob // whole message on the disk, not durable yet
}

func (m *raw) size() int64 {
	switch {
	case m.staged != nil:
		return m.staged.Ref.Size
	case m.in.Blob != nil:
		return m.in.Blob.Size
	}
	return int64(len(m.body) + len(m.in.Header))
}

// hash is the SHA-256 of the message, in hex; the body is here.
func (m *raw) hash() string {
	switch {
	case m.staged != nil:
		return m.staged.Ref.Hash
	case m.in.Blob != nil:
		return m.in.Blob.Hash
	}
	sum := sha256.Sum256(m.body)
	return hex.EncodeToString(sum[:])
}

// readBody takes the bytes from the network, into memory or (large) to the disk. size is what the server announced; some
// announce wrongly.
func (m *raw) readBody(ctx context.Context, st *store.Store, mem *arena, r io.Reader, size int64) error {
	lr := &io.LimitedReader{R: r, N: maxMessage + 1}
	var head []byte
	if size <= streamAbove {
		var err error
		if head, err = mem.read(lr, size, streamAbove+1); err != nil {
			return err
		}
		if len(head) <= streamAbove {
			m.body = head
			return nil
		}
	}
	b, err := st.StageBlob(ctx, io.MultiReader(bytes.NewReader(head), lr))
	if err != nil {
		return err
	}
	if lr.N <= 0 {
		b.Discard()
		return ErrTooLarge
	}
	m.staged = b
	return nil
}

// durable stores the bytes of a message that is in no batch.
func (m *raw) durable(ctx context.Context, st *store.Store) error {
	if m.staged != nil {
		if err := st.KeepBlobs(ctx, []*store.StagedBlob{m.staged}); err != nil {
			m.staged.Discard()
			return err
		}
		m.in.Blob, m.staged = &m.staged.Ref, nil
	}
	if m.in.Blob == nil {
		refs, err := st.PutBlobs(ctx, [][]byte{m.body})
		if err != nil {
			return err
		}
		m.in.Blob = &refs[0]
	}
	return nil
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
