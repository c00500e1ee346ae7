package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
)

func receive(t *testing.T, sub *Subscription) mail.Change {
	t.Helper()
	select {
	case c, ok := <-sub.C:
		if !ok {
			t.Fatal("the subscription ended")
		}
		return c
	case <-time.After(2 * time.Minute):
		t.Fatal("no change came")
	}
	return mail.Change{}
}

// noticed does something in another process until the store of sub tells of it: its first look only learns how much was
// written so far.
func noticed(t *testing.T, sub *Subscription, do func(i int)) {
	t.Helper()
	end := time.After(2 * time.Minute)
	for i := 0; ; i++ {
		do(i)
		select {
		case <-sub.C:
			return
		case <-time.After(20 * time.Millisecond):
		case <-end:
			t.Fatal("the store never looks at what others write")
		}
	}
}

func TestChanges(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	sub := s.Subscribe()
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 2)))(t)
	c := receive(t, sub)
	if c.Reload || len(c.Folders) != 1 || c.Folders[0] != f[mail.RoleInbox] || len(c.Messages) != 2 || len(c.Arrived) != 2 {
		t.Errorf("change %+v", c)
	}
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleArchive]})
	c = receive(t, sub)
	if len(c.Folders) != 2 || len(c.Messages) != 1 || !c.Ops {
		t.Errorf("change %+v", c)
	}
	// While nobody reads, changes pile up into one.
	must(t, s.SetSetting(ctx, "a", "b"))
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(3, 4)))(t)
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(5, 5)))(t)
	seen := map[mail.MessageID]bool{}
	settings := false
	for len(seen) < 3 || !settings {
		c = receive(t, sub)
		settings = settings || c.Settings
		for _, id := range c.Messages {
			seen[id] = true
		}
	}
	// Too much to name: look at everything again.
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(100, 100+maxChangeIDs)))(t)
	if c = receive(t, sub); !c.Reload || c.Messages != nil {
		t.Errorf("reload %t, %d messages", c.Reload, len(c.Messages))
	}
	sub.Close()
	sub.Close()
	for range sub.C {
	}
	// A failed transaction says nothing.
	sub = s.Subscribe()
	if _, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpMove, Messages: ids, Folder: 999}}); err == nil {
		t.Error("a move to nowhere was taken")
	}
	must(t, s.SetSetting(ctx, "a", "c"))
	if c = receive(t, sub); len(c.Folders) != 0 || !c.Settings {
		t.Errorf("change %+v", c)
	}
}

func TestOtherProcess(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	window := got(Open(ctx, dir, Options{PollEvery: 10 * time.Millisecond}))(t)
	cli := got(Open(ctx, dir, Options{}))(t)
	_, f := imapAccount(t, cli, "work")
	got(cli.Ingest(ctx, f[mail.RoleInbox], messages(1, 3000)))(t)
	q := Query{Folder: f[mail.RoleInbox]}
	if rows := got(window.Page(ctx, q, 2990, 100))(t); len(rows) != 10 {
		t.Fatalf("%d rows", len(rows))
	}
	sub := window.Subscribe()
	noticed(t, sub, func(i int) { must(t, cli.SetSetting(ctx, "n", strconv.Itoa(i))) })
	got(cli.Ingest(ctx, f[mail.RoleInbox], messages(3001, 3005)))(t)
	if c := receive(t, sub); !c.Reload {
		t.Errorf("change %+v", c)
	}
	// Pages do not wait for the notice: anchors of the old state are not used.
	rows := got(window.Page(ctx, q, 2990, 100))(t)
	if len(rows) != 15 || rows[14].Subject != "Subject 1" {
		t.Errorf("%d rows", len(rows))
	}
	must(t, window.Close())
	if _, ok := <-sub.C; ok {
		t.Error("the channel must close with the store")
	}
	must(t, cli.Close())
}

// TestConcurrentReaders is for the race detector: readers, a writer, subscribers and a check at once.
func TestConcurrentReaders(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	q := Query{Folder: f[mail.RoleInbox]}
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 3000)))(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for r := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				off := (i*37 + r*911) % 3000
				rows, err := s.Page(ctx, q, off, 20)
				if err != nil {
					t.Error(err)
					return
				}
				for j := 1; j < len(rows); j++ {
					if rows[j].Date.After(rows[j-1].Date) {
						t.Errorf("page at %d is not in order", off)
						return
					}
				}
				if _, err := s.Search(ctx, fmt.Sprintf("number%d", off+1), 0, 5); err != nil {
					t.Error(err)
					return
				}
				if len(rows) > 0 {
					if _, err := s.Position(ctx, q, rows[0].ID); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	sub := s.Subscribe()
	wg.Go(func() {
		for range sub.C {
		}
	})
	for n := 3001; n < 3200; n += 10 {
		ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(n, n+9)))(t)
		submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:5], Folder: f[mail.RoleArchive]})
		submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}})
	}
	clean(t, s)
	close(stop)
	sub.Close()
	wg.Wait()
	wantCount(t, s, q, 3100, 3000)
}

func TestClosedStore(t *testing.T) {
	s := got(Open(context.Background(), t.TempDir(), Options{}))(t)
	must(t, s.Close())
	must(t, s.Close())
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := s.SetSetting(ctx, "a", "b"); err == nil {
		t.Error("a closed store wrote")
	}
	if _, err := s.Setting(ctx, "a"); err == nil {
		t.Error("a closed store read")
	}
	sub := s.Subscribe()
	if _, ok := <-sub.C; ok {
		t.Error("a closed store sent")
	}
	sub.Close()
}

// What a first download brings is no news; what comes after it began is, also when it is interrupted, and so it is after a change of
// UIDVALIDITY.
func TestArrivedDuringAFirstDownload(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	in := f[mail.RoleInbox]
	sub := s.Subscribe()
	defer sub.Close()
	for n, step := range []struct {
		uid  mail.UID
		do   func() error
		news bool
	}{
		{1, func() error { return s.ResetFolder(ctx, in, 7) }, false},
		{2, func() error { return s.BeginFolder(ctx, in, 7, 10) }, false},
		{10, func() error { return nil }, true},
		{3, func() error { return nil }, false},
		{4, func() error { return s.SetFolderSync(ctx, in, 7, 11, 0) }, true},
		{5, func() error { return errors.Join(s.ResetFolder(ctx, in, 8), s.BeginFolder(ctx, in, 8, 20)) }, false},
		{20, func() error { return nil }, true},
	} {
		must(t, step.do())
		m := message(50 + n)
		m.UID = step.uid
		ids := got(s.Ingest(ctx, in, []mail.Incoming{m}))(t)
		for {
			c := <-sub.C
			if !slices.Contains(c.Messages, ids[0]) {
				continue
			}
			if slices.Contains(c.Arrived, ids[0]) != step.news {
				t.Errorf("step %d, UID %d: told as new: %v", n, step.uid, !step.news)
			}
			break
		}
	}
}
