package store

import (
	"context"
	"math/rand"
	"sort"
	"testing"

	"peyk/internal/mail"
)

// model is what the store should show, kept in the simplest way.
type model struct {
	rows map[mail.MessageID]*modelRow
}

type modelRow struct {
	id     mail.MessageID
	folder mail.FolderID
	date   int64
	seen   bool
	gone   bool
	n      int // number of the message
	uid    mail.UID
}

func (m *model) list(folder mail.FolderID, unread bool) []mail.MessageID {
	var l []*modelRow
	for _, r := range m.rows {
		if !r.gone && (folder == 0 || r.folder == folder) && (!unread || !r.seen) {
			l = append(l, r)
		}
	}
	sort.Slice(l, func(i, j int) bool {
		if l[i].date != l[j].date {
			return l[i].date > l[j].date
		}
		return l[i].id > l[j].id
	})
	out := make([]mail.MessageID, len(l))
	for i, r := range l {
		out[i] = r.id
	}
	return out
}

// TestRandomOperations compares counts, pages, positions and the recount with a model while random operations, answers,
// failures, undos and passes happen.
func TestRandomOperations(t *testing.T) {
	for _, seed := range []int64{1, 2, 3, 4} {
		s := openTest(t, Options{})
		w := &world{t: t, s: s, rnd: rand.New(rand.NewSource(seed)), m: model{rows: map[mail.MessageID]*modelRow{}}, uids: map[mail.FolderID]mail.UID{}}
		var f map[mail.Role]mail.FolderID
		w.account, f = imapAccount(t, s, "work")
		w.folders = []mail.FolderID{f[mail.RoleInbox], f[mail.RoleArchive], f[mail.RoleTrash]}
		w.ingest(2500) // more than one anchor
		for range 120 {
			w.step()
			if w.rnd.Intn(6) == 0 {
				w.compare()
			}
		}
		w.drain()
		w.compare()
		clean(t, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

type world struct {
	t       *testing.T
	s       *Store
	rnd     *rand.Rand
	m       model
	account mail.AccountID
	folders []mail.FolderID
	uids    map[mail.FolderID]mail.UID
	n       int
}

func (w *world) ingest(count int) {
	w.t.Helper()
	f := w.folders[0]
	var in []mail.Incoming
	for range count {
		w.n++
		w.uids[f]++
		m := message(w.n)
		m.UID = w.uids[f]
		// Many at the same second, and some that arrive late.
		at := t0.Unix() + int64(w.rnd.Intn(w.n/2+1))
		m.Summary.Date, m.Received = fromUnix(at), fromUnix(at)
		if w.rnd.Intn(2) == 0 {
			m.Flags = mail.Flags{mail.FlagSeen}
		}
		in = append(in, m)
	}
	for i, id := range got(w.s.Ingest(context.Background(), f, in))(w.t) {
		w.m.rows[id] = &modelRow{id: id, folder: f, date: in[i].Received.Unix(), seen: in[i].Flags.Has(mail.FlagSeen), n: w.n, uid: in[i].UID}
	}
}

func (w *world) pick() []mail.MessageID {
	ids := w.m.list(0, false)
	var out []mail.MessageID
	for range w.rnd.Intn(8) + 1 {
		if len(ids) > 0 {
			out = append(out, ids[w.rnd.Intn(len(ids))])
		}
	}
	return out
}

func (w *world) step() {
	ctx := context.Background()
	switch w.rnd.Intn(8) {
	case 0:
		w.ingest(w.rnd.Intn(5) + 1)
	case 1, 2:
		op := mail.Op{Kind: mail.OpFlags, Messages: w.pick(), Add: mail.Flags{mail.FlagSeen}}
		if w.rnd.Intn(2) == 0 {
			op.Add, op.Remove = nil, op.Add
		}
		submit(w.t, w.s, op)
		for _, id := range op.Messages {
			w.m.rows[id].seen = op.Add != nil
		}
	case 3, 4:
		op := mail.Op{Kind: mail.OpMove, Messages: w.pick(), Folder: w.folders[w.rnd.Intn(len(w.folders))]}
		submit(w.t, w.s, op)
		for _, id := range op.Messages {
			w.m.rows[id].folder = op.Folder
		}
	case 5:
		op := mail.Op{Kind: mail.OpExpunge, Messages: w.pick()[:1]}
		submit(w.t, w.s, op)
		w.m.rows[op.Messages[0]].gone = true
	case 6:
		w.execute()
	case 7:
		// Something is submitted and undone at once: nothing changes.
		op := submit(w.t, w.s, mail.Op{Kind: mail.OpMove, Messages: w.pick(), Folder: w.folders[w.rnd.Intn(len(w.folders))], Title: string(mail.ActMove)})
		if op.ID != 0 {
			got(w.s.UndoGroup(ctx, op.Group))(w.t)
		}
	}
}

// execute plays the server for the next operation.
func (w *world) execute() bool {
	ctx := context.Background()
	op, targets := next(w.t, w.s, w.account)
	if op == nil {
		return false
	}
	res := OpResult{UIDs: map[mail.MessageID]mail.UID{}}
	for _, g := range targets {
		if g.UID == 0 {
			w.t.Fatalf("operation %d on message %d without UID", op.ID, g.Message)
		}
		if op.Kind == mail.OpMove {
			w.uids[op.Folder]++
			res.UIDs[g.Message] = w.uids[op.Folder]
		}
	}
	if w.rnd.Intn(5) == 0 {
		must(w.t, w.s.RetryOp(ctx, op.ID, "again"))
		return true
	}
	must(w.t, w.s.FinishOp(ctx, op.ID, res))
	return true
}

func (w *world) drain() {
	for w.execute() {
	}
}

func (w *world) compare() {
	w.t.Helper()
	ctx := context.Background()
	for _, f := range append([]mail.FolderID{0}, w.folders...) {
		if known, n := got(w.s.KnownUIDs(ctx, f))(w.t), got(w.s.CountKnown(ctx, f))(w.t); n != len(known) {
			w.t.Fatalf("folder %d: %d UIDs are known, counted %d", f, len(known), n)
		}
		for _, unread := range []bool{false, true} {
			if f == 0 && unread {
				continue
			}
			q := Query{Folder: f, Unread: unread}
			want := w.m.list(f, unread)
			wantCount(w.t, w.s, q, len(want), len(w.m.list(f, true)))
			for range 4 {
				off := w.rnd.Intn(len(want) + 2)
				have := got(w.s.Page(ctx, q, off, 10))(w.t)
				exp := want[min(off, len(want)):min(off+10, len(want))]
				if len(have) != len(exp) {
					w.t.Fatalf("page %+v at %d: %d rows, want %d", q, off, len(have), len(exp))
				}
				for i := range have {
					if have[i].ID != exp[i] {
						w.t.Fatalf("page %+v at %d: row %d is %d, want %d", q, off, i, have[i].ID, exp[i])
					}
				}
			}
			if len(want) > 0 {
				i := w.rnd.Intn(len(want))
				if p := got(w.s.Position(ctx, q, want[i]))(w.t); p != i {
					w.t.Fatalf("position in %+v: %d, want %d", q, p, i)
				}
			}
		}
	}
}
