package mailbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// Writer writes an mbox in the mboxrd form.
type Writer struct {
	w   *bufio.Writer
	out *countWriter
}

type countWriter struct {
	w io.Writer
	n int64
}

func (c *countWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// NewWriter writes to w; call Flush at the end.
func NewWriter(w io.Writer) *Writer {
	out := &countWriter{w: w}
	return &Writer{bufio.NewWriterSize(out, 64<<10), out}
}

// Offset is where the next message begins: what Entry.Offset will say.
func (m *Writer) Offset() int64 { return m.out.n + int64(m.w.Buffered()) }

// Flush writes what is buffered.
func (m *Writer) Flush() error { return m.w.Flush() }

// Write adds one message. sender is the envelope sender ("" becomes MAILER-DAEMON), t the time of arrival. It returns
// the number of bytes of the message. The size is needed in advance to know how the message ends, so the message is read
// from r up to its end, which must be an io.ReaderAt-like stable stream of size bytes.
func (m *Writer) Write(sender string, t time.Time, r io.ReaderAt, size int64) (int64, error) {
	sender = strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if c < 32 || c == 127 {
			return ' '
		}
		return c
	}, sender)), "_")
	if sender == "" {
		sender = "MAILER-DAEMON"
	}
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	last := []byte{0}
	if size > 0 {
		if _, err := r.ReadAt(last, size-1); err != nil && err != io.EOF {
			return 0, fmt.Errorf("reading the end of a message of %d bytes: %w", size, err)
		}
	}
	ends := size > 0 && last[0] == '\n'
	line := "From " + cut(sender, 300) + " " + t.UTC().Format("Mon Jan _2 15:04:05 2006")
	if !ends {
		line += noEOL
	}
	if _, err := m.w.WriteString(line + "\n"); err != nil {
		return 0, err
	}
	n, err := m.quote(io.NewSectionReader(r, 0, size))
	if err != nil {
		return n, err
	}
	if n != size {
		return n, fmt.Errorf("the message ended after %d of %d bytes: %w", n, size, io.ErrUnexpectedEOF)
	}
	if !ends {
		m.w.WriteByte('\n')
	}
	return n, m.w.WriteByte('\n')
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// quote copies r and puts a ">" before every line that is ">*From ".
func (m *Writer) quote(r io.Reader) (int64, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	var n int64
	start := true
	for {
		b, err := br.ReadSlice('\n')
		n += int64(len(b))
		if start && bytes.HasPrefix(bytes.TrimLeft(b, ">"), []byte("From ")) {
			m.w.WriteByte('>')
		}
		start = err == nil
		if _, werr := m.w.Write(b); werr != nil {
			return n, werr
		}
		switch err {
		case nil, bufio.ErrBufferFull:
		case io.EOF:
			return n, nil
		default:
			return n, fmt.Errorf("reading the message: %w", err)
		}
	}
}

// OlderError: an mbox that an earlier export has written is without messages that its folder holds now.
type OlderError struct{ Missing int }

func (e OlderError) Error() string {
	return fmt.Sprintf("it was written by an earlier export and is without %d messages that the folder holds now; export the folder to another place", e.Missing)
}
