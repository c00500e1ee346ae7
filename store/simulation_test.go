package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestAnythingInAnyOrder: a user acts on messages and folders, takes back, gives up and tries again whatever there is, while a server carries out, refuses, or
// does something and loses the answer, and passes run in between. Nothing gets stuck, and in the end both have the same.
func TestAnythingInAnyOrder(t *testing.T) {
	n := int64(10)
	if os.Getenv("PEYK_LONG") != "" {
		n = 600
	}
	for seed := range n {
		if !t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			sim := newSimulation(t, seed)
			for range 90 {
				sim.step()
			}
			sim.end()
		}) {
			return
		}
	}
}

// simulation is a user, a store, and a server with its mailboxes.
type simulation struct {
	t         *testing.T
	s         *Store
	rnd       *rand.Rand
	account   mail.AccountID
	boxes     map[string]*simBox
	validity  uint32
	n         int
	discarded []mail.DiscardedOp
	log       []string
}

// simBox is a mailbox: Message-IDs by UID.
type simBox struct {
	validity uint32
	next     mail.UID
	role     mail.Role
	msgs     map[mail.UID]string
}

func (b *simBox) put(key string) mail.UID {
	b.msgs[b.next] = key
	b.next++
	return b.next - 1
}

func (b *simBox) find(key string) mail.UID {
	for _, u := range slices.Sorted(maps.Keys(b.msgs)) {
		if b.msgs[u] == key {
			return u
		}
	}
	return 0
}

func newSimulation(t *testing.T, seed int64) *simulation {
	s := openTest(t, Options{})
	m := &simulation{t: t, s: s, rnd: rand.New(rand.NewSource(seed)), boxes: map[string]*simBox{}, validity: 100}
	m.account = got(s.SaveAccount(context.Background(), mail.Account{Name: "work", Protocol: mail.IMAP}))(t)
	for path, role := range map[string]mail.Role{"INBOX": mail.RoleInbox, "Archive": mail.RoleArchive, "Trash": mail.RoleTrash, "Work": "", "Work/Old": ""} {
		m.box(path, role)
	}
	m.deliver(6)
	m.pass()
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(m.log, "\n"))
		}
	})
	return m
}

func (m *simulation) box(path string, role mail.Role) {
	m.validity++
	m.boxes[path] = &simBox{validity: m.validity, next: 1, role: role, msgs: map[mail.UID]string{}}
}

func (m *simulation) deliver(n int) {
	for range n {
		m.n++
		m.boxes["INBOX"].put(fmt.Sprintf("m%d@example.org", m.n))
	}
}

func (m *simulation) say(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf(format, args...))
}

// ok fails the test for an error that a user could not make sense of.
func (m *simulation) ok(what string, err error) {
	m.t.Helper()
	var refused *mail.Refusal
	if err == nil || errors.As(err, &refused) || errors.Is(err, ErrTakenBack) || errors.Is(err, ErrNotFound) {
		return
	}
	m.t.Fatalf("%s: %v", what, err)
}

func (m *simulation) step() {
	switch m.rnd.Intn(13) {
	case 0:
		m.deliver(1 + m.rnd.Intn(2))
	case 12:
		m.elsewhere()
	case 1, 2, 3:
		m.serve(true)
	case 4, 5:
		m.pass()
	case 6, 7, 8:
		m.act()
	case 9:
		m.undo()
	default:
		m.activity()
	}
}

// folders are those that the user sees, by their paths.
func (m *simulation) folders() []mail.Folder {
	return slices.DeleteFunc(got(m.s.Folders(context.Background(), m.account))(m.t), func(f mail.Folder) bool { return f.Missing })
}

func (m *simulation) messages() []mail.MessageID {
	ids := got(m.s.IDs(context.Background(), Query{}, 0, 100))(m.t)
	m.rnd.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(len(ids), 1+m.rnd.Intn(3))]
}

// act does one of the things that a user does.
func (m *simulation) act() {
	ctx := context.Background()
	fs := m.folders()
	f := fs[m.rnd.Intn(len(fs))]
	own := slices.DeleteFunc(slices.Clone(fs), func(f mail.Folder) bool { return f.Role != mail.RoleNone })
	op := mail.Op{Account: m.account, Title: "test", Messages: m.messages()}
	switch k := m.rnd.Intn(12); {
	case k < 2:
		op.Kind, op.Add = mail.OpFlags, mail.Flags{mail.FlagFlagged}
		if m.rnd.Intn(2) == 0 {
			op.Add, op.Remove = nil, op.Add
		}
	case k < 6:
		op.Kind, op.Folder = mail.OpMove, f.ID
	case k == 6:
		op.Kind, op.Folder = mail.OpCopy, f.ID
	case k == 7:
		op.Kind = mail.OpExpunge
	case k == 8:
		m.n++
		op.Kind, op.Name, op.Messages = mail.OpCreate, fmt.Sprint([]string{"Work/", "New", "Old"}[m.rnd.Intn(3)], m.rnd.Intn(3)), nil
	case len(own) == 0:
		return
	case k < 11:
		f = own[m.rnd.Intn(len(own))]
		op.Kind, op.Folder, op.Messages, op.Name = mail.OpRename, f.ID, nil, []string{"Work", "Other", "Trash/gone", "New1", "Work/Old"}[m.rnd.Intn(5)]
	default:
		op.Kind, op.Folder, op.Messages = mail.OpDropFolder, own[m.rnd.Intn(len(own))].ID, nil
	}
	ops := []mail.Op{op}
	_, err := m.s.Submit(ctx, ops)
	m.say("%s %v folder %d %q: op %d, %v", op.Kind, op.Messages, op.Folder, op.Name, ops[0].ID, err)
	m.ok(string(op.Kind), err)
}

func (m *simulation) undo() {
	ctx := context.Background()
	g, _, err := m.s.LastUndoable(ctx)
	m.ok("looking what can be undone", err)
	if ops := got(m.s.Ops(ctx, 30))(m.t); m.rnd.Intn(3) == 0 && len(ops) > 0 {
		g = ops[m.rnd.Intn(len(ops))].Group
	}
	if g != 0 {
		_, err = m.s.UndoGroup(ctx, g)
		m.say("undo %d: %v", g, err)
		m.ok("undo", err)
	}
}

// activity is what can be done to operations that wait or failed.
func (m *simulation) activity() {
	ctx := context.Background()
	open, _, err := m.s.OpenOps(ctx, 50)
	must(m.t, err)
	if len(m.discarded) > 0 && m.rnd.Intn(2) == 0 {
		m.say("restore %v", m.discarded)
		m.ok("restore", m.s.RestoreOps(ctx, m.discarded))
		m.discarded = nil
		return
	}
	if len(open) == 0 {
		return
	}
	id := open[m.rnd.Intn(len(open))].ID
	if m.rnd.Intn(2) == 0 {
		m.say("try %d again", id)
		m.ok("try again", m.s.Requeue(ctx, id))
		return
	}
	m.say("discard %d", id)
	d, err := m.s.DiscardOps(ctx, id)
	m.ok("discard", err)
	m.discarded = append(m.discarded, d...)
}

// elsewhere is what another client does, or the server by itself.
func (m *simulation) elsewhere() {
	paths := slices.Sorted(maps.Keys(m.boxes))
	path, to := paths[m.rnd.Intn(len(paths))], paths[m.rnd.Intn(len(paths))]
	b := m.boxes[path]
	uids := slices.Sorted(maps.Keys(b.msgs))
	switch k := m.rnd.Intn(8); {
	case k < 5 && len(uids) > 0:
		u := uids[m.rnd.Intn(len(uids))]
		if key := b.msgs[u]; k < 3 {
			m.boxes[to].put(key)
			m.say("elsewhere: %s moved from %s to %s", key, path, to)
		} else {
			m.say("elsewhere: %s deleted in %s", key, path)
		}
		delete(b.msgs, u)
	case k == 5:
		m.validity++
		fresh := &simBox{validity: m.validity, next: 1, role: b.role, msgs: map[mail.UID]string{}}
		for _, u := range uids {
			fresh.put(b.msgs[u])
		}
		m.boxes[path] = fresh
		m.say("server: %s is numbered anew", path)
	case b.role == "" && k == 6:
		delete(m.boxes, path)
		m.say("elsewhere: folder %s deleted", path)
	case b.role == "" && m.boxes[path+"x"] == nil:
		delete(m.boxes, path)
		m.boxes[path+"x"] = b
		m.say("elsewhere: folder %s renamed", path)
	}
}

// serve carries out the next operation; faults: the server may refuse it, or nobody hears its answer.
func (m *simulation) serve(faults bool) bool {
	ctx := context.Background()
	op, targets := next(m.t, m.s, m.account)
	if op == nil {
		return false
	}
	fault := 0
	if faults {
		fault = m.rnd.Intn(6)
	}
	if fault == 1 {
		m.say("server: busy at %s %d", op.Kind, op.ID)
		m.ok("retry", m.s.RetryOp(ctx, op.ID, "busy"))
		return true
	}
	var res OpResult
	refused := fault == 2
	if !refused {
		res, refused = m.execute(op, targets)
	}
	switch {
	case refused:
		m.say("server: refuses %s %d %+v", op.Kind, op.ID, targets)
		m.ok("fail", m.s.FailOp(ctx, op.ID, "no"))
	case fault == 3:
		m.say("server: did %s %d, nobody heard", op.Kind, op.ID)
		m.ok("retry", m.s.RetryOp(ctx, op.ID, "cut off"))
	default:
		m.say("server: %s %d %+v: %+v", op.Kind, op.ID, targets, res)
		m.ok("finish", m.s.FinishOp(ctx, op.ID, res))
	}
	return true
}

// execute does what an operation says.
func (m *simulation) execute(op *mail.Op, targets []OpTarget) (res OpResult, refused bool) {
	res.UIDs = map[mail.MessageID]mail.UID{}
	again := op.Attempts > 0
	switch op.Kind {
	case mail.OpCreate, mail.OpRename, mail.OpDropFolder:
		return res, !m.folderVerb(op.Kind, targets[0], again)
	}
	for _, g := range targets {
		from, to := m.boxes[g.Path], m.boxes[g.Dest]
		if from == nil || to == nil && op.Kind != mail.OpFlags && op.Kind != mail.OpExpunge {
			return res, true
		}
		uid := g.UID
		if uid == 0 || g.UIDValidity != 0 && g.UIDValidity != from.validity {
			uid = from.find(g.HeaderID)
		}
		if from.msgs[uid] == "" {
			if again && op.Kind == mail.OpMove && to.find(g.HeaderID) != 0 {
				res.UIDs[g.Message] = to.find(g.HeaderID)
			} else {
				res.Gone = append(res.Gone, g.Message)
			}
			continue
		}
		switch op.Kind {
		case mail.OpMove:
			if from == to {
				continue
			}
			key := from.msgs[uid]
			delete(from.msgs, uid)
			m.tell(&res, g.Message, to.put(key))
		case mail.OpCopy:
			if u := to.find(g.HeaderID); !again || u == 0 {
				m.tell(&res, g.Message, to.put(from.msgs[uid]))
			}
		case mail.OpExpunge:
			delete(from.msgs, uid)
		}
	}
	return res, false
}

// tell notes the UID of a message, as servers with UIDPLUS do: in this world some of the time.
func (m *simulation) tell(res *OpResult, id mail.MessageID, uid mail.UID) {
	if m.rnd.Intn(4) > 0 {
		res.UIDs[id] = uid
	}
}

func (m *simulation) folderVerb(kind mail.OpKind, g OpTarget, again bool) bool {
	b, there := m.boxes[g.Path], m.boxes[g.Dest] != nil
	switch kind {
	case mail.OpCreate:
		if b == nil {
			m.box(g.Path, "")
		}
		return true
	case mail.OpDropFolder:
		delete(m.boxes, g.Path)
		return true
	}
	if g.Path == g.Dest {
		return true
	}
	if b == nil || there {
		return again && b == nil && there
	}
	for path, box := range maps.Clone(m.boxes) {
		if rest, below := strings.CutPrefix(path, g.Path+"/"); below {
			delete(m.boxes, path)
			m.boxes[g.Dest+"/"+rest] = box
		}
	}
	delete(m.boxes, g.Path)
	m.boxes[g.Dest] = b
	return true
}

// pass takes over what the server has, like one of package sync.
func (m *simulation) pass() {
	m.t.Helper()
	ctx := context.Background()
	var list []mail.RemoteFolder
	for _, path := range slices.Sorted(maps.Keys(m.boxes)) {
		list = append(list, mail.RemoteFolder{Path: path, Delimiter: "/", Role: m.boxes[path].role, Selectable: true})
	}
	m.ok("list", m.s.ApplyFolders(ctx, m.account, list))
	if slices.ContainsFunc(got(m.s.Folders(ctx, m.account))(m.t), func(f mail.Folder) bool { return f.Missing }) {
		m.ok("list", m.s.ApplyFolders(ctx, m.account, list))
	}
	for _, f := range m.folders() {
		if b := m.boxes[f.Path]; b != nil {
			m.look(f, b)
		}
	}
	m.say("pass")
}

func (m *simulation) look(f mail.Folder, b *simBox) {
	m.t.Helper()
	ctx := context.Background()
	if f.UIDValidity != 0 && f.UIDValidity != b.validity {
		must(m.t, m.s.ResetFolder(ctx, f.ID, b.validity))
	}
	known := got(m.s.KnownUIDs(ctx, f.ID))(m.t)
	var gone []mail.UID
	for _, u := range known {
		if b.msgs[u] == "" {
			gone = append(gone, u)
		}
	}
	got(m.s.RemoveUIDs(ctx, f.ID, gone))(m.t)
	var in []mail.Incoming
	for _, u := range slices.Sorted(maps.Keys(b.msgs)) {
		if !slices.Contains(known, u) {
			x := message(int(u))
			x.UID, x.Size, x.Summary.HeaderID = u, 1000, b.msgs[u]
			in = append(in, x)
		}
	}
	got(m.s.Ingest(ctx, f.ID, in))(m.t)
	known = got(m.s.KnownUIDs(ctx, f.ID))(m.t)
	for _, w := range got(m.s.Awaiting(ctx, f.ID))(m.t) {
		if !w.Done {
			continue
		}
		uid := mail.UID(0)
		for u, key := range b.msgs {
			if key == w.HeaderID && !slices.Contains(known, u) {
				uid = max(uid, u)
			}
		}
		if uid == 0 {
			must(m.t, m.s.RemoveMessages(ctx, []mail.MessageID{w.ID}))
			continue
		}
		must(m.t, m.s.SetUID(ctx, w.ID, uid))
		known = append(known, uid)
	}
	got(m.s.EndReset(ctx, f.ID))(m.t)
	must(m.t, m.s.SetFolderSync(ctx, f.ID, b.validity, b.next, 0))
}

// end lets everything come to rest and compares.
func (m *simulation) end() {
	m.t.Helper()
	ctx := context.Background()
	for n := 0; m.serve(false); n++ {
		if n > 1000 {
			m.t.Fatal("the queue never ends")
		}
	}
	for range 3 {
		m.pass()
	}
	have := map[string][]string{}
	for _, f := range got(m.s.Folders(ctx, m.account))(m.t) {
		have[f.Path] = []string{}
		for _, r := range got(m.s.Page(ctx, Query{Folder: f.ID}, 0, 1000))(m.t) {
			have[f.Path] = append(have[f.Path], r.HeaderID)
		}
		slices.Sort(have[f.Path])
	}
	for path, b := range m.boxes {
		want := slices.Sorted(maps.Values(b.msgs))
		if !slices.Equal(have[path], want) {
			m.t.Errorf("%s: here %v, on the server %v", path, have[path], want)
		}
		delete(have, path)
	}
	for path, msgs := range have {
		m.t.Errorf("%s is here alone, with %v", path, msgs)
	}
	var waiting int
	got(m.s.read(ctx, "SELECT count(*) FROM messages WHERE await<>0 OR hidden<>0", nil, &waiting))(m.t)
	if waiting > 0 {
		m.t.Errorf("%d messages wait for ever, or are hidden", waiting)
	}
	clean(m.t, m.s)
}
