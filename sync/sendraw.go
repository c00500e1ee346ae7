package mailsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
)

// maxRawHeader bounds the header of a message handed in as a file.
const maxRawHeader = 1 << 20

// Queued is what SendRawAt put into the outbox.
type Queued struct {
	ID        mail.OutboxID
	Account   string
	MessageID string
	From      string
	Rcpt      []string
	Subject   string
}

// SendRawAt puts a finished message into the outbox, not to be sent before at: account names the sender's account; "" takes the one whose address From
// has. Recipients are To, Cc and Bcc; the Bcc fields themselves are taken out, and stand in the copy in Sent only. Line ends become CRLF; a missing Date or Message-ID is
// added, and what goes at a later time gets the Date of that time (dated); nothing else is changed.
func (e *Engine) SendRawAt(ctx context.Context, account string, raw []byte, at time.Time) (Queued, error) {
	raw, err := io.ReadAll(message.WireLines(bytes.NewReader(raw)))
	if err != nil {
		return Queued{}, err
	}
	head, body := splitHeader(raw)
	if len(head) == 0 || len(head) > maxRawHeader {
		return Queued{}, errors.New("it is no mail message: it has no header")
	}
	s := message.ParseHeader(head).Summary()
	if len(s.From) == 0 {
		return Queued{}, errors.New("it has no From field; add one with the address of an account")
	}
	a, err := e.accountFor(ctx, account, s.From)
	if err != nil {
		return Queued{}, err
	}
	q := Queued{Account: a.Name, MessageID: s.HeaderID, From: envelopeFrom(a, s.From), Subject: s.Subject}
	for _, list := range [][]mail.Address{s.To, s.Cc, s.Bcc} {
		for _, to := range list {
			if to.Addr != "" && !slices.Contains(q.Rcpt, to.Addr) {
				q.Rcpt = append(q.Rcpt, to.Addr)
			}
		}
	}
	if len(q.Rcpt) == 0 {
		return Queued{}, fmt.Errorf("%w; add a To, Cc or Bcc field", message.ErrNoRecipient)
	}
	head = withoutField(withoutField(head, "Bcc"), "Resent-Bcc") // RFC 5322 §3.6.3, §3.6.6
	if q.MessageID == "" {
		q.MessageID = message.NewMessageID(q.From)
		head = append([]byte("Message-ID: <"+q.MessageID+">\r\n"), head...)
	}
	if s.Date.IsZero() {
		head = append([]byte("Date: "+e.opt.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")+"\r\n"), head...)
	}
	ref, err := e.st.PutBlob(ctx, bytes.NewReader(append(head, body...)))
	if err != nil {
		return Queued{}, err
	}
	q.ID, err = e.st.Enqueue(ctx, mail.OutboxItem{Account: a.ID, Blob: ref, From: q.From, Rcpt: q.Rcpt, Bcc: s.Bcc, Subject: q.Subject, HeaderID: q.MessageID,
		State: mail.OutboxQueued, NotBefore: at, Chosen: e.chosen(at), Created: e.opt.Now(), SaveSent: a.Outgoing.SaveSent})
	if err != nil {
		return Queued{}, err
	}
	e.kick(scopeOutbox|scopeOps, a.ID)
	return q, nil
}

// accountFor is the named account, else the one that owns an address of From, else the only one there is.
func (e *Engine) accountFor(ctx context.Context, name string, from []mail.Address) (mail.Account, error) {
	if name != "" {
		as, err := e.named(ctx, []string{name})
		if err != nil {
			return mail.Account{}, err
		}
		return as[0], nil
	}
	as, err := e.named(ctx, nil)
	if err != nil {
		return mail.Account{}, err
	}
	for _, a := range as {
		for _, f := range from {
			if owns(a, f.Addr) {
				return a, nil
			}
		}
	}
	switch len(as) {
	case 0:
		return mail.Account{}, errors.New("there is no account to send with; add one with: peyk account add FILE.toml")
	case 1:
		return as[0], nil
	}
	return mail.Account{}, fmt.Errorf("no account has the address %s: choose one with --account NAME", from[0].Addr)
}

func owns(a mail.Account, addr string) bool {
	if strings.EqualFold(a.Email, addr) {
		return true
	}
	return slices.ContainsFunc(a.Identities, func(id mail.Identity) bool { return strings.EqualFold(id.Addr, addr) })
}

// envelopeFrom is where bounces go: the address of From when it is the account's own, else the account's.
func envelopeFrom(a mail.Account, from []mail.Address) string {
	for _, f := range from {
		if owns(a, f.Addr) {
			return f.Addr
		}
	}
	return a.Email
}

// splitHeader divides a message after its header's last line; body begins with the empty line.
func splitHeader(raw []byte) (head, body []byte) {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		return raw[:i+2], raw[i+2:]
	}
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		raw = append(raw, '\r', '\n')
	}
	return raw, []byte("\r\n")
}

// withoutField takes out a field with its folded lines.
func withoutField(head []byte, name string) []byte {
	var out []byte
	dropping := false
	for line := range bytes.Lines(head) {
		if line[0] != ' ' && line[0] != '\t' {
			field, _, _ := bytes.Cut(line, []byte(":"))
			dropping = strings.EqualFold(string(bytes.TrimSpace(field)), name)
		}
		if !dropping {
			out = append(out, line...)
		}
	}
	return out
}
