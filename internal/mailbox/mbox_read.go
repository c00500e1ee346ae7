package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// noEOL stands at the end of a From_ line of a message that does not end with a line end. Readers skip what follows the
// date ("remote from" is the UUCP form of RFC 976).
const noEOL = " remote from no-final-newline"

// maxFromLine is how much of a From_ line is looked at.
const maxFromLine = 1000

// ErrNotMbox: the data does not start with a From_ line.
var ErrNotMbox = errors.New("not an mbox: it does not start with a From line")

// entry is a message of an mbox.
type entry struct {
	// Offset of its From_ line from where reading began; reading can be resumed there.
	Offset int64
	Sender string    // of the From_ line, as it stands there
	Date   time.Time // of the From_ line, UTC; zero when it has none
	// Reader streams the message, without From_ line, quoting and separator. It ends with Reader.Next.
	Reader io.Reader
}

// mboxReader reads an mbox message by message.
type mboxReader struct {
	r    *bufio.Reader
	off  int64
	cur  *entryReader
	err  error
	line []byte // a From_ line read and not used yet
	at   int64
	// whole is the file when it is of the mboxcl2 form, base where reading it began.
	whole io.ReaderAt
	base  int64
}

// newReader reads from r, which should stand at the start of a From_ line (or of empty lines before it). The mboxcl2 form is
// known only when r is a file, or as free to move in: an io.Seeker and io.ReaderAt.
func newReader(r io.Reader) *mboxReader {
	m := &mboxReader{r: bufio.NewReaderSize(r, 64<<10)}
	if f, ok := r.(interface {
		io.Seeker
		io.ReaderAt
	}); ok {
		if base, err := f.Seek(0, io.SeekCurrent); err == nil && unquoted(f) {
			m.whole, m.base = f, base
		}
	}
	return m
}

// Next goes to the next message; what was not read of the last one is skipped. io.EOF: there is none. ErrNotMbox: the
// data is no mbox.
func (m *mboxReader) Next() (entry, error) {
	if m.cur != nil {
		if _, err := io.Copy(io.Discard, m.cur); err != nil {
			return entry{}, err
		}
		m.cur = nil
	} else if m.err == nil {
		m.first()
	}
	if m.err != nil {
		return entry{}, m.err
	}
	e := entry{Offset: m.at}
	line := string(m.line)
	m.cur = &entryReader{m: m, lineStart: true, noEOL: strings.HasSuffix(line, noEOL)}
	e.Sender, e.Date = parseFrom(strings.TrimSuffix(line, noEOL))
	if m.whole != nil {
		if _, end, ok := lengthAt(m.whole, m.base+m.off); ok {
			m.cur.left, m.cur.noEOL = end-m.base-m.off, false
			m.cur.counted = true
		}
	}
	e.Reader = m.cur
	return e, nil
}

// first skips empty lines and reads the first From_ line.
func (m *mboxReader) first() {
	for {
		b, err := m.r.Peek(1)
		if err != nil {
			m.err = err
			return
		}
		if b[0] != '\n' && b[0] != '\r' {
			break
		}
		m.r.ReadByte()
		m.off++
	}
	if b, _ := m.r.Peek(5); string(b) != "From " {
		m.err = ErrNotMbox
		return
	}
	m.readFrom()
}

// readFrom reads the From_ line that stands at the reading position.
func (m *mboxReader) readFrom() {
	m.at = m.off
	m.line = m.line[:0]
	for {
		b, err := m.r.ReadSlice('\n')
		m.off += int64(len(b))
		if room := maxFromLine - len(m.line); room > 0 {
			m.line = append(m.line, b[:min(room, len(b))]...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil && err != io.EOF {
			m.err = fmt.Errorf("reading the mbox at byte %d: %w", m.off, err)
		}
		break
	}
	m.line = bytes.TrimRight(m.line, "\r\n")
}

// parseFrom reads "From sender Tue Nov 25 14:05:06 2025".
func parseFrom(line string) (sender string, t time.Time) {
	f := strings.Fields(strings.TrimPrefix(line, "From "))
	if len(f) == 0 {
		return "", t
	}
	for i := 0; i+5 <= len(f); i++ {
		if t, err := time.Parse("Mon Jan 2 15:04:05 2006", strings.Join(f[i:i+5], " ")); err == nil {
			return strings.Join(f[:i], " "), t
		}
		if i+6 <= len(f) { // with a zone before the year
			if t, err := time.Parse("Mon Jan 2 15:04:05 2006", strings.Join(append(append([]string{}, f[i:i+4]...), f[i+5]), " ")); err == nil {
				return strings.Join(f[:i], " "), t
			}
		}
	}
	return f[0], t
}

// isSeparator tells whether the line at the reading position, which starts with "From ", separates messages: a full
// From_ line with its date after an empty line; the same without an empty line, or one with a stranger date after an
// empty line, when a header field follows.
func (m *mboxReader) isSeparator(blankBefore bool) bool {
	b, _ := m.r.Peek(2 * maxFromLine)
	line, rest, found := bytes.Cut(b, []byte("\n"))
	if len(line) > maxFromLine {
		return false
	}
	s := strings.TrimSuffix(strings.TrimRight(string(line), "\r"), noEOL)
	_, t := parseFrom(s)
	full := !t.IsZero()
	if full && blankBefore {
		return true
	}
	if !full && !(blankBefore && strings.Count(s, ":") > 0) {
		return false
	}
	return found && headerLine(rest)
}

// headerLine: b starts with "Name:".
func headerLine(b []byte) bool {
	for i, c := range b {
		if c == ':' {
			return i > 0
		}
		if c <= 32 || c >= 127 || i > 100 {
			return false
		}
	}
	return false
}

// tail is how many bytes are held back, because the separator's line end and the one added by Writer may be in them.
const tail = 4

// entryReader streams one message.
type entryReader struct {
	m         *mboxReader
	lineStart bool
	blank     bool // the last whole line was empty
	noEOL     bool
	buf       []byte // decoded, not delivered; the last `tail` bytes are held back until the end
	done      bool
	err       error
	// counted: the message has left more bytes, whatever they are.
	counted bool
	left    int64
}

func (e *entryReader) Read(p []byte) (int, error) {
	for !e.done && len(e.buf) <= tail {
		e.step()
	}
	n := len(e.buf)
	if !e.done {
		n -= tail
	}
	if n == 0 {
		if e.err != nil {
			return 0, e.err
		}
		return 0, io.EOF
	}
	n = copy(p, e.buf[:n])
	e.buf = e.buf[:copy(e.buf, e.buf[n:])]
	return n, nil
}

// step takes in one line, or a piece of a long one.
func (e *entryReader) step() {
	m := e.m
	if e.counted {
		e.stepCounted()
		return
	}
	if e.lineStart {
		if b, _ := m.r.Peek(5); string(b) == "From " && m.isSeparator(e.blank) {
			e.finish()
			m.readFrom()
			return
		}
	}
	b, err := m.r.ReadSlice('\n')
	m.off += int64(len(b))
	if e.lineStart && len(b) > 0 {
		if b[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(b, ">"), []byte("From ")) {
			b = b[1:]
		}
		e.blank = len(bytes.TrimRight(b, "\r\n")) == 0
	} else if len(b) > 0 {
		e.blank = false
	}
	e.buf = append(e.buf, b...)
	e.lineStart = err == nil
	switch {
	case err == nil || err == bufio.ErrBufferFull:
	case err == io.EOF:
		e.finish()
		m.err = io.EOF
	default:
		e.done = true
		e.err = fmt.Errorf("reading the mbox at byte %d: %w", m.off, err)
		m.err = e.err
	}
}

// stepCounted takes in the next bytes of a message of known length.
func (e *entryReader) stepCounted() {
	m := e.m
	if e.left == 0 {
		e.done = true
		m.first()
		return
	}
	old := len(e.buf)
	e.buf = append(e.buf, make([]byte, min(e.left, 16<<10))...)
	n, err := m.r.Read(e.buf[old:])
	e.buf = e.buf[:old+n]
	m.off += int64(n)
	e.left -= int64(n)
	if err != nil {
		e.done = true
		if err == io.EOF { // the file has become shorter
			err = io.ErrUnexpectedEOF
		}
		e.err = fmt.Errorf("reading the mbox at byte %d: %w", m.off, err)
		m.err = e.err
	}
}

// finish takes the separator's empty line off, and the line end that Writer added.
func (e *entryReader) finish() {
	e.done = true
	if e.blank {
		e.buf = bytes.TrimSuffix(e.buf, []byte("\n"))
		if n := len(e.buf); n > 0 && e.buf[n-1] == '\r' && (n == 1 || e.buf[n-2] == '\n') {
			e.buf = e.buf[:n-1]
		}
	}
	if e.noEOL {
		e.buf = bytes.TrimSuffix(e.buf, []byte("\n"))
	}
}
