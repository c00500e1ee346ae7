package imap

import (
	"bytes"
	"fmt"
	"strconv"

	"peyk/internal/mail"
)

// response is one whole answer of the server: a line, and its literals held aside. In text, a literal is the byte
// litMark; NUL itself cannot occur, because reading replaces it.
type response struct {
	text []byte
	lits [][]byte

	tag  string   // "*", "+" or a command's tag
	typ  string   // upper case: "OK", "FETCH", "LIST", …
	num  uint32   // of "* 12 EXISTS"
	uid  mail.UID // of "* 12 UIDFETCH" (RFC 9586 §3.3), which counts as FETCH
	data []byte   // what follows typ and a space, part of text

	status *status // for OK, NO, BAD, BYE, PREAUTH
	size   int64   // bytes of its lines and literals, those thrown away included
	passed int64   // bytes of those literals that the hook has taken
	broken error   // the response could be framed but is beyond reading (a header too large to hold)
}

const litMark = 0

// bodyHook is asked when a literal begins whether it wants to consume it; text is the response so far.
type bodyHook func(text []byte, lits [][]byte, size int64, l *literal) (taken bool, err error)

// reader frames responses. The response it returns is valid until the next call.
type reader struct {
	w    *wire
	hook bodyHook
	resp response
}

// next reads one response. An error means that the connection cannot be used any more.
func (r *reader) next() (*response, error) {
	p := &r.resp
	if cap(p.text) > 2*maxLine {
		p.text = nil // one enormous answer must not keep its memory for the life of the connection
	}
	clear(p.lits) // so must what it held aside
	*p = response{text: p.text[:0], lits: p.lits[:0]}
	if err := r.w.awaitAnswer(); err != nil {
		return nil, err
	}
	var load litLoad
	for first := true; ; first = false {
		from := len(p.text)
		var err error
		p.text, err = r.w.readLine(p.text)
		if err != nil {
			return nil, err
		}
		cleanNUL(p.text[from:])
		p.size += int64(len(p.text) - from)
		if first {
			p.classify()
			if p.status != nil || p.tag != "*" {
				return p, nil
			}
		}
		size, ok := literalSize(p.text[from:])
		if !ok {
			break
		}
		if err := r.literal(size, &load); err != nil {
			return nil, err
		}
	}
	p.reslice()
	return p, nil
}

// litLoad is how many bytes of literals a response has brought: held in memory, and thrown away.
type litLoad struct{ held, skipped int64 }

// literal reads the literal that the text of the response announces at its end: the hook takes it, or it is held, or it is thrown away because
// it is larger than anything that belongs there.
func (r *reader) literal(size int64, load *litLoad) error {
	p := &r.resp
	if size > maxLiteralSize {
		return fmt.Errorf("%w (%d bytes)", errLiteralTooLong, size)
	}
	p.size += size
	p.text = p.text[:bytes.LastIndexByte(p.text, '{')]
	if n := len(p.text); n > 0 && p.text[n-1] == '~' {
		p.text = p.text[:n-1] // literal8, RFC 3516
	}
	l := &literal{w: r.w, left: size}
	if r.hook != nil {
		taken, err := r.hook(p.text, p.lits, size, l)
		if err != nil {
			return err
		}
		if taken {
			if err := l.drain(); err != nil {
				return err
			}
			p.passed += size
			p.text = append(p.text, litMark)
			p.lits = append(p.lits, nil)
			return nil
		}
	}
	load.held += size
	if size > maxLiteral || load.held > maxHeld {
		if load.skipped += size; load.skipped > maxSkipped {
			return fmt.Errorf("%w (%d bytes where a name or a header was expected)", errLiteralTooLong, size)
		}
		p.broken = fmt.Errorf("a part of %d bytes, more than is held in memory", size)
		load.held -= size
		size = 0
	}
	lit := make([]byte, size)
	if _, err := readFull(l, lit); err != nil {
		return err
	}
	if err := l.drain(); err != nil {
		return err
	}
	p.text = append(p.text, litMark)
	p.lits = append(p.lits, lit)
	if len(p.lits) > maxLiterals {
		return fmt.Errorf("%w (%d literals in one response)", errLineTooLong, len(p.lits))
	}
	return nil
}

const (
	maxSkipped  = 64 << 20 // literals that are read and thrown away
	maxLiterals = 10000    // in one response
)

func readFull(l *literal, p []byte) (int, error) {
	n := 0
	for n < len(p) {
		m, err := l.Read(p[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func cleanNUL(b []byte) {
	for i := bytes.IndexByte(b, 0); i >= 0; {
		b[i] = '?'
		j := bytes.IndexByte(b[i:], 0)
		if j < 0 {
			return
		}
		i += j
	}
}

// longKind says whether a response may carry a very long line: "* SEARCH", "* ESEARCH", "* VANISHED".
func longKind(text []byte) bool {
	for _, k := range []string{"* SEARCH", "* ESEARCH", "* VANISHED"} {
		if len(text) > len(k) && bytes.EqualFold(text[:len(k)], []byte(k)) {
			return true
		}
	}
	return false
}

// literalSize recognises "{123}", "{123+}" and "~{123}" at the end of a line.
func literalSize(line []byte) (int64, bool) {
	n := len(line)
	if n < 3 || line[n-1] != '}' {
		return 0, false
	}
	i := bytes.LastIndexByte(line, '{')
	if i < 0 {
		return 0, false
	}
	digits := bytes.TrimSuffix(line[i+1:n-1], []byte("+"))
	if len(digits) == 0 || len(digits) > 30 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	size, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		size = maxLiteralSize + 1
	}
	return size, true
}

// classify splits the first line into tag, number, type and data.
func (p *response) classify() {
	line := bytes.TrimLeft(p.text, " ")
	tag, rest := cutSpace(line)
	p.tag = string(tag)
	if p.tag == "+" || len(line) > 0 && line[0] == '+' {
		p.tag = "+"
		p.data = bytes.TrimLeft(line[1:], " ")
		return
	}
	word, after := cutSpace(rest)
	if n, err := strconv.ParseUint(string(word), 10, 32); err == nil && p.tag == "*" {
		p.num = uint32(n)
		word, after = cutSpace(after)
	}
	p.typ = string(bytes.ToUpper(word))
	p.data = after
	switch p.typ {
	case "UIDFETCH":
		p.typ, p.uid, p.num = "FETCH", mail.UID(p.num), 0
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		p.status = parseStatus(p.typ, after)
	}
}

// reslice finds data again after text has grown.
func (p *response) reslice() {
	if len(p.lits) == 0 {
		return
	}
	broken := p.broken
	p.classify()
	p.broken = broken
}

func cutSpace(b []byte) (word, rest []byte) {
	b = bytes.TrimLeft(b, " ")
	i := bytes.IndexByte(b, ' ')
	if i < 0 {
		return b, nil
	}
	return b[:i], bytes.TrimLeft(b[i+1:], " ")
}
