package mailsync

import (
	"context"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// opened is a message parsed from the store, with the blobs it reads from.
type opened struct {
	*message.Message
	blobs []store.Blob
	// piece: the message is a message/partial. What it shows depends on what else is in the store.
	piece bool
}

// Close closes the blobs.
func (o *opened) Close() error {
	var first error
	for _, b := range o.blobs {
		if err := b.Close(); err != nil && first == nil {
			first = err
		}
	}
	o.blobs = nil
	return first
}

// openMessage parses a stored message. Of a message that was sent in pieces (RFC 2046 §5.2.2) it is the whole one when all
// pieces are in the account, whichever of them is opened.
func (e *Engine) openMessage(ctx context.Context, account mail.AccountID, hash string) (*opened, error) {
	b, err := e.st.OpenBlob(ctx, hash)
	if err != nil {
		return nil, err
	}
	o := &opened{message.Parse(b, b.Size()), []store.Blob{b}, false}
	f, ok := o.Fragment()
	if !ok {
		return o, nil
	}
	o.piece = true
	if err := e.assemble(ctx, account, o, f); err != nil {
		o.Close()
		return nil, err
	}
	return o, nil
}

// assemble puts the pieces of f together in o when they are all there; else o stays the piece it is.
func (e *Engine) assemble(ctx context.Context, account mail.AccountID, o *opened, f message.Fragment) error {
	refs, err := e.st.Fragments(ctx, account)
	if err != nil {
		return err
	}
	pieces := []*message.Message{o.Message}
	have := map[int]bool{f.Number: true}
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := e.st.OpenBlob(ctx, ref.Hash)
		if err != nil {
			continue // a damaged piece is a missing one
		}
		m := message.Parse(b, b.Size())
		if g, ok := m.Fragment(); !ok || g.ID != f.ID || have[g.Number] {
			b.Close()
			continue
		} else {
			have[g.Number] = true
		}
		pieces = append(pieces, m)
		o.blobs = append(o.blobs, b)
	}
	if whole, err := message.Assemble(pieces); err == nil {
		o.Message = whole
	}
	return nil
}
