package imap

import (
	"context"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

var _ remote.Quotas = (*Client)(nil)

// Quota implements remote.Quotas: the STORAGE resource of the root that the inbox counts towards (RFC 9208 §4.1).
func (c *Client) Quota(ctx context.Context) (q mail.Quota, ok bool, err error) {
	s, end, err := c.begin(ctx, "ask for the quota")
	if err != nil {
		return q, false, err
	}
	defer end()
	if !s.has("QUOTA") {
		return q, false, nil
	}
	_, err = s.run(ctx, &command{step: "ask for the quota", text: "GETQUOTAROOT INBOX", handle: func(p *response) (bool, error) {
		switch p.typ {
		case "QUOTA":
			if used, limit, is := readStorage(p); is && !ok {
				q.Used, q.Limit, ok = used, limit, true
			}
			return true, nil
		case "QUOTAROOT":
			return true, nil
		}
		return false, nil
	}})
	return q, ok, err
}

// readStorage reads the STORAGE resource of "QUOTA root (STORAGE 10 512 MESSAGE 3 100)", which counts in units of 1024 bytes.
func readStorage(p *response) (used, limit int64, ok bool) {
	const most = 1 << 50 // in KB: beyond it bytes would not fit
	sc := p.scan()
	if _, _, err := sc.str(); err != nil {
		return 0, 0, false
	}
	sc.space()
	if !sc.take('(') {
		return 0, 0, false
	}
	for sc.space(); !sc.end() && sc.peek() != ')'; sc.space() {
		name := sc.word()
		u, err1 := sc.number()
		l, err2 := sc.number()
		if len(name) == 0 || err1 != nil || err2 != nil {
			return 0, 0, false
		}
		if strings.EqualFold(string(name), "STORAGE") && u < most && l < most {
			return int64(u) << 10, int64(l) << 10, true
		}
	}
	return 0, 0, false
}
