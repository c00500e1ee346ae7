package mailsync_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/internal/message"
	mailsync "peyk/sync"
)

const invitationMail = "From: Reza <reza@example.org>\r\nTo: me@home.example\r\nSubject: Invitation: Budget\r\nMessage-ID: <inv1@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain\r\n\r\nPlease come.\r\n--b\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
	"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u1\r\nSEQUENCE:3\r\nDTSTART:20251202T063000Z\r\nDTEND:20251202T080000Z\r\nSUMMARY:جلسهٔ بودجه\r\n" +
	"ORGANIZER;CN=Reza:mailto:reza@example.org\r\nATTENDEE;CN=Anna:mailto:anna@example.net\r\nATTENDEE;CN=Maryam:mailto:Second@home.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"

func calendarPart(t *testing.T, e *mailsync.Engine, id mail.MessageID) string {
	t.Helper()
	c, err := e.Content(t.Context(), id)
	check(t, err)
	for _, a := range c.Attachments {
		if a.ContentType == "text/calendar" {
			return a.Part
		}
	}
	t.Fatalf("no calendar among %+v", c.Attachments)
	return ""
}

func TestAnAnswerGoesToTheOrganizer(t *testing.T) {
	l := newLocal(t, "", mailsync.Options{Now: func() time.Time { return time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC) }})
	a, err := l.st.Account(t.Context(), l.account)
	check(t, err)
	a.Identities = append(a.Identities, mail.Identity{Name: "Maryam Noori", Addr: "second@home.example"})
	_, err = l.st.SaveAccount(t.Context(), a)
	check(t, err)
	id := l.put(t, []byte(invitationMail))
	part := calendarPart(t, l.e, id)
	out, err := l.e.AnswerInvitation(t.Context(), mail.InvitationAnswer{Message: id, Part: part, Answer: mail.Accepted, Subject: "پذیرفته شد: جلسهٔ بودجه", Text: "می‌آیم."})
	check(t, err)
	it, err := l.st.OutboxItem(t.Context(), out)
	check(t, err)
	if it.From != "second@home.example" || len(it.Rcpt) != 1 || it.Rcpt[0] != "reza@example.org" || it.Source != id || it.State != mail.OutboxQueued {
		t.Errorf("outbox %+v", it)
	}
	b, err := l.st.OpenBlob(t.Context(), it.Blob.Hash)
	check(t, err)
	defer b.Close()
	m := message.Parse(b, b.Size())
	s := m.Summary()
	if s.Subject != "پذیرفته شد: جلسهٔ بودجه" || s.From[0].Addr != "second@home.example" || len(s.InReplyTo) != 1 || s.InReplyTo[0] != "inv1@example.org" || strings.TrimSpace(m.Text()) != "می‌آیم." {
		t.Errorf("message %+v, text %q", s, m.Text())
	}
	var cal ical.Calendar
	m.Root.Walk(func(p *message.Part) bool {
		if p.Type == "text/calendar" {
			if p.Params["method"] != "REPLY" {
				t.Errorf("method %q", p.Params["method"])
			}
			r, err := m.OpenPart(p.Number)
			check(t, err)
			data, err := io.ReadAll(r)
			check(t, err)
			cal, err = ical.Parse(data, time.UTC)
			check(t, err)
		}
		return true
	})
	if cal.Method != ical.Reply || len(cal.Events) != 1 {
		t.Fatalf("calendar %+v", cal)
	}
	if e := cal.Events[0]; e.UID != "u1" || e.Sequence != 3 || len(e.Attendees) != 1 || !strings.EqualFold(e.Attendees[0].Addr, "second@home.example") || e.Attendees[0].Status != "ACCEPTED" {
		t.Errorf("event %+v", e)
	}
	if x, ok, err := l.st.Invitation(t.Context(), l.account, "u1", ""); err != nil || !ok || x.Answer != mail.Accepted || x.Sequence != 3 {
		t.Errorf("remembered %+v %v %v", x, ok, err)
	}
	check(t, l.e.RememberInvitation(t.Context(), mail.Invitation{Account: l.account, UID: "u1"}))
	if _, ok, _ := l.st.Invitation(t.Context(), l.account, "u1", ""); ok {
		t.Error("still remembered")
	}
}

func TestNobodyToAnswer(t *testing.T) {
	l := newLocal(t, "", mailsync.Options{})
	id := l.put(t, []byte(strings.Replace(invitationMail, "ORGANIZER;CN=Reza:mailto:reza@example.org\r\n", "", 1)))
	part := calendarPart(t, l.e, id)
	if _, err := l.e.AnswerInvitation(t.Context(), mail.InvitationAnswer{Message: id, Part: part, Answer: mail.Declined}); !errors.Is(err, mailsync.ErrNoOrganizer) {
		t.Errorf("error %v", err)
	}
	if _, err := l.e.AnswerInvitation(t.Context(), mail.InvitationAnswer{Message: id, Part: part, Event: 4, Answer: mail.Declined}); !errors.Is(err, ical.ErrNoEvent) {
		t.Errorf("error %v", err)
	}
	if items, err := l.st.OutboxItems(t.Context()); err != nil || len(items) != 0 {
		t.Errorf("outbox %v %v", items, err)
	}
}
