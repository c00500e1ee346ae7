package model

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// noFolders knows no roles.
type noFolders struct{}

func (noFolders) Folder(mail.FolderID) (mail.Folder, bool) { return mail.Folder{}, false }

// threads fills a store with n messages, each an answer to a random one of the last few or new, in two folders.
func threads(t *testing.T, rnd *rand.Rand, n int) (*store.Store, mail.FolderID) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	a, err := s.SaveAccount(ctx, mail.Account{Name: "a", Email: "a@example.org", Protocol: mail.POP3})
	if err != nil {
		t.Fatal(err)
	}
	var folders [2]mail.FolderID
	for i := range folders {
		if folders[i], err = s.EnsureLocalFolder(ctx, a, fmt.Sprint("f", i), mail.RoleNone); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	var in [2][]mail.Incoming
	for i := range n {
		sum := mail.Summary{HeaderID: fmt.Sprintf("m%d@x", i), Date: at.Add(time.Duration(i) * time.Minute), From: []mail.Address{{Addr: "w@example.org"}}}
		if rnd.Intn(2) == 0 && i > 0 {
			sum.References = []string{fmt.Sprintf("m%d@x", max(0, i-1-rnd.Intn(9)))}
		}
		f := rnd.Intn(4) / 3
		in[f] = append(in[f], mail.Incoming{Summary: sum, Received: sum.Date, Size: 10})
	}
	for i, f := range folders {
		if _, err := s.Ingest(ctx, f, in[i]); err != nil {
			t.Fatal(err)
		}
	}
	return s, folders[0]
}

// TestUnfoldedRowsAgree unfolds random conversations and compares pages from every offset, places, and what is chosen with the whole list.
func TestUnfoldedRowsAgree(t *testing.T) {
	ctx := context.Background()
	rnd := rand.New(rand.NewSource(3))
	s, folder := threads(t, rnd, 200)
	c := NewConversations(s, store.Query{Folder: folder}, noFolders{}, nil)
	if _, err := c.Count(ctx); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		all := whole(t, c)
		for range 20 {
			off, n := rnd.Intn(len(all)+3), rnd.Intn(20)+1
			rows, err := c.Page(ctx, off, n)
			want := all[min(off, len(all)):min(off+n, len(all))]
			if err != nil || !slices.Equal(keys(rows), keys(want)) {
				t.Fatalf("page of %d at %d: %v, want %v (%v)", n, off, keys(rows), keys(want), err)
			}
			chosen, messages, err := c.Chosen(ctx, off, len(want))
			if err != nil || len(chosen) != len(want) || len(messages) != len(MembersOf(want)) {
				t.Fatalf("chosen of %d at %d: %v %v, want %v (%v)", n, off, chosen, messages, MembersOf(want), err)
			}
		}
		var several []int
		for i, r := range all {
			if at, err := c.Position(ctx, Key(r)); err != nil || at != i {
				t.Fatalf("row %d, key %d, is at %d (%v)", i, Key(r), at, err)
			}
			head := c.Head(i)
			if (head >= 0) != (r.Nested != mail.NestedNot) || head >= 0 && (all[head].Thread != r.Thread || !c.IsUnfolded(all[head])) {
				t.Fatalf("row %d is below %d", i, head)
			}
			if r.Group != nil {
				several = append(several, i)
			}
		}
		c = NewConversations(s, store.Query{Folder: folder}, noFolders{}, c.Toggled(all[several[rnd.Intn(len(several))]]))
		if n, err := c.Count(ctx); err != nil || n.Conversations >= 200 || n.Total < n.Conversations {
			t.Fatalf("counted %+v, %v", n, err)
		}
	}
}

func whole(t *testing.T, c *Conversations) []mail.Row {
	t.Helper()
	n, err := c.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Page(t.Context(), 0, n.Total+10)
	if err != nil || len(all) != n.Total {
		t.Fatalf("%d rows, %d counted, %v", len(all), n.Total, err)
	}
	return all
}

func keys(rows []mail.Row) []mail.MessageID {
	out := []mail.MessageID{}
	for _, r := range rows {
		out = append(out, Key(r))
	}
	return out
}
