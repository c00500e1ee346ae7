package message

import (
	"crypto/rand"
	"encoding/base32"
	"io"
	"strings"
	"time"

	gomail "github.com/emersion/go-message/mail"
)

func newMessageID(from string) string {
	var b [20]byte
	rand.Read(b[:])
	domain := "localhost.invalid"
	if i := strings.LastIndexByte(from, '@'); i >= 0 && i+1 < len(from) {
		domain = from[i+1:]
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:])) + "@" + domain
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

func compose(w io.Writer, o Outgoing) (Envelope, error) {
	d := o.Draft
	env := Envelope{From: o.From.Addr, MessageID: o.MessageID}
	if env.MessageID == "" {
		env.MessageID = d.HeaderID
	}
	if env.MessageID == "" {
		env.MessageID = newMessageID(o.From.Addr)
	}
	var h gomail.Header
	date := o.Date
	if date.IsZero() {
		date = time.Now()
	}
	h.SetDate(date.UTC())
	h.SetMessageID(env.MessageID)
	h.SetAddressList("From", []*gomail.Address{{Name: o.From.Name, Address: o.From.Addr}})
	var to, cc []*gomail.Address
	for _, a := range d.To {
		to = append(to, &gomail.Address{Name: a.Name, Address: a.Addr})
		env.Rcpt = append(env.Rcpt, a.Addr)
	}
	for _, a := range d.Cc {
		cc = append(cc, &gomail.Address{Name: a.Name, Address: a.Addr})
		env.Rcpt = append(env.Rcpt, a.Addr)
	}
	for _, a := range d.Bcc {
		env.Rcpt = append(env.Rcpt, a.Addr)
	}
	if len(env.Rcpt) == 0 {
		return env, ErrNoRecipient
	}
	h.SetAddressList("To", to)
	if len(cc) > 0 {
		h.SetAddressList("Cc", cc)
	}
	h.SetSubject(d.Subject)
	cw := &countWriter{w: w}
	mw, err := gomail.CreateWriter(cw, h)
	if err != nil {
		return env, err
	}
	var th gomail.InlineHeader
	th.SetContentType("text/plain", map[string]string{"charset": "utf-8"})
	tw, err := mw.CreateSingleInline(th)
	if err != nil {
		return env, err
	}
	io.WriteString(tw, d.Text)
	tw.Close()
	for _, a := range d.Attachments {
		var ah gomail.AttachmentHeader
		ah.SetContentType(a.ContentType, nil)
		ah.SetFilename(a.Name)
		aw, err := mw.CreateAttachment(ah)
		if err != nil {
			return env, err
		}
		r, err := o.Open(a)
		if err != nil {
			return env, err
		}
		_, err = io.Copy(aw, r)
		r.Close()
		if err != nil {
			return env, err
		}
		aw.Close()
	}
	err = mw.Close()
	env.Size = cw.n
	return env, err
}
