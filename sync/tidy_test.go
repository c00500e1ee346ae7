package mailsync

import (
	"context"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// tidyStore is a store with a folder: receive brings n messages, each in a commit of its own, and left merges and tells whether there is more.
func tidyStore(t *testing.T) (st *store.Store, receive func(n int), left func() bool) {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	account, err := st.SaveAccount(ctx, mail.Account{Name: "a", Email: "a@example.org", Protocol: mail.IMAP})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := st.EnsureLocalFolder(ctx, account, "x", mail.RoleNone)
	if err != nil {
		t.Fatal(err)
	}
	receive = func(n int) {
		for range n {
			in := mail.Incoming{Size: 1, Summary: mail.Summary{Subject: "x", Text: "a letter"}}
			if _, err := st.Ingest(ctx, folder, []mail.Incoming{in}); err != nil {
				t.Fatal(err)
			}
		}
	}
	left = func() bool {
		more, err := st.MergeIndex(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return more
	}
	return st, receive, left
}

// The search index is merged while nothing is received, and not before.
func TestTidyWaitsForPasses(t *testing.T) {
	ctx := context.Background()
	st, receive, left := tidyStore(t)
	e := New(st, Options{})
	defer e.Close()
	receive(20)
	e.passing.Add(1)
	if err := e.tidy(ctx); err != nil {
		t.Fatal(err)
	}
	if !left() {
		t.Error("it was merged during a pass")
	}
	e.passing.Add(-1)
	receive(20)
	if err := e.tidy(ctx); err != nil {
		t.Fatal(err)
	}
	if left() {
		t.Error("there is something left to merge")
	}
}

// Passes from the command line merge the index, too, a little at the end of each that brought little.
func TestTidyAfterAPass(t *testing.T) {
	ctx := context.Background()
	st, receive, left := tidyStore(t)
	e := New(st, Options{})
	defer e.Close()
	receive(40)
	e.tidyAfter(ctx, []mail.PassResult{{New: afterPass - 1}, {New: 1}})
	if !left() {
		t.Error("a first download was slowed down")
	}
	receive(40)
	e.tidyAfter(ctx, []mail.PassResult{{Updated: 3}})
	if !left() {
		t.Error("a pass without new mail was slowed down")
	}
	receive(40)
	e.tidyAfter(ctx, []mail.PassResult{{New: 1}, {New: 2}})
	if left() {
		t.Error("there is something left to merge")
	}
}

// The bytes of deleted messages are taken away while nothing is received, and not before.
func TestReclaimWaitsForPasses(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	st, err := store.Open(ctx, t.TempDir(), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	account, err := st.SaveAccount(ctx, mail.Account{Name: "a", Email: "a@example.org", Protocol: mail.IMAP})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := st.EnsureLocalFolder(ctx, account, "x", mail.RoleNone)
	if err != nil {
		t.Fatal(err)
	}
	refs, err := st.PutBlobs(ctx, [][]byte{[]byte("Subject: x\r\n\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := st.Ingest(ctx, folder, []mail.Incoming{{Size: refs[0].Size, Blob: &refs[0]}})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.RemoveMessages(ctx, ids); err != nil {
		t.Fatal(err)
	}
	e := New(st, Options{})
	defer e.Close()
	reclaim := func() (here bool) {
		t.Helper()
		if err := e.reclaim(ctx); err != nil {
			t.Fatal(err)
		}
		now = now.Add(25 * time.Hour)
		b, err := st.OpenBlob(ctx, refs[0].Hash)
		return err == nil && b.Close() == nil
	}
	reclaim()
	e.passing.Add(1)
	if !reclaim() {
		t.Error("they were taken away during a pass")
	}
	e.passing.Add(-1)
	if reclaim() {
		t.Error("they were not taken away")
	}
}
