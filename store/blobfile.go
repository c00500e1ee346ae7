package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
	b, err := s.incoming()
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	n, err := copyWhole(io.MultiWriter(b.f, h), &ctxReader{ctx, r})
	if err != nil {
		b.Discard()
		return nil, fmt.Errorf("storing a large message: %w", fileErr(b.tmp, err))
	}
	b.Ref = mail.BlobRef{Hash: hex.EncodeToString(h.Sum(nil)), Size: n}
	return b, nil
}

// incomingPrefix begins the names of files that are no messages yet.
const incomingPrefix = "incoming-"

// dropIncoming removes what a process that was killed has left of messages that came. Nobody uses the profile: such a file is of a process that has it open.
func dropIncoming(dir string) {
	left, _ := os.ReadDir(filepath.Join(dir, blobDir))
	for _, d := range left {
		if strings.HasPrefix(d.Name(), incomingPrefix) {
			_ = os.Remove(filepath.Join(dir, blobDir, d.Name())) // what stays is told by the doctor
		}
	}
}

// incoming makes an empty file for a message that comes.
func (s *Store) incoming() (*StagedBlob, error) {
	root := filepath.Join(s.dir, blobDir)
	if err := s.spare.keep(); err != nil {
		return nil, fmt.Errorf("storing a large message: %w", err)
	}
	f, err := os.CreateTemp(root, incomingPrefix+"*")
	if err != nil {
		return nil, fmt.Errorf("storing a large message: %w", fileErr(root, err))
	}
	return &StagedBlob{tmp: f.Name(), f: f}, nil
}

// ReadAt reads what was staged, until it is kept or discarded (io.ReaderAt).
func (b *StagedBlob) ReadAt(p []byte, off int64) (int, error) { return b.f.ReadAt(p, off) }

// copyBuffers are for copyWhole.
var copyBuffers = sync.Pool{New: func() any { return new([128 << 10]byte) }}

// copyWhole is io.Copy in large pieces: a connection gives a few kilobytes at a time, and each piece that is written is a system call.
func copyWhole(w io.Writer, r io.Reader) (total int64, err error) {
	buf := copyBuffers.Get().(*[128 << 10]byte)
	defer copyBuffers.Put(buf)
	for {
		n, rerr := 0, error(nil)
		for n < len(buf) && rerr == nil {
			var m int
			m, rerr = r.Read(buf[n:])
			n += m
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return total, err
		}
		total += int64(n)
		switch {
		case rerr == nil:
		case errors.Is(rerr, io.EOF):
			return total, nil
		default:
			return total, rerr
		}
	}
}

// stageBytes writes a message that is in memory to a file of its own, unless it is stored already.
func (s *Store) stageBytes(ctx context.Context, m []byte, ref mail.BlobRef) (*StagedBlob, error) {
	if have, err := s.blobs.have(ctx, ref); have || err != nil {
		return &StagedBlob{Ref: ref}, err
	}
	b, err := s.incoming()
	if err != nil {
		return nil, err
	}
	b.Ref = ref
	if _, err := b.f.Write(m); err != nil {
		b.Discard()
		return nil, fmt.Errorf("storing a large message: %w", fileErr(b.tmp, err))
	}
	return b, nil
}

// have reports whether a message that belongs into a file is there, or in blobs.db, where an earlier Peyk put all up to smallBlob.
func (b *blobStore) have(ctx context.Context, ref mail.BlobRef) (bool, error) {
	if filed := b.filed(ref); filed || ref.Size > smallBlob {
		return filed, nil
	}
	h, err := packHash(ref.Hash)
	if err != nil {
		return false, err
	}
	st, err := b.stmt.get(ctx, "SELECT id FROM blobs WHERE hash=?")
	if err != nil {
		return false, wrapErr(b.w.path, err)
	}
	var id int64
	have, err := scanned(st.QueryRowContext(ctx, h).Scan(&id))
	return have, wrapErr(b.w.path, err)
}

// filed reports whether a message is in a file of its own.
func (b *blobStore) filed(ref mail.BlobRef) bool {
	st, err := os.Stat(b.filePath(ref.Hash))
	return err == nil && st.Size() == ref.Size
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

// syncsAtOnce is how many files are synced at a time: file systems bring what waits together to the disk in one go.
const syncsAtOnce = 8

// KeepBlobs makes staged messages durable under their hashes: each file is synced, then renamed, then the folders are synced.
// After an error those not kept are still staged.
func (s *Store) KeepBlobs(ctx context.Context, blobs []*StagedBlob) error {
	if len(blobs) == 0 {
		return nil
	}
	refs := make([]mail.BlobRef, len(blobs))
	for i, b := range blobs {
		refs[i] = b.Ref
	}
	if err := s.ClaimBlobs(ctx, refs...); err != nil {
		return err
	}
	if err := inParallel(ctx, blobs, s.blobs.settle); err != nil {
		return err
	}
	var dirs []string
	for _, b := range blobs {
		dir, err := s.blobs.rename(b)
		if err != nil {
			return fmt.Errorf("storing a large message: %w", fileErr(b.tmp, err))
		}
		if dir != "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	// The folder of a hash may be new itself.
	return inParallel(ctx, append(dirs, filepath.Join(s.dir, blobDir)), func(dir string) error {
		if err := syncDir(dir); err != nil {
			return fmt.Errorf("storing a large message: %w", fileErr(dir, err))
		}
		return nil
	})
}

// inParallel calls fn for each, up to syncsAtOnce at a time, and returns the first error, after which no more are begun.
func inParallel[T any](ctx context.Context, list []T, fn func(T) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, min(len(list), syncsAtOnce))
	var failed atomic.Bool
	for w := range errs {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list) && !failed.Load() && errs[w] == nil; i = int(next.Add(1)) - 1 {
				if errs[w] = ctx.Err(); errs[w] == nil {
					errs[w] = fn(list[i])
				}
				if errs[w] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// settle syncs a staged file, or removes it where the message is there already.
func (b *blobStore) settle(st *StagedBlob) error {
	if st.f == nil {
		return nil
	}
	if b.filed(st.Ref) {
		st.Discard()
		return nil
	}
	if err := st.f.Sync(); err != nil {
		return fmt.Errorf("storing a large message: %w", fileErr(st.tmp, err))
	}
	return nil
}

// rename gives a settled file its name and returns the folder that is to be synced; "" when the message is in blobs.db, and there is none.
func (b *blobStore) rename(st *StagedBlob) (dir string, err error) {
	dest := b.filePath(st.Ref.Hash)
	dir = filepath.Dir(dest)
	if b.filed(st.Ref) { // meanwhile: its twin in the same batch
		st.Discard()
		return dir, nil
	}
	if st.f == nil {
		return "", nil
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
