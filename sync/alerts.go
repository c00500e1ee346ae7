package mailsync

import (
	"fmt"
	"sync"
	"time"

	"peyk/internal/mail"
)

// alertTime is how long an alert stays in view when nothing more urgent is to be told.
const alertTime = 15 * time.Minute

// alerts are what servers wanted the user to read (RFC 9051 §7.1, ALERT), by account. Each is shown once.
type alerts struct {
	mu   sync.Mutex
	seen map[mail.AccountID]map[string]bool
	now  map[mail.AccountID]*shownAlert
}

func newAlerts() *alerts {
	return &alerts{seen: map[mail.AccountID]map[string]bool{}, now: map[mail.AccountID]*shownAlert{}}
}

type shownAlert struct {
	problem *mail.Problem
	since   time.Time
}

// maxAlertTexts bounds what one account's server can make us remember.
const maxAlertTexts = 200

// take notes the alerts of a session and returns those that are new.
func (a *alerts) take(acct mail.Account, session any, now time.Time) []*mail.Problem {
	s, ok := session.(interface{ Alerts() []string })
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []*mail.Problem
	for _, text := range s.Alerts() {
		if a.seen[acct.ID][text] || len(a.seen[acct.ID]) >= maxAlertTexts {
			continue
		}
		if a.seen[acct.ID] == nil {
			a.seen[acct.ID] = map[string]bool{}
		}
		a.seen[acct.ID][text] = true
		p := &mail.Problem{Account: acct.ID, Kind: mail.ProblemServer, Code: mail.CodeAlert, Where: acct.Incoming.Host, Said: text,
			Summary: fmt.Sprintf("%s: %s wants you to know: %s", acct.Name, acct.Incoming.Host, text)}
		a.now[acct.ID] = &shownAlert{p, now}
		out = append(out, p)
	}
	return out
}

// current is the alert of an account that is still to be seen, nil for none.
func (a *alerts) current(id mail.AccountID, now time.Time) *mail.Problem {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.now[id]
	if s == nil || now.Sub(s.since) > alertTime || now.Before(s.since) {
		return nil
	}
	return s.problem
}

// once takes note of an alert of our own making; it is false when the same was told before.
func (a *alerts) once(p *mail.Problem, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := string(p.Code)
	if a.seen[p.Account][key] {
		return false
	}
	if a.seen[p.Account] == nil {
		a.seen[p.Account] = map[string]bool{}
	}
	a.seen[p.Account][key] = true
	a.now[p.Account] = &shownAlert{p, now}
	return true
}

// showAlert tells something that is no failure of the pass, once.
func (p *pass) showAlert(pr *mail.Problem) {
	if p.e.alerts.once(pr, p.e.opt.Now()) {
		p.report(mail.Progress{Phase: mail.PhaseReceiving, Problem: pr})
	}
}

// noteAlerts tells what the server wants the user to read. It is no failure of the pass.
func (p *pass) noteAlerts(session any) {
	for _, pr := range p.e.alerts.take(p.acct, session, p.e.opt.Now()) {
		p.e.opt.Log.Info("alert", "account", p.acct.Name, "text", pr.Said)
		p.report(mail.Progress{Phase: mail.PhaseReceiving, Problem: pr})
	}
}
