package filelock

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	release, err := Wait(t.Context(), path, func() { t.Error("waits for a lock that nobody holds") })
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Wait(ctx, path, func() { told++; cancel() }); !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("a lock that somebody holds: %v, told %d times", err, told)
	}
	again := make(chan error)
	_, err = Wait(t.Context(), path, func() { release(); close(again) })
	if <-again; err != nil {
		t.Errorf("a lock that was given back: %v", err)
	}
	if _, err := Wait(t.Context(), filepath.Join(path, "b"), nil); err == nil {
		t.Error("a lock that cannot be made was taken")
	}
}
