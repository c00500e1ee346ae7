package message

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

// Fragment says which piece of a longer message a message/partial is (RFC 2046 §5.2.2).
type Fragment struct {
	ID     string // the same in all pieces
	Number int    // from 1
	Total  int    // 0: this piece does not tell
}

// maxFragments bounds the pieces of one message.
const maxFragments = 10000

// Fragment tells which piece of a longer message m is; ok is false when it is none.
func (m *Message) Fragment() (f Fragment, ok bool) {
	if m.Root.Type != "message/partial" {
		return f, false
	}
	f.ID = strings.TrimSpace(m.Root.Params["id"])
	f.Number, _ = strconv.Atoi(strings.TrimSpace(m.Root.Params["number"]))
	f.Total, _ = strconv.Atoi(strings.TrimSpace(m.Root.Params["total"]))
	if f.ID == "" || f.Number < 1 || f.Number > maxFragments || f.Total < 0 || f.Total > maxFragments {
		return f, false
	}
	return f, true
}

// warnFragment tells that m is a piece only.
func (m *Message) warnFragment() {
	if f, ok := m.Fragment(); ok {
		total := ""
		if f.Total > 0 {
			total = strconv.Itoa(f.Total)
		}
		m.warn(nil, mail.WarnPartial, strconv.Itoa(f.Number), total)
	}
}

// ErrFragments is returned by Assemble when pieces are missing or belong to different messages.
var ErrFragments = errors.New("the pieces of the message are not all there")

// Assemble puts a message together of its pieces, given in any order; of two with the same number the first counts. The
// pieces must stay readable as long as the result is used. ErrFragments: some are missing.
func Assemble(pieces []*Message) (*Message, error) {
	byNumber := map[int]*Message{}
	id, total := "", 0
	for _, p := range pieces {
		f, ok := p.Fragment()
		if !ok || id != "" && f.ID != id {
			return nil, fmt.Errorf("%w: one of them is no piece of it", ErrFragments)
		}
		id = f.ID
		total = max(total, f.Total)
		if byNumber[f.Number] == nil {
			byNumber[f.Number] = p
		}
	}
	if total == 0 || len(byNumber) < total {
		return nil, fmt.Errorf("%w: %d of %d", ErrFragments, len(byNumber), total)
	}
	j := &joined{}
	for n := 1; n <= total; n++ {
		p := byNumber[n]
		if p == nil {
			return nil, fmt.Errorf("%w: number %d is missing", ErrFragments, n)
		}
		body := p.Root.BodyStart
		if n == 1 {
			var head []byte
			head, body = assembledHeader(p)
			j.add(newBytesSource(head), 0, int64(len(head)))
		}
		j.add(p.src, body, p.Root.BodyEnd)
	}
	m := Parse(j, j.size)
	m.warn(nil, mail.WarnAssembled, strconv.Itoa(total))
	return m, nil
}

// assembledHeader makes the header by the rules of RFC 2046 §5.2.2.1: the fields of the first piece, without those that
// describe the piece, and then those of the message in it. It returns where the body of that message starts in p.
func assembledHeader(p *Message) (head []byte, body int64) {
	q := &parser{src: p.src, m: &Message{}, budget: 1 << 20}
	inner, body := q.readHeader(p.Root.BodyStart, nil)
	for _, h := range []*Header{p.Header(), &inner} {
		for i := range h.Len() {
			if ofMessage(h.Name(i)) != (h == &inner) {
				continue
			}
			head = append(head, h.Name(i)...)
			head = append(head, ':')
			head = append(head, h.Raw(i)...)
			head = append(head, "\r\n"...)
		}
	}
	return append(head, "\r\n"...), body
}

// ofMessage: the field is taken from the enclosed message, not from the first piece.
func ofMessage(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "subject", "message-id", "encrypted", "mime-version":
		return true
	}
	return strings.HasPrefix(name, "content-")
}

// joined is ranges of other sources, one after the other.
type joined struct {
	ranges []sourceRange
	size   int64
}

type sourceRange struct {
	src   *source
	off   int64 // in src
	start int64 // in joined
}

func (j *joined) add(s *source, off, end int64) {
	if end = min(end, s.size); end > off {
		j.ranges = append(j.ranges, sourceRange{s, off, j.size})
		j.size += end - off
	}
}

// ReadAt is io.ReaderAt.
func (j *joined) ReadAt(b []byte, off int64) (int, error) {
	i := sort.Search(len(j.ranges), func(i int) bool { return j.ranges[i].start > off }) - 1
	n := 0
	for n < len(b) {
		if i < 0 || i >= len(j.ranges) {
			return n, io.EOF
		}
		r, end := j.ranges[i], j.size
		if i+1 < len(j.ranges) {
			end = j.ranges[i+1].start
		}
		from := r.off + off + int64(n) - r.start
		m, err := io.ReadFull(r.src.reader(from, from+end-off-int64(n)), b[n:min(int64(len(b)), end-off)])
		n += m
		if n < len(b) && off+int64(n) < end {
			return n, err
		}
		i++
	}
	return n, nil
}
