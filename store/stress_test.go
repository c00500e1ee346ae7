package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
)

// Many goroutines ask a profile for everything at once, with contexts that end at any moment, while mail comes and the index is merged,
// two stores have it open, memory is collected all the time, and at last it is closed under them. SQLite and zstd are C: what they were lent too
// long would end the process or show as damage. What was reported as stored is there afterwards, and everything is sound.
// PEYK_LONG=1 plays a hundred rounds; it is worth running with -race, -asan and GODEBUG=clobberfree=1, too.
func TestCancelledAndClosedAtAnyMoment(t *testing.T) {
	rounds := 2
	if os.Getenv("PEYK_LONG") != "" {
		rounds = 100
	}
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	for round := range rounds {
		stress(t, uint64(round))
		runtime.GC() // and finalizers run
		if t.Failed() {
			return
		}
	}
}

func stress(t *testing.T, seed uint64) {
	ctx := context.Background()
	dir := t.TempDir()
	o := Options{Parse: parseStub, PollEvery: time.Millisecond}
	s := got(Open(ctx, dir, o))(t)
	_, folders := imapAccount(t, s, "work")
	inbox, archive := folders[mail.RoleInbox], folders[mail.RoleArchive]
	other := got(Open(ctx, dir, o))(t)
	var stored atomic.Int64 // reported
	var done atomic.Bool
	var wg sync.WaitGroup
	busy := func(n int, fn func(ctx context.Context, s *Store, rnd *rand.Rand)) {
		for i := range n {
			st := s
			if i%2 == 1 {
				st = other
			}
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(seed, uint64(i)))
				for !done.Load() {
					ctx, cancel := context.WithTimeout(ctx, time.Duration(rnd.IntN(3000))*time.Microsecond)
					fn(ctx, st, rnd)
					cancel()
				}
			})
		}
	}
	busy(4, readAnything(inbox, &stored))
	busy(2, func(ctx context.Context, s *Store, rnd *rand.Rand) {
		if n := stored.Load(); n > 0 {
			_, _ = s.Submit(ctx, []mail.Op{{Kind: mail.OpFlags, Messages: []mail.MessageID{mail.MessageID(1 + rnd.Int64N(n))}, Add: mail.Flags{mail.FlagSeen}, Title: "read"}})
		}
		_, _ = s.MergeIndex(ctx)
		sub := s.Subscribe()
		sub.Close()
	})
	rnd := rand.New(rand.NewPCG(seed, 99))
	for n := 1; n <= 200; n += 20 {
		in := messages(n, n+19)
		bodies(t, s, in, rnd)
		got(s.Ingest(ctx, inbox, in))(t)
		stored.Store(int64(n + 19))
		if _, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpMove, Messages: []mail.MessageID{mail.MessageID(n)}, Folder: archive, Title: "move"}}); err != nil {
			t.Error(err)
		}
	}
	// Closed while the others go on asking.
	must(t, other.Close())
	must(t, s.Close())
	done.Store(true)
	wg.Wait()
	s = got(Open(ctx, dir, o))(t)
	defer s.Close()
	if total, _, err := s.Count(ctx, Query{}); err != nil || total != 200 {
		t.Errorf("round %d: %d messages, %v", seed, total, err)
	}
	for _, p := range got(s.Check(ctx, false))(t).Problems {
		if !p.Harmless {
			t.Errorf("round %d: %s: %s", seed, p.Where, p.What)
		}
	}
}

// bodies gives messages bytes of all sizes.
func bodies(t *testing.T, s *Store, in []mail.Incoming, rnd *rand.Rand) {
	t.Helper()
	var raw [][]byte
	for i, m := range in {
		text := strings.Repeat(m.Summary.Text+"\r\n", 1+rnd.IntN(800))
		b := fmt.Appendf(nil, "Message-ID: <%s>\r\nSubject: %s\r\n\r\n%s", m.Summary.HeaderID, m.Summary.Subject, text)
		if i == 7 {
			b = append(b, bytes.Repeat([]byte{byte(rnd.Uint32())}, denseBlob)...)
		}
		in[i].Summary.Text = text
		raw = append(raw, b)
	}
	refs := got(s.PutBlobs(context.Background(), raw))(t)
	for i := range in {
		in[i].Blob = &refs[i]
	}
}

// readAnything asks for one thing or another. It may fail, because its time is over or the store is closed, but not say anything wrong.
func readAnything(inbox mail.FolderID, stored *atomic.Int64) func(ctx context.Context, s *Store, rnd *rand.Rand) {
	return func(ctx context.Context, s *Store, rnd *rand.Rand) {
		id := mail.MessageID(1 + rnd.Int64N(max(1, stored.Load())))
		switch rnd.IntN(8) {
		case 0:
			_, _ = s.Page(ctx, Query{Folder: inbox}, rnd.IntN(100), 50)
		case 1:
			_, _ = s.Page(ctx, Query{Folder: inbox, Sort: SortSubject, Conversations: true}, 0, 50)
		case 2:
			_, _ = s.Search(ctx, fmt.Sprintf("text number%d OR writer", id), 0, 20)
		case 3:
			_, _, _ = s.Count(ctx, Query{Search: "is:unread the"})
		case 4:
			if d, err := s.Details(ctx, id); err == nil && d.ID != id {
				panic(fmt.Sprintf("asked for %d, got %d", id, d.ID))
			}
		case 5:
			_, _ = s.Suggest(ctx, "wri", 5)
		case 6:
			d, err := s.Details(ctx, id)
			if err != nil || d.Blob == nil {
				return
			}
			readWhole(ctx, s, d)
		case 7:
			uids, err := s.KnownUIDs(ctx, inbox)
			if err == nil && !slices.IsSorted(uids) {
				panic("UIDs without order")
			}
		}
	}
}

func readWhole(ctx context.Context, s *Store, d Details) {
	b, err := s.OpenBlob(ctx, d.Blob.Hash)
	if err != nil {
		return
	}
	defer b.Close()
	raw, err := io.ReadAll(io.NewSectionReader(b, 0, b.Size()))
	if err == nil && !bytes.HasPrefix(raw, []byte("Message-ID: <"+d.HeaderID+">")) {
		panic("the bytes of another message")
	}
}
