package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// In the mboxcl2 form nothing is quoted: where a message ends is told by its Content-Length field alone, and a line "From …"
// or ">From …" inside is text. The field is believed only when it leads from message to message through the whole file; a
// single one may be stale, or a sender's lie that makes the mail after it disappear. And only when some body holds an
// unquoted "From ": otherwise the file is read alike either way, and its quoting (mboxcl has both) is taken off.

// maxLengthHeader is how far into a message its Content-Length is looked for.
const maxLengthHeader = 256 << 10

// unquoted tells whether r is of the mboxcl2 form. It reads no further than to the first message without a true length.
func unquoted(r io.ReaderAt) bool {
	found := false
	for pos := int64(0); ; {
		start, err := fromLineAt(r, pos)
		if err != nil {
			return found && errors.Is(err, io.EOF)
		}
		body, end, ok := lengthAt(r, start)
		if !ok {
			return false
		}
		if !found {
			found = holdsFrom(io.NewSectionReader(r, body, end-body))
		}
		pos = end
	}
}

// fromLineAt skips the line ends at pos; there must be a From_ line then, and start is behind it. err is io.EOF at the end.
func fromLineAt(r io.ReaderAt, pos int64) (start int64, err error) {
	b := make([]byte, maxFromLine+8)
	n, err := r.ReadAt(b, pos)
	b = b[:n]
	text := bytes.TrimLeft(b, "\r\n")
	if len(text) == 0 && n < cap(b) {
		return 0, err
	}
	end := bytes.IndexByte(text, '\n')
	if !bytes.HasPrefix(text, []byte("From ")) || end < 0 {
		return 0, ErrNotMbox
	}
	return pos + int64(len(b)-len(text)+end+1), nil
}

// lengthAt reads the header of the message that starts at start, and where its body begins and ends by Content-Length. ok is
// false when it has none, or when neither a From_ line nor the end of the file follows.
func lengthAt(r io.ReaderAt, start int64) (body, end int64, ok bool) {
	length := int64(-1)
	br := bufio.NewReaderSize(io.NewSectionReader(r, start, maxLengthHeader), 4<<10)
	for body = start; ; {
		line, err := br.ReadSlice('\n')
		body += int64(len(line))
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, 0, false
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if name, value, colon := bytes.Cut(line, []byte(":")); colon && bytes.EqualFold(name, []byte("Content-Length")) {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 48)
			if err != nil || n < 0 {
				return 0, 0, false
			}
			length = n
		}
	}
	if length < 0 {
		return 0, 0, false
	}
	end = body + length
	if length > 0 { // the last byte must be there
		if n, _ := r.ReadAt(make([]byte, 1), end-1); n == 0 {
			return 0, 0, false
		}
	}
	if _, err := fromLineAt(r, end); err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, false
	}
	return body, end, true
}

// holdsFrom tells whether a line of r begins with "From ".
func holdsFrom(r io.Reader) bool {
	br := bufio.NewReaderSize(r, 64<<10)
	for start := true; ; {
		line, err := br.ReadSlice('\n')
		if start && bytes.HasPrefix(line, []byte("From ")) {
			return true
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false
		}
		start = err == nil
	}
}
