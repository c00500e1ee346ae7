package ui

import (
	"strings"
	"testing"
	"time"

	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/ui/lang"
)

// calendarMail is a message with a calendar part, and the same again as a file, as Outlook and Google send it.
func calendarMail(subject, method, more string) sampleMail {
	ics := "BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\nUID:meeting-1\r\nDTSTART;TZID=Asia/Tehran:20251202T133000\r\nDTEND;TZID=Asia/Tehran:20251202T150000\r\nSUMMARY:Meeting\r\nLOCATION:Room 4\\, second floor\r\n" +
		"RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU\r\nORGANIZER;CN=Reza Ahmadi:mailto:reza@example.org\r\nATTENDEE;CN=Anna Keller;PARTSTAT=ACCEPTED:mailto:anna@example.net\r\nATTENDEE;CN=Maryam Noori;PARTSTAT=NEEDS-ACTION:mailto:maryam@example.org\r\n" +
		"ATTENDEE;CN=سارا محمدی;ROLE=OPT-PARTICIPANT:mailto:sara@example.org\r\n" + more + "END:VEVENT\r\nEND:VCALENDAR"
	return sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: subject, at: time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC), text: "Please come to the meeting about the budget.", calendar: ics, method: method, extra: "ics"}
}

const visit = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:سارا محمدی\r\nORG:Shomal\r\nTITLE:Accountant\r\nEMAIL;TYPE=work:sara@example.org\r\nTEL;TYPE=cell:+98 912 000 0000\r\nURL:javascript:alert(1)\r\nNOTE:Ask for the second floor.\r\nEND:VCARD\r\n"

func (b *bench) openCards(subject string, n int) *messageView {
	b.Helper()
	b.selectSubject(subject)
	b.until("the cards of "+subject, func() bool { return len(b.w.reader.Current().cards.Objects) == n })
	b.drain()
	return b.w.reader.Current()
}

func TestAnInvitationIsACardWithAnswers(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 60, calendarMail("Invitation: Meeting", "REQUEST", ""), calendarMail("Cancelled: Meeting", "CANCEL", "STATUS:CANCELLED\r\nSEQUENCE:1\r\n"),
			calendarMail("Accepted: Meeting", "REPLY", ""), calendarMail("Elsewhere", "REQUEST", "UID:other\r\nORGANIZER:mailto:thief@evil.test\r\n"))
	})
	m := b.openCards("Invitation: Meeting", 1)
	if m.parts.Count() != 0 {
		t.Errorf("%d files are listed beside the card", m.parts.Count())
	}
	b.shot("invite")
	f, ok := m.cardSource().readCard(b.Context(), m.content.Attachments[0], time.UTC)
	if !ok {
		t.Fatal("the card cannot be read")
	}
	c := newInviteCard(m, f, 0)
	if len(c.buttons) != 3 {
		t.Fatalf("%d answers are offered", len(c.buttons))
	}
	if got := c.attendees(); got != "Anna Keller (accepted), Maryam Noori, \u2068سارا محمدی\u2069 (optional)" {
		t.Errorf("attendees: %q", got)
	}
	c.buttons[1].Tapped(nil)
	b.until("the answer", func() bool { return !c.busy && c.known.Answer == mail.Tentative })
	items, err := b.store.OutboxItems(b.Context())
	b.ok(err)
	if len(items) != 1 || items[0].Rcpt[0] != "reza@example.org" || items[0].Subject != "Maybe: Meeting" || !items[0].NotBefore.After(today) {
		t.Errorf("outbox %+v", items)
	}
	b.shot("invite-answered")
	c.takeBack(items[0].ID, mail.Invitation{})
	b.until("the answer to be taken back", func() bool { return c.known.Answer == "" })
	if items, _ = b.store.OutboxItems(b.Context()); len(items) != 0 {
		t.Error("the answer is still on its way")
	}
	c.send(mail.Accepted)
	b.until("the answer", func() bool { return c.known.Answer == mail.Accepted })
	// Another event at that time tells of it; its answer goes to somebody else.
	m = b.openCards("Elsewhere", 1)
	f, _ = m.cardSource().readCard(b.Context(), m.content.Attachments[0], time.UTC)
	if c = newInviteCard(m, f, 0); len(c.during) != 1 || len(c.notes()) != 2 {
		t.Errorf("during %+v, %d notes", c.during, len(c.notes()))
	}
	b.shot("invite-conflict")
	m = b.openCards("Cancelled: Meeting", 1)
	f, _ = m.cardSource().readCard(b.Context(), m.content.Attachments[0], time.UTC)
	if c = newInviteCard(m, f, 0); c.answerable() || !c.cancelled() || c.known.Answer != mail.Accepted {
		t.Errorf("cancelled: %+v", c.known)
	}
	b.shot("invite-cancelled")
	c.forget()
	b.until("it to be forgotten", func() bool { return c.known.Answer == "" })
	m = b.openCards("Accepted: Meeting", 1)
	f, _ = m.cardSource().readCard(b.Context(), m.content.Attachments[0], time.UTC)
	if c = newInviteCard(m, f, 0); c.answerable() || len(c.notes()) != 1 {
		t.Error("an answer asks for an answer")
	}
}

func TestCardsInPersian(t *testing.T) {
	b := newBench(t, func(b *bench) {
		m := calendarMail("دعوت", "REQUEST", "")
		m.visit = visit
		b.put(b.folder(b.imap, "INBOX"), 60, m)
	})
	p := b.w.env.prefs
	p.Language = "fa"
	b.w.setPrefs(p)
	b.drain()
	b.openCards("دعوت", 2)
	b.shot("invite-fa")
}

func TestEventWords(t *testing.T) {
	defer lang.Set("en")
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	event := func(lines string) ical.Event {
		c, err := ical.Parse([]byte("BEGIN:VEVENT\n"+lines+"\nEND:VEVENT"), berlin)
		if err != nil {
			t.Fatal(err)
		}
		return c.Events[0]
	}
	for lines, want := range map[string]map[string]string{
		"DTSTART;TZID=Asia/Tehran:20251202T133000\nDURATION:PT90M": {"en": "Tue 2 Dec 2025, 11:00 – 12:30", "fa": "سه\u200cشنبه ۱۱ آذر ۱۴۰۴، ۱۱:۰۰ تا ۱۲:۳۰"},
		"DTSTART;VALUE=DATE:20251202":                              {"en": "Tuesday, 2 December 2025"},
		"DTSTART;VALUE=DATE:20251202\nDTEND;VALUE=DATE:20251205":   {"en": "2 December 2025 – 4 December 2025"},
		"DTSTART:20251202T230000Z\nDTEND:20251203T010000Z":         {"en": "Wed 3 Dec 2025, 00:00 – 02:00"},
	} {
		for code, w := range want {
			lang.Set(code)
			if got := strings.NewReplacer("\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "").Replace(eventTime(event(lines), berlin)); got != w {
				t.Errorf("%s %q: %q, want %q", code, lines, got, w)
			}
		}
	}
	lang.Set("en")
	for rule, want := range map[string]string{
		"FREQ=DAILY": "every day", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20260301T000000Z": "every 2 weeks on Tuesday, Thursday, until 1 March 2026",
		"FREQ=MONTHLY;BYDAY=2TU;COUNT=5": "every month on the second Tuesday, 5 times", "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1": "every month on the last Friday",
		"FREQ=MONTHLY;BYMONTHDAY=15": "every month on day 15", "FREQ=YEARLY": "every year", "FREQ=YEARLY;BYWEEKNO=3": "every year, with exceptions", "FREQ=SECONDLY": "by a rule of its own",
	} {
		if got := ruleWords(event("DTSTART:20251202T100000Z\nRRULE:"+rule).Rule, berlin); got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
	}
	if z := eventZone(event("DTSTART;TZID=Asia/Tehran:20251202T133000"), berlin); z != "13:30 in Asia/Tehran" {
		t.Errorf("zone %q", z)
	}
}
