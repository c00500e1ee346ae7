package mailsync

import (
	"context"
	"fmt"
	"io"

	"peyk/internal/mail"
)

// Unsent opens a message of the outbox for reading, as it will be sent or was. It stays readable while it is in the outbox.
func (e *Engine) Unsent(ctx context.Context, id mail.OutboxID) (mail.Opener, error) {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return nil, err
	}
	return &unsent{e, it}, nil
}

// unsent is a message of the outbox. Its attachments may be large, so it is read from where it is stored. The ids that its methods get
// mean nothing: it lies in no folder.
type unsent struct {
	e  *Engine
	it mail.OutboxItem
}

func (u *unsent) open(ctx context.Context) (*opened, error) {
	m, err := u.e.openMessage(ctx, u.it.Account, u.it.Blob.Hash)
	if err != nil {
		return nil, fmt.Errorf("open “%s” in the outbox: %w", u.it.Subject, err)
	}
	return m, nil
}

// Content implements mail.Opener.
func (u *unsent) Content(ctx context.Context, _ mail.MessageID) (mail.Content, error) {
	m, err := u.open(ctx)
	if err != nil {
		return mail.Content{}, err
	}
	defer m.Close()
	c, s := m.Content(), m.Summary()
	c.Bcc = u.it.Bcc
	c.Row = mail.Row{Account: u.it.Account, HeaderID: s.HeaderID, Subject: s.Subject, From: s.From, To: s.To, Date: s.Date, Size: u.it.Blob.Size,
		Flags: mail.Flags{mail.FlagSeen}, Snippet: s.Snippet, HasBody: true}
	return c, nil
}

// Part implements mail.Opener.
func (u *unsent) Part(ctx context.Context, _ mail.MessageID, part string) (io.ReadCloser, error) {
	m, err := u.open(ctx)
	if err != nil {
		return nil, err
	}
	r, err := m.OpenPart(part)
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("“%s” in the outbox: %w", u.it.Subject, err)
	}
	return partReader{r, m}, nil
}

// Raw implements mail.Opener.
func (u *unsent) Raw(ctx context.Context, _ mail.MessageID) (io.ReadCloser, error) {
	return u.e.st.OpenBlob(ctx, u.it.Blob.Hash)
}

// Inside implements mail.Opener.
func (u *unsent) Inside(ctx context.Context, id mail.MessageID, part string) (mail.Opener, error) {
	return openEnclosed(ctx, u, id, part)
}
