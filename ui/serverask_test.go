package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// headersOnly puts messages into a folder whose texts are on the server.
func headersOnly(n int) func(b *bench) {
	return func(b *bench) {
		var in []mail.Incoming
		for i := range n {
			raw := sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: fmt.Sprint("Old letter ", i), at: today.AddDate(0, 0, -30-i), flags: mail.Flags{mail.FlagSeen}}.raw()
			head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
			in = append(in, mail.Incoming{UID: mail.UID(500 + i), Flags: mail.Flags{mail.FlagSeen}, Received: today.AddDate(0, 0, -30-i), Size: 4000, Summary: message.ParseBytes([]byte(head + "\r\n\r\n")).Summary(), Header: []byte(head + "\r\n\r\n")})
		}
		ids, err := b.store.Ingest(b.Context(), b.folder(b.imap, "Archive"), in)
		b.ok(err)
		for i, id := range ids {
			b.ids[fmt.Sprint("Old letter ", i)] = id
		}
	}
}

// answers is a server that waits to be told what to answer.
type answers struct {
	query chan string
	tell  chan mail.ServerFound
	end   chan error
}

func (s *answers) search(ctx context.Context, query string, tell func(mail.ServerFound)) error {
	s.query <- query
	for {
		select {
		case f := <-s.tell:
			tell(f)
		case err := <-s.end:
			return err
		case <-ctx.Done():
			s.end <- ctx.Err()
			return ctx.Err()
		}
	}
}

// asksServers is a window whose servers answer as the test says, with twelve messages of which only the headers are here.
func asksServers(t *testing.T) (*bench, *answers) {
	t.Helper()
	s := &answers{make(chan string, 1), make(chan mail.ServerFound), make(chan error, 1)}
	b := newBench(t, prefs(quiet), headersOnly(12))
	b.engine.servers = s.search
	return b, s
}

// serverSays waits for the line below the results.
func (b *bench) serverSays(words string) {
	b.Helper()
	b.until(words, func() bool { return lang.Plain(b.w.list.server.words.Text()) == words })
}

// Where texts are on the server only, a search offers to look there, shows how far that is, and adds what was found to the list in its place.
func TestSearchOffersTheServer(t *testing.T) {
	b, s := asksServers(t)
	b.find("from:reza")
	if b.w.list.server.content.Visible() || b.w.byID["searchserver"].when(b.w) {
		t.Error("a server is offered for what headers say")
	}
	b.find("meeting")
	b.serverSays("The texts of 12 messages are on the server only.")
	here := b.w.list.pager.Total()
	b.shot("server-offer")
	b.w.run(b.w.byID["searchserver"])
	if q := <-s.query; q != "meeting" {
		t.Errorf("asked for %q", q)
	}
	s.tell <- mail.ServerFound{Done: 4, Total: 12, Messages: []mail.MessageID{b.ids["Old letter 3"]}}
	b.serverSays("Searching on the server… 4 of 12")
	b.until("what it found", func() bool { return b.w.list.pager.Total() == here+1 })
	if subjects := b.subjects(); subjects[here] != "Old letter 3" { // the oldest
		t.Errorf("the list is %q", subjects)
	}
	row, _ := b.w.list.pager.Row(here)
	if got := b.w.list.foundText(row); got != "Found on the server" {
		t.Errorf("the row says %q", got)
	}
	s.tell <- mail.ServerFound{Done: 12, Total: 12, Messages: []mail.MessageID{b.ids["Old letter 3"], b.ids["Old letter 1"]}}
	s.end <- nil
	b.serverSays("The server found 2 more.")
	b.until("both", func() bool { return b.w.list.pager.Total() == here+2 })
	if b.w.list.server.button.Visible() {
		t.Error("it can be asked again")
	}
	b.shot("server-found")
	// A filter is about those, too, and another look at the same search keeps them.
	b.w.list.View(listView{filter: model.FilterUnread})
	b.until("none of them is unread", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() < here+1 })
	b.w.list.View(listView{filter: model.FilterAll})
	b.until("all again", func() bool { return b.w.list.pager.Total() == here+2 })
}

// What failed is told, with another try; what was stopped, too; leaving the search ends it.
func TestSearchOnTheServerThatDoesNotEnd(t *testing.T) {
	b, s := asksServers(t)
	b.find("itinerary")
	b.serverSays("The texts of 12 messages are on the server only.")
	b.w.list.server.press()
	<-s.query
	s.tell <- mail.ServerFound{Total: 12, Problems: []*mail.Problem{{Account: b.imap, Kind: mail.ProblemNetwork, Code: mail.CodeTimeout, Args: []string{"60"}, Where: "mail.example.org"}}}
	s.end <- nil
	b.until("the problem", func() bool {
		return strings.Contains(lang.Plain(b.w.list.server.words.Text()), "mail.example.org") && b.w.list.server.button.Visible() && b.w.list.server.Offered()
	})
	b.shot("server-failed")
	b.w.list.server.press()
	<-s.query
	s.tell <- mail.ServerFound{Done: 3, Total: 12}
	b.serverSays("Searching on the server… 3 of 12")
	b.w.list.server.press()
	b.serverSays("Stopped after 3 of 12 messages.")
	if err := <-s.end; err == nil {
		t.Error("the search goes on after Stop")
	}
	// Leaving the search ends it.
	b.w.list.server.press()
	<-s.query
	b.w.search.Clear()
	if err := <-s.end; err == nil {
		t.Error("the search goes on when nobody looks at it")
	}
	b.until("no line", func() bool { return !b.w.list.server.content.Visible() })
	lang.Set("fa")
	b.find("meeting")
	b.until("in Persian", func() bool { return b.w.list.server.content.Visible() })
	b.shot("server-fa")
}

// A message that only a server found opens at its words once its text has come.
func TestAMessageFoundByAServerOpensAtItsWords(t *testing.T) {
	s := &answers{make(chan string, 1), make(chan mail.ServerFound), make(chan error, 1)}
	b := newBench(t, prefs(quiet), headersOnly(2))
	b.engine.servers = s.search
	b.find("pomegranate")
	b.until("the offer", func() bool { return b.w.list.server.Offered() && b.w.list.empty.Visible() })
	b.w.list.server.press()
	<-s.query
	id := b.ids["Old letter 1"]
	s.tell <- mail.ServerFound{Done: 2, Total: 2, Messages: []mail.MessageID{id}}
	s.end <- nil
	b.until("the message", func() bool { return b.w.list.pager.Total() == 1 && !b.w.list.empty.Visible() })
	b.w.list.SelectMessage(id)
	b.until("the want", func() bool { return b.engine.telling(id) != nil })
	raw := sampleMail{from: "Reza Ahmadi <reza@example.org>", subject: "Old letter 1", at: today.AddDate(0, 0, -31), text: strings.Repeat("Nothing of it.\n\n", 80) + "A pomegranate."}.raw()
	refs, err := b.store.PutBlobs(t.Context(), [][]byte{raw})
	b.ok(err)
	b.ok(b.store.SetBody(t.Context(), id, refs[0], message.ParseBytes(raw).Summary()))
	b.engine.give(id, nil)
	r := b.w.reader
	b.until("its words", func() bool { return r.found.places.at == 0 && inView(r) && r.scroll.Offset() > 300 })
	b.until("its row", func() bool {
		return b.w.list.pager.Total() == 1 && strings.Contains(lang.Plain(b.w.list.header.counts.Text()), "1 result")
	})
}
