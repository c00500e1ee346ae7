package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	gosmtp "github.com/emersion/go-smtp"
	"golang.org/x/net/idna"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Send hands over one message: MAIL, RCPT for each recipient, DATA. Recipients that the server refuses are told in the
// receipt as long as it took one; when it took none, nothing was sent and the error is the first refusal. A message with
// bytes above 127 is sent as it is even to the rare server without 8BITMIME: it was composed, and perhaps signed, so.
func (c *Client) Send(ctx context.Context, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
	c.verb.Lock()
	defer c.verb.Unlock()
	if c.over.Load() {
		return remote.Receipt{}, &remote.Error{Host: c.conn.Addr(), Step: "mail", Kind: mail.ProblemNetwork, Closed: true, Err: errors.New("the session is over")}
	}
	release := c.conn.Bind(ctx)
	defer release()
	receipt, err := c.send(env, body)
	if e := remote.As(err); e != nil && e.Closed {
		c.over.Store(true)
		c.conn.Close()
	}
	return receipt, err
}

func (c *Client) send(env remote.Envelope, body io.Reader) (remote.Receipt, error) {
	from, rcpts, utf8, err := c.prepare(env)
	if err != nil {
		return remote.Receipt{}, err
	}
	c.conn.SetBudget(maxReply)
	if _, err := yes(c.lib.Mail(from, &gosmtp.MailOptions{Size: env.Size, UTF8: utf8})); err != nil {
		e := c.why("mail "+env.From, err)
		c.reset(e)
		return remote.Receipt{}, e
	}
	receipt := remote.Receipt{Refused: map[string]*remote.Error{}}
	var first *remote.Error
	permanent := true
	for i, rcpt := range rcpts {
		c.conn.SetBudget(maxReply)
		if _, err := yes(c.lib.Rcpt(rcpt, nil)); err != nil {
			e := c.why("rcpt "+env.Rcpt[i], err)
			if e.Closed {
				return remote.Receipt{}, e
			}
			if tooMany(e) {
				e.Permanent, e.Why = false, mail.CodeLater
				receipt.Rest = append(receipt.Rest, env.Rcpt[i])
			}
			receipt.Refused[env.Rcpt[i]] = e
			permanent = permanent && e.Permanent
			if first == nil {
				first = e
			}
			continue
		}
		receipt.Accepted = append(receipt.Accepted, env.Rcpt[i])
	}
	if len(receipt.Accepted) == 0 {
		e := *first
		e.Permanent = permanent
		c.reset(&e)
		return receipt, &e
	}
	if env.Answered != nil {
		env.Answered(receipt)
	}
	return c.data(receipt, body)
}

// tooMany reports whether a recipient was refused because there were enough before it. Old servers say so by 552 (RFC 5321 §4.5.3.1.10).
func tooMany(e *remote.Error) bool {
	text := strings.ToLower(e.Text)
	return (e.Code == 452 || e.Code == 552) && (strings.HasPrefix(text, "4.5.3") || strings.HasPrefix(text, "5.5.3") || strings.Contains(text, "too many recipients"))
}

// prepare checks the envelope against what the server can do.
func (c *Client) prepare(env remote.Envelope) (from string, rcpts []string, utf8 bool, err error) {
	refuse := func(step, text, advice string) error {
		return &remote.Error{Host: c.conn.Addr(), Step: step, Kind: mail.ProblemServer, Permanent: true, Err: errors.New(text), Advice: advice}
	}
	if len(env.Rcpt) == 0 {
		return "", nil, false, refuse("rcpt", "the message has no recipients", "Add one.")
	}
	utf8 = env.UTF8 || !ascii(local(env.From))
	for _, r := range env.Rcpt {
		utf8 = utf8 || !ascii(local(r))
	}
	if ok, _ := c.lib.Extension("SMTPUTF8"); utf8 && !ok {
		return "", nil, false, refuse("mail "+env.From, "the server cannot send to or from addresses with letters beyond ASCII (SMTPUTF8)",
			"Use addresses of ASCII letters, or another outgoing server.")
	}
	if limit := c.maxMessage(); limit > 0 && env.Size > limit {
		return "", nil, false, &remote.Error{Host: c.conn.Addr(), Step: "mail " + env.From, Kind: mail.ProblemServer, Permanent: true,
			Why: mail.CodeTooBig, Args: []string{strconv.FormatInt(env.Size, 10), strconv.FormatInt(limit, 10)},
			Err:    fmt.Errorf("the message has %d KB, and the server takes at most %d KB", (env.Size+1023)/1024, limit/1024),
			Advice: "Send fewer or smaller attachments."}
	}
	for i, a := range append([]string{env.From}, env.Rcpt...) {
		step := "rcpt " + a
		if i == 0 {
			step = "mail " + a
		}
		if a == "" && i > 0 || !utf8 && !ascii(local(a)) || strings.ContainsAny(a, "<>") || strings.ContainsFunc(a, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
			return "", nil, false, refuse(step, fmt.Sprintf("%q is not an address that can be sent", a), "Correct the address.")
		}
		if !utf8 {
			a = asciiDomain(a)
		}
		if i == 0 {
			from = a
		} else {
			rcpts = append(rcpts, a)
		}
	}
	return from, rcpts, utf8, nil
}

// data transfers the message. The order of the ends matters: until the final dot is written nothing was sent; after it,
// only the server's reply tells.
func (c *Client) data(receipt remote.Receipt, body io.Reader) (remote.Receipt, error) {
	c.conn.SetBudget(maxReply)
	w, err := c.lib.Data()
	if err != nil {
		e := c.why("data", err)
		c.reset(e)
		return remote.Receipt{}, e
	}
	c.conn.Uploading(true)
	defer c.conn.Uploading(false)
	in := &remote.Source{R: body}
	if _, err := io.Copy(w, in); err != nil {
		// No final dot: closing the connection now takes the message back.
		if in.Err != nil {
			return remote.Receipt{}, &remote.Error{Host: c.conn.Addr(), Step: "data", Kind: mail.ProblemDisk, Closed: true,
				Err: fmt.Errorf("reading the message to send: %w", in.Err)}
		}
		if said := c.under.early(); said != nil {
			err = said // why it does not take the rest
		}
		e := c.why("data", err)
		e.Closed = true
		return remote.Receipt{}, e
	}
	if err := c.under.early(); err != nil {
		e := c.why("data", err)
		e.Closed = true
		return remote.Receipt{}, e
	}
	c.conn.SetIdle(max(finalWait, c.conn.Idle()))
	defer c.conn.SetIdle(0)
	resp, err := w.CloseWithResponse()
	said, err := yes(err)
	if err != nil {
		e := c.why("data", err)
		if e.Code < 400 || e.Code >= 600 { // it says neither yes nor no
			e.Uncertain, e.Closed, e.Permanent = true, true, false
			e.Why = mail.CodeUncertain
			e.Advice = "The connection was lost after the whole message had been handed over: it may have been sent. Look whether it arrived before sending it again."
		}
		return remote.Receipt{Refused: receipt.Refused, Rest: receipt.Rest}, e
	}
	if resp != nil {
		said = resp.StatusText
	}
	receipt.Reply = said
	return receipt, nil
}

// yes turns the library's refusal of a success that has another number than it expects into what it is, and gives its text: the first digit
// says whether a command was carried out (RFC 5321 §4.2.1, §4.3.2). A message that was taken with 251 or 200 must not be sent again.
func yes(err error) (said string, _ error) {
	var reply *gosmtp.SMTPError
	if errors.As(err, &reply) && reply.Code/100 == 2 {
		return reply.Message, nil
	}
	return "", err
}

// reset ends a transaction that will not be completed; when that fails, so did the session.
func (c *Client) reset(e *remote.Error) {
	if e.Closed {
		return
	}
	c.conn.SetBudget(maxReply)
	if err := c.lib.Reset(); err != nil {
		e.Closed = true
	}
}

// local is the part before the @.
func local(addr string) string {
	l, _, _ := cutAddress(addr)
	return l
}

func cutAddress(addr string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(addr, '@')
	if i < 0 {
		return addr, "", false
	}
	return addr[:i], addr[i+1:], true
}

// asciiDomain writes an internationalised domain the way servers without SMTPUTF8 know it (RFC 5891).
func asciiDomain(addr string) string {
	if ascii(addr) {
		return addr
	}
	l, d, ok := cutAddress(addr)
	if !ok {
		return addr
	}
	if d, err := idna.Lookup.ToASCII(d); err == nil {
		return l + "@" + d
	}
	return addr
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] > 127 {
			return false
		}
	}
	return true
}
