package imap

import (
	"bufio"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"peyk/accounts/dial"
)

// Limits on what a server may make us hold.
const (
	maxLine        = 1 << 20  // one line of an ordinary response
	maxLongLine    = 64 << 20 // SEARCH, ESEARCH and VANISHED: a million UIDs on one line
	maxLiteral     = 4 << 20  // a literal that is held in memory (headers, names)
	maxHeld        = 16 << 20 // all literals of one response together
	maxLiteralSize = 1 << 40  // a literal that is streamed
	bufferSize     = 64 << 10
	directRead     = 2 << 10 // bytes of a literal from which on they are read into their place at once, past the buffer
)

var (
	errLineTooLong    = errors.New("the server sent a line that never ends")
	errLiteralTooLong = errors.New("the server announced an absurdly long literal")
	errClosed         = errors.New("the connection was closed")
)

// wire is the byte layer of one connection. Reads and writes belong to the goroutine that drives the session; close and
// bytesIn may be called by any. Deadlines are dial.Conn's: each read and write ends within the account's timeout, or
// within what setPatience says.
type wire struct {
	conn *dial.Conn
	in   io.Reader // conn, or the decompressor
	br   *bufio.Reader
	out  io.Writer     // conn, or the compressor
	fw   *flate.Writer // nil without COMPRESS

	mu       sync.Mutex
	closed   bool
	closeErr error
}

func newWire(conn *dial.Conn) *wire {
	return &wire{conn: conn, in: conn, br: bufio.NewReaderSize(conn, bufferSize), out: conn}
}

// compress turns on COMPRESS=DEFLATE (RFC 4978). What is buffered already is compressed data.
func (w *wire) compress() error {
	fw, err := flate.NewWriter(w.conn, flate.DefaultCompression)
	if err != nil {
		return err
	}
	w.fw, w.out = fw, fw
	w.in = flate.NewReader(w.br)
	w.br = bufio.NewReaderSize(w.in, bufferSize)
	return nil
}

// setPatience lets reads wait for d from now on (0: the account's timeout), the one that is blocked included.
func (w *wire) setPatience(d time.Duration) { w.conn.SetIdle(d) }

// slowly is the patience for commands that copy, search or open much: servers that stay silent meanwhile are rare, but a
// broken-off COPY would be done twice.
func (w *wire) slowly() time.Duration {
	return max(w.conn.Idle(), min(4*w.conn.Idle(), 10*time.Minute))
}

// write sends p, through the compressor when there is one.
func (w *wire) write(p []byte) error {
	if _, err := w.out.Write(p); err != nil {
		return err
	}
	return w.flush()
}

func (w *wire) flush() error {
	if w.fw != nil {
		return w.fw.Flush()
	}
	return nil
}

// bytesIn counts what the network gave, after TLS and before decompression.
func (w *wire) bytesIn() int64 { return w.conn.BytesIn() }

// close ends the connection; the first reason is what pending and later calls report.
func (w *wire) close(why error) {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return
	}
	w.closed = true
	if why == nil {
		why = errClosed
	}
	w.closeErr = why
	w.mu.Unlock()
	_ = w.conn.Close()
}

func (w *wire) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// why gives the reason of a failure: the one that close was called with, if it was, else err.
func (w *wire) why(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closeErr != nil {
		return w.closeErr
	}
	return err
}

// watch closes the wire when ctx ends; call the returned function when the wait is over. It reports false when ctx won.
func (w *wire) watch(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { w.close(context.Cause(ctx)) })
}

// awaitAnswer waits for the first byte of an answer, for as long as patience allows. What belongs to it has to come forward then.
func (w *wire) awaitAnswer() error {
	if w.br.Buffered() == 0 {
		w.conn.WithinAnswer(false)
		if _, err := w.br.Peek(1); err != nil {
			return broken(err)
		}
	}
	w.conn.WithinAnswer(true)
	return nil
}

// broken: the end of the connection is none of an answer.
func broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readLine appends one line without its CRLF (or bare LF) to buf. What is added is bounded: by maxLine, or by maxLongLine
// when buf begins like an answer that may be long.
func (w *wire) readLine(buf []byte) ([]byte, error) {
	start, limit := len(buf), maxLine
	for {
		part, err := w.br.ReadSlice('\n')
		buf = append(buf, part...)
		if len(buf)-start > limit && limit < maxLongLine && start == 0 && longKind(buf) {
			limit = maxLongLine
		}
		if len(buf)-start > limit {
			return buf, fmt.Errorf("%w (over %d bytes)", errLineTooLong, limit)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, broken(err)
		}
	}
	buf = buf[:len(buf)-1]
	if n := len(buf); n > start && buf[n-1] == '\r' {
		buf = buf[:n-1]
	}
	return buf, nil
}

// literal reads the octets of one literal; the rest can be skipped with drain.
type literal struct {
	w    *wire
	left int64
	err  error
}

func (l *literal) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if l.left <= 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > l.left {
		p = p[:l.left]
	}
	from := io.Reader(l.w.br)
	if len(p) >= directRead && l.w.br.Buffered() == 0 {
		from = l.w.in
	}
	n, err := from.Read(p)
	l.left -= int64(n)
	if err != nil {
		err = broken(err)
		l.err = err
	}
	return n, err
}

func (l *literal) drain() error {
	for l.left > 0 {
		n := min(l.left, bufferSize)
		d, err := l.w.br.Discard(int(n))
		l.left -= int64(d)
		if err != nil {
			return err
		}
	}
	return nil
}
