package message

import (
	"bytes"
	"io"
)

// windowSize is how much of a message is in memory while its structure is read from an io.ReaderAt. Only the first
// windowSize bytes of a line are ever looked at.
const windowSize = 64 << 10

// source gives random access to the bytes of a message, whole in memory or through a sliding window. It is used by one
// goroutine at a time.
type source struct {
	r    io.ReaderAt
	size int64
	// buf holds the bytes from base on; whole says that buf is everything there is.
	buf   []byte
	base  int64
	whole bool
	store []byte
	// crOnly: the message has no LF at all near its start, so that CR alone ends lines.
	crOnly bool
	// failed remembers that the reader gave an error before size; what could be read is kept.
	failed error
}

func newBytesSource(b []byte) *source {
	s := &source{size: int64(len(b)), buf: b, whole: true}
	s.crOnly = onlyCR(b)
	return s
}

func newReaderSource(r io.ReaderAt, size int64) *source {
	if size < 0 {
		size = 0
	}
	if size <= windowSize {
		b := make([]byte, size)
		n, err := readFullAt(r, b, 0)
		s := newBytesSource(b[:n])
		if int64(n) < size {
			s.failed = err
		}
		return s
	}
	s := &source{r: r, size: size, store: make([]byte, windowSize)}
	s.fill(0)
	s.crOnly = onlyCR(s.buf)
	return s
}

// onlyCR tells whether CR is the line end: there is a CR near the start, and no LF.
func onlyCR(b []byte) bool {
	if len(b) > windowSize {
		b = b[:windowSize]
	}
	return bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') >= 0
}

func readFullAt(r io.ReaderAt, b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) {
		m, err := r.ReadAt(b[n:], off+int64(n))
		n += m
		if err != nil {
			return n, err
		}
		if m == 0 {
			return n, io.ErrNoProgress
		}
	}
	return n, nil
}

// fill makes the window start at off.
func (s *source) fill(off int64) {
	n := min(int64(len(s.store)), s.size-off)
	if n <= 0 {
		s.buf, s.base = s.store[:0], off
		return
	}
	m, err := readFullAt(s.r, s.store[:n], off)
	if int64(m) < n {
		// The reader ends early or fails: the message ends where the readable bytes end.
		s.size = off + int64(m)
		if err != io.EOF {
			s.failed = err
		}
	}
	s.buf, s.base = s.store[:m], off
}

// line returns the line at off without its line end, at most windowSize bytes of it, and the offset of the next line.
// The bytes are valid until the next call. At the end next == off.
func (s *source) line(off int64) (line []byte, next int64) {
	if off >= s.size {
		return nil, off
	}
	if s.whole {
		return s.cut(s.buf[off:], off)
	}
	if off >= s.base && off < s.base+int64(len(s.buf)) {
		b := s.buf[off-s.base:]
		if l, n := s.cut(b, off); n < off+int64(len(b)) || s.base+int64(len(s.buf)) == s.size {
			return l, n
		}
	}
	s.fill(off)
	l, n := s.cut(s.buf, off)
	if n < off+int64(len(s.buf)) || n >= s.size {
		return l, n
	}
	// Longer than the window: keep what fits, look for the end further on with a small buffer.
	return l, s.skipLine(n)
}

// dashes is how a line starts that may be a boundary. They are rarer than line ends, and in base64 there are none.
var dashes = []byte("--")

// nextDashes returns the offset of the next line after the one at off, whose end is next, that starts with "--", or size.
func (s *source) nextDashes(off, next int64) int64 {
	if s.crOnly {
		for next < s.size {
			line, after := s.line(next)
			if len(line) >= 2 && line[0] == '-' && line[1] == '-' {
				return next
			}
			next = after
		}
		return s.size
	}
	for off = max(off, next-1); off < s.size; { // from the line end on
		if !s.whole && (off < s.base || off-s.base > int64(len(s.buf)-3)) {
			s.fill(off)
		}
		b := s.buf[off-s.base:]
		if i := dashLine(b); i >= 0 {
			return off + int64(i)
		}
		if s.base+int64(len(s.buf)) >= s.size {
			break
		}
		off += int64(len(b) - 2)
	}
	return s.size
}

// dashLine is the index of the first "--" after a line end in b, -1 without one.
func dashLine(b []byte) int {
	for k := 0; ; {
		i := bytes.Index(b[k:], dashes)
		if i < 0 {
			return -1
		}
		if k += i; k > 0 && b[k-1] == '\n' {
			return k
		}
		for k < len(b) && b[k] == '-' {
			k++
		}
	}
}

// cut splits b, which starts at offset off, after its first line.
func (s *source) cut(b []byte, off int64) ([]byte, int64) {
	end := byte('\n')
	if s.crOnly {
		end = '\r'
	}
	i := bytes.IndexByte(b, end)
	if i < 0 {
		return trimCR(b), off + int64(len(b))
	}
	return trimCR(b[:i]), off + int64(i) + 1
}

// trimCR drops the carriage returns before a line end: one, or the several that broken converters leave.
func trimCR(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == '\r' {
		b = b[:len(b)-1]
	}
	return b
}

// skipLine returns the offset after the line that goes on at off.
func (s *source) skipLine(off int64) int64 {
	end := byte('\n')
	if s.crOnly {
		end = '\r'
	}
	var small [4096]byte
	for off < s.size {
		n := min(int64(len(small)), s.size-off)
		m, err := readFullAt(s.r, small[:n], off)
		if i := bytes.IndexByte(small[:m], end); i >= 0 {
			return off + int64(i) + 1
		}
		off += int64(m)
		if int64(m) < n {
			s.size = off
			if err != io.EOF {
				s.failed = err
			}
		}
	}
	return off
}

// bytes returns the bytes from off up to end; a copy unless the message is whole in memory.
func (s *source) bytes(off, end int64) []byte {
	end = min(end, s.size)
	if off >= end {
		return nil
	}
	if s.whole {
		return s.buf[off:end:end]
	}
	b := make([]byte, end-off)
	n, _ := readFullAt(s.r, b, off)
	return b[:n]
}

// reader streams the bytes from off up to end.
func (s *source) reader(off, end int64) io.Reader {
	end = min(end, s.size)
	if off >= end {
		return bytes.NewReader(nil)
	}
	if s.whole {
		return bytes.NewReader(s.buf[off:end])
	}
	return io.NewSectionReader(s.r, off, end-off)
}

// pieces hands the bytes from off up to end to f, a window at a time; f must not keep them.
func (s *source) pieces(off, end int64, f func([]byte)) {
	for end = min(end, s.size); off < end; end = min(end, s.size) {
		if off < s.base || off >= s.base+int64(len(s.buf)) {
			if s.fill(off); len(s.buf) == 0 {
				return
			}
		}
		b := s.buf[off-s.base:]
		b = b[:min(int64(len(b)), end-off)]
		f(b)
		off += int64(len(b))
	}
}

// lineEndBefore returns off without the line end just before it, never going below low.
func (s *source) lineEndBefore(low, off int64) int64 {
	from := max(low, off-2)
	tail := s.bytes(from, off)
	n := len(tail)
	switch {
	case n > 0 && tail[n-1] == '\n':
		n--
		if n > 0 && tail[n-1] == '\r' {
			n--
		}
	case n > 0 && tail[n-1] == '\r':
		n--
	}
	return from + int64(n)
}
