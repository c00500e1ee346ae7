package mailsync

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// A password that is refused rests beyond the end of the program, because `peyk sync` may be started every few minutes. Not from the first
// refusal on: who has changed something at the server, or started again to see whether it was that, should not have to wait.

// freeStarts is how often a password may have been refused and is tried all the same when the program starts.
const freeStarts = 2

// storedRefusal is what is kept of a password that was refused. The mark tells it from another one and does not help to find it: it is slow to
// compute, and one in 65,536 passwords has the same.
type storedRefusal struct {
	Key    []byte           `json:"key"`
	Mark   []byte           `json:"mark"`
	Times  int              `json:"times"`
	Until  time.Time        `json:"until"`
	Host   string           `json:"host"`
	Step   string           `json:"step"`
	Code   int              `json:"code,omitempty"`
	Text   string           `json:"text,omitempty"`
	Why    mail.ProblemCode `json:"why,omitempty"`
	Args   []string         `json:"args,omitempty"`
	Advice string           `json:"advice,omitempty"`
}

const (
	markRounds = 20_000
	markBytes  = 2
)

func storedMark(mark string, key []byte) []byte {
	b, _ := pbkdf2.Key(sha256.New, mark, key, markRounds, markBytes) // fails for impossible sizes only
	return b
}

func (at loginAt) setting() string { return fmt.Sprintf("login.refused.%d.%s", at.account, at.side) }

// keep stores a refusal, or that there is none any more. That it cannot costs a try too many in the next run.
func (l *logins) keep(ctx context.Context, at loginAt, n *login) {
	text := ""
	if n.refused != nil && !n.until.IsZero() && n.mark != "" {
		e := n.refused
		b, _ := json.Marshal(storedRefusal{Key: l.key, Mark: storedMark(n.mark, l.key), Times: n.times, Until: n.until, Host: e.Host, Step: e.Step, Code: e.Code,
			Text: e.Text, Why: e.Why, Args: e.Args, Advice: e.Advice}) // strings and numbers: cannot fail
		text = string(b)
	}
	if now, err := l.st.Setting(ctx, at.setting()); err == nil && now == text {
		return
	}
	if err := l.st.SetSetting(ctx, at.setting(), text); err != nil {
		l.log.Warn("note that a password was refused", "account", at.account, "err", err)
	}
}

// recall is what was stored of a door; nothing where it would be entered with another password now.
func (l *logins) recall(ctx context.Context, d door, mark string) *login {
	n := &login{}
	text, err := l.st.Setting(ctx, d.at.setting())
	if err != nil {
		l.log.Warn("read which password was refused", "account", d.at.account, "err", err)
	}
	var r storedRefusal
	if text == "" || json.Unmarshal([]byte(text), &r) != nil || mark == "" || string(storedMark(d.mark(ctx, r.Key), r.Key)) != string(r.Mark) {
		return n
	}
	n.refused = &remote.Error{Host: r.Host, Step: r.Step, Kind: mail.ProblemAuth, Permanent: true, Closed: true, Held: r.Until, Code: r.Code, Text: r.Text,
		Why: r.Why, Args: r.Args, Advice: r.Advice}
	n.mark, n.times, n.until = mark, r.Times, r.Until
	l.soften(n)
	return n
}

// soften lets a password be tried that was not refused often. A rest that is longer than any is of a clock that has gone back.
func (l *logins) soften(n *login) {
	if n.times <= freeStarts || n.until.After(l.now().Add(refusedSteps[len(refusedSteps)-1])) {
		n.until = time.Time{}
	}
}

// startAgain is what a start of the program does.
func (l *logins) startAgain(id mail.AccountID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, side := range bothSides {
		if n := l.by[loginAt{id, side}]; n != nil {
			l.soften(n)
		}
	}
}

// forget is forgive for every run: the account is another one now, or it was seen that its password is good.
func (l *logins) forget(ctx context.Context, id mail.AccountID) {
	l.forgive(id)
	for _, side := range bothSides {
		l.keep(context.WithoutCancel(ctx), loginAt{id, side}, &login{})
	}
}
