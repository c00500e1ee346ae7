package mailbox

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// ErrNotFile: something that stands where a file is expected is none.
var ErrNotFile = errors.New("not a file, but a pipe, a device or the like")

// file is a regular file that is read until ctx ends: one message of many gigabytes does not keep an import from stopping.
type file struct {
	*os.File
	ctx context.Context
}

// openFile opens a regular file. Whoever made a folder may have put a pipe into it, which nobody ever writes into, or a device that has no
// end, under any name that is looked for there: opening does not wait for the one, and neither is read.
func openFile(ctx context.Context, path string) (*file, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w", path, ErrNotFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &file{f, ctx}, nil
}

// Read implements io.Reader.
func (f *file) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(p []byte, off int64) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}
