package mailsync

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// Whom a message went to unseen is said by its Bcc field in two places only: in the draft, and in the copy in Sent (RFC 5322 §3.6.3). What
// goes out never has it: neither the message itself (Send, SendRawAt), nor a copy of Sent that is attached to another one.

// withBcc is the message as it stands in Sent. The copy of one that was sent on (RFC 5322 §3.6.6) is known by its bytes and stays as it went.
func (p *pass) withBcc(ctx context.Context, it mail.OutboxItem) (mail.BlobRef, error) {
	field := message.AddressField("Bcc", it.Bcc)
	if len(field) == 0 || it.Resent > 0 {
		return it.Blob, nil
	}
	body, err := p.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return it.Blob, err
	}
	defer body.Close()
	head, err := io.ReadAll(io.NewSectionReader(body, 0, min(body.Size(), maxRawHeader)))
	if err != nil {
		return it.Blob, fmt.Errorf("read “%s”: %w", it.Subject, err)
	}
	at := beforeSubject(head)
	return p.st.PutBlob(ctx, io.MultiReader(bytes.NewReader(head[:at]), bytes.NewReader(field), io.NewSectionReader(body, int64(at), body.Size()-int64(at))))
}

// beforeSubject is where the Subject field of a header begins, where other programs have Bcc, too; 0 when there is none.
func beforeSubject(head []byte) (at int) {
	for line := range bytes.Lines(head) {
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return 0
		}
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("Subject")) && line[0] != ' ' && line[0] != '\t' {
			return at
		}
		at += len(line)
	}
	return 0
}

// shownToOthers is a stored message as it may be sent on: without the fields that name hidden recipients. Mostly it has none, and is the same.
func (e *Engine) shownToOthers(ctx context.Context, ref mail.BlobRef) (mail.BlobRef, error) {
	b, err := e.st.OpenBlob(ctx, ref.Hash)
	if err != nil {
		return ref, err
	}
	defer b.Close()
	head, err := io.ReadAll(io.NewSectionReader(b, 0, min(b.Size(), maxRawHeader)))
	if err != nil {
		return ref, err
	}
	n := 0
	for line := range bytes.Lines(head) {
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		n += len(line)
	}
	shown := withoutField(withoutField(head[:n], "Bcc"), "Resent-Bcc")
	if len(shown) == n {
		return ref, nil
	}
	return e.st.PutBlob(ctx, io.MultiReader(bytes.NewReader(shown), io.NewSectionReader(b, int64(n), b.Size()-int64(n))))
}
