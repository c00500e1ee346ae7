package message

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Resend writes a message on as it is, behind the fields that say who sends it on, when and to whom (RFC 5322 §3.6.6). o.Draft has its new recipients in
// To, Cc and Bcc, and the message as its only attachment; its subject and text count for nothing. MessageID is that of the resending; the message keeps its own.
//
// Header and body stay byte for byte, so that signatures hold (RFC 6376 §3.7), but for what belongs to the delivery to this mailbox and not to the message:
// Return-Path and Delivered-To, which the next delivery adds (RFC 5321 §4.4) and takes for a loop, Bcc, which was to be seen by nobody, and the "From "
// line of an mbox file. Line ends become CRLF, as they must be on the way (RFC 5321 §2.3.8).
func Resend(w io.Writer, o Outgoing) (Envelope, error) {
	cw := &countWriter{w: w}
	bw := bufio.NewWriterSize(cw, 32<<10)
	c := &composer{w: bw, o: &o, a: addrWriter{utf8: o.SMTPUTF8}}
	c.h.w = bw
	if len(o.Draft.Attachments) != 1 {
		return c.env, errors.New("the message that is to be sent on is missing")
	}
	if err := c.resentFields(); err != nil {
		return c.env, err
	}
	c.env.Resent = cw.n + int64(bw.Buffered())
	if err := c.stream(o.Draft.Attachments[0], func(r io.Reader) error { return copyOriginal(bw, r) }); err != nil {
		return c.env, err
	}
	if err := bw.Flush(); err != nil {
		return c.env, fmt.Errorf("writing the message: %w", err)
	}
	c.env.Size, c.env.SMTPUTF8 = cw.n, c.a.used
	return c.env, nil
}

// resentFields writes the block of fields that stands before the message, and fills the envelope.
func (c *composer) resentFields() error {
	date, err := c.begin()
	if err != nil {
		return err
	}
	c.h.tokens("Resent-Date", []string{date})
	if err := c.addressFields("Resent-"); err != nil {
		return err
	}
	c.h.tokens("Resent-Message-ID", []string{"<" + c.env.MessageID + ">"})
	return c.h.err
}

// ofDelivery are the fields that belong to the delivery of a message to this mailbox.
var ofDelivery = []string{"Return-Path", "Delivered-To", "Bcc", "Resent-Bcc"}

func deliveryField(line []byte) bool {
	name, _, _ := bytes.Cut(line, []byte(":"))
	for _, f := range ofDelivery {
		if strings.EqualFold(string(bytes.TrimRight(name, " \t")), f) {
			return true
		}
	}
	return false
}

// copyOriginal copies a message without the fields of its delivery. A line may be of any length; it is never held whole.
func copyOriginal(w io.Writer, r io.Reader) error {
	br := bufio.NewReaderSize(WireLines(r), 32<<10)
	out, drop, begin := false, false, true // out: a line was looked at; begin: a line begins
	for {
		piece, err := br.ReadSlice('\n')
		if begin && len(piece) > 0 {
			if len(bytes.TrimRight(piece, "\r\n")) == 0 { // the header ends
				if _, err := w.Write(piece); err != nil {
					return err
				}
				_, err := io.Copy(w, br)
				return err
			}
			if piece[0] != ' ' && piece[0] != '\t' {
				drop = deliveryField(piece) || !out && bytes.HasPrefix(piece, []byte("From "))
			}
			out = true
		}
		begin = err == nil
		if !drop {
			if _, err := w.Write(piece); err != nil {
				return err
			}
		}
		if err != nil && err != bufio.ErrBufferFull {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// WireLines reads r with the line ends that a message has on its way (RFC 5321 §2.3.8), the only change: see lineEnds.
func WireLines(r io.Reader) io.Reader { return &lineEnds{r: bufio.NewReaderSize(r, 32<<10)} }

// lineEnds reads text with CRLF at the end of every line: a bare LF becomes one, and so do CRs before an LF together, and a bare CR. A server that takes a bare CR for the end of
// a line would see other lines than those that are sent.
type lineEnds struct {
	r   *bufio.Reader
	out []byte // one line end that is still to be told
	cr  bool   // a CR was read, and not what comes behind it
}

// Read implements io.Reader.
func (l *lineEnds) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(l.out) > 0 {
			p[n], l.out = l.out[0], l.out[1:]
			n++
			continue
		}
		b, err := l.r.ReadByte()
		switch {
		case err != nil && l.cr:
			l.cr, l.out = false, []byte("\r\n")
		case err != nil:
			if n > 0 {
				return n, nil // it comes again
			}
			return 0, err
		case b == '\n':
			l.cr, l.out = false, []byte("\r\n")
		case b == '\r':
			if l.cr {
				continue
			}
			l.cr = true
		case l.cr:
			l.cr, l.out = false, []byte{'\r', '\n', b}
		default:
			p[n] = b
			n++
		}
	}
	return n, nil
}
