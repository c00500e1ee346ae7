package store

import (
	"context"
	"math/rand"
	"slices"
	"sort"
	"testing"
	"time"

	"peyk/internal/mail"
)

// threadedMail is mail of which many answer others, in two folders, some of it with a word that is searched for.
func threadedMail(t *testing.T, s *Store) map[mail.Role]mail.FolderID {
	_, f := imapAccount(t, s, "work")
	rnd := rand.New(rand.NewSource(7))
	for n := 0; n < 400; n += 100 {
		in := messages(n+1, 100)
		for i := range in {
			in[i].Received = t0.Add(time.Duration(rnd.Intn(300)) * time.Hour)
			in[i].Summary.Date = in[i].Received
			in[i].Summary.Text = []string{"common word", "common", "other"}[rnd.Intn(3)]
			if n+i > 5 && rnd.Intn(2) == 0 {
				in[i].Summary.References = []string{message(rnd.Intn(n+i) + 1).Summary.HeaderID}
			}
			if rnd.Intn(2) == 0 {
				in[i].Flags = mail.Flags{mail.FlagSeen}
			}
			if rnd.Intn(6) == 0 {
				in[i].Flags = append(in[i].Flags, mail.FlagFlagged)
			}
			if rnd.Intn(4) == 0 {
				in[i].Summary.Attachments = []mail.Attachment{{Filename: "a.pdf"}, {Filename: "b.pdf"}}
			}
		}
		got(s.Ingest(context.Background(), f[[]mail.Role{mail.RoleInbox, mail.RoleArchive}[n/100%2]], in))(t)
	}
	return f
}

// TestFoundThreads compares the conversations of a search, as they are found among few and among many, with what its messages say.
func TestFoundThreads(t *testing.T) {
	s := openTest(t, Options{})
	f := threadedMail(t, s)
	ctx := context.Background()
	for _, l := range []matchLimits{{few: 0, block: 7}, {few: 1 << 30, block: 1 << 30}} {
		for _, q := range []Query{{Search: "common"}, {Search: "common", Reverse: true}, {Search: "common", Sort: SortSubject}, {Search: "common is:unread"},
			{Search: "common", Starred: true}, {Search: "common in:archive"}, {Search: "common", Folder: f[mail.RoleInbox]}, {Search: "nothing-has-this"}} {
			s.limits = l
			s.found.clear()
			compareThreads(t, s, q)
		}
	}
	// What is known of conversations follows what comes and goes.
	s.limits = matchLimits{few: 0, block: 7}
	q := Query{Search: "common"}
	heads := got(s.IDs(ctx, Query{Search: "common", Threads: true}, 0, 40))(t)
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: heads[:20], Folder: f[mail.RoleTrash]})
	compareThreads(t, s, q)
	must(t, s.RemoveMessages(ctx, heads[20:]))
	compareThreads(t, s, q)
	in := messages(401, 30)
	for i := range in {
		in[i].Summary.Text, in[i].Summary.References = "common", []string{message(i + 1).Summary.HeaderID, message(i + 200).Summary.HeaderID}
	}
	got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	compareThreads(t, s, q)
	// The best first is an order of messages, and what finds everything has none of its own.
	for _, q := range []Query{{Search: "common", Sort: SortRank}, {Search: "***"}} {
		threads := q
		threads.Threads = true
		if have, want := got(s.IDs(ctx, threads, 0, 1000))(t), got(s.IDs(ctx, q, 0, 1000))(t); !slices.Equal(have, want) {
			t.Errorf("%+v: %d rows, want %d", q, len(have), len(want))
		}
		some := got(s.IDs(ctx, q, 3, 4))(t)
		if of := got(s.Found(ctx, threads, append(some, 1<<40)))(t); !slices.Equal(of, some) {
			t.Errorf("%+v: the rows %v stand for %v", q, some, of)
		}
	}
}

func compareThreads(t *testing.T, s *Store, q Query) {
	t.Helper()
	ctx := context.Background()
	rows := got(s.Page(ctx, q, 0, 1000))(t)
	of := map[mail.ThreadID][]mail.Row{}
	for _, r := range rows {
		of[r.Thread] = append(of[r.Thread], r)
	}
	unread := 0
	head := map[mail.MessageID]mail.MessageID{}
	for _, l := range of {
		sort.Slice(l, func(i, j int) bool {
			return l[i].Date.Before(l[j].Date) || l[i].Date.Equal(l[j].Date) && l[i].ID < l[j].ID
		})
		if slices.ContainsFunc(l, mail.Row.Unread) {
			unread++
		}
		for _, r := range l {
			head[r.ID] = l[len(l)-1].ID
		}
	}
	var want []mail.MessageID // the heads, in the order of the messages
	for _, r := range rows {
		if head[r.ID] == r.ID {
			want = append(want, r.ID)
		}
	}
	q.Threads = true
	wantCount(t, s, q, len(want), unread)
	if n := got(s.Total(ctx, q))(t); n != len(want) {
		t.Errorf("%+v: %d in all, want %d", q, n, len(want))
	}
	page := got(s.Page(ctx, q, 0, 1000))(t)
	var have []mail.MessageID
	for _, r := range page {
		have = append(have, r.ID)
		compareThread(t, r, of[r.Thread])
	}
	if !slices.Equal(have, want) {
		t.Fatalf("%+v: %v, want %v", q, have, want)
	}
	for _, r := range rows {
		if at := got(s.Position(ctx, q, r.ID))(t); at != slices.Index(want, head[r.ID]) {
			t.Errorf("%+v: message %d is at %d, want %d", q, r.ID, at, slices.Index(want, head[r.ID]))
		}
	}
	if all := got(s.Found(ctx, q, want))(t); len(all) != len(rows) {
		t.Errorf("%+v: the rows stand for %d messages, want %d", q, len(all), len(rows))
	}
	if at := got(s.Position(ctx, q, 1<<40))(t); at != -1 {
		t.Errorf("%+v: a message that is not there is at %d", q, at)
	}
}

// compareThread compares what a row says with the messages found of its conversation, oldest first.
func compareThread(t *testing.T, r mail.Row, l []mail.Row) {
	t.Helper()
	if len(l) == 1 {
		if r.Group != nil {
			t.Errorf("one message, %d, is a conversation", r.ID)
		}
		return
	}
	if r.Group == nil {
		t.Fatalf("%d messages, the newest %d, are no conversation", len(l), r.ID)
	}
	attachments, unread, first := 0, 0, mail.MessageID(0)
	starred := false
	var ids []mail.MessageID
	for _, m := range l {
		ids, attachments, starred = append(ids, m.ID), attachments+m.Attachments, starred || m.Starred()
		if m.Unread() {
			if unread++; unread == 1 {
				first = m.ID
			}
		}
	}
	g := r.Group
	if !slices.Equal(g.Messages, ids) || g.Unread != unread || g.FirstUnread != first || r.Attachments != attachments || r.Unread() != (unread > 0) || r.Starred() != starred {
		t.Errorf("conversation of %d: %+v, %d attachments, unread %t, starred %t; want %v, %d unread from %d, %d, %t", r.ID, *g, r.Attachments, r.Unread(), r.Starred(), ids, unread, first, attachments, starred)
	}
	if len(g.From) == 0 {
		t.Errorf("conversation of %d: nobody writes", r.ID)
	}
}
