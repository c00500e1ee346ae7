package store

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// SQLite needs some space to open a database, even to read it: the index of its log (32 KB a database, more where a killed process has left a
// long log). So a disk that is full to the last byte would keep the mail that is here from being read. A profile therefore holds that
// space ready, in a file that is given up for opening when nothing else is left, and nothing is written before it is whole again: else
// the next start would find the disk full and no reserve.
const (
	reserveFile = "reserve"
	reserveSize = 256 << 10
	// reserveRetry is how long a disk that was full counts as full without being asked: a busy engine tries to write all the time.
	reserveRetry = time.Second
)

// reserve is that file. Its methods may be called by any goroutine; other processes may use it, too.
type reserve struct {
	path string

	whole atomic.Bool // nothing is known to be missing of it
	mu    sync.Mutex
	asked time.Time // when it was found to be too small, and could not be made larger
}

func newReserve(dir string) *reserve { return &reserve{path: filepath.Join(dir, reserveFile)} }

// give frees the space; false where there is none to be had.
func (r *reserve) give() bool {
	r.whole.Store(false)
	return os.Remove(r.path) == nil
}

// doubt has the file looked at before the next write: the disk was full.
func (r *reserve) doubt() { r.whole.Store(false) }

// keep makes the file whole, as far as there is space. The error is a *DiskError where there is too little; that it cannot be made for
// another reason is none: what is written next will tell.
func (r *reserve) keep() error {
	if r == nil || r.whole.Load() {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.asked.IsZero() && time.Since(r.asked) < reserveRetry {
		return r.full(errNoReserve)
	}
	return r.fill()
}

// refill is keep, whenever it was asked last.
func (r *reserve) refill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.fill()
}

var errNoReserve = errors.New("there is too little space to open the profile again")

func (r *reserve) full(err error) error { return &DiskError{Path: r.path, Full: true, Err: err} }

func (r *reserve) fill() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err == nil {
		err = grow(f, reserveSize)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}
	if isDiskFull(err) {
		r.asked = time.Now()
		return r.full(err)
	}
	r.asked = time.Time{}
	r.whole.Store(true)
	return nil
}

// grow appends bytes that no file system can make smaller, up to a size or as many as there is space for.
func grow(f *os.File, size int64) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	buf := make([]byte, 16<<10)
	for have, n := st.Size(), int64(len(buf)); have < size; {
		_, _ = rand.Read(buf) // never fails
		wrote, err := f.Write(buf[:min(n, size-have)])
		have += int64(wrote)
		switch {
		case isDiskFull(err) && n > 512:
			n /= 2
		case err != nil:
			return err
		}
	}
	return nil
}
