package imap

import (
	"context"

	"peyk/internal/mail"
)

// List implements remote.Mailboxes.
func (c *Client) List(ctx context.Context) ([]mail.RemoteFolder, error) { return nil, nil }
