package mailsync

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"peyk/internal/filelock"
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
	release, err = filelock.Wait(ctx, filepath.Join(dir, fmt.Sprintf("account-%d.lock", id)), waiting)
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("another Peyk is working on this account: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("the account's lock: %w", err)
	}
	return release, nil
}
