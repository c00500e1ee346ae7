package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
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
	for range min((len(hashes)+verifyAtOnce-1)/verifyAtOnce, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			v := &verifier{s: s, ctx: ctx}
			for {
				from := int(next.Add(verifyAtOnce)) - verifyAtOnce
				if from >= len(hashes) {
					return
				}
				to := min(from+verifyAtOnce, len(hashes))
				v.verify(hashes[from:to], errs[from:to])
			}
		})
	}
	wg.Wait()
	return errs
}

// verifyAtOnce is how many messages are read with one statement. They come one after the other, so one is held at a time.
const verifyAtOnce = 32

var verifySQL = "SELECT hash,size,enc,data FROM blobs WHERE hash IN (?" + strings.Repeat(",?", verifyAtOnce-1) + ")"

// verifier reads messages back, in one goroutine.
type verifier struct {
	s    *Store
	ctx  context.Context
	room []byte // for a message
}

// verify fills in errs for at most verifyAtOnce hashes.
func (v *verifier) verify(hashes []string, errs []error) {
	args := make([]any, verifyAtOnce)
	at := map[string][]int{} // by hash, where in hashes it stands
	for i, hash := range hashes {
		h, err := packHash(hash)
		if err != nil {
			errs[i] = fmt.Errorf("reading a message back: %w", err)
			continue
		}
		args[i], at[string(h)] = h, append(at[string(h)], i)
	}
	err := v.small(args, func(hash string, err error) {
		for _, i := range at[hash] {
			errs[i] = err
		}
		delete(at, hash)
	})
	if err != nil && len(hashes) > 1 && v.ctx.Err() == nil { // of which of them nobody knows
		for i := range hashes {
			v.verify(hashes[i:i+1], errs[i:i+1])
		}
		return
	}
	for hash, where := range at { // no rows: files, or nothing at all
		name, err := hex.EncodeToString([]byte(hash)), err
		if err == nil {
			err = v.large(name, hash)
		}
		if err != nil {
			err = fmt.Errorf("reading message %s back: %w", name, err)
		}
		for _, i := range where {
			errs[i] = err
		}
	}
}

// small reads those of the messages that are rows, and tells of each what it found.
func (v *verifier) small(args []any, tell func(hash string, err error)) error {
	b := v.s.blobs
	st, err := b.stmt.get(v.ctx, verifySQL)
	if err != nil {
		return wrapErr(b.w.path, err)
	}
	rows, err := st.QueryContext(v.ctx, args...)
	return wrapErr(b.w.path, eachRow(rows, err, func(r *sql.Rows) error {
		var hash, data sql.RawBytes
		var size int64
		var enc int
		if err := r.Scan(&hash, &size, &enc, &data); err != nil {
			return err
		}
		tell(string(hash), v.same(hash, size, enc, data))
		return nil
	}))
}

// same compares what a row holds with the hash it is kept by.
func (v *verifier) same(hash []byte, size int64, enc int, data []byte) error {
	raw, err := v.s.blobs.unpack(v.room, size, enc, data)
	if err != nil {
		return err
	}
	if enc == encZstd {
		v.room = raw
	}
	if sum := sha256.Sum256(raw); !bytes.Equal(sum[:], hash) {
		return v.other(hex.EncodeToString(hash), sum)
	}
	return nil
}

// large reads the file of a message.
func (v *verifier) large(name, hash string) error {
	sum, err := v.s.hashFile(v.ctx, name)
	if err == nil && string(sum[:]) != hash {
		err = v.other(name, sum)
	}
	return err
}

func (v *verifier) other(name string, sum [sha256.Size]byte) error {
	return &CorruptError{File: v.s.blobs.w.path, Err: fmt.Errorf("message %s reads back as %x", name, sum)}
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
