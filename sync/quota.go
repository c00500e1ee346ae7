package mailsync

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

const (
	// quotaEvery is how often a server is asked how full the mailbox is: it costs a round trip.
	quotaEvery = time.Hour
	// nearlyFull is the share of the space, in percent, from which on the user is told: mail will soon be refused.
	nearlyFull = 95
)

func quotaKey(id mail.AccountID) string { return fmt.Sprintf("imap.quota.%d", id) }

// Quota is how full the account's mailbox on the server was when it was asked last; the zero value when nobody knows.
func (e *Engine) Quota(ctx context.Context, id mail.AccountID) (mail.Quota, error) {
	var q mail.Quota
	text, err := e.st.Setting(ctx, quotaKey(id))
	if err != nil || text == "" {
		return q, err
	}
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		return q, fmt.Errorf("read the quota of account %d: %w", id, err)
	}
	return q, nil
}

// noteQuota asks the server now and then, and warns of a mailbox that is nearly full. A server that refuses is left alone.
func (p *pass) noteQuota(ctx context.Context, mb remote.Mailboxes) error {
	s, can := mb.(remote.Quotas)
	if !can || !mb.Capabilities().Quota {
		return nil
	}
	have, err := p.e.Quota(ctx, p.acct.ID)
	if err != nil {
		return err
	}
	now := p.e.opt.Now()
	if age := now.Sub(have.At); age >= 0 && age < quotaEvery {
		return nil
	}
	q, ok, err := s.Quota(ctx)
	if err != nil {
		if closed(err) || ctx.Err() != nil {
			return err
		}
		return nil
	}
	if !ok {
		q = mail.Quota{}
	}
	q.At = now.UTC().Truncate(time.Second)
	b, err := json.Marshal(q)
	if err != nil {
		return err
	}
	if err := p.st.SetSetting(ctx, quotaKey(p.acct.ID), string(b)); err != nil {
		return err
	}
	if n := q.Percent(); n >= nearlyFull {
		p.showAlert(&mail.Problem{Account: p.acct.ID, Kind: mail.ProblemServer, Code: mail.CodeNearlyFull, Args: []string{strconv.Itoa(n)},
			Where:   p.acct.Incoming.Host,
			Summary: fmt.Sprintf("%s: the mailbox on %s is %d%% full", p.acct.Name, p.acct.Incoming.Host, n),
			Advice:  "Delete mail there, large attachments first, or get more space: soon new mail will be refused."})
	}
	return nil
}
