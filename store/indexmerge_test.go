package store

import (
	"context"
	"math/rand"
	"slices"
	"testing"

	"peyk/internal/mail"
)

func segments(t *testing.T, s *Store) (n int) {
	t.Helper()
	if _, err := s.read(context.Background(), "SELECT count(DISTINCT segid) FROM fts_idx", nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A download leaves a segment a commit; merging them when there is time changes nothing of what is found, with removed messages, with
// messages whose text came later, and while more is written.
func TestMergeIndex(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	rnd := rand.New(rand.NewSource(3))
	var ids []mail.MessageID
	more := func(commits int) {
		for range commits {
			in := make([]mail.Incoming, 5)
			for i := range in {
				in[i] = benchMessage(rnd, len(ids)+i+1, 20)
			}
			ids = append(ids, got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)...)
		}
	}
	more(40)
	body := got(s.PutBlobs(ctx, [][]byte{[]byte("Subject: late\r\n\r\npomegranate")}))(t)
	must(t, s.SetBody(ctx, ids[3], body[0], mail.Summary{Subject: "late", Text: "pomegranate"}))
	before := segments(t, s)
	if before < 40 {
		t.Fatalf("%d segments after 40 commits: something merges meanwhile", before)
	}
	queries := []string{"invoices", `"دفتر تهران"`, "budget meetings", "fo", "from:w7", "pomegranate", "-invoices", "subject:late"}
	find := func() (out [][]mail.MessageID) {
		for _, q := range queries {
			s.found.clear()
			var l []mail.MessageID
			for _, r := range got(s.Search(ctx, q, 0, 1000))(t) {
				l = append(l, r.ID)
			}
			out = append(out, l)
		}
		return out
	}
	want := find()
	steps := 0
	for n := 0; ; n++ {
		m := got(s.MergeIndex(ctx))(t)
		if !m {
			break
		}
		if steps++; steps > 100 {
			t.Fatal("merging does not end")
		}
		if have := find(); !slices.EqualFunc(have, want, slices.Equal[[]mail.MessageID]) {
			t.Fatalf("step %d changed what is found", n)
		}
		clean(t, s) // with some segments half merged
	}
	if after := segments(t, s); steps == 0 || after >= 16 {
		t.Errorf("%d segments after %d steps, %d before", after, steps, before)
	}
	if m := got(s.MergeIndex(ctx))(t); m {
		t.Error("nothing was written, and still there is something to merge")
	}
	more(20)
	if m := got(s.MergeIndex(ctx))(t); !m {
		t.Error("there is nothing to merge after 20 more commits")
	}
	clean(t, s)
}

// What a reader of messages folds ahead is found as what the store folds itself.
func TestWordsFoldedAhead(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	in := []mail.Incoming{message(1), message(2)}
	for i := range in {
		sum := &in[i].Summary
		sum.Subject, sum.Text = "Die Straße\nzwei", "first line\nنمی‌خواهم پدیدهٔ"
		sum.From = []mail.Address{{Name: "Ann", Addr: "ann@x.example"}}
		sum.Cc = []mail.Address{{Name: "Bob", Addr: "bob@x.example"}}
		sum.Attachments = []mail.Attachment{{Filename: "plan.pdf"}, {Filename: ""}, {Filename: "map.png"}}
	}
	in[1].Summary.Words, in[1].Summary.Text = Words(&in[1].Summary), ""
	in[1].Blob = nil
	got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	for _, q := range []string{"strasse", "subject:zwei", `"first line"`, "نمیخواهم", "from:ann", "to:bob", "filename:plan", "filename:map", `"line نمی"`} {
		if n, _, err := s.Count(ctx, Query{Search: q}); err != nil || n != 2 {
			t.Errorf("%q: %d found, %v", q, n, err)
		}
	}
	if n, _, err := s.Count(ctx, Query{Search: `"zwei ann" OR "bob plan"`}); err != nil || n != 0 {
		t.Errorf("%d found across columns, %v", n, err)
	}
	clean(t, s)
}
