package ui

import (
	"context"
	"io"
	"path"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/ical"
	"peyk/internal/mail"
	"peyk/store"
)

// What is read for cards, at most: files of a message, and bytes of one.
const (
	maxCardFiles = 10
	maxCardBytes = 2 << 20
)

// cardKind is the kind of card that a file is shown as.
type cardKind uint8

const (
	noCard cardKind = iota
	eventCard
	personCard
)

func cardOf(a mail.Attachment) cardKind {
	switch a.ContentType {
	case "text/calendar", "application/ics", "text/x-vcalendar":
		return eventCard
	case "text/vcard", "text/x-vcard", "text/directory":
		return personCard
	}
	switch strings.ToLower(path.Ext(a.Filename)) {
	case ".ics":
		return eventCard
	case ".vcf":
		return personCard
	}
	return noCard
}

// found is what a file that can be a card holds.
type found struct {
	file   mail.Attachment
	events ical.Calendar
	people []ical.Card
	known  []mail.Invitation   // answers given to the events, by index
	during [][]mail.Invitation // what was accepted for the same time, by index
}

// showCards reads the invitations and business cards of the message and shows each as a card in place of its file.
func (m *messageView) showCards() {
	m.cards.RemoveAll()
	m.cards.Hide()
	var files []mail.Attachment
	for _, a := range m.content.Attachments {
		if cardOf(a) != noCard && a.Size <= maxCardBytes && len(files) < maxCardFiles {
			files = append(files, a)
		}
	}
	if len(files) == 0 || m.content.Partial {
		return
	}
	gen, of := m.gen, m.cardSource()
	loc := m.env.now().Location()
	m.env.loop.Go(func(ctx context.Context) func() {
		var all []found
		for _, a := range files {
			if f, ok := of.readCard(ctx, a, loc); ok {
				all = append(all, f)
			}
		}
		return func() {
			if gen == m.gen {
				m.fillCards(all)
			}
		}
	})
}

// cardSource is what cards are read from, elsewhere, and what they act on later: the view may show another message by then.
type cardSource struct {
	store   *store.Store
	reading mail.Opener
	message mail.MessageID
	account mail.AccountID
}

func (m *messageView) cardSource() cardSource {
	return cardSource{m.env.store, m.pane.reading, m.row.ID, m.content.Row.Account}
}

// readCard reads one file; ok is false when it holds nothing that can be shown, so that it stays a file among the others.
func (s cardSource) readCard(ctx context.Context, a mail.Attachment, loc *time.Location) (f found, ok bool) {
	in, err := s.reading.Part(ctx, s.message, a.Part)
	if err != nil {
		return f, false
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxCardBytes))
	if err != nil {
		return f, false
	}
	f.file = a
	if cardOf(a) == personCard {
		f.people, err = ical.ParseCards(data)
		return f, err == nil
	}
	if f.events, err = ical.Parse(data, loc); err != nil {
		return f, false
	}
	for _, e := range f.events.Events {
		known, _, err := s.store.Invitation(ctx, s.account, e.UID, e.Recurrence)
		if err != nil {
			return f, false
		}
		var during []mail.Invitation
		if e.End.Time.After(e.Start.Time) && !e.Start.AllDay {
			if during, err = s.store.Meanwhile(ctx, e.Start.Time, e.End.Time, e.UID); err != nil {
				return f, false
			}
		}
		f.known, f.during = append(f.known, known), append(f.during, during)
	}
	return f, true
}

// maxEventCards is how many events of a message are shown; a whole calendar is better opened elsewhere.
const maxEventCards = 5

func (m *messageView) fillCards(all []found) {
	m.cards.RemoveAll()
	seen, shown := map[string]bool{}, map[string]bool{}
	n := 0
	add := func(o fyne.CanvasObject, part string) {
		m.cards.Add(o)
		shown[part] = true
	}
	for _, f := range all {
		for i, e := range f.events.Events {
			key := f.events.Method + "\x00" + e.UID + "\x00" + e.Recurrence
			if e.UID != "" && seen[key] { // the same invitation as text and as a file
				shown[f.file.Part] = true
				continue
			}
			seen[key] = true
			if n++; n > maxEventCards {
				break
			}
			add(newInviteCard(m, f, i).content, f.file.Part)
		}
		for _, c := range f.people {
			add(newVisitCard(m, f.file, c), f.file.Part)
		}
	}
	m.parts.Without(shown)
	if len(m.cards.Objects) > 0 {
		m.cards.Show()
	}
	m.pane.relayout()
}
