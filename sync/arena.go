package mailsync

import (
	"errors"
	"io"
)

// arena is the memory that holds the messages of one batch. It is used again for a later batch, so that a download of any length
// makes no garbage of its bytes. A nil arena gives every message memory of its own.
type arena struct{ buf []byte }

// arenaBytes holds any message that is kept in memory. A batch that the next one does not fit into is closed early.
const arenaBytes = 2 << 20

// read reads r to its end, at most limit bytes; size is how many are expected. What is returned is valid until the arena is
// used again.
func (a *arena) read(r io.Reader, size, limit int64) ([]byte, error) {
	var b []byte
	if a != nil {
		if a.buf == nil {
			a.buf = make([]byte, 0, arenaBytes)
		}
		b = a.buf[len(a.buf):]
	}
	if int64(cap(b)) <= min(size, limit) {
		a, b = nil, make([]byte, 0, max(512, min(size, limit)+1))
	}
	for int64(len(b)) < limit {
		if len(b) == cap(b) {
			a, b = nil, append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):min(int64(cap(b)), limit)])
		b = b[:len(b)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if a != nil {
		a.buf = a.buf[:len(a.buf)+len(b)]
	}
	return b[:len(b):len(b)], nil
}

func (a *arena) reset() { a.buf = a.buf[:0] }
