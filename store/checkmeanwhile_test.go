package store

import (
	"context"
	"testing"

	"peyk/internal/mail"
)

// Bytes that belonged to nothing when a check began may have got their row while it went on.
func TestWhatCameDuringACheckStays(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	refs := got(s.PutBlobs(ctx, [][]byte{[]byte("a message whose row comes"), []byte("one that was deleted")}))(t)
	var orphans [][32]byte
	for _, r := range refs {
		orphans = append(orphans, [32]byte(got(packHash(r.Hash))(t)))
	}
	in := message(1)
	in.Blob = &refs[0]
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)
	must(t, s.write(ctx, "test", func(t *wtx) error { return t.letGo(&refs[1]) }))
	c := &checker{s: s, ctx: ctx, repair: true}
	must(t, c.orphans(orphans, []string{s.blobs.filePath(refs[0].Hash) + "-which-was-finished"}))
	must(t, s.VerifyBlob(ctx, refs[0].Hash))
	if err := s.VerifyBlob(ctx, refs[1].Hash); err == nil {
		t.Error("what was deleted is still there")
	}
	if p := c.rep.Problems; len(p) != 1 || !p[0].Repaired || p[0].What != strayBlobs(2).What {
		t.Errorf("problems %+v", p)
	}
}
