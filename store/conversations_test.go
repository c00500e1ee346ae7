package store

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"peyk/internal/mail"
)

// TestConversationsEqualRecomputation lists conversations while random mail comes, threads grow together, and operations, answers,
// undos and passes happen, and compares pages, counts, places and groups with what the messages alone say.
func TestConversationsEqualRecomputation(t *testing.T) {
	seeds := int64(1)
	if os.Getenv("PEYK_LONG") != "" {
		seeds = 40
	}
	for seed := range seeds {
		s := openTest(t, Options{})
		c := &convWorld{world: world{t: t, s: s, rnd: rand.New(rand.NewSource(seed)), m: model{rows: map[mail.MessageID]*modelRow{}}, uids: map[mail.FolderID]mail.UID{}}}
		var f map[mail.Role]mail.FolderID
		c.account, f = imapAccount(t, s, "work")
		c.folders = []mail.FolderID{f[mail.RoleInbox], f[mail.RoleArchive], f[mail.RoleTrash]}
		c.arrive(4500) // more conversations than stand between two anchors
		for range 90 {
			switch c.rnd.Intn(5) {
			case 0:
				c.arrive(c.rnd.Intn(6) + 1)
			case 1:
				op := mail.Op{Kind: mail.OpFlags, Messages: c.pick(), Add: mail.Flags{mail.FlagFlagged}}
				if c.rnd.Intn(3) == 0 {
					op.Add, op.Remove = nil, op.Add
				}
				submit(t, s, op)
			default:
				c.step()
			}
			if c.rnd.Intn(8) == 0 {
				c.compareConvs()
			}
		}
		c.drain()
		c.compareConvs()
		clean(t, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

type convWorld struct {
	world
	scope SnoozedScope
}

// arrive brings messages of which many answer an older one, and some two that nobody knew to belong together.
func (c *convWorld) arrive(count int) {
	c.t.Helper()
	f := c.folders[0]
	var in []mail.Incoming
	for range count {
		c.n++
		c.uids[f]++
		m := message(c.n)
		m.UID = c.uids[f]
		at := t0.Unix() + int64(c.rnd.Intn(c.n/2+1))
		m.Summary.Date, m.Received = fromUnix(at), fromUnix(at)
		for n := [...]int{0, 0, 0, 0, 1, 1, 2}[c.rnd.Intn(7)]; n > 0; n-- {
			m.Summary.References = append(m.Summary.References, message(c.rnd.Intn(c.n)+1).Summary.HeaderID)
		}
		if c.rnd.Intn(3) > 0 {
			m.Flags = mail.Flags{mail.FlagSeen}
		}
		if c.rnd.Intn(9) == 0 {
			m.Summary.Attachments = []mail.Attachment{{Filename: "a.pdf"}}
		}
		in = append(in, m)
	}
	for i, id := range got(c.s.Ingest(context.Background(), f, in))(c.t) {
		c.m.rows[id] = &modelRow{id: id, folder: f, date: in[i].Received.Unix(), seen: in[i].Flags.Has(mail.FlagSeen), uid: in[i].UID}
	}
}

// conv is a conversation of a folder made of its messages.
type conv struct {
	head, firstUnread mail.MessageID
	members           []mail.MessageID
	unread            int
	starred           bool
	attachments       int
	size              int64
}

// convsOf makes the conversations of a list of messages, newest first.
func convsOf(rows []mail.Row) []*conv {
	by := map[mail.ThreadID]*conv{}
	var out []*conv
	for _, r := range rows {
		c := by[r.Thread]
		if c == nil {
			c = &conv{head: r.ID}
			by[r.Thread] = c
			out = append(out, c)
		}
		c.members = append([]mail.MessageID{r.ID}, c.members...)
		if r.Unread() {
			c.unread++
			c.firstUnread = r.ID
		}
		c.starred = c.starred || r.Starred()
		c.attachments += r.Attachments
		c.size += r.Size
	}
	return out
}

func (c *convWorld) compareConvs() {
	c.t.Helper()
	ctx := context.Background()
	for _, f := range c.folders {
		all := convsOf(got(c.s.Page(ctx, Query{Folder: f, Snoozed: c.scope}, 0, 1<<20))(c.t))
		unread := 0
		for _, x := range all {
			if x.unread > 0 {
				unread++
			}
		}
		for _, q := range []Query{{}, {Unread: true}, {Starred: true}, {WithAttachment: true}, {Sort: SortSize}, {Sort: SortAttached}, {Reverse: true}} {
			q.Folder, q.Conversations, q.Snoozed = f, true, c.scope
			want := filterConvs(all, q)
			total, n, err := c.s.Count(ctx, q)
			must(c.t, err)
			if total != len(want) || q.Sort == SortDate && !q.Starred && !q.WithAttachment && n != unread {
				c.t.Fatalf("%+v: counted %d and %d unread, want %d and %d", q, total, n, len(want), unread)
			}
			for range 3 {
				c.comparePage(q, want, c.rnd.Intn(len(want)+2))
			}
			if len(want) > 0 {
				i := c.rnd.Intn(len(want))
				m := want[i].members[c.rnd.Intn(len(want[i].members))]
				if p := got(c.s.Position(ctx, q, m))(c.t); p != i {
					c.t.Fatalf("%+v: message %d of conversation %d is at %d", q, m, i, p)
				}
			}
		}
	}
}

func filterConvs(all []*conv, q Query) []*conv {
	var out []*conv
	for _, c := range all {
		if (!q.Unread || c.unread > 0) && (!q.Starred || c.starred) && (!q.WithAttachment || c.attachments > 0) {
			out = append(out, c)
		}
	}
	if q.Reverse {
		slices.Reverse(out)
	}
	if q.Sort == SortSize {
		sort.SliceStable(out, func(i, j int) bool { return out[i].size < out[j].size })
	}
	if q.Sort == SortAttached {
		sort.SliceStable(out, func(i, j int) bool { return out[i].attachments > 0 && out[j].attachments == 0 })
	}
	return out
}

func (c *convWorld) comparePage(q Query, want []*conv, off int) {
	c.t.Helper()
	have := got(c.s.Page(context.Background(), q, off, 10))(c.t)
	want = want[min(off, len(want)):min(off+10, len(want))]
	if len(have) != len(want) {
		c.t.Fatalf("%+v at %d: %d rows, want %d", q, off, len(have), len(want))
	}
	var heads, members []mail.MessageID
	for i, r := range have {
		w := want[i]
		heads, members = append(heads, r.ID), append(members, w.members...)
		if r.ID != w.head || r.Unread() != (w.unread > 0) || r.Starred() != w.starred || r.Attachments != w.attachments {
			c.t.Fatalf("%+v at %d: row %+v, want %+v", q, off+i, r, *w)
		}
		g := r.Group
		if g == nil {
			g = &mail.Group{Messages: []mail.MessageID{r.ID}, Unread: w.unread, FirstUnread: w.firstUnread}
		} else if len(g.From) == 0 {
			c.t.Fatalf("%+v at %d: nobody takes part in %+v", q, off+i, *g)
		}
		if !slices.Equal(g.Messages, w.members) || g.Unread != w.unread || g.FirstUnread != w.firstUnread {
			c.t.Fatalf("%+v at %d: group %+v, want %+v", q, off+i, *g, *w)
		}
	}
	got := got(c.s.Members(context.Background(), heads))(c.t)
	slices.Sort(got)
	slices.Sort(members)
	if !slices.Equal(got, members) {
		c.t.Fatalf("members of %v: %v, want %v", heads, got, members)
	}
}

// A conversation is grouped by folder, and its people are told once, with what is unread.
func TestConversationRow(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	inbox := f[mail.RoleInbox]
	in := []mail.Incoming{message(1), message(2), message(3)}
	for i := range in {
		in[i].Summary.References = []string{"first@example.org"}
		in[i].Summary.From = []mail.Address{{Name: "Anna", Addr: "anna@example.org"}}
		in[i].Flags = mail.Flags{mail.FlagSeen}
	}
	in[1].Summary.From[0] = mail.Address{Name: "Reza", Addr: "reza@example.org"}
	in[2].Summary.From[0] = mail.Address{Name: "Anna K.", Addr: "ANNA@example.org"}
	in[2].Flags = nil
	ids := got(s.Ingest(ctx, inbox, in))(t)
	q := Query{Folder: inbox, Conversations: true}
	rows := got(s.Page(ctx, q, 0, 10))(t)
	if len(rows) != 1 || rows[0].Group == nil || !rows[0].Unread() {
		t.Fatalf("rows %+v", rows)
	}
	if from := rows[0].Group.From; len(from) != 2 || from[0].Name != "Anna K." || !from[0].Unread || from[1].Name != "Reza" || from[1].Unread {
		t.Errorf("people %+v", from)
	}
	// One message moves: two folders have a conversation each.
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[2:], Folder: f[mail.RoleArchive]})
	rows = got(s.Page(ctx, q, 0, 10))(t)
	if len(rows) != 1 || rows[0].ID != ids[1] || rows[0].Unread() || len(rows[0].Group.Messages) != 2 {
		t.Errorf("rows %+v", rows)
	}
	rows = got(s.Page(ctx, Query{Folder: f[mail.RoleArchive], Conversations: true}, 0, 10))(t)
	if len(rows) != 1 || rows[0].ID != ids[2] || rows[0].Group != nil {
		t.Errorf("rows %+v", rows)
	}
	// What is looked for is a message.
	if rows = got(s.Page(ctx, Query{Thread: rows[0].Thread, Conversations: true}, 0, 10))(t); len(rows) != 3 || rows[0].Group != nil {
		t.Errorf("rows %+v", rows)
	}
}

// An old profile's messages know their place in their conversations after the upgrade.
func TestUpgradeGroupsConversations(t *testing.T) {
	dir := oldProfile(t, 7)
	ctx := context.Background()
	w := got(openWriter(ctx, filepath.Join(dir, mailFile), mailMigrations[:7]))(t)
	for i := 2; i <= 9; i++ {
		for _, q := range []string{
			fmt.Sprintf(`INSERT INTO messages(account,folder,role,thread,uid,date,received,size,flags,hidden,sflags,attachments,hasbody,keywords,skeywords,header_id,subject,sender,recipients,snippet)
 VALUES(1,1,1,%d,%d,%d,100,5,1,%d,1,0,0,'','','x%d@y','Subject','','','')`, i%3+1, i, 100+i, i/9*2, i),
			fmt.Sprintf("INSERT INTO details VALUES(%d,'','','','','','','','',NULL)", i),
			fmt.Sprintf("INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(%d,'subject','','','','')", i),
		} {
			must(t, w.conn.script(q))
		}
	}
	must(t, w.close())
	s := got(Open(ctx, dir, Options{}))(t)
	defer s.Close()
	q := Query{Folder: 1, Conversations: true}
	rows := got(s.Page(ctx, q, 0, 10))(t)
	if len(rows) != 3 || rows[0].ID != 8 || rows[2].ID != 6 || rows[2].Group == nil || len(rows[2].Group.Messages) != 3 || rows[2].Group.FirstUnread != 1 {
		t.Errorf("rows %+v", rows)
	}
	wantCount(t, s, q, 3, 1)
	q.Unread = true
	wantCount(t, s, q, 1, 1)
	clean(t, s)
}

// What a check finds wrong about conversations it also repairs.
func TestCheckRegroups(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	a, b := message(1), message(2)
	b.Summary.References = []string{a.Summary.HeaderID}
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{withBody(t, s, a), withBody(t, s, b)}))(t)
	must(t, s.w.run(ctx, nil, func(t *wtx) error { return t.do("UPDATE messages SET conv=0") }))
	rep := got(s.Check(ctx, false))(t)
	if len(rep.Problems) != 1 || !rep.Problems[0].Harmless {
		t.Errorf("problems %+v", rep.Problems)
	}
	got(s.Check(ctx, true))(t)
	clean(t, s)
	wantCount(t, s, Query{Folder: f[mail.RoleInbox], Conversations: true}, 1, 1)
}

// What is unread of a thread is counted anew when that is all that changed.
func TestCountsOfAThread(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	in := messages(1, 3)
	for i := range in {
		in[i].Summary.References = []string{"first@example.org"}
	}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	q := Query{Thread: got(s.Row(ctx, ids[0]))(t).Thread}
	wantCount(t, s, q, 3, 3)
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:1], Add: mail.Flags{mail.FlagSeen}})
	wantCount(t, s, q, 3, 2)
}
