package message

import (
	"bufio"
	"bytes"
	"io"
)

// lineReader decodes line by line with one function.
type lineReader struct {
	r    *bufio.Reader
	f    func(dst, line []byte) (out []byte, done bool)
	out  []byte
	rest []byte
	err  error
}

func (l *lineReader) Read(p []byte) (int, error) {
	for len(l.rest) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		line, err := l.r.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			err = nil
		}
		var done bool
		l.out, done = l.f(l.out[:0], bytes.TrimRight(line, "\r\n"))
		l.rest, l.err = l.out, err
		if done && err == nil {
			l.err = io.EOF
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// newUUReader decodes a uuencoded body: everything between "begin" and "end".
func newUUReader(r io.Reader) io.Reader {
	begun := false
	return &lineReader{r: bufio.NewReaderSize(r, 16<<10), f: func(dst, line []byte) ([]byte, bool) {
		if !begun {
			begun = uuBegin(line) != nil
			return dst, false
		}
		if bytes.Equal(bytes.TrimSpace(line), []byte("end")) {
			return dst, true
		}
		return appendUULine(dst, line), false
	}}
}

// uuBegin returns the file name of a "begin 644 name" line, nil when it is none.
func uuBegin(line []byte) []byte {
	rest, ok := bytes.CutPrefix(line, []byte("begin "))
	if !ok {
		return nil
	}
	i := 0
	for i < len(rest) && rest[i] >= '0' && rest[i] <= '7' {
		i++
	}
	if i < 3 || i > 4 || i >= len(rest) || rest[i] != ' ' {
		return nil
	}
	name := bytes.TrimSpace(rest[i:])
	if len(name) == 0 {
		return []byte("file")
	}
	return name
}

// appendUULine decodes one line; one that is too short gives what it holds.
func appendUULine(dst, line []byte) []byte {
	if len(line) == 0 {
		return dst
	}
	n := int(line[0]-' ') & 63
	line = line[1:]
	at := func(i int) byte {
		if i >= len(line) {
			return 0
		}
		return (line[i] - ' ') & 63
	}
	for i := 0; n > 0 && i < len(line)+4; i += 4 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		out := [3]byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | d}
		k := min(n, 3)
		dst = append(dst, out[:k]...)
		n -= k
	}
	return dst
}

// newYEncReader decodes a yEnc body: everything between =ybegin and =yend.
func newYEncReader(r io.Reader) io.Reader {
	begun := false
	return &lineReader{r: bufio.NewReaderSize(r, 16<<10), f: func(dst, line []byte) ([]byte, bool) {
		switch {
		case bytes.HasPrefix(line, []byte("=ybegin ")):
			begun = true
			return dst, false
		case bytes.HasPrefix(line, []byte("=ypart ")) || !begun:
			return dst, false
		case bytes.HasPrefix(line, []byte("=yend")):
			return dst, true
		}
		return appendYEnc(dst, line), false
	}}
}

func appendYEnc(dst, line []byte) []byte {
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == '=' && i+1 < len(line) {
			i++
			c = line[i] - 64
		}
		dst = append(dst, c-42)
	}
	return dst
}
