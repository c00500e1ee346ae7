package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestAWholeCopyOutlivesADamagedOne: the same message in blobs.db and in a file; the row is damaged.
func TestAWholeCopyOutlivesADamagedOne(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	raw := append([]byte("Subject: large\r\n\r\n"), bytes.Repeat([]byte("a line of a large message\r\n"), 60_000)...)
	ref := got(s.PutBlob(ctx, bytes.NewReader(raw)))(t)
	h := got(packHash(ref.Hash))(t)
	must(t, s.blobs.w.run(ctx, nil, func(t *wtx) error {
		return t.do("INSERT INTO blobs(hash,size,enc,data) VALUES(?,4,?,x'00010203')", h, encRaw)
	}))
	in := message(1)
	in.Blob, in.Size = &ref, ref.Size
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)
	got(s.Check(ctx, true))(t)
	clean(t, s)
	b := got(s.OpenBlob(ctx, ref.Hash))(t)
	defer b.Close()
	if have := got(io.ReadAll(io.NewSectionReader(b, 0, b.Size())))(t); !bytes.Equal(have, raw) {
		t.Errorf("%d bytes are left of %d", len(have), len(raw))
	}
}

// What POP3 removed from its server cannot be fetched again: a check says that it is lost, and goes on saying so.
func TestLostBytesOfWhatNoServerHas(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, p := popAccount(t, s, "office")
	got(s.Ingest(ctx, p[mail.RoleInbox], []mail.Incoming{drop(t, s, 1, "u1"), drop(t, s, 2, "u2")}))(t)
	verifyAll(t, s, a)
	l := got(s.Ledger(ctx, a))(t).Entries
	must(t, s.LedgerRemoved(ctx, []LedgerID{l[0].ID}, ReasonAtOnce))
	must(t, s.blobs.w.run(ctx, nil, func(t *wtx) error { return t.do("DELETE FROM blobs") }))
	rep := got(s.Check(ctx, true))(t)
	if said := fmt.Sprint(rep.Problems); !strings.Contains(said, "the bytes of 1 messages that were only on this computer are lost") ||
		!strings.Contains(said, "the bytes of 1 messages are missing; the next check fetches them again") {
		t.Errorf("the repair said %s", said)
	}
	if !rep.Clean() || !rep.Lost() {
		t.Errorf("clean is %v, lost is %v", rep.Clean(), rep.Lost())
	}
	if rep = got(s.Check(ctx, false))(t); !rep.Clean() || rep.Lost() || !strings.Contains(fmt.Sprint(rep.Problems), "of 1 messages only the header is here, and they are no longer on their server") {
		t.Errorf("later: %+v", rep)
	}
}
