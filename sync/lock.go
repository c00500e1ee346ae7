package mailsync

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"peyk/internal/mail"
)

// lockAccount keeps every other process (a second `peyk sync`, the window) from working on the account at the same time.
// It waits until the lock is free or ctx ends; waiting is called once when it has to. The lock ends with the process,
// however that ends, so a crash leaves nothing behind. Without a profile directory nothing is locked.
func lockAccount(ctx context.Context, profile string, id mail.AccountID, waiting func()) (release func(), err error) {
	if profile == "" {
		return func() {}, nil
	}
	dir := filepath.Join(profile, "locks")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the lock folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("account-%d.lock", id)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the account's lock: %w", err)
	}
	for told := false; ; {
		ok, err := tryLock(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		if ok {
			return func() { unlock(f); f.Close() }, nil
		}
		if !told && waiting != nil {
			waiting()
			told = true
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("another Peyk is working on this account: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
