package message

import (
	"bufio"
	"bytes"
	"io"
)

// appendQP decodes quoted-printable (RFC 2045 §6.7) line by line and never fails: "=" that is no escape stays, soft line
// breaks with blanks after the "=" are soft line breaks, trailing blanks of a line are transport padding and go.
func appendQP(dst, src []byte) []byte {
	for len(src) > 0 {
		i := bytes.IndexByte(src, '\n')
		var line []byte
		if i < 0 {
			line, src = src, nil
		} else {
			line, src = src[:i+1], src[i+1:]
		}
		dst = appendQPLine(dst, line)
	}
	return dst
}

// appendQPLine decodes one line with its line end.
func appendQPLine(dst, line []byte) []byte {
	body := line
	eol := []byte(nil)
	if n := len(body); n > 0 && body[n-1] == '\n' {
		k := n - 1
		for k > 0 && body[k-1] == '\r' {
			k--
		}
		body, eol = body[:k], body[k:]
	}
	for n := len(body); n > 0 && (body[n-1] == ' ' || body[n-1] == '\t'); n-- {
		body = body[:n-1]
	}
	if n := len(body); n > 0 && body[n-1] == '=' {
		body, eol = body[:n-1], nil // soft line break; a "=" at the very end is one that was cut
	} else if eol == nil {
		body = line // the end of the data: keep its blanks
	}
	for len(body) > 0 {
		i := bytes.IndexByte(body, '=')
		if i < 0 {
			dst = append(dst, body...)
			break
		}
		dst = append(dst, body[:i]...)
		body = body[i:]
		n := len(body)
		for len(body) >= 3 && body[0] == '=' { // letters outside ASCII come in runs
			h, l := hexTable[body[1]], hexTable[body[2]]
			if h|l < 0 {
				break
			}
			dst = append(dst, byte(h<<4|l))
			body = body[3:]
		}
		if len(body) == n {
			dst = append(dst, '=')
			body = body[1:]
		}
	}
	return append(dst, eol...)
}

// qpReader decodes a stream. A line longer than its buffer is decoded in pieces.
type qpReader struct {
	r    *bufio.Reader
	out  []byte
	rest []byte
	err  error
	// carry holds the start of an escape that the last piece of an over-long line ended with.
	carry []byte
}

func newQPReader(r io.Reader) io.Reader {
	return &qpReader{r: bufio.NewReaderSize(r, 16<<10)}
}

func (q *qpReader) Read(p []byte) (int, error) {
	for len(q.rest) == 0 {
		if q.err != nil {
			return 0, q.err
		}
		line, err := q.r.ReadSlice('\n')
		if len(q.carry) > 0 {
			line = append(q.carry, line...)
			q.carry = nil
		}
		if err == bufio.ErrBufferFull {
			line, err = q.piece(line), nil
		}
		q.out = appendQPLine(q.out[:0], line)
		q.rest, q.err = q.out, err
	}
	n := copy(p, q.rest)
	q.rest = q.rest[n:]
	return n, nil
}

// maxPadding is how many blanks after a "=" are kept waiting for a line end.
const maxPadding = 1000

// piece takes a full buffer that holds no line end up to a place that cuts no escape, and carries the rest over.
func (q *qpReader) piece(line []byte) []byte {
	cut := len(line)
	if end := bytes.TrimRight(line, " \t"); len(line)-len(end) < maxPadding && len(end) > 0 && end[len(end)-1] == '=' {
		cut = len(end) - 1 // whether it is a soft line break shows only with what follows the blanks
	}
	for k := max(0, len(line)-2); k < len(line); k++ {
		if line[k] == '=' {
			cut = k
			break
		}
	}
	q.carry = append(q.carry[:0], line[cut:]...)
	return line[:cut]
}
