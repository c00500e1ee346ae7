// Package filelock lets the processes of one profile take turns. A lock is on an open file and ends with it, or with the process, however
// that ends, so that a crash leaves nothing behind. Files are locked by flock on Unix and LockFileEx on Windows; two descriptors of one process keep
// each other out, too. Functions are for any goroutine.
package filelock

import (
	"context"
	"fmt"
	"os"
	"time"
)

// poll is how often a lock that somebody holds is tried: neither system can wait for one under a context.
const poll = 20 * time.Millisecond

// Wait takes the lock of a file, which is made where there is none, once nobody else holds it. waiting, which may be nil, is called once when
// that takes time. The error is ctx's when it ended first; release gives the lock back.
func Wait(ctx context.Context, path string, waiting func()) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	for told := false; ; {
		ok, err := Try(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if ok {
			return func() { Drop(f); f.Close() }, nil
		}
		if !told && waiting != nil {
			waiting()
			told = true
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(poll):
		}
	}
}
