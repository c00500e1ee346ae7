package store

import (
	"context"
	"math/rand"
	"slices"
	"testing"
	"time"

	"peyk/internal/mail"
)

// A snoozed message is out of the lists of its folder and in everything else, until its time has come; then it stands first, with its own date.
func TestSnooze(t *testing.T) {
	now := t0.Add(time.Hour)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	inbox := f[mail.RoleInbox]
	ids := got(s.Ingest(ctx, inbox, messages(1, 4)))(t)
	left := Query{Folder: inbox, Snoozed: SnoozedLeftOut}
	until := now.Add(24 * time.Hour)
	op := submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: []mail.MessageID{ids[1], ids[2]}, Date: until, Title: string(mail.ActSnooze)})
	if op.State != mail.OpDone {
		t.Errorf("a server takes part: %s", op.State)
	}
	for _, q := range []Query{left, {Role: mail.RoleInbox, Snoozed: SnoozedLeftOut}, {Folder: inbox, Snoozed: SnoozedLeftOut, Conversations: true}, {Folder: inbox, Snoozed: SnoozedLeftOut, Unread: true}} {
		wantPage(t, s, q, "4 1")
		wantCount(t, s, q, 2, 2)
	}
	wantPage(t, s, Query{Folder: inbox}, "4 3 2 1")
	wantCount(t, s, Query{Folder: inbox}, 4, 4)
	wantPage(t, s, Query{Search: "number3"}, "3")
	wantPage(t, s, Query{Search: "is:snoozed"}, "3 2")
	wantPage(t, s, Query{Search: "number3 وضعیت:به‌تعویق‌افتاده"}, "3")
	wantPage(t, s, Query{Search: "ist:zurückgestellt -number3"}, "2")
	wantPage(t, s, Query{Search: "وضعیت:مؤجَّلة"}, "3 2")
	if c := got(s.Snoozed(ctx))(t); len(c) != 1 || c[inbox] != (mail.SnoozedCount{Total: 2, Unread: 2}) {
		t.Errorf("snoozed %v", c)
	}
	// What comes back first stands first, whatever its date.
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[2:3], Date: until.Add(-time.Hour), Title: string(mail.ActSnooze)})
	only := Query{Snoozed: SnoozedOnly}
	wantPage(t, s, only, "3 2")
	wantCount(t, s, only, 2, 2)
	if r := got(s.Row(ctx, ids[2]))(t); !r.Snoozed.Equal(until.Add(-time.Hour)) {
		t.Errorf("snoozed until %v", r.Snoozed)
	}
	if p := got(s.Position(ctx, only, ids[1]))(t); p != 1 {
		t.Errorf("position %d", p)
	}
	if next := got(s.NextSnoozed(ctx))(t); !next.Equal(until.Add(-time.Hour)) {
		t.Errorf("next %v", next)
	}
	clean(t, s)

	sub := s.Subscribe()
	defer sub.Close()
	now = until.Add(-30 * time.Minute)
	if back := got(s.WakeSnoozed(ctx))(t); !slices.Equal(back, ids[2:3]) {
		t.Fatalf("came back: %v", back)
	}
	if c := <-sub.C; !slices.Equal(c.Returned, ids[2:3]) {
		t.Errorf("told %+v", c)
	}
	wantPage(t, s, left, "3 4 1")
	wantPage(t, s, only, "2")
	r := got(s.Row(ctx, ids[2]))(t)
	if !r.Date.Equal(message(3).Summary.Date) || !r.Returned.Equal(now) || !r.Listed().Equal(now) || !r.Snoozed.IsZero() {
		t.Errorf("after it came back: %+v", r)
	}
	// Searches ask for the date of the message; conversations are read in that order.
	for _, few := range []int{0, 5000} {
		s.limits.few = few
		wantPage(t, s, Query{Search: "before:2025-03-02"}, "3 4 2 1")
		wantPage(t, s, Query{Search: "after:2025-03-02"}, "")
		wantPage(t, s, Query{Search: "on:2025-03-01 number3"}, "3")
		wantPage(t, s, Query{Search: "on:2025-03-02 number3"}, "")
		s.found.clear()
	}
	clean(t, s)
	// Elsewhere it stands by its own date.
	got(s.Ingest(ctx, f[mail.RoleArchive], []mail.Incoming{message(20)}))(t)
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[2:3], Folder: f[mail.RoleArchive], Title: string(mail.ActMove)})
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "20 3")
	clean(t, s)
}

// Undo gives back the time that a message had before, also none.
func TestSnoozeUndo(t *testing.T) {
	now := t0.Add(time.Hour)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 2)))(t)
	snooze := func(at time.Time) mail.GroupID {
		return submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[:1], Date: at, Title: string(mail.ActSnooze)}).Group
	}
	until := func() time.Time { return got(s.Row(ctx, ids[0]))(t).Snoozed }
	first := snooze(now.Add(time.Hour))
	second := snooze(now.Add(2 * time.Hour))
	got(s.UndoGroup(ctx, second))(t)
	if !until().Equal(now.Add(time.Hour)) {
		t.Errorf("after one undo: %v", until())
	}
	third := snooze(time.Time{})
	if !until().IsZero() {
		t.Error("brought back, but still snoozed")
	}
	got(s.UndoGroup(ctx, third))(t)
	got(s.UndoGroup(ctx, first))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleInbox], Snoozed: SnoozedLeftOut}, "2 1")
	if next := got(s.NextSnoozed(ctx))(t); !next.IsZero() {
		t.Errorf("next %v", next)
	}
	clean(t, s)
}

// A snoozed message that is moved is not snoozed there; brought back it is. News in its conversation end the wait, and so does its deletion.
func TestSnoozeEnds(t *testing.T) {
	now := t0.Add(time.Hour)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	inbox, archive := f[mail.RoleInbox], f[mail.RoleArchive]
	ids := got(s.Ingest(ctx, inbox, messages(1, 3)))(t)
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids, Date: now.Add(time.Hour), Title: string(mail.ActSnooze)})
	left := func(folder mail.FolderID) Query { return Query{Folder: folder, Snoozed: SnoozedLeftOut} }
	move := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: archive, Title: string(mail.ActMove)})
	wantPage(t, s, left(archive), "1")
	wantPage(t, s, Query{Snoozed: SnoozedOnly}, "2 3")
	got(s.UndoGroup(ctx, move.Group))(t)
	wantPage(t, s, left(inbox), "")
	wantPage(t, s, Query{Snoozed: SnoozedOnly}, "1 2 3")

	answer := message(9)
	answer.Summary.References = []string{message(2).Summary.HeaderID}
	got(s.Ingest(ctx, inbox, []mail.Incoming{answer}))(t)
	wantPage(t, s, left(inbox), "9 2")
	clean(t, s)

	must(t, s.RemoveMessages(ctx, ids[2:]))
	now = now.Add(2 * time.Hour)
	if back := got(s.WakeSnoozed(ctx))(t); !slices.Equal(back, ids[:1]) {
		t.Errorf("came back: %v", back)
	}
	wantPage(t, s, left(inbox), "1 9 2")
	if next := got(s.NextSnoozed(ctx))(t); !next.IsZero() {
		t.Errorf("next %v", next)
	}
	clean(t, s)
}

// Lists without snoozed messages stay right at any offset while random messages are snoozed, come back, move and arrive.
func TestSnoozeEqualsRecomputation(t *testing.T) {
	now := t0.Add(24 * time.Hour)
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	c := &convWorld{world: world{t: t, s: s, rnd: rand.New(rand.NewSource(7)), m: model{rows: map[mail.MessageID]*modelRow{}}, uids: map[mail.FolderID]mail.UID{}}}
	var f map[mail.Role]mail.FolderID
	c.account, f = imapAccount(t, s, "work")
	c.folders = []mail.FolderID{f[mail.RoleInbox], f[mail.RoleArchive], f[mail.RoleTrash]}
	c.scope = SnoozedLeftOut
	c.arrive(2600)
	groups := []mail.GroupID{}
	for range 120 {
		switch c.rnd.Intn(6) {
		case 0, 1:
			at := time.Time{}
			if c.rnd.Intn(4) > 0 {
				at = now.Add(time.Duration(c.rnd.Intn(50)) * time.Minute)
			}
			if op := submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: c.pick(), Date: at, Title: string(mail.ActSnooze)}); op.ID != 0 {
				groups = append(groups, op.Group)
			}
		case 2:
			now = now.Add(time.Duration(c.rnd.Intn(20)) * time.Minute)
			got(s.WakeSnoozed(ctx))(t)
		case 3:
			if n := len(groups); n > 0 {
				got(s.UndoGroup(ctx, groups[n-1]))(t)
				groups = groups[:n-1]
			}
		case 4:
			c.arrive(c.rnd.Intn(6) + 1)
		case 5:
			c.step()
		}
		if c.rnd.Intn(8) == 0 {
			c.compareSnoozed()
			c.compareConvs()
		}
	}
	c.drain()
	c.compareSnoozed()
	c.compareConvs()
	clean(t, s)
}

// compareSnoozed compares the lists of folders without snoozed messages with those that have all.
func (c *convWorld) compareSnoozed() {
	c.t.Helper()
	ctx := context.Background()
	snoozed := 0
	for _, f := range c.folders {
		var want []mail.MessageID
		unread := 0
		for _, r := range got(c.s.Page(ctx, Query{Folder: f}, 0, 1<<20))(c.t) {
			if !r.Snoozed.IsZero() {
				snoozed++
				continue
			}
			want = append(want, r.ID)
			unread += b2i(r.Unread())
		}
		q := Query{Folder: f, Snoozed: SnoozedLeftOut}
		wantCount(c.t, c.s, q, len(want), unread)
		for range 4 {
			off := c.rnd.Intn(len(want) + 2)
			if have := got(c.s.IDs(ctx, q, off, 10))(c.t); !slices.Equal(have, want[min(off, len(want)):min(off+10, len(want))]) {
				c.t.Fatalf("folder %d at %d: %v", f, off, have)
			}
		}
	}
	if n := len(got(c.s.IDs(ctx, Query{Snoozed: SnoozedOnly}, 0, 1<<20))(c.t)); n != snoozed {
		c.t.Fatalf("%d are snoozed, %d listed", snoozed, n)
	}
}

// Who lets a snoozed message wait for another time sees it there at once.
func TestSnoozedForAnotherTime(t *testing.T) {
	s := openTest(t, Options{Now: func() time.Time { return t0 }})
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(context.Background(), f[mail.RoleInbox], messages(1, 2)))(t)
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[:1], Date: t0.AddDate(0, 0, 1)})
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[1:], Date: t0.AddDate(0, 0, 2)})
	q := Query{Snoozed: SnoozedOnly}
	wantPage(t, s, q, "1 2")
	sub := s.Subscribe()
	defer sub.Close()
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[:1], Date: t0.AddDate(0, 0, 3)})
	wantPage(t, s, q, "2 1")
	if c := <-sub.C; len(c.Messages) != 1 || c.Messages[0] != ids[0] {
		t.Errorf("change %+v", c)
	}
}

// A list that leaves snoozed messages out stands still when one of them is deleted, also far down.
func TestSnoozedAndDeleted(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(context.Background(), f[mail.RoleInbox], messages(1, 2*anchorEvery+500)))(t)
	last := len(ids) - 1
	at := 2*anchorEvery + 300
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[last-1:], Date: t0.AddDate(9, 0, 0)})
	for _, op := range []mail.Op{{}, {Kind: mail.OpExpunge, Messages: ids[last:]}, {Kind: mail.OpFlags, Messages: ids[last-1 : last], Add: mail.Flags{mail.FlagDeleted}}} {
		if op.Kind != "" {
			submit(t, s, op)
		}
		for _, conv := range []bool{false, true} {
			q := Query{Folder: f[mail.RoleInbox], Snoozed: SnoozedLeftOut, Conversations: conv}
			if have, want := got(s.IDs(context.Background(), q, at, 1))(t)[0], ids[last-2-at]; have != want {
				t.Errorf("%s, conversations %t: at %d stands %d, want %d", op.Kind, conv, at, have, want)
			}
		}
	}
}

// TestSnoozesOfDeletedMessagesGo: what is deleted, by whatever way, comes back at no time.
func TestSnoozesOfDeletedMessagesGo(t *testing.T) {
	ctx := context.Background()
	for name, remove := range map[string]func(s *Store, a mail.AccountID, f mail.FolderID, id mail.MessageID) error{
		"a message": func(s *Store, _ mail.AccountID, _ mail.FolderID, id mail.MessageID) error {
			return s.RemoveMessages(ctx, []mail.MessageID{id})
		},
		"a folder": func(s *Store, _ mail.AccountID, f mail.FolderID, _ mail.MessageID) error {
			return s.write(ctx, "test", func(t *wtx) error { return t.dropFolder(f) })
		},
		"an account": func(s *Store, a mail.AccountID, _ mail.FolderID, _ mail.MessageID) error {
			return s.RemoveAccount(ctx, a)
		},
		"of before, by the doctor": func(s *Store, _ mail.AccountID, _ mail.FolderID, id mail.MessageID) error {
			if err := s.write(ctx, "test", func(t *wtx) error {
				return t.script("DELETE FROM messages; DELETE FROM details; DELETE FROM fts")
			}); err != nil {
				return err
			}
			_, err := s.Check(ctx, true)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, Options{})
			a, f := imapAccount(t, s, "work")
			ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 1)))(t)
			submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids, Date: time.Now().Add(time.Hour), Title: string(mail.ActSnooze)})
			if next := got(s.NextSnoozed(ctx))(t); next.IsZero() {
				t.Fatal("it is not snoozed")
			}
			must(t, remove(s, a, f[mail.RoleInbox], ids[0]))
			if next := got(s.NextSnoozed(ctx))(t); !next.IsZero() {
				t.Errorf("something comes back at %v", next)
			}
		})
	}
}
