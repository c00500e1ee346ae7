package mailsync

import (
	"context"
	"fmt"
	"io"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// A message that is redirected (RFC 5322 §3.6.6) is a draft whose only attachment it is, and goes the way of every other from there on; message.Resend writes it instead of
// message.Compose. Its Message-ID is not the outbox item's: that of the item names the resending.

// redirectOf makes a draft again of a message of the outbox that is sent on, of its bytes alone.
func (e *Engine) redirectOf(ctx context.Context, it mail.OutboxItem, body io.ReaderAt) (mail.Draft, error) {
	head := make([]byte, min(it.Resent, maxRawHeader))
	if _, err := io.ReadFull(io.NewSectionReader(body, 0, int64(len(head))), head); err != nil {
		return mail.Draft{}, fmt.Errorf("read “%s”: %w", it.Subject, err)
	}
	ref, err := e.st.PutBlob(ctx, io.NewSectionReader(body, it.Resent, it.Blob.Size-it.Resent))
	if err != nil {
		return mail.Draft{}, err
	}
	d := mail.Draft{Account: it.Account, Resend: true, Plain: true, Subject: it.Subject, Source: it.Source, Forwarded: it.Forwarded, HeaderID: it.HeaderID,
		Attachments: []mail.DraftAttachment{{Name: it.Subject + ".eml", ContentType: "message/rfc822", Size: ref.Size, Blob: &ref}}}
	for _, h := range message.ParseHeader(head).Content().Headers {
		switch h.Name {
		case "Resent-To":
			d.To = message.ParseAddressList(h.Value)
		case "Resent-Cc":
			d.Cc = message.ParseAddressList(h.Value)
		}
	}
	d.Bcc = hiddenRecipients(it, d.To, d.Cc)
	d.Text = message.Parse(body, it.Blob.Size).Content().Text
	return d, nil
}

// resentCopy finds the copy of a message that was sent on in a folder, by its bytes: it has the Message-ID of the message, which may be there itself, and so may what was sent
// on to others.
func (p *pass) resentCopy(ctx context.Context, it mail.OutboxItem, folder mail.FolderID) (bool, error) {
	b, err := p.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return false, err
	}
	defer b.Close()
	id := message.Parse(b, b.Size()).Summary().HeaderID
	if id == "" {
		return false, nil
	}
	rows, err := p.st.ByHeaderID(ctx, p.acct.ID, id)
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		if r.Folder != folder {
			continue
		}
		if d, err := p.st.Details(ctx, r.ID); err != nil || d.Blob != nil && d.Blob.Hash == it.Blob.Hash {
			return err == nil, err
		}
	}
	return false, nil
}
