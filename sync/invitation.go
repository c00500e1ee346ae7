package mailsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/internal/message"
)

// maxCalendar bounds the calendar part that is read.
const maxCalendar = 2 << 20

// ErrNoOrganizer is returned for an invitation that does not say whom to answer.
var ErrNoOrganizer = errors.New("the invitation does not say whom to answer")

// AnswerInvitation sends the answer to an invitation through the outbox (iTIP over mail, RFC 6047) and remembers it. It answers as
// the identity that was invited; the first of the account when none of them was invited by name.
func (e *Engine) AnswerInvitation(ctx context.Context, x mail.InvitationAnswer) (mail.OutboxID, error) {
	id, err := e.answerInvitation(ctx, x)
	if err != nil {
		return 0, fmt.Errorf("answer the invitation: %w", err)
	}
	return id, nil
}

func (e *Engine) answerInvitation(ctx context.Context, x mail.InvitationAnswer) (mail.OutboxID, error) {
	row, err := e.st.Row(ctx, x.Message)
	if err != nil {
		return 0, err
	}
	a, err := e.st.Account(ctx, row.Account)
	if err != nil {
		return 0, err
	}
	event, err := e.event(ctx, x)
	if err != nil {
		return 0, err
	}
	who, as := invited(a, event)
	d := mail.Draft{Account: a.ID, Identity: who, To: []mail.Address{{Name: event.Organizer.Name, Addr: event.Organizer.Addr}}, Bcc: message.ParseAddressList(identity(a, who).Bcc), Subject: x.Subject, Text: x.Text,
		InReplyTo: row.HeaderID, References: []string{row.HeaderID}, HeaderID: message.NewMessageID(as.Addr)}
	reply := event.Reply(ical.Answer{Attendee: as, Status: string(x.Answer), Comment: x.Comment, Now: e.opt.Now()})
	var raw bytes.Buffer
	env, err := message.Compose(&raw, message.Outgoing{Draft: d, From: identity(a, who), MessageID: d.HeaderID, Date: e.opt.Now(), SMTPUTF8: true,
		UserAgent: "Peyk", Calendar: reply, Method: ical.Reply})
	if err != nil {
		return 0, err
	}
	ref, err := e.st.PutBlob(ctx, &raw)
	if err != nil {
		return 0, err
	}
	id, err := e.st.Enqueue(ctx, mail.OutboxItem{Account: a.ID, Blob: ref, From: env.From, Rcpt: env.Rcpt, Bcc: d.Bcc, Subject: x.Subject, HeaderID: env.MessageID,
		State: mail.OutboxQueued, NotBefore: x.At, Created: e.opt.Now(), Source: x.Message, SaveSent: a.Outgoing.SaveSent})
	if err != nil {
		return 0, err
	}
	e.kick(scopeOutbox|scopeOps, a.ID)
	return id, e.st.SaveInvitation(ctx, mail.Invitation{Account: a.ID, UID: event.UID, Recurrence: event.Recurrence, Sequence: event.Sequence, Start: event.Start.Time,
		End: event.End.Time, Summary: event.Summary, Answer: x.Answer, Answered: e.opt.Now()})
}

// event reads the event that is answered.
func (e *Engine) event(ctx context.Context, x mail.InvitationAnswer) (ical.Event, error) {
	in, err := e.Part(ctx, x.Message, x.Part)
	if err != nil {
		return ical.Event{}, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxCalendar))
	if err != nil {
		return ical.Event{}, err
	}
	c, err := ical.Parse(data, time.Local)
	switch {
	case err != nil:
		return ical.Event{}, err
	case x.Event < 0 || x.Event >= len(c.Events):
		return ical.Event{}, ical.ErrNoEvent
	case c.Events[x.Event].Organizer.Addr == "":
		return ical.Event{}, ErrNoOrganizer
	}
	return c.Events[x.Event], nil
}

// invited is the identity that the event invites, and the attendee to answer as.
func invited(a mail.Account, e ical.Event) (int, ical.Person) {
	for i, id := range a.Identities {
		for _, p := range e.Attendees {
			if strings.EqualFold(p.Addr, id.Addr) {
				return i, ical.Person{Name: p.Name, Addr: p.Addr}
			}
		}
	}
	id := identity(a, 0)
	return 0, ical.Person{Name: id.Name, Addr: id.Addr}
}

// RememberInvitation puts what is remembered of an event right: an answer was taken back, or the event was cancelled. Without an answer it is
// forgotten.
func (e *Engine) RememberInvitation(ctx context.Context, x mail.Invitation) error {
	if x.Answer == "" {
		return e.st.RemoveInvitation(ctx, x.Account, x.UID, x.Recurrence)
	}
	return e.st.SaveInvitation(ctx, x)
}
