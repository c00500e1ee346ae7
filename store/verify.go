package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// VerifyBlob reads stored bytes back and compares their hash: what POP3 deletion depends on.
func (s *Store) VerifyBlob(ctx context.Context, hash string) error {
	return s.VerifyBlobs(ctx, []string{hash})[0]
}

// VerifyBlobs is VerifyBlob for many, on all cores: an error, or nil, for each hash.
func (s *Store) VerifyBlobs(ctx context.Context, hashes []string) []error {
	errs := make([]error, len(hashes))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(len(hashes), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			var room []byte
			for i := int(next.Add(1)) - 1; i < len(hashes); i = int(next.Add(1)) - 1 {
				errs[i] = s.verify(ctx, hashes[i], &room)
			}
		})
	}
	wg.Wait()
	return errs
}

// verify reads one message back; room is memory that may be used, and replaced.
func (s *Store) verify(ctx context.Context, hash string, room *[]byte) error {
	h, err := packHash(hash)
	if err != nil {
		return fmt.Errorf("reading a message back: %w", err)
	}
	var size int64
	var enc int
	var data []byte
	st, err := s.blobs.stmt.get(ctx, "SELECT size,enc,data FROM blobs WHERE hash=?")
	if err != nil {
		return wrapErr(s.blobs.w.path, err)
	}
	ok, err := scanned(st.QueryRowContext(ctx, h).Scan(&size, &enc, &data))
	if err != nil {
		return fmt.Errorf("reading message %s back: %w", hash, wrapErr(s.blobs.w.path, err))
	}
	var got [sha256.Size]byte
	if ok {
		raw, err := s.blobs.unpack(*room, size, enc, data)
		if err != nil {
			return err
		}
		if enc == encZstd {
			*room = raw
		}
		got = sha256.Sum256(raw)
	} else if got, err = s.hashFile(ctx, hash); err != nil {
		return fmt.Errorf("reading message %s back: %w", hash, err)
	}
	if have := hex.EncodeToString(got[:]); have != hex.EncodeToString(h) {
		return &CorruptError{File: s.blobs.w.path, Err: fmt.Errorf("message %s reads back as %s", hash, have)}
	}
	return nil
}

// hashFile is the hash of what the file of a large message holds.
func (s *Store) hashFile(ctx context.Context, hash string) (sum [sha256.Size]byte, err error) {
	path := s.blobs.filePath(hash)
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return sum, ErrNotFound
	}
	if err != nil {
		return sum, fileErr(path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &ctxReader{ctx, f}); err != nil {
		return sum, fileErr(path, err)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
