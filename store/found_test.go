package store

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

// Large results are walked, small ones listed and asked row by row: both ways give the same, and what a plain look at every message
// gives.
func TestLargeResults(t *testing.T) {
	s := openTest(t, Options{Now: func() time.Time { return t0.AddDate(1, 0, 0) }})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	rnd := rand.New(rand.NewSource(5))
	for n := 0; n < 900; n += 100 {
		in := messages(n+1, n+100)
		for i := range in {
			in[i].Received = t0.Add(time.Duration(rnd.Intn(1000)) * time.Hour) // many share an hour
			in[i].Summary.Date = in[i].Received
			in[i].Summary.Text = []string{"common word", "common common", "other"}[rnd.Intn(3)]
			if rnd.Intn(2) == 0 {
				in[i].Flags = mail.Flags{mail.FlagSeen}
			}
			if rnd.Intn(5) == 0 {
				in[i].Flags = append(in[i].Flags, mail.FlagFlagged, "Blue")
			}
			if rnd.Intn(4) == 0 {
				in[i].Summary.Subject = "common " + in[i].Summary.Subject
			}
		}
		got(s.Ingest(ctx, f[[]mail.Role{mail.RoleInbox, mail.RoleArchive}[n/100%2]], in))(t)
	}
	gone := got(s.IDs(ctx, Query{}, 100, 5))(t)
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: gone[:2], Folder: f[mail.RoleTrash]})
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: gone[2:], Add: mail.Flags{mail.FlagDeleted}})
	ask := func(l matchLimits, read func() []mail.MessageID) []mail.MessageID {
		s.limits = l
		s.found.clear()
		return read()
	}
	walked, listed := matchLimits{few: 0, block: 7}, matchLimits{few: 1 << 30, block: 1 << 30}
	for _, q := range []Query{{Search: "common"}, {Search: "comm"}, {Search: "c"}, {Search: "common is:unread"}, {Search: "common is:read"}, {Search: "common -word"},
		{Search: "common in:archive"}, {Search: "common in:nowhere"}, {Search: "-common"}, {Search: "-common -is:starred"}, {Search: "-(common is:unread)"},
		{Search: "(common is:starred) OR (other is:unread)"}, {Search: "tag:blue OR word"}, {Search: "is:unstarred"}, {Search: "account:work larger:1500"},
		{Search: "common", Folder: f[mail.RoleInbox]}, {Search: "common", Role: mail.RoleInbox, Unread: true}, {Search: "common", Starred: true},
		{Search: "common", Tag: "blue"}, {Search: "common after:2025-03-10 before:2025-04-01"}, {Search: "on:2025-03-10"}, {Search: "common", Sort: SortSender},
		{Search: "common", Reverse: true}, {Search: "common", Sort: SortRank}, {Search: "common subj", Sort: SortRank}, {Search: "common -common"}} {
		all := func() []mail.MessageID { return got(s.IDs(ctx, q, 0, 10000))(t) }
		whole := ask(listed, all)
		if other := ask(walked, all); !slices.Equal(whole, other) {
			t.Fatalf("%+v: listed %v, walked %v", q, whole, other)
		}
		sorted := slices.Clone(whole)
		slices.Sort(sorted)
		if n := len(slices.Compact(sorted)); n != len(whole) {
			t.Errorf("%+v: %d of %d ids are there once", q, n, len(whole))
		}
		for _, at := range []int{0, 3, 40} {
			want := whole[min(at, len(whole)):min(at+9, len(whole))]
			if have := ask(matchLimits{few: 1 << 30, block: 7}, func() []mail.MessageID { return got(s.IDs(ctx, q, at, 9))(t) }); !slices.Equal(have, want) {
				t.Errorf("%+v at %d: %v from the index, want %v", q, at, have, want)
			}
		}
		unread := q
		unread.Unread = true
		wantUnread := len(got(s.IDs(ctx, unread, 0, 10000))(t))
		for _, l := range []matchLimits{walked, listed} {
			s.limits = l
			s.found.clear()
			wantCount(t, s, q, len(whole), wantUnread)
			for _, at := range []int{250, 0, 7, 299, 5000} {
				want := whole[min(at, len(whole)):min(at+20, len(whole))]
				if have := got(s.IDs(ctx, q, at, 20))(t); !slices.Equal(have, want) {
					t.Errorf("%+v at %d: %v, want %v", q, at, have, want)
				}
			}
			for _, at := range []int{len(whole) - 1, 0, len(whole) / 2} {
				if at < 0 || at >= len(whole) {
					continue
				}
				if have := got(s.Position(ctx, q, whole[at]))(t); have != at {
					t.Errorf("%+v: message %d is at %d, want %d", q, whole[at], have, at)
				}
			}
			if at := got(s.Position(ctx, q, gone[4]))(t); at != -1 {
				t.Errorf("%+v: a deleted message is at %d", q, at)
			}
		}
	}
	// What every message says of itself.
	rows := got(s.Page(ctx, Query{}, 0, 10000))(t)
	for search, want := range map[string]func(mail.Row) bool{
		"subject:common is:unread": func(r mail.Row) bool { return strings.HasPrefix(r.Subject, "common") && r.Unread() },
		"is:starred -subject:common": func(r mail.Row) bool {
			return r.Flags.Has(mail.FlagFlagged) && !strings.HasPrefix(r.Subject, "common")
		},
		"is:read OR is:starred": func(r mail.Row) bool { return !r.Unread() || r.Flags.Has(mail.FlagFlagged) },
		"in:trash":              func(r mail.Row) bool { return r.Folder == f[mail.RoleTrash] },
	} {
		var ids []mail.MessageID
		for _, r := range rows {
			if want(r) {
				ids = append(ids, r.ID)
			}
		}
		if have := got(s.IDs(ctx, Query{Search: search}, 0, 10000))(t); len(ids) == 0 || !slices.Equal(have, ids) {
			t.Errorf("%s: %v, want %v", search, have, ids)
		}
	}
}

// What changes is seen at once, by sets and lists that were made before.
func TestResultsFollowChanges(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 50)))(t)
	s.limits = matchLimits{few: 0, block: 7}
	q, unread := Query{Search: "subject"}, Query{Search: "subject is:unread"}
	ids := got(s.IDs(ctx, q, 0, 100))(t)
	wantCount(t, s, unread, 50, 50)
	must(t, s.RemoveMessages(ctx, ids[:3]))
	wantCount(t, s, q, 47, 47)
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[3:5], Add: mail.Flags{mail.FlagSeen}})
	wantCount(t, s, q, 47, 45)
	wantCount(t, s, unread, 45, 45)
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(60, 60)))(t)
	if have := got(s.IDs(ctx, q, 0, 3))(t); len(have) != 3 || have[1] != ids[3] {
		t.Errorf("the first are %v, want a new one before %d", have, ids[3])
	}
}

// A folder or an account gets another name without any message changing.
func TestResultsFollowNames(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	got(s.Ingest(ctx, f[mail.RoleArchive], messages(1, 3)))(t)
	folder, account := Query{Search: "in:Projects"}, Query{Search: "subject -account:home"}
	wantCount(t, s, folder, 0, 0)
	submit(t, s, mail.Op{Kind: mail.OpRename, Folder: f[mail.RoleArchive], Name: "Projects"})
	wantCount(t, s, folder, 3, 3)
	wantCount(t, s, account, 3, 3)
	renamed := got(s.Account(ctx, a))(t)
	renamed.Name = "home"
	got(s.SaveAccount(ctx, renamed))(t)
	wantCount(t, s, account, 0, 0)
}

// What is kept of one search is not taken for that of another, whatever stands in it.
func TestResultsAreOfTheirQuery(t *testing.T) {
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "work")
	in := messages(1, 3)
	for i := range in {
		in[i].Summary.Text, in[i].Summary.References = "word threads", []string{"one@example.org"}
	}
	got(s.Ingest(context.Background(), f[mail.RoleInbox], in))(t)
	wantCount(t, s, Query{Search: "word", Threads: true}, 1, 1)
	wantCount(t, s, Query{Search: "word/threads"}, 3, 3)
}

func TestIDSet(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	sets := [2]*idSet{newIDSet(), newIDSet()}
	have := [2]map[mail.MessageID]bool{{}, {}}
	for i := range 4000 {
		id := mail.MessageID(rnd.Intn(3000) + i%3*1<<17)
		sets[i%2].add(id)
		have[i%2][id] = true
	}
	list := func(keep func(id mail.MessageID) bool) (out []mail.MessageID) {
		for _, m := range have {
			for id := range m {
				if keep(id) {
					out = append(out, id)
				}
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	a, b := have[0], have[1]
	for name, c := range map[string]struct {
		set  *idSet
		want []mail.MessageID
	}{
		"and":     {sets[0].and(sets[1]), list(func(id mail.MessageID) bool { return a[id] && b[id] })},
		"or":      {sets[0].or(sets[1]), list(func(id mail.MessageID) bool { return a[id] || b[id] })},
		"without": {sets[0].without(sets[1]), list(func(id mail.MessageID) bool { return a[id] && !b[id] })},
		"one":     {sets[0], list(func(id mail.MessageID) bool { return a[id] })},
	} {
		if have := c.set.ids(); !slices.Equal(have, c.want) || c.set.size() != len(c.want) {
			t.Errorf("%s: %d ids, said to be %d, want %d", name, len(have), c.set.size(), len(c.want))
		}
	}
	var read []mail.MessageID
	eachID([]byte("12,7,900000000001"), func(id mail.MessageID) bool { read = append(read, id); return id != 900000000001 })
	eachID(nil, func(id mail.MessageID) bool { read = append(read, -1); return true })
	eachID([]byte("5,6"), func(id mail.MessageID) bool { read = append(read, id); return false })
	if fmt.Sprint(read) != "[12 7 900000000001 5]" {
		t.Errorf("read %v", read)
	}
}

// clear forgets everything.
func (c *foundCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sets, c.results = nil, nil
}
