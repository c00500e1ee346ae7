package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// A server that invents keywords fills neither the profile nor the list that tags are chosen from, and does not push the user's own out of it.
func TestInventedTags(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	in := messages(1, 3)
	for i := range in {
		in[i].Flags = mail.Flags{"Holiday"}
	}
	mine := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	n := 0
	invent := func(from, to int) {
		in := messages(from, to)
		for i := range in {
			for range 100 {
				n++
				in[i].Flags = append(in[i].Flags, mail.Flag(fmt.Sprint("junk-", n)))
			}
			in[i].Flags = append(in[i].Flags, mail.Flag(strings.Repeat("x", 1<<20)))
		}
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	}
	tags := func() []mail.Flag {
		t.Helper()
		l := got(s.Tags(ctx))(t)
		if len(l) > maxTags {
			t.Errorf("%d tags are offered", len(l))
		}
		return l
	}
	invent(10, 20)
	if l := tags(); !slices.Contains(l, "Holiday") || len(l) != serverTags {
		t.Errorf("%d tags, the user's among them: %t", len(l), slices.Contains(l, "Holiday"))
	}
	for i := range 120 { // each makes its own room
		submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: mine, Add: mail.Flags{mail.Flag(fmt.Sprint("mine-", i))}})
	}
	c.t = c.t.AddDate(0, 0, 2)
	invent(30, 40)
	for l, i := tags(), 0; i < 120; i++ {
		if !slices.Contains(l, mail.Flag(fmt.Sprint("mine-", i))) {
			t.Errorf("tag %d of the user is not offered any more", i)
		}
	}
	// What no message has goes when there is no room, and what is not offered is still there.
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: mine, Remove: mail.Flags{"Holiday"}})
	c.t = c.t.AddDate(0, 0, 2)
	invent(50, 50)
	if slices.Contains(tags(), "Holiday") {
		t.Error("a tag that no message has keeps its room")
	}
	wantCount(t, s, Query{Search: fmt.Sprint("tag:junk-", n)}, 1, 1)
	if r := got(s.Page(ctx, Query{}, 0, 1))(t)[0]; slices.ContainsFunc(r.Flags, func(f mail.Flag) bool { return len(f) > MaxKeyword }) {
		t.Error("a keyword of a megabyte is kept")
	}
}
