package pop3

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
)

const (
	maxHeader = 16 << 20 // bytes TOP may bring
	// A body may be longer than LIST said, but not without end.
	slackFactor, slackBytes = 4, 64 << 20
	maxAnnounced            = 1 << 40 // bytes; what LIST says beyond that is not believed
)

// Retrieve fetches whole messages in order. It stops at the first error of fn and ends the session then, since the rest
// is on its way already. A message that the server refuses to give is left out; the others are delivered, and the error
// at the end, which is not Closed, names the first that was refused and how many there were.
func (c *Client) Retrieve(ctx context.Context, drops []remote.Drop, fn func(d remote.Drop, body io.Reader) error) error {
	end, err := c.begin(ctx, "retr")
	if err != nil {
		return err
	}
	var refused *remote.Error
	missing := 0
	err = c.pipeline("RETR %d", drops, whole, true, func(i int) error {
		d := drops[i]
		step := fmt.Sprintf("retr %d", d.Number)
		if _, err := c.answer(step); err != nil {
			if e := remote.As(err); !e.Closed {
				missing++
				if refused == nil {
					refused = e
				}
				return nil
			}
			return err
		}
		if err := c.noAnswer(step); err != nil {
			return err
		}
		b := &body{w: c.w, step: step, lineStart: true, lf: c.w.bareLF, left: d.Size*slackFactor + slackBytes, fenced: c.caps.Pipelining, size: d.Size, next: c.next}
		if err := fn(d, b); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, b) // what fn left
		return err
	})
	if err == nil && refused != nil {
		if missing > 1 {
			refused.Text = fmt.Sprintf("%s (and %d more messages)", refused.Text, missing-1)
		}
		return end(refused)
	}
	return end(err)
}

// noAnswer makes sure that a message does not begin with what is another answer: no header field does. The two sides do not talk about the
// same message then, and what came for it could be verified, kept and removed from the server all the same.
func (c *Client) noAnswer(step string) error {
	first, err := c.w.br.Peek(3) // an empty message has as many
	if err != nil {
		return c.w.fail(step, err)
	}
	if bytes.EqualFold(first, []byte("+OK")) || bytes.EqualFold(first, []byte("-ER")) {
		return c.w.conn.Protocol(step, "the server sent an answer where the message should begin; the session was ended")
	}
	return nil
}

// Top fetches the header and n lines of the body.
func (c *Client) Top(ctx context.Context, d remote.Drop, n int) ([]byte, error) {
	end, err := c.begin(ctx, "top")
	if err != nil {
		return nil, err
	}
	step := fmt.Sprintf("top %d", d.Number)
	if _, err := c.cmd(step, fmt.Sprintf("TOP %d %d", d.Number, max(0, n))); err != nil {
		return nil, end(err)
	}
	out, err := io.ReadAll(&body{w: c.w, step: step, lineStart: true, lf: c.w.bareLF, left: maxHeader})
	if err != nil {
		return nil, end(err)
	}
	return out, end(nil)
}

// Heads fetches headers.
func (c *Client) Heads(ctx context.Context, drops []remote.Drop, fn func(d remote.Drop, head []byte) error) error {
	end, err := c.begin(ctx, "top")
	if err != nil {
		return err
	}
	return end(c.pipeline("TOP %d 0", drops, nothing, true, func(i int) error {
		step := fmt.Sprintf("top %d", drops[i].Number)
		if _, err := c.answer(step); err != nil {
			if remote.As(err).Closed {
				return err
			}
			return nil
		}
		head, err := io.ReadAll(&body{w: c.w, step: step, lineStart: true, lf: c.w.bareLF, left: maxHeader, fenced: c.caps.Pipelining})
		if err != nil {
			return err
		}
		return fn(drops[i], head)
	}))
}

// body reads a multi-line answer as a stream: dot-stuffing removed, every other byte as it came (RFC 1939 §3). A line
// ends with CRLF; a bare LF is a byte of the message, so a dot after it neither is stuffed nor ends anything. Only a
// server that ended its status line with a bare LF has its lines ended so.
type body struct {
	w      *wire
	step   string
	lf     bool                          // this server's lines end with LF
	fenced bool                          // another answer follows: it proves that this one ended
	left   int64                         // bytes that may still come
	size   int64                         // bytes that were announced; 0: none
	got    int64                         // bytes of the message that came
	next   func() (sent bool, err error) // see Client.next; nil: there is none

	lineStart bool
	cr        bool // the last byte was CR
	rest      []byte
	err       error
}

func (b *body) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(b.rest) > 0 {
			m := copy(p[n:], b.rest)
			b.rest = b.rest[m:]
			n += m
			continue
		}
		// Lines are short, and whoever reads may write each piece to the disk: as many at a time as are here.
		if n > 0 && (b.err != nil || b.w.br.Buffered() == 0) {
			break
		}
		if b.err != nil {
			return 0, b.err
		}
		b.fill()
	}
	return n, nil
}

// fill reads the next lines, up to one that begins with a dot, or that one.
func (b *body) fill() {
	piece, err := b.lines()
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		b.err = b.w.fail(b.step, err)
		return
	}
	if b.left -= int64(len(piece)); b.left < 0 {
		b.err = b.w.fail(b.step, dial.ErrTooLong)
		return
	}
	if b.lineStart && piece[0] == '.' {
		if b.ends(piece) {
			b.err = b.after()
			return
		}
		// A dot before a bare LF is no end, and no server stuffs it.
		if b.lf || !bytes.Equal(piece, []byte(".\n")) {
			piece = piece[1:]
			b.w.stuffs = b.w.stuffs || len(piece) > 1 && piece[0] == '.' && isLetter(piece[1])
		}
	}
	if b.got += int64(len(piece)); b.lf {
		b.got += int64(bytes.Count(piece, []byte("\n"))) // a size counts the ends as CRLF (RFC 1939 §11)
	}
	b.lineStart = b.endsLine(piece)
	if len(piece) > 0 {
		b.cr = piece[len(piece)-1] == '\r'
	}
	b.rest = piece
}

// lines takes what is here of the answer up to a line that begins with a dot; at such a line it takes that.
func (b *body) lines() ([]byte, error) {
	first, err := b.w.br.Peek(1)
	if err != nil {
		return nil, err
	}
	if b.lineStart && first[0] == '.' {
		return b.w.br.ReadSlice('\n')
	}
	piece, _ := b.w.br.Peek(b.w.br.Buffered())
	if i := bytes.Index(piece, lineDot); i >= 0 {
		piece = piece[:i+1]
	}
	_, err = b.w.br.Discard(len(piece))
	return piece, err
}

var lineDot = []byte("\n.")

func (b *body) ends(piece []byte) bool {
	return bytes.Equal(piece, []byte(".\r\n")) || b.lf && bytes.Equal(piece, []byte(".\n"))
}

func (b *body) endsLine(piece []byte) bool {
	n := len(piece)
	if n == 0 || piece[n-1] != '\n' {
		return false
	}
	return b.lf || n >= 2 && piece[n-2] == '\r' || n == 1 && b.cr
}

// after looks at what follows the final dot. A server that forgot to stuff a dot ends the message too early, and the
// rest of it would be taken for answers; the message must not be stored as if it were whole.
func (b *body) after() error {
	asked := false
	if !b.fenced && b.w.br.Buffered() == 0 {
		if b.w.stuffs || b.got >= b.size {
			return io.EOF
		}
		// Less than was announced, of a server of which it is not known yet that it stuffs dots: the rest may be on its way. It comes before the
		// answer to another command, which is the one for the next message, where there is one: that costs no round trip.
		next, err := b.followed()
		if err != nil {
			return err
		}
		b.fenced, asked = true, !next
	}
	next, err := b.w.br.Peek(3)
	if err != nil {
		return b.w.fail(b.step, err)
	}
	if !b.fenced || !bytes.EqualFold(next, []byte("+OK")) && !bytes.EqualFold(next, []byte("-ER")) {
		return b.w.conn.Protocol(b.step, "the server sent more after the end of the message; it does not keep to the protocol, and the message may be cut off")
	}
	if asked {
		if _, _, err := b.w.status(b.step); err != nil {
			return b.w.fail(b.step, err)
		}
	}
	return io.EOF
}

// followed sends a command behind the message: that for the next one, or else a NOOP, whose answer is nobody else's.
func (b *body) followed() (next bool, err error) {
	if b.next != nil {
		if next, err = b.next(); next || err != nil {
			return next, err
		}
	}
	return false, b.w.send(b.step, "NOOP")
}

// isLetter: a line that begins with two dots and a letter began with one before dots were stuffed: a rule of a style sheet, mostly.
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
