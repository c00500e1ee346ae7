package mailsync

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// maxEnclosed bounds a message that is opened from within another; it is held in memory while it is read.
const maxEnclosed = 64 << 20

// Inside opens a message that is attached to another.
func (e *Engine) Inside(ctx context.Context, id mail.MessageID, part string) (mail.Opener, error) {
	return openEnclosed(ctx, e, id, part)
}

// enclosed is a message within a message. It is immutable; what is asked of it is parsed anew, which costs less than to
// keep it.
type enclosed struct{ raw []byte }

func openEnclosed(ctx context.Context, outer mail.Opener, id mail.MessageID, part string) (mail.Opener, error) {
	in, err := outer.Part(ctx, id, part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxEnclosed+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the message in part %s: %w", part, err)
	case len(raw) > maxEnclosed:
		return nil, fmt.Errorf("the message in part %s has more than %d MB: save it to a file to read it", part, maxEnclosed>>20)
	}
	return &enclosed{raw}, nil
}

// Content implements mail.Opener. The row is made of the header: the message lies in no folder.
func (e *enclosed) Content(context.Context, mail.MessageID) (mail.Content, error) {
	m := message.ParseBytes(e.raw)
	c, s := m.Content(), m.Summary()
	c.Row = mail.Row{
		HeaderID: s.HeaderID, Subject: s.Subject, From: s.From, To: s.To, Date: s.Date, Size: int64(len(e.raw)),
		Flags: mail.Flags{mail.FlagSeen}, Snippet: s.Snippet, HasBody: true,
	}
	return c, nil
}

// Part implements mail.Opener.
func (e *enclosed) Part(_ context.Context, _ mail.MessageID, part string) (io.ReadCloser, error) {
	r, err := message.ParseBytes(e.raw).OpenPart(part)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(r), nil
}

// Raw implements mail.Opener.
func (e *enclosed) Raw(context.Context, mail.MessageID) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(e.raw)), nil
}

// Inside implements mail.Opener.
func (e *enclosed) Inside(ctx context.Context, id mail.MessageID, part string) (mail.Opener, error) {
	return openEnclosed(ctx, e, id, part)
}
