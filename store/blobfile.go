package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"peyk/internal/mail"
)

// StagedBlob is a message in a file of its own that is not durable yet, and not known under its hash. KeepBlobs makes it
// so, Discard removes it.
type StagedBlob struct {
	Ref mail.BlobRef
	tmp string
	f   *os.File
}

// StageBlob writes a large message to the disk while it comes in. It does not wait for the disk: KeepBlobs does, for many
// messages at a time, while the network goes on.
func (s *Store) StageBlob(ctx context.Context, r io.Reader) (*StagedBlob, error) {
	root := filepath.Join(s.dir, blobDir)
	f, err := os.CreateTemp(root, "incoming-*")
	if err != nil {
		return nil, fmt.Errorf("storing a large message: %w", fileErr(root, err))
	}
	b := &StagedBlob{tmp: f.Name(), f: f}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), &ctxReader{ctx, r})
	if err != nil {
		b.Discard()
		return nil, fmt.Errorf("storing a large message: %w", fileErr(b.tmp, err))
	}
	b.Ref = mail.BlobRef{Hash: hex.EncodeToString(h.Sum(nil)), Size: n}
	return b, nil
}

// Discard removes what was staged. After KeepBlobs, or a second time, it does nothing.
func (b *StagedBlob) Discard() {
	if b == nil || b.f == nil {
		return
	}
	_ = b.f.Close()
	_ = os.Remove(b.tmp)
	b.f = nil
}

// KeepBlobs makes staged messages durable under their hashes: each file is synced, then renamed, then the folders are synced.
// After an error those not kept are still staged.
func (s *Store) KeepBlobs(ctx context.Context, blobs []*StagedBlob) error {
	if len(blobs) == 0 {
		return nil
	}
	dirs := map[string]bool{}
	for _, b := range blobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		dir, err := s.blobs.keep(b)
		if err != nil {
			return fmt.Errorf("storing a large message: %w", fileErr(b.tmp, err))
		}
		dirs[dir] = true
	}
	for dir := range dirs {
		if err := syncDir(dir); err != nil {
			return fmt.Errorf("storing a large message: %w", fileErr(dir, err))
		}
	}
	// The folder of a hash may be new itself.
	return syncDir(filepath.Join(s.dir, blobDir))
}

// keep syncs and renames one file and returns the folder that is to be synced.
func (b *blobStore) keep(st *StagedBlob) (dir string, err error) {
	dest := b.filePath(st.Ref.Hash)
	dir = filepath.Dir(dest)
	if st.f == nil {
		return dir, nil
	}
	if have, err := os.Stat(dest); err == nil && have.Size() == st.Ref.Size {
		st.Discard()
		return dir, nil
	}
	if err := st.f.Sync(); err != nil {
		return dir, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return dir, err
	}
	if err := st.f.Close(); err != nil {
		return dir, err
	}
	if err := os.Rename(st.tmp, dest); err != nil {
		return dir, err
	}
	st.f = nil
	return dir, nil
}

// putFile stores one large message.
func (s *Store) putFile(ctx context.Context, r io.Reader) (mail.BlobRef, error) {
	b, err := s.StageBlob(ctx, r)
	if err != nil {
		return mail.BlobRef{}, err
	}
	defer b.Discard()
	return b.Ref, s.KeepBlobs(ctx, []*StagedBlob{b})
}

func (b *blobStore) filePath(hash string) string {
	return filepath.Join(b.dir, blobDir, hash[:2], hash)
}
