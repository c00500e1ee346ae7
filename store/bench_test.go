package store

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
)

var benchWords = strings.Fields("the quick brown fox jumps over a lazy dog while invoices for the Tehran office wait in folders and meetings about budget plans گزارش فروش ماه گذشته برای دفتر تهران آماده است سلام وقت بخیر لطفا فایل پیوست را ببینید release notes version server update customer order number shipping address thanks regards")

func benchMessage(rnd *rand.Rand, n, words int) mail.Incoming {
	var b strings.Builder
	for range words {
		b.WriteString(benchWords[rnd.Intn(len(benchWords))])
		if rnd.Intn(8) == 0 {
			fmt.Fprintf(&b, "%d", rnd.Intn(5000))
		}
		b.WriteByte(' ')
	}
	text := b.String()
	in := message(n)
	in.Summary.Text = text
	in.Summary.Snippet = text[:min(len(text), 120)]
	in.Summary.Subject = fmt.Sprintf("%s %s %d", benchWords[rnd.Intn(len(benchWords))], benchWords[rnd.Intn(len(benchWords))], n)
	in.Summary.From = []mail.Address{{Name: fmt.Sprintf("Writer %d", rnd.Intn(3000)), Addr: fmt.Sprintf("w%d@example.org", rnd.Intn(3000))}}
	if n%3 == 0 {
		in.Summary.References = []string{fmt.Sprintf("m%d@example.org", max(1, n-rnd.Intn(20)-1))}
	}
	if n%4 != 0 {
		in.Flags = mail.Flags{mail.FlagSeen}
	}
	if n%16 == 1 {
		in.Flags = append(in.Flags, mail.FlagAnswered)
	}
	if n%40 == 0 {
		in.Size = 3 << 20
	}
	return in
}

// benchRows is how many messages the large store holds: PEYK_BENCH_ROWS, else 200,000.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("PEYK_BENCH_ROWS")); err == nil && n >= 2000 {
		return n / 2000 * 2000
	}
	return 200_000
}

var (
	bigOnce  sync.Once
	bigStore *Store
	bigBox   map[mail.Role]mail.FolderID
	bigRate  float64
)

// big is a store of benchRows() messages in one inbox and an archive, shared by the benchmarks.
func big(b *testing.B) *Store {
	b.Helper()
	bigOnce.Do(func() {
		s, err := Open(context.Background(), b.TempDir()+"/../big", Options{})
		must(b, err)
		_, bigBox = imapAccount(b, s, "work")
		rnd := rand.New(rand.NewSource(1))
		start := time.Now()
		rows := benchRows()
		for n := 0; n < rows; n += 2000 {
			in := make([]mail.Incoming, 2000)
			for i := range in {
				in[i] = benchMessage(rnd, n+i+1, 30)
			}
			box := mail.RoleInbox
			if n >= rows*9/10 {
				box = mail.RoleArchive
			}
			got(s.Ingest(context.Background(), bigBox[box], in))(b)
		}
		bigRate = float64(rows) / time.Since(start).Seconds()
		bigStore = s
	})
	return bigStore
}

// BenchmarkIngest stores messages with bodies in batches of 200, durable after each: what a first sync does.
func BenchmarkIngest(b *testing.B) {
	s, err := Open(context.Background(), b.TempDir(), Options{})
	must(b, err)
	defer s.Close()
	ctx := context.Background()
	_, f := imapAccount(b, s, "work")
	rnd := rand.New(rand.NewSource(1))
	n := 0
	var bytes int64
	for b.Loop() {
		in := make([]mail.Incoming, 200)
		raw := make([][]byte, len(in))
		for i := range in {
			n++
			in[i] = benchMessage(rnd, n, 200)
			raw[i] = []byte(in[i].Summary.Text + strings.Repeat("x", 200) + in[i].Summary.HeaderID)
			bytes += int64(len(raw[i]))
		}
		refs := got(s.PutBlobs(ctx, raw))(b)
		for i := range in {
			in[i].Blob = &refs[i]
		}
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(b)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(bytes)/b.Elapsed().Seconds()/1e6, "MB/s")
}

// BenchmarkPage reads pages of 100 rows of the large store.
func BenchmarkPage(b *testing.B) {
	s := big(b)
	ctx := context.Background()
	for _, c := range []struct {
		name string
		q    Query
	}{{"folder", Query{Folder: bigBox[mail.RoleInbox]}}, {"unified", Query{Role: mail.RoleInbox}}, {"unread", Query{Role: mail.RoleInbox, Unread: true}},
		{"conversations", Query{Role: mail.RoleInbox, Conversations: true}}, {"conversations-unread", Query{Role: mail.RoleInbox, Unread: true, Conversations: true}}} {
		total, _, err := s.Count(ctx, c.q)
		must(b, err)
		b.Run(c.name+"/first", func(b *testing.B) {
			for b.Loop() {
				got(s.Page(ctx, c.q, 0, 100))(b)
			}
		})
		b.Run(c.name+"/deepest-cold", func(b *testing.B) {
			for b.Loop() {
				s.pages.mu.Lock()
				s.pages.anchored = nil
				s.pages.mu.Unlock()
				got(s.Page(ctx, c.q, total-100, 100))(b)
			}
		})
		b.Run(c.name+"/anywhere", func(b *testing.B) {
			rnd := rand.New(rand.NewSource(2))
			for b.Loop() {
				got(s.Page(ctx, c.q, rnd.Intn(total), 100))(b)
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			_, _, err := s.Count(ctx, Query{Role: mail.RoleInbox})
			must(b, err)
		}
	})
	b.Run("count-conversations", func(b *testing.B) {
		for b.Loop() {
			_, _, err := s.Count(ctx, Query{Role: mail.RoleInbox, Conversations: true})
			must(b, err)
		}
	})
	b.ReportMetric(bigRate, "ingested/s")
	if st, err := os.Stat(s.w.path); err == nil {
		b.ReportMetric(float64(st.Size())/float64(benchRows()), "bytes-on-disk/message")
	}
}

// BenchmarkConversation reads the conversations of messages anywhere in a large profile, as the reader does.
func BenchmarkConversation(b *testing.B) {
	s := big(b)
	ctx := context.Background()
	q := Query{Role: mail.RoleInbox}
	total, _, err := s.Count(ctx, q)
	must(b, err)
	var threads []mail.ThreadID
	for i := range 200 {
		rows, err := s.Page(ctx, q, i*(total/200), 1)
		must(b, err)
		for _, r := range rows {
			threads = append(threads, r.Thread)
		}
	}
	i := 0
	for b.Loop() {
		got(s.Page(ctx, Query{Thread: threads[i%len(threads)]}, 0, 1000))(b)
		i++
	}
}

// BenchmarkSearch searches the large store: the first page of the best, of the newest, and the count, each as if nothing was asked before.
func BenchmarkSearch(b *testing.B) {
	s := big(b)
	ctx := context.Background()
	for _, c := range []struct{ name, q string }{{"rare", "fox4711"}, {"persian", "گزارش فروش"}, {"phrase", `"دفتر تهران"`}, {"common", "invoices "},
		{"two-common", "invoices meetings "}, {"common-from", "invoices from:w7"}, {"common-unread", "invoices is:unread"}, {"common-in", "invoices in:archive"},
		{"common-after", "invoices after:2025-06 "}, {"not", "-invoices"}, {"or", "invoices OR meetings "}, {"filter", "from:w7 is:unread"},
		{"prefix-1", "i"}, {"prefix-2", "in"}, {"prefix-3", "inv"}, {"prefix-rare", "fox47"}, {"none", "zanzibarite"},
		{"answered", "is:answered"}, {"unanswered", "is:unanswered"}, {"larger", "larger:1M"}, {"smaller", "smaller:1M"}, {"larger-common", "invoices larger:1M"}} {
		total := 0
		run := func(what string, fn func() error) {
			b.Run(c.name+"/"+what, func(b *testing.B) {
				for b.Loop() {
					s.found.clear()
					must(b, fn())
				}
				b.ReportMetric(float64(total), "matches")
			})
		}
		run("count", func() (err error) { total, _, err = s.Count(ctx, Query{Search: c.q}); return err })
		run("best", func() error { _, err := s.Search(ctx, c.q, 0, 50); return err })
		run("newest", func() error { _, err := s.Page(ctx, Query{Search: c.q}, 0, 50); return err })
	}
}

// BenchmarkRows stores the rows of messages of a few words, as a first download brings them (the newest first), so that the search
// index counts little.
func BenchmarkRows(b *testing.B) {
	s, err := Open(context.Background(), b.TempDir(), Options{})
	must(b, err)
	defer s.Close()
	ctx := context.Background()
	_, f := imapAccount(b, s, "work")
	rnd := rand.New(rand.NewSource(1))
	n := 1 << 24
	for b.Loop() {
		b.StopTimer()
		in := make([]mail.Incoming, 400)
		for i := range in {
			n--
			in[i] = benchMessage(rnd, n, 3)
			in[i].Blob = &mail.BlobRef{Hash: fmt.Sprintf("%064x", n), Size: 9000}
		}
		b.StartTimer()
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(b)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*400), "µs/message")
}

// BenchmarkReclaim takes away the bytes of 10,000 deleted messages beside 50,000 that are not: once a day at most.
func BenchmarkReclaim(b *testing.B) {
	s := openTest(b, Options{})
	ctx := context.Background()
	_, f := imapAccount(b, s, "work")
	rnd := rand.New(rand.NewSource(1))
	for n := range 25 {
		in := make([]mail.Incoming, 2000)
		for i := range in {
			in[i] = benchMessage(rnd, n*2000+i+1, 30)
		}
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(b)
	}
	b.ResetTimer()
	for round := range b.N {
		b.StopTimer()
		msgs := make([][]byte, 10_000)
		for i := range msgs {
			msgs[i] = fmt.Appendf(nil, "Subject: %d %d\r\n\r\n%s", round, i, strings.Join(benchWords, " "))
		}
		refs := got(s.PutBlobs(ctx, msgs))(b)
		must(b, s.write(ctx, "bench", func(t *wtx) error {
			for _, ref := range refs {
				h, err := packHash(ref.Hash)
				if err != nil {
					return err
				}
				if err := t.do("INSERT INTO released VALUES(?,1)", h); err != nil {
					return err
				}
			}
			return t.setSetting(reclaimedSetting, "")
		}))
		b.StartTimer()
		got(s.Reclaim(ctx))(b)
		if _, err := s.OpenBlob(ctx, refs[0].Hash); err == nil {
			b.Fatal("nothing was taken away")
		}
	}
}
