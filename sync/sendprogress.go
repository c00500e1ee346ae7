package mailsync

import (
	"io"

	"peyk/internal/mail"
)

// countedFrom is the size in bytes from which on it is told how much of a message is handed over.
const countedFrom = 256 << 10

// counted reports how much of a large message has been read, in bytes.
func (p *pass) counted(r io.Reader, subject string, size int64) io.Reader {
	if size < countedFrom {
		return r
	}
	return &countedReader{r: r, tell: func(done int64) {
		p.report(mail.Progress{Phase: mail.PhaseSending, Folder: subject, Done: int(done), Total: int(size)})
	}}
}

type countedReader struct {
	r    io.Reader
	done int64
	tell func(done int64)
}

func (c *countedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if n > 0 {
		c.done += int64(n)
		c.tell(c.done)
	}
	return n, err
}
