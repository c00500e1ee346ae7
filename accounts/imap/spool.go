package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// spool holds a body until the rest of its response has come: in memory when it is small, else in a temporary file.
// Few servers need it, those that name the UID after the body.
type spool struct {
	size int64
	mem  []byte
	file *os.File
}

const (
	spoolInMemory = 4 << 20
	// spoolMost is what is put aside on the disk: no message that is wanted is larger, and a server may announce more than a disk holds.
	spoolMost = 1 << 30
)

func newSpool(r io.Reader, size int64) (*spool, error) {
	if size <= spoolInMemory {
		mem := make([]byte, size)
		if _, err := io.ReadFull(r, mem); err != nil {
			return nil, err
		}
		return &spool{size: size, mem: mem}, nil
	}
	if size > spoolMost {
		return nil, fmt.Errorf("%w (%d bytes)", errLiteralTooLong, size)
	}
	f, err := os.CreateTemp("", "peyk-body-*")
	if err != nil {
		return nil, asideErr(err)
	}
	sp := &spool{size: size, file: f}
	if _, err := io.CopyN(f, r, size); err != nil {
		sp.remove()
		return nil, asideErr(err)
	}
	return sp, nil
}

// spoolUpTo holds what r gives, at most limit bytes.
func spoolUpTo(r io.Reader, limit int64) (*spool, error) {
	head, err := io.ReadAll(io.LimitReader(r, min(limit, spoolInMemory)))
	if err != nil || int64(len(head)) < spoolInMemory {
		return &spool{size: int64(len(head)), mem: head}, err
	}
	f, err := os.CreateTemp("", "peyk-body-*")
	if err != nil {
		return nil, asideErr(err)
	}
	sp := &spool{file: f}
	sp.size, err = io.Copy(f, io.MultiReader(bytes.NewReader(head), io.LimitReader(r, limit-int64(len(head)))))
	if err != nil {
		sp.remove()
		return nil, asideErr(err)
	}
	return sp, nil
}

// asideErr says whose fault it is that a body could not be put aside: the disk's, or that of whom it came from.
func asideErr(err error) error {
	err = fmt.Errorf("put a message aside: %w", err)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return &remote.Error{Kind: mail.ProblemDisk, Err: err}
	}
	return err
}

func (sp *spool) reader() io.Reader { return io.NewSectionReader(sp.readerAt(), 0, sp.size) }

func (sp *spool) readerAt() io.ReaderAt {
	if sp.file != nil {
		return sp.file
	}
	return bytes.NewReader(sp.mem)
}

// takeOver gives the body to another owner, who removes it.
func (sp *spool) takeOver() *spool {
	if sp == nil {
		return nil
	}
	own := *sp
	sp.file = nil
	return &own
}

func (sp *spool) remove() {
	if sp != nil && sp.file != nil {
		_ = sp.file.Close()
		_ = os.Remove(sp.file.Name())
		sp.file = nil
	}
}
