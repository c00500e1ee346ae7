package message

import (
	"bufio"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"peyk/internal/mail"
)

func itoa(n int) string { return strconv.Itoa(n) }

func newMessageID(from string) string {
	var b [20]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	domain := from[strings.LastIndexByte(from, '@')+1:]
	if d, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = d
	}
	if !isDotAtom(domain) || !isASCII([]byte(domain)) {
		domain = "peyk.invalid"
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])) + "@" + domain
}

func newBoundary() string {
	var b [15]byte
	rand.Read(b[:])
	// "=_" occurs in neither base64 nor quoted-printable (RFC 2045 §6.7 note).
	return "=_" + hex.EncodeToString(b[:])
}

type countWriter struct {
	w io.Writer
	n int64
}

func (c *countWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// composer writes one message.
type composer struct {
	h   headerWriter
	w   io.Writer
	o   *Outgoing
	a   addrWriter
	env Envelope
}

func compose(w io.Writer, o Outgoing) (Envelope, error) {
	cw := &countWriter{w: w}
	bw := bufio.NewWriterSize(cw, 32<<10)
	c := &composer{w: bw, o: &o, a: addrWriter{utf8: o.SMTPUTF8}}
	c.h.w = bw
	if err := c.header(); err != nil {
		return c.env, err
	}
	if err := c.content(); err != nil {
		return c.env, err
	}
	if err := bw.Flush(); err != nil {
		return c.env, fmt.Errorf("writing the message: %w", err)
	}
	c.env.Size, c.env.SMTPUTF8 = cw.n, c.a.used
	return c.env, nil
}

// header writes everything up to MIME-Version and fills the envelope. Nothing is written when an address is wrong.
func (c *composer) header() error {
	d, o := &c.o.Draft, c.o
	date, err := c.begin()
	if err != nil {
		return err
	}
	c.h.tokens("Date", []string{date})
	if err := c.addressFields(""); err != nil {
		return err
	}
	c.h.text("Subject", d.Subject)
	c.h.tokens("Message-ID", []string{"<" + c.env.MessageID + ">"})
	c.idField("In-Reply-To", []string{d.InReplyTo})
	c.idField("References", d.References)
	if o.UserAgent != "" {
		c.h.text("User-Agent", o.UserAgent)
	}
	c.h.tokens("MIME-Version", []string{"1.0"})
	return c.h.err
}

// begin fills the envelope, and gives the date of sending as it is written.
func (c *composer) begin() (date string, err error) {
	o := c.o
	if c.env.From, err = c.a.wire(o.From.Addr); err != nil {
		return "", fmt.Errorf("sender: %w", err)
	}
	if err := c.recipients(); err != nil {
		return "", err
	}
	c.env.MessageID = firstID(o.MessageID, o.Draft.HeaderID, newMessageID(c.env.From))
	at := o.Date
	if at.IsZero() {
		at = time.Now()
	}
	if !o.ShowZone {
		at = at.UTC()
	}
	return at.Format("Mon, 2 Jan 2006 15:04:05 -0700"), nil
}

// addressFields writes who sends the message and who gets it, in fields whose names begin with prefix.
func (c *composer) addressFields(prefix string) error {
	d, o := &c.o.Draft, c.o
	if _, err := c.h.addresses(&c.a, prefix+"From", []mail.Address{{Name: o.From.Name, Addr: o.From.Addr}}); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	if o.From.ReplyTo != "" && prefix == "" {
		if _, err := c.h.addresses(&c.a, "Reply-To", ParseAddressList(o.From.ReplyTo)); err != nil {
			return fmt.Errorf("Reply-To of the identity: %w", err)
		}
	}
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"To", d.To}, {"Cc", d.Cc}, {"Bcc", c.shownBcc()}} {
		if _, err := c.h.addresses(&c.a, prefix+f.name, f.list); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if len(d.To)+len(d.Cc) == 0 && !o.Keep {
		c.h.tokens(prefix+"To", []string{"undisclosed-recipients:;"})
	}
	return nil
}

// shownBcc is what stands in the header of a draft; in a message that is sent, nothing.
func (c *composer) shownBcc() []mail.Address {
	if c.o.Keep {
		return c.o.Draft.Bcc
	}
	return nil
}

// recipients fills Envelope.Rcpt: To, Cc and Bcc, each address once. The Bcc of the identity is in the draft, where the user sees it.
func (c *composer) recipients() error {
	d := &c.o.Draft
	seen := map[string]bool{}
	own := ParseAddressList(c.o.From.Bcc)
	others := len(d.To) + len(d.Cc)
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"To", d.To}, {"Cc", d.Cc}, {"Bcc", d.Bcc}} {
		for _, m := range f.list {
			if f.name == "Bcc" && !slices.ContainsFunc(own, func(o mail.Address) bool { return strings.EqualFold(o.Addr, m.Addr) }) {
				others++
			}
			addr, err := c.a.wire(m.Addr)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			if key := strings.ToLower(addr); !seen[key] {
				seen[key] = true
				c.env.Rcpt = append(c.env.Rcpt, addr)
			}
		}
	}
	// A draft may have only the identity's Bcc left; that is nobody.
	if others == 0 && !c.o.Keep {
		return ErrNoRecipient
	}
	return nil
}

// maxReferences is how many ids References keeps: the first, which names the thread, and the newest.
const maxReferences = 50

func (c *composer) idField(name string, list []string) {
	var toks []string
	for _, id := range list {
		if id = safeID(id); id != "" {
			toks = append(toks, " <"+id+">")
		}
	}
	if len(toks) > maxReferences {
		toks = append(toks[:1:1], toks[len(toks)-maxReferences+1:]...)
	}
	if len(toks) > 0 {
		c.h.tokens(name, toks)
	}
}

// safeID returns id without brackets when it can stand in a header, else "".
func safeID(id string) string {
	id = strings.Trim(id, "<> \t\r\n")
	if len(id) > 900 {
		return ""
	}
	for i := 0; i < len(id); i++ {
		if id[i] <= 32 || id[i] >= 127 || id[i] == '<' || id[i] == '>' {
			return ""
		}
	}
	return id
}

func firstID(list ...string) string {
	for _, id := range list {
		if id = safeID(id); strings.Contains(id, "@") {
			return id
		}
	}
	return newMessageID("")
}

// multipart writes the Content-Type, then what f writes, calling part before each part.
func (c *composer) multipart(sub string, more []param, f func(part func() error) error) error {
	bound := newBoundary()
	c.h.params("Content-Type", "multipart/"+sub, append(more, param{name: "boundary", value: bound})...)
	first := true
	err := f(func() error {
		if first {
			c.h.raw("\r\n--" + bound + "\r\n")
		} else {
			c.h.raw("--" + bound + "\r\n")
		}
		first = false
		return c.h.err
	})
	if err != nil {
		return err
	}
	c.h.raw("--" + bound + "--\r\n")
	return c.h.err
}

// text writes a text part; s has CRLF line ends and ends with one.
func (c *composer) text(sub, s string, more ...param) error {
	s = crlf(s)
	enc := textEncoding(s)
	charset := "utf-8"
	if isASCII([]byte(s)) {
		charset = "us-ascii"
	}
	c.h.params("Content-Type", "text/"+sub, append([]param{{name: "charset", value: charset}}, more...)...)
	c.h.tokens("Content-Transfer-Encoding", []string{enc})
	c.h.raw("\r\n")
	if c.h.err != nil {
		return c.h.err
	}
	if err := writeEncoded(c.w, s, enc); err != nil {
		return err
	}
	if enc == "base64" || strings.HasSuffix(s, "\r\n") {
		return nil
	}
	c.h.raw("\r\n")
	return c.h.err
}

// cleanText drops what must not be in a text body: NUL and other controls but tab, line and form feed.
func cleanText(s string) string {
	s = strings.ToValidUTF8(normalizeLines(s), "\ufffd")
	return strings.Map(func(r rune) rune {
		if r < 32 && r != '\n' && r != '\t' && r != '\f' || r == 127 {
			return -1
		}
		return r
	}, s)
}
