package mailsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// alertTime is how long an alert stays in view when nothing more urgent is to be told.
const alertTime = 15 * time.Minute

// alerts are what servers wanted the user to read (RFC 9051 §7.1, ALERT), by account. Each is shown once, and one that the user has put
// away is not shown again after a restart either.
type alerts struct {
	mu   sync.Mutex
	st   *store.Store
	seen map[mail.AccountID]map[string]bool // by text
	read map[mail.AccountID][]string        // what was put away, as the store has it; nil before it was asked
	now  map[mail.AccountID]*shownAlert
}

func newAlerts(st *store.Store) *alerts {
	return &alerts{st: st, seen: map[mail.AccountID]map[string]bool{}, read: map[mail.AccountID][]string{}, now: map[mail.AccountID]*shownAlert{}}
}

type shownAlert struct {
	problem *mail.Problem
	since   time.Time
}

const (
	// maxAlertTexts bounds what one account's server can make us remember.
	maxAlertTexts = 200
	// maxReadAlerts is how many texts that were put away are remembered for ever.
	maxReadAlerts = 100
)

func alertsKey(id mail.AccountID) string { return fmt.Sprintf("imap.alerts.read.%d", id) }

// alertMark stands for a text in the store.
func alertMark(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// putAway lists the texts of an account that the user has put away. a.mu is held.
func (a *alerts) putAway(ctx context.Context, id mail.AccountID) ([]string, error) {
	if l, ok := a.read[id]; ok {
		return l, nil
	}
	text, err := a.st.Setting(ctx, alertsKey(id))
	if err != nil {
		return nil, err
	}
	l := []string{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			l = []string{} // they are shown once more
		}
	}
	a.read[id] = l
	return l, nil
}

// DismissAlert puts away what an account tells without anything having failed: it is not shown any more. A text of the server stays away
// for ever.
func (e *Engine) DismissAlert(ctx context.Context, p *mail.Problem) error {
	return e.alerts.dismiss(ctx, p)
}

func (a *alerts) dismiss(ctx context.Context, p *mail.Problem) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.now[p.Account]; s != nil && s.problem.Code == p.Code && s.problem.Said == p.Said {
		delete(a.now, p.Account)
	}
	if p.Code != mail.CodeAlert {
		return nil // once a run is often enough for what is still true
	}
	l, err := a.putAway(ctx, p.Account)
	if err == nil && !slices.Contains(l, alertMark(p.Said)) {
		l = append(slices.Clone(l), alertMark(p.Said))
		l = l[max(0, len(l)-maxReadAlerts):]
		var js []byte
		if js, err = json.Marshal(l); err == nil {
			err = a.st.SetSetting(ctx, alertsKey(p.Account), string(js))
		}
	}
	if err != nil {
		return fmt.Errorf("remembering that a message of the server was read: %w", err)
	}
	a.read[p.Account] = l
	return nil
}

// take notes the alerts of a session and returns those that are new.
func (a *alerts) take(ctx context.Context, acct mail.Account, session any, now time.Time) []*mail.Problem {
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
		if l, err := a.putAway(ctx, acct.ID); err == nil && slices.Contains(l, alertMark(text)) {
			continue
		}
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

// noteAlerts tells what the server wants the user to read, in the phase that the account is in. It is no failure of the pass.
func (p *pass) noteAlerts(ctx context.Context, session any, phase mail.Phase) {
	for _, pr := range p.e.alerts.take(ctx, p.acct, session, p.e.opt.Now()) {
		p.e.opt.Log.Info("alert", "account", p.acct.Name, "text", pr.Said)
		p.report(mail.Progress{Phase: phase, Problem: pr})
	}
}
