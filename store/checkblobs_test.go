package store

import (
	"bytes"
	"context"
	"io"
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
