package store

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"peyk/internal/mail"
)

// A search with very many matches gives the same pages and counts as one whose whole list is made; of the ranked ones the newest
// come first, best first, and the others follow by date, each once.
func TestManyMatches(t *testing.T) {
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
		}
		got(s.Ingest(ctx, f[[]mail.Role{mail.RoleInbox, mail.RoleArchive}[n/100%2]], in))(t)
	}
	page := func(q Query, l matchLimits, offset, limit int) []mail.MessageID {
		s.limits = l
		s.pages.mu.Lock()
		s.pages.lists = nil
		s.pages.mu.Unlock()
		return got(s.IDs(ctx, q, offset, limit))(t)
	}
	few, all := matchLimits{ranked: 40, quick: 300}, matchLimits{ranked: 1 << 30, quick: 1 << 30}
	for _, q := range []Query{{Search: "common"}, {Search: "comm"}, {Search: "common is:unread"}, {Search: "common -word"}, {Search: "common in:archive"},
		{Search: "common", Folder: f[mail.RoleInbox]}, {Search: "common", Role: mail.RoleInbox, Unread: true}, {Search: "common after:2025-03-10"},
		{Search: "common", Sort: SortSender}, {Search: "common", Reverse: true}, {Search: "common -common"}} {
		whole := page(q, all, 0, 10000)
		wantTotal, wantUnread, err := s.Count(ctx, q)
		must(t, err)
		for _, at := range []int{0, 7, 250, 299, 300, 5000} {
			want := whole[min(at, len(whole)):min(at+20, len(whole))]
			if have := page(q, few, at, 20); !slices.Equal(have, want) {
				t.Errorf("%+v at %d: %v, want %v", q, at, have, want)
			}
		}
		s.pages.mu.Lock()
		s.pages.lists = nil
		s.pages.mu.Unlock()
		if total, unread, err := s.Count(ctx, q); err != nil || total != wantTotal || unread != wantUnread || total != len(whole) {
			t.Errorf("%+v: %d, %d unread, %v; want %d, %d", q, total, unread, err, wantTotal, wantUnread)
		}
	}
	byDate := page(Query{Search: "common"}, all, 0, 10000)
	s.limits = few
	var ranked []mail.MessageID
	for at := 0; ; at += 25 {
		rows, total, err := s.Search(ctx, "common", at, 25)
		must(t, err)
		if total != len(byDate) {
			t.Fatalf("%d matches, want %d", total, len(byDate))
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			ranked = append(ranked, r.ID)
		}
	}
	top, rest := ranked[:few.ranked], ranked[few.ranked:]
	sorted := slices.Clone(top)
	slices.Sort(sorted)
	newest := slices.Clone(byDate[:few.ranked])
	slices.Sort(newest)
	if !slices.Equal(sorted, newest) || !slices.Equal(rest, byDate[few.ranked:]) {
		t.Errorf("ranked %v; by date %v", ranked, byDate)
	}
	if slices.Equal(top, byDate[:few.ranked]) {
		t.Error("the newest are by date, not by rank")
	}
	// What changes is seen at once.
	must(t, s.RemoveMessages(ctx, byDate[:3]))
	if _, total, err := s.Search(ctx, "common", 0, 5); err != nil || total != len(byDate)-3 {
		t.Errorf("%d after three were removed, %v", total, err)
	}
	if have := fmt.Sprint(got(s.IDs(ctx, Query{Search: "common"}, 0, 3))(t)); have != fmt.Sprint(byDate[3:6]) {
		t.Errorf("the first three are %s, want %v", have, byDate[3:6])
	}
}
