package mailsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// Send writes the draft as a message into the outbox, not to be sent before at, and removes the draft. When it fails the
// draft is as it was.
func (e *Engine) Send(ctx context.Context, d mail.Draft, at time.Time) (mail.OutboxID, error) {
	if err := e.SaveDraft(ctx, &d); err != nil {
		return 0, err
	}
	a, err := e.st.Account(ctx, d.Account)
	if err != nil {
		return 0, err
	}
	if a.Local() {
		return 0, &mail.Refusal{Code: mail.CodeNoOutgoing, Text: fmt.Sprintf("account %q has no server for sending", a.Name)}
	}
	ref, env, err := e.compose(ctx, a, d, false)
	if err != nil {
		return 0, fmt.Errorf("send “%s”: %w", d.Subject, err)
	}
	it := mail.OutboxItem{Account: a.ID, Blob: ref, From: env.From, Rcpt: env.Rcpt, Bcc: d.Bcc, Subject: d.Subject, HeaderID: env.MessageID,
		State: mail.OutboxQueued, NotBefore: at, Chosen: e.chosen(at), Created: e.opt.Now(), Source: d.Source, Forwarded: d.Forwarded, Draft: d.ID,
		SaveSent: a.Outgoing.SaveSent, Resent: env.Resent}
	id, err := e.st.Enqueue(ctx, it)
	if err != nil {
		return 0, err
	}
	if err := e.dropCopies(ctx, d); err != nil { // it goes all the same
		e.opt.Log.Warn("the copy in Drafts stays", "err", err)
	}
	e.kick(scopeOutbox|scopeOps, a.ID)
	return id, nil
}

// compose writes the message into the blob store as it is built, so that large attachments never are in memory. keep: it is a
// draft for the Drafts folder.
func (e *Engine) compose(ctx context.Context, a mail.Account, d mail.Draft, keep bool) (mail.BlobRef, message.Envelope, error) {
	pr, pw := io.Pipe()
	type result struct {
		env message.Envelope
		err error
	}
	done := make(chan result, 1)
	write := message.Compose
	if d.Resend {
		write = message.Resend
	}
	go func() {
		env, err := write(pw, message.Outgoing{Draft: d, From: identity(a, d.Identity), MessageID: d.HeaderID, Date: e.opt.Now(),
			SMTPUTF8: true, UserAgent: "Peyk", Keep: keep,
			Open: func(at mail.DraftAttachment) (io.ReadCloser, error) { return e.OpenAttachment(ctx, at) }})
		pw.CloseWithError(err)
		done <- result{env, err}
	}()
	ref, err := e.st.PutBlob(ctx, pr)
	pr.CloseWithError(errors.New("the message could not be stored"))
	r := <-done
	if r.err != nil && (err == nil || errors.Is(err, r.err)) {
		return ref, r.env, r.err
	}
	return ref, r.env, err
}

// RetryOutbox sends a failed, uncertain or waiting message now. For an uncertain one the user has decided that it may arrive
// twice.
func (e *Engine) RetryOutbox(ctx context.Context, id mail.OutboxID) error {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return err
	}
	switch it.State {
	case mail.OutboxSending, mail.OutboxSent:
		return fmt.Errorf("“%s” is on its way", it.Subject)
	case mail.OutboxPartly:
		// Only those who were refused get it again.
		it.Rcpt = nil
		for addr := range it.Refused {
			it.Rcpt = append(it.Rcpt, addr)
		}
		it.Again = true
	case mail.OutboxUncertain:
		it.Out = true
	}
	from := it.State
	it.State, it.Reason, it.Refused, it.NotBefore, it.Attempts = mail.OutboxQueued, "", nil, time.Time{}, 0
	if ok, err := e.st.SwapOutbox(ctx, it, from); err != nil {
		return err
	} else if !ok {
		return fmt.Errorf("“%s” is on its way", it.Subject)
	}
	e.logins.forget(ctx, it.Account)
	e.kick(scopeOutbox|scopeOps, it.Account)
	return nil
}

// RescheduleOutbox lets a message that was not sent go at another time: one that waits, or one that failed. What may have
// been sent already is for RetryOutbox.
func (e *Engine) RescheduleOutbox(ctx context.Context, id mail.OutboxID, at time.Time) error {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return err
	}
	from := it.State
	switch from {
	case mail.OutboxQueued, mail.OutboxFailed:
	case mail.OutboxUncertain:
		return fmt.Errorf("“%s” may have been sent already", it.Subject)
	default:
		return fmt.Errorf("“%s” is on its way", it.Subject)
	}
	it.State, it.Reason, it.NotBefore, it.Attempts, it.Chosen = mail.OutboxQueued, "", at, 0, e.chosen(at)
	if ok, err := e.st.SwapOutbox(ctx, it, from); err != nil {
		return err
	} else if !ok {
		return fmt.Errorf("“%s” is on its way", it.Subject)
	}
	e.kick(scopeOutbox|scopeOps, it.Account)
	return nil
}

// Arrived takes the user's word that an uncertain message was delivered: it is done with as one that was sent, with its copy in
// Sent and the mark on the message it answers.
func (e *Engine) Arrived(ctx context.Context, id mail.OutboxID) error {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return err
	}
	if it.State != mail.OutboxUncertain {
		return fmt.Errorf("“%s” is not in doubt: it is %s", it.Subject, it.State)
	}
	it.State, it.Reason = taken(it), ""
	if ok, err := e.st.SwapOutbox(ctx, it, mail.OutboxUncertain); err != nil {
		return err
	} else if !ok {
		return fmt.Errorf("“%s” is on its way", it.Subject)
	}
	e.kick(scopeOutbox|scopeOps, it.Account)
	return nil
}

// DiscardOutbox deletes a message that was not sent.
func (e *Engine) DiscardOutbox(ctx context.Context, id mail.OutboxID) error {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return err
	}
	if err := e.holdBack(ctx, it); err != nil {
		return err
	}
	err = e.leave(ctx, it)
	e.kick(scopeOutbox|scopeOps, it.Account) // what was wrong with it is no problem any more
	return err
}

// RestoreOutbox puts a message back that was discarded, in the state in which it was.
func (e *Engine) RestoreOutbox(ctx context.Context, it mail.OutboxItem) error {
	if it.State == mail.OutboxSending || it.State == mail.OutboxSent {
		return fmt.Errorf("“%s” was being sent", it.Subject)
	}
	it.Draft = 0 // what became of it meanwhile stays
	_, err := e.st.Enqueue(ctx, it)
	e.kick(scopeOutbox|scopeOps, it.Account)
	return err
}

// holdBack keeps an item from being sent from now on, whatever happens to this process, unless it is being sent already.
func (e *Engine) holdBack(ctx context.Context, it mail.OutboxItem) error {
	from := it.State
	if from != mail.OutboxSending {
		if from == mail.OutboxQueued {
			it.State, it.Reason = mail.OutboxFailed, (&mail.Problem{Summary: "taken back before it was sent", Code: mail.CodeTakenBack}).Store()
		}
		ok, err := e.st.SwapOutbox(ctx, it, from)
		if err != nil || ok {
			return err
		}
	}
	return fmt.Errorf("“%s” is being sent just now", it.Subject)
}

// OutboxToDraft takes an unsent message back for editing. Of one that was refused for some only these are left: the others have it. What has
// been with a server gets another Message-ID: it becomes another message, which servers that know the first would throw away as its double.
func (e *Engine) OutboxToDraft(ctx context.Context, id mail.OutboxID) (mail.Draft, error) {
	it, err := e.st.OutboxItem(ctx, id)
	if err != nil {
		return mail.Draft{}, err
	}
	if it.State == mail.OutboxSent {
		return mail.Draft{}, fmt.Errorf("“%s” has been sent", it.Subject)
	}
	// First of all it must not go out any more: a crash before the draft is saved leaves it in the outbox, not sent.
	if err := e.holdBack(ctx, it); err != nil {
		return mail.Draft{}, err
	}
	d, err := e.draftOf(ctx, it)
	if err != nil {
		return d, err
	}
	switch {
	case it.State == mail.OutboxPartly:
		leaveTo(&d, slices.Collect(maps.Keys(it.Refused)))
		d.HeaderID = ""
	case it.Again:
		leaveTo(&d, it.Rcpt)
		d.HeaderID = ""
	case it.State == mail.OutboxUncertain, it.Out:
		d.HeaderID = ""
	}
	if err := e.SaveDraft(ctx, &d); err != nil {
		return d, err
	}
	err = e.leave(ctx, it)
	e.kick(scopeOutbox|scopeOps, it.Account)
	return d, err
}

// leave removes an item that is not to be sent any more. One that somebody has already, and whose copy is not in Sent yet, is removed by the pass that
// saves it: until then the message is nowhere else.
func (e *Engine) leave(ctx context.Context, it mail.OutboxItem) error {
	had := it.State == mail.OutboxSent || it.State == mail.OutboxPartly || it.Again
	if !had || !it.SaveSent && it.Source == 0 {
		return e.st.DeleteOutbox(ctx, it.ID)
	}
	b, err := e.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil { // no pass can save it
		return e.st.DeleteOutbox(ctx, it.ID)
	}
	b.Close()
	it.State, it.Reason, it.Refused = mail.OutboxSent, "", nil
	if err := e.st.SetOutbox(ctx, it); !errors.Is(err, store.ErrNotFound) { // or it is done by now
		return err
	}
	return nil
}

// leaveTo leaves a draft to some of its recipients, by their addresses in the envelope.
func leaveTo(d *mail.Draft, rcpt []string) {
	left := map[string]string{}
	for _, addr := range rcpt {
		left[strings.ToLower(addr)] = addr
	}
	for _, list := range []*[]mail.Address{&d.To, &d.Cc, &d.Bcc} {
		*list = slices.DeleteFunc(*list, func(a mail.Address) bool {
			addr := strings.ToLower(message.EnvelopeAddress(a.Addr))
			_, mine := left[addr]
			delete(left, addr)
			return !mine
		})
	}
	for _, addr := range slices.Sorted(maps.Values(left)) { // nobody that a field names
		d.Bcc = append(d.Bcc, mail.Address{Addr: addr})
	}
}

// draftOf makes a draft of a composed message: what the store still has of its versions, else what the bytes say.
func (e *Engine) draftOf(ctx context.Context, it mail.OutboxItem) (mail.Draft, error) {
	if it.Draft != 0 {
		if vs, err := e.st.DraftVersions(ctx, it.Draft); err == nil && len(vs) > 0 {
			d := vs[0]
			d.ID, d.Copy, d.Kept = 0, 0, ""
			return d, nil
		}
	}
	b, err := e.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return mail.Draft{}, err
	}
	defer b.Close()
	if it.Resent > 0 {
		return e.redirectOf(ctx, it, b)
	}
	m := message.Parse(b, b.Size())
	s, c := m.Summary(), m.Content()
	d := mail.Draft{Account: it.Account, To: s.To, Cc: s.Cc, Bcc: hiddenRecipients(it, s.To, s.Cc), Subject: s.Subject,
		References: s.References, Source: it.Source, Forwarded: it.Forwarded, HeaderID: it.HeaderID}
	e.takeText(&d, c, false)
	if len(s.InReplyTo) > 0 {
		d.InReplyTo = s.InReplyTo[0]
	}
	return d, e.takeParts(ctx, m, c.Attachments, &d)
}

// hiddenRecipients are those of the envelope that no header names.
func hiddenRecipients(it mail.OutboxItem, to, cc []mail.Address) []mail.Address {
	named := map[string]bool{}
	for _, a := range slices.Concat(to, cc) {
		named[strings.ToLower(message.EnvelopeAddress(a.Addr))] = true
	}
	names := map[string]string{}
	for _, a := range it.Bcc {
		names[strings.ToLower(message.EnvelopeAddress(a.Addr))] = a.Name
	}
	var out []mail.Address
	for _, r := range it.Rcpt {
		if addr := strings.ToLower(r); !named[addr] {
			out = append(out, mail.Address{Name: names[addr], Addr: r})
		}
	}
	return out
}
