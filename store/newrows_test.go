package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// stranger makes messages that meet each other in every way: the same UID or UIDL again, answers before and behind what they answer,
// ids that join threads, names of threads by the server, deleted ones, people again.
func stranger(rnd *rand.Rand, pop bool) mail.Incoming {
	n := rnd.Intn(120) + 1
	in := message(n)
	in.Summary.From[0].Name = fmt.Sprintf("Writer %d", rnd.Intn(5))
	in.Flags = []mail.Flags{nil, {mail.FlagSeen}, {mail.FlagFlagged, "Work"}, {mail.FlagDeleted}}[rnd.Intn(4)]
	for range rnd.Intn(3) {
		in.Summary.References = append(in.Summary.References, fmt.Sprintf("m%d@example.org", rnd.Intn(120)+1))
	}
	switch rnd.Intn(8) {
	case 0:
		in.Summary.HeaderID = ""
	case 1:
		in.ServerThread = fmt.Sprint("T", rnd.Intn(6))
	case 2:
		in.Summary.InReplyTo = in.Summary.References
	case 3:
		in.Summary.Attachments = []mail.Attachment{{Filename: "a.pdf"}}
	}
	if rnd.Intn(3) > 0 {
		in.Blob = &mail.BlobRef{}
	} else {
		in.Header = []byte(fmt.Sprintf("Subject: %d", n))
	}
	if pop {
		in.UID, in.UIDL = 0, fmt.Sprint("u", n)
	}
	return in
}

// contents is everything that storing messages writes, apart from what counts transactions and the words of earlier names.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []string{
		`SELECT id,account,folder,role,thread,uid,await,date,received,size,flags,hidden,sflags,modseq,attachments,hasbody,indexed,keywords,skeywords,
 header_id,subject,sender,recipients,snippet,hex(blob),blob_size,uidl,iif(hidden=0,conv,-1) FROM messages ORDER BY id`,
		"SELECT * FROM details ORDER BY id", "SELECT * FROM threads ORDER BY id",
		"SELECT * FROM thread_refs ORDER BY ref,account", "SELECT id,total,unread,size,convs FROM folders ORDER BY id", "SELECT * FROM ledger ORDER BY id",
		"SELECT addr,shown,name,seen,sent,last FROM people ORDER BY addr",
		"SELECT name FROM tags ORDER BY name", "SELECT name,seq FROM sqlite_sequence WHERE name IN ('messages','threads') ORDER BY name"} {
		rows, err := s.r.Query(q)
		must(t, eachRow(rows, err, func(r *sql.Rows) error {
			vals := make([]any, len(got(r.Columns())(t)))
			err := r.Scan(pointers(vals)...)
			fmt.Fprintf(&b, "%.20s %v\n", q[9:], vals)
			return err
		}))
	}
	return b.String()
}

// However messages are cut into batches, the store holds the same in the end.
func TestBatchesOfAnySize(t *testing.T) {
	ctx := context.Background()
	for seed := range int64(6) {
		pop := seed%2 == 1
		var want string
		for _, most := range []int{1, 7, 200} {
			c := &testClock{t0}
			s := openTest(t, Options{Now: c.now})
			var box mail.FolderID
			if pop {
				_, f := popAccount(t, s, "a")
				box = f[mail.RoleInbox]
			} else {
				_, f := imapAccount(t, s, "a")
				box = f[mail.RoleInbox]
			}
			rnd, cut := rand.New(rand.NewSource(seed)), rand.New(rand.NewSource(seed))
			var all []mail.Incoming
			for range 200 {
				in := stranger(rnd, pop)
				if in.Blob != nil {
					in = withBody(t, s, in)
				}
				all = append(all, in)
			}
			for len(all) > 0 {
				n := min(len(all), cut.Intn(most)+1)
				if most == 200 {
					n = len(all)
				}
				got(s.Ingest(ctx, box, all[:n]))(t)
				all = all[n:]
			}
			for _, p := range got(s.Check(ctx, false))(t).Problems {
				if p.Where != "blobs" { // some bytes came for messages that had theirs
					t.Errorf("seed %d, batches of up to %d: %s: %s", seed, most, p.Where, p.What)
				}
			}
			have := contents(t, s)
			if want == "" {
				want = have
			}
			if have != want {
				a, b := strings.Split(want, "\n"), strings.Split(have, "\n")
				for i := range min(len(a), len(b)) {
					if a[i] != b[i] {
						t.Fatalf("seed %d, batches of up to %d:\n%s\nsingly:\n%s", seed, most, b[i], a[i])
					}
				}
				t.Fatalf("seed %d, batches of up to %d: %d lines, singly %d", seed, most, len(b), len(a))
			}
		}
	}
}

// What a failed batch has written is gone, also where SQLite rolls back by itself, and the store goes on.
func TestFailedBatch(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, Options{})
	_, f := imapAccount(t, s, "a")
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 5)))(t)
	before := contents(t, s)
	err := s.write(ctx, "adding a row twice", func(tx *wtx) error {
		b := newBulk(tx, "details(id,cc,bcc,reply_to,in_reply_to,refs,list_id,attachments,warnings,header)")
		for id := 40; id >= 1; id-- {
			if err := b.add(id, "", "", "", "", "", "", "", "", nil); err != nil {
				return err
			}
		}
		return b.flush()
	})
	if err == nil || !strings.Contains(err.Error(), "UNIQUE") {
		t.Fatalf("error %v", err)
	}
	if after := contents(t, s); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(6, 60)))(t)
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 60, 60)
	clean(t, s)
}
