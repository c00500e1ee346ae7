package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

var _ remote.Headliner = (*Client)(nil)

// maxHeadline bounds the lines of a header that name a message.
const maxHeadline = 16 << 10

// Headline implements remote.Headliner.
func (c *Client) Headline(ctx context.Context, path string, uid mail.UID, parsed bool) ([]byte, error) {
	ask := fmt.Sprintf("BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]<0.%d>", maxHeadline)
	if parsed {
		ask = "ENVELOPE"
	}
	var head []byte
	err := c.ofMessage(ctx, path, "ask what a message is in "+path, uid, []string{ask}, func(name string, sc *scanner) error {
		switch {
		case name == "ENVELOPE" && parsed:
			h, err := envelopeLines(sc)
			head = h
			return err
		case strings.HasPrefix(name, "BODY[HEADER.FIELDS") && !parsed:
			v, has, err := sc.str()
			if has && err == nil && len(v) <= 2*maxHeadline {
				head = bytes.Clone(v)
			}
			return err
		}
		return sc.skip()
	})
	return head, err
}

var errNoEnvelope = errors.New("the server's ENVELOPE cannot be read")

// envelopeLines writes the beginning of an ENVELOPE (RFC 9051 §7.5.2: date, subject, from) as the header lines that it was read from.
func envelopeLines(sc *scanner) ([]byte, error) {
	sc.space()
	if !sc.take('(') {
		return nil, errNoEnvelope
	}
	var out bytes.Buffer
	for _, name := range []string{"Date", "Subject"} {
		v, has, err := sc.str()
		if err != nil {
			return nil, err
		}
		if has {
			headerLine(&out, name, v)
		}
	}
	from, err := envelopeAddresses(sc)
	if err != nil {
		return nil, err
	}
	if len(from) > 0 {
		headerLine(&out, "From", from)
	}
	for sc.space(); !sc.take(')'); sc.space() {
		if sc.end() {
			return nil, errNoEnvelope
		}
		if err := sc.skip(); err != nil {
			return nil, err
		}
	}
	out.WriteString("\r\n")
	return out.Bytes(), nil
}

// headerLine writes one field; what would begin another one becomes blanks.
func headerLine(out *bytes.Buffer, name string, value []byte) {
	clean := bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, value[:min(len(value), maxHeadline)])
	fmt.Fprintf(out, "%s: %s\r\n", name, clean)
}

// envelopeAddresses reads a list of addresses and returns the first of them as it would stand in a header; nil for none.
func envelopeAddresses(sc *scanner) ([]byte, error) {
	sc.space()
	if !sc.take('(') {
		_, _, err := sc.str() // NIL
		return nil, err
	}
	var first []byte
	for sc.space(); !sc.take(')'); sc.space() {
		if !sc.take('(') {
			return nil, errNoEnvelope
		}
		var part [4][]byte // name, route, mailbox, host
		for i := range part {
			v, _, err := sc.str()
			if err != nil {
				return nil, err
			}
			part[i] = v
		}
		if sc.space(); !sc.take(')') {
			return nil, errNoEnvelope
		}
		if first == nil && len(part[2]) > 0 && len(part[3]) > 0 { // without a host it opens or closes a group
			first = fmt.Appendf(nil, "<%s@%s>", part[2], part[3])
			if name := bytes.ReplaceAll(bytes.ReplaceAll(part[0], []byte(`\`), nil), []byte(`"`), nil); len(name) > 0 {
				first = fmt.Appendf(nil, "%s %s", quotedName(name), first)
			}
		}
	}
	return first, nil
}

// quotedName quotes a display name unless it is made of encoded words, which mean nothing inside quotes (RFC 2047 §5).
func quotedName(name []byte) []byte {
	if bytes.Contains(name, []byte("=?")) {
		return name
	}
	return slices.Concat([]byte{0x22}, name, []byte{0x22})
}
