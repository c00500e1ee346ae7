package imap

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"testing/iotest"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// A body that cannot be put aside is no fault of the network where the disk does not take it.
func TestSpoolSaysWhoseFaultItIs(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	t.Setenv("TMP", filepath.Join(t.TempDir(), "nowhere")) // Windows
	body := bytes.NewReader(make([]byte, spoolInMemory+1))
	_, err := newSpool(body, int64(body.Len()))
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemDisk {
		t.Errorf("without a folder for it: %v", err)
	}
	if _, err = spoolUpTo(bytes.NewReader(make([]byte, spoolInMemory+1)), spoolInMemory+1); remote.As(err) == nil {
		t.Errorf("without a folder for it: %v", err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", t.TempDir())
	broken := errors.New("broken")
	_, err = newSpool(io.MultiReader(bytes.NewReader(make([]byte, spoolInMemory)), iotest.ErrReader(broken)), spoolInMemory+1)
	if !errors.Is(err, broken) || remote.As(err) != nil {
		t.Errorf("when the connection breaks: %v", err)
	}
}
