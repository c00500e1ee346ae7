package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"peyk/internal/mail"
)

// A staged message is nowhere until it is kept, and nothing is left of one that is discarded.
func TestStagedBlobs(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	data := [][]byte{randomBytes(2 << 20), randomBytes(3 << 20), randomBytes(4 << 20)}
	var staged []*StagedBlob
	for _, d := range append(data, data[0]) {
		b := got(s.StageBlob(ctx, bytes.NewReader(d)))(t)
		if _, err := s.OpenBlob(ctx, b.Ref.Hash); err == nil {
			t.Fatal("a staged message can be opened")
		}
		staged = append(staged, b)
	}
	staged[2].Discard()
	staged[2].Discard()
	must(t, s.KeepBlobs(ctx, []*StagedBlob{staged[0], staged[1], staged[3]})) // the first and the last are the same bytes
	for i, b := range staged[:2] {
		r := got(s.OpenBlob(ctx, b.Ref.Hash))(t)
		if have := got(io.ReadAll(r))(t); !bytes.Equal(have, data[i]) {
			t.Errorf("message %d reads back as other bytes", i)
		}
		must(t, r.Close())
		b.Discard() // too late: nothing happens
		must(t, s.VerifyBlob(ctx, b.Ref.Hash))
	}
	if _, err := s.OpenBlob(ctx, staged[2].Ref.Hash); err == nil {
		t.Error("a discarded message is there")
	}
	for _, n := range []int{0, 1, 128 << 10, 2 << 20} { // with and without a piece that is not full
		if _, err := s.StageBlob(ctx, io.MultiReader(bytes.NewReader(data[0][:n]), iotest.ErrReader(io.ErrUnexpectedEOF))); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a message that broke off after %d bytes was staged: %v", n, err)
		}
		whole := got(s.StageBlob(ctx, iotest.OneByteReader(bytes.NewReader(data[0][:n]))))(t)
		if sum := sha256.Sum256(data[0][:n]); whole.Ref != (mail.BlobRef{Hash: hex.EncodeToString(sum[:]), Size: int64(n)}) {
			t.Errorf("%d bytes are staged as %+v", n, whole.Ref)
		}
		whole.Discard()
	}
	for _, f := range got(os.ReadDir(filepath.Join(s.dir, blobDir)))(t) {
		if strings.HasPrefix(f.Name(), "incoming-") {
			t.Errorf("%s is left behind", f.Name())
		}
	}
}

// What could not be kept is told, whichever step failed, and is not there; what a power cut left of a file is not taken for the message.
func TestMessagesThatCannotBeKept(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	data := randomBytes(denseBlob + 1<<10)
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	unsynced := got(s.StageBlob(ctx, bytes.NewReader(data)))(t)
	must(t, unsynced.f.Close()) // so that the disk refuses to sync it
	if err := s.KeepBlobs(ctx, []*StagedBlob{unsynced}); err == nil {
		t.Error("a file that was not synced was kept")
	}
	unsynced.Discard()
	path := s.blobs.filePath(hash)
	must(t, os.WriteFile(filepath.Dir(path), nil, 0o600)) // where its folder would be
	if refs, err := s.PutBlobs(ctx, [][]byte{[]byte("small"), data}); err == nil {
		t.Errorf("it was stored as %v", refs)
	}
	must(t, os.Remove(filepath.Dir(path)))
	if _, err := s.OpenBlob(ctx, hash); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	must(t, os.Mkdir(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, data[:1000], 0o600))
	got(s.PutBlobs(ctx, [][]byte{data}))(t)
	must(t, s.VerifyBlob(ctx, hash))
}

// A batch of messages becomes one segment of the search index, not one a message: merging those would cost more than all else.
func TestBatchIsOneSegment(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	segments := func() (n int) {
		got(s.w.conn.get("SELECT count(DISTINCT segid) FROM fts_idx", nil, &n))(t)
		return n
	}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 200)))(t)
	if n := segments(); n != 1 {
		t.Errorf("200 messages made %d segments", n)
	}
	var bodies []Body
	for i, id := range ids {
		in := withBody(t, s, message(i+1))
		bodies = append(bodies, Body{ID: id, Blob: *in.Blob, Summary: in.Summary})
	}
	must(t, s.SetBodies(ctx, bodies))
	if n := segments(); n > 2 {
		t.Errorf("200 bodies made %d segments", n-1)
	}
	clean(t, s)
}

// TestWhatAKilledProcessLeft: half of a large message goes with the next start, unless another process is storing it.
func TestWhatAKilledProcessLeft(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	path := filepath.Join(s.Dir(), blobDir, "incoming-123")
	must(t, os.WriteFile(path, []byte("half"), 0o600))
	must(t, got(Open(ctx, s.Dir(), Options{}))(t).Close())
	if _, err := os.Stat(path); err != nil {
		t.Errorf("beside another process: %v", err)
	}
	must(t, s.Close())
	must(t, got(Open(ctx, s.Dir(), Options{}))(t).Close())
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("after it ended: %v", err)
	}
}
