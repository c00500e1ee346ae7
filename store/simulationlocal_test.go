package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestAnythingInAnyOrderHere is the same for the folders of this computer, where all is done at once and may be taken back in any order: no message gets lost, and
// each is shown where its folder is.
func TestAnythingInAnyOrderHere(t *testing.T) {
	n := int64(6)
	if os.Getenv("PEYK_LONG") != "" {
		n = 400
	}
	for seed := range n {
		if !t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { localSimulation(t, seed) }) {
			return
		}
	}
}

func localSimulation(t *testing.T, seed int64) {
	ctx := context.Background()
	s := openTest(t, Options{})
	rnd := rand.New(rand.NewSource(seed))
	a, f := popAccount(t, s, "here")
	for _, path := range []string{"Work", "Work/Old", "Other"} {
		got(s.EnsureLocalFolder(ctx, a, path, mail.RoleNone))(t)
	}
	in := messages(1, 8)
	for i := range in {
		in[i].UID = 0
	}
	first := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	var log []string
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(log, "\n"))
		}
	})
	ok := func(what string, err error) {
		t.Helper()
		log = append(log, fmt.Sprintf("%s: %v", what, err))
		var refused *mail.Refusal
		if err != nil && !errors.As(err, &refused) && !errors.Is(err, ErrTakenBack) && !errors.Is(err, ErrNotFound) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for range 70 {
		fs := got(s.Folders(ctx, a))(t)
		x := fs[rnd.Intn(len(fs))]
		ids := got(s.IDs(ctx, Query{}, 0, 100))(t)
		rnd.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		op := mail.Op{Account: a, Title: "test", Messages: ids[:min(len(ids), 1+rnd.Intn(3))]}
		switch k := rnd.Intn(14); {
		case k < 4:
			op.Kind, op.Folder = mail.OpMove, x.ID
		case k == 4:
			op.Kind, op.Folder = mail.OpCopy, x.ID
		case k == 5:
			op.Kind = mail.OpExpunge
		case k == 6:
			op.Kind, op.Name, op.Messages = mail.OpCreate, []string{"Work/New", "New", "Other"}[rnd.Intn(3)], nil
		case k == 7 && x.Role == mail.RoleNone:
			op.Kind, op.Folder, op.Name, op.Messages = mail.OpRename, x.ID, []string{"Work", "Other", "New", "Work/Old"}[rnd.Intn(4)], nil
		case k == 8 && x.Role == mail.RoleNone:
			op.Kind, op.Folder, op.Messages = mail.OpDropFolder, x.ID, nil
		case k == 9:
			op.Kind, op.Add = mail.OpFlags, mail.Flags{mail.FlagSeen}
		default:
			g, _, err := s.LastUndoable(ctx)
			ok("looking what can be undone", err)
			if all := got(s.Ops(ctx, 30))(t); rnd.Intn(3) == 0 && len(all) > 0 {
				g = all[rnd.Intn(len(all))].Group
			}
			if g != 0 {
				_, err = s.UndoGroup(ctx, g)
				ok(fmt.Sprint("undo ", g), err)
			}
			continue
		}
		ops := []mail.Op{op}
		_, err := s.Submit(ctx, ops)
		ok(fmt.Sprintf("%s %v folder %d %q: op %d", op.Kind, op.Messages, op.Folder, op.Name, ops[0].ID), err)
		var lost int
		got(s.read(ctx, "SELECT count(*) FROM messages m LEFT JOIN folders f ON f.id=m.folder WHERE f.id IS NULL OR (f.pending=2)<>(m.hidden&4<>0)", nil, &lost))(t)
		if lost > 0 {
			t.Fatalf("%d messages are shown where there is no folder, or hidden where there is one", lost)
		}
	}
	var left int
	got(s.read(ctx, "SELECT count(*) FROM messages WHERE id<=?", []any{first[len(first)-1]}, &left))(t)
	if left != len(first) {
		t.Errorf("%d of %d messages are left", left, len(first))
	}
	clean(t, s)
}
