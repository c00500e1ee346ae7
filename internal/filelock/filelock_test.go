package filelock

import (
	"context"
	"errors"
	"os"
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

// Who shares a lock keeps out who wants it alone, and nobody else; whoever has it alone keeps out both.
func TestShare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.lock")
	var f [2]*os.File
	for i := range f {
		var err error
		if f[i], err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
			t.Fatal(err)
		}
		defer f[i].Close()
	}
	for _, l := range f {
		if err := Share(l); err != nil {
			t.Fatalf("sharing: %v", err)
		}
	}
	Drop(f[0])
	if ok, err := Try(f[0]); ok || err != nil {
		t.Errorf("alone beside one that shares: %v, %v", ok, err)
	}
	Drop(f[1])
	if ok, err := Try(f[0]); !ok || err != nil {
		t.Errorf("alone: %v, %v", ok, err)
	}
	if Share(f[1]) == nil {
		t.Error("shared beside one that is alone")
	}
}
