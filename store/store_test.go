package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

// testClock is a clock that tests set.
type testClock struct{ t time.Time }

func (c *testClock) now() time.Time { return c.t }

var t0 = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

func openTest(tb testing.TB, o Options) *Store {
	tb.Helper()
	s, err := Open(context.Background(), tb.TempDir(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func got[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// imapAccount makes an IMAP account with Inbox, Archive, Sent and Trash, synchronised once.
func imapAccount(tb testing.TB, s *Store, name string) (mail.AccountID, map[mail.Role]mail.FolderID) {
	tb.Helper()
	ctx := context.Background()
	a := got(s.SaveAccount(ctx, mail.Account{Name: name, Email: name + "@example.org", Protocol: mail.IMAP}))(tb)
	must(tb, s.ApplyFolders(ctx, a, []mail.RemoteFolder{
		{Path: "INBOX", Delimiter: "/", Role: mail.RoleInbox, Selectable: true, Subscribed: true},
		{Path: "Archive", Delimiter: "/", Role: mail.RoleArchive, Selectable: true},
		{Path: "Sent", Delimiter: "/", Role: mail.RoleSent, Selectable: true},
		{Path: "Trash", Delimiter: "/", Role: mail.RoleTrash, Selectable: true},
	}))
	m := map[mail.Role]mail.FolderID{}
	for _, f := range got(s.Folders(ctx, a))(tb) {
		m[f.Role] = f.ID
		must(tb, s.SetFolderSync(ctx, f.ID, 7, 1, 0))
	}
	return a, m
}

func popAccount(tb testing.TB, s *Store, name string) (mail.AccountID, map[mail.Role]mail.FolderID) {
	tb.Helper()
	ctx := context.Background()
	a := got(s.SaveAccount(ctx, mail.Account{Name: name, Email: name + "@example.org", Protocol: mail.POP3}))(tb)
	m := map[mail.Role]mail.FolderID{}
	for _, r := range []mail.Role{mail.RoleInbox, mail.RoleTrash, mail.RoleArchive, mail.RoleSent} {
		m[r] = got(s.EnsureLocalFolder(ctx, a, string(r), r))(tb)
	}
	return a, m
}

// message makes a message of number n; the higher, the newer.
func message(n int, flags ...mail.Flag) mail.Incoming {
	return mail.Incoming{
		UID: mail.UID(n), Flags: flags, Received: t0.Add(time.Duration(n) * time.Minute), Size: int64(1000 + n),
		Summary: mail.Summary{
			HeaderID: fmt.Sprintf("m%d@example.org", n), Subject: fmt.Sprintf("Subject %d", n),
			From: []mail.Address{{Name: fmt.Sprintf("Writer %d", n%7), Addr: fmt.Sprintf("w%d@example.org", n%7)}},
			To:   []mail.Address{{Name: "Me", Addr: "me@example.org"}},
			Date: t0.Add(time.Duration(n) * time.Minute), Snippet: fmt.Sprintf("snippet %d", n), Text: fmt.Sprintf("the text of number%d", n),
		},
	}
}

func messages(from, to int) []mail.Incoming {
	var out []mail.Incoming
	for n := from; n <= to; n++ {
		out = append(out, message(n))
	}
	return out
}

func withBody(tb testing.TB, s *Store, in mail.Incoming) mail.Incoming {
	tb.Helper()
	raw := fmt.Sprintf("Message-ID: <%s>\r\nSubject: %s\r\n\r\n%s\r\n", in.Summary.HeaderID, in.Summary.Subject, in.Summary.Text)
	refs := got(s.PutBlobs(context.Background(), [][]byte{[]byte(raw)}))(tb)
	in.Blob = &refs[0]
	return in
}

func subjects(rows []mail.Row) string {
	var l []string
	for _, r := range rows {
		l = append(l, strings.TrimPrefix(r.Subject, "Subject "))
	}
	return strings.Join(l, " ")
}

func wantPage(tb testing.TB, s *Store, q Query, want string) {
	tb.Helper()
	rows := got(s.Page(context.Background(), q, 0, 100))(tb)
	if g := subjects(rows); g != want {
		tb.Errorf("page of %+v: got %q, want %q", q, g, want)
	}
}

func wantCount(tb testing.TB, s *Store, q Query, total, unread int) {
	tb.Helper()
	gt, gu, err := s.Count(context.Background(), q)
	must(tb, err)
	if gt != total || gu != unread {
		tb.Errorf("count of %+v: got %d/%d, want %d/%d", q, gt, gu, total, unread)
	}
	if n := got(s.Total(context.Background(), q))(tb); n != total {
		tb.Errorf("total of %+v: got %d, want %d", q, n, total)
	}
}

func TestIngestAndRead(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	in := messages(1, 5)
	in[1].Flags = mail.Flags{mail.FlagSeen, mail.FlagFlagged, "Work"}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	again := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	for i := range ids {
		if ids[i] != again[i] {
			t.Fatalf("a second ingest gave other ids: %v, %v", ids, again)
		}
	}
	inbox := Query{Folder: f[mail.RoleInbox]}
	wantPage(t, s, inbox, "5 4 3 2 1")
	wantPage(t, s, Query{Role: mail.RoleInbox}, "5 4 3 2 1")
	wantPage(t, s, Query{}, "5 4 3 2 1")
	wantPage(t, s, Query{Folder: f[mail.RoleInbox], Reverse: true}, "1 2 3 4 5")
	wantPage(t, s, Query{Folder: f[mail.RoleInbox], Unread: true}, "5 4 3 1")
	wantPage(t, s, Query{Role: mail.RoleInbox, Unread: true}, "5 4 3 1")
	wantPage(t, s, Query{Starred: true}, "2")
	wantPage(t, s, Query{Tag: "work"}, "2")
	wantPage(t, s, Query{Tag: mail.FlagSeen}, "2")
	wantPage(t, s, Query{Folder: f[mail.RoleInbox], WithAttachment: true}, "")
	for _, sort := range []Sort{SortSender, SortSubject, SortSize, SortAttached} {
		wantCount(t, s, Query{Folder: f[mail.RoleInbox], Sort: sort}, 5, 4)
		if rows := got(s.Page(ctx, Query{Folder: f[mail.RoleInbox], Sort: sort}, 1, 3))(t); len(rows) != 3 {
			t.Errorf("sort %d: %d rows", sort, len(rows))
		}
	}
	wantCount(t, s, inbox, 5, 4)
	wantCount(t, s, Query{Starred: true}, 1, 0)
	if p := got(s.Position(ctx, inbox, ids[1]))(t); p != 3 {
		t.Errorf("position %d, want 3", p)
	}
	d := got(s.Details(ctx, ids[1]))(t)
	if d.FolderPath != "INBOX" || d.UIDValidity != 7 || d.UID != 2 || !d.Flags.Has("Work") || d.HasBody {
		t.Errorf("details %+v", d)
	}
	if rows := got(s.Search(ctx, "number3", 0, 10))(t); subjects(rows) != "3" {
		t.Errorf("search: %q", subjects(rows))
	}
}

func cut(s, sep string) (before, after string, ok bool) { return strings.Cut(s, sep) }

func splitLines(s string) []string { return strings.Split(s, "\r\n") }
