package mailsync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// A server may take a message for some of its recipients. Those whom it puts off (greylisting, RFC 6647, or more recipients than it takes at a time, RFC 5321 §4.5.3.1.10) get the
// message by an item of their own, which is tried again like every other; those whom it refuses for good are told. The copy in Sent and the mark on what was answered
// belong to the first.

// accepted records a message that the server took, at least for one recipient.
func (p *pass) accepted(ctx context.Context, it mail.OutboxItem, rc remote.Receipt) error {
	it.Out = true
	rest := p.putOffSome(&it, rc)
	it.Refused = whyRefused(rc.Refused)
	maps.DeleteFunc(it.Refused, func(addr, _ string) bool { return !rc.Refused[addr].Permanent })
	it.State, it.Reason = taken(it), ""
	if who := slices.Sorted(maps.Keys(it.Refused)); len(who) > 0 {
		names, first := strings.Join(who, ", "), rc.Refused[who[0]]
		it.Reason = "refused for " + names
		p.tell(&mail.Problem{Account: p.acct.ID, Kind: mail.ProblemServer, Code: mail.CodePartly,
			Args: []string{it.Subject, names}, Said: first.Said(), Detail: first.Error(),
			Summary: fmt.Sprintf("%s: “%s” was sent, but refused for %s: %s", p.acct.Name, it.Subject, names, first.Error()),
			Advice:  "Check these addresses; the others got the message."})
	}
	if err := p.st.SplitOutbox(ctx, it, rest...); err != nil {
		return err
	}
	p.res.Sent++
	p.tellLate(it)
	return nil
}

// putOffSome takes those out of an item whom the server put off, and makes the items that go on to them: at once where it only had no room for more, else after a while.
func (p *pass) putOffSome(it *mail.OutboxItem, rc remote.Receipt) (items []mail.OutboxItem) {
	var room, wait []string
	for _, addr := range it.Rcpt {
		switch e := rc.Refused[addr]; {
		case e == nil || e.Permanent:
		case slices.Contains(rc.Rest, addr):
			room = append(room, addr)
		default:
			wait = append(wait, addr)
		}
	}
	for _, rcpt := range [][]string{room, wait} {
		if len(rcpt) == 0 {
			continue
		}
		on := *it
		on.ID, on.State, on.Rcpt, on.Again, on.HandedOver = 0, mail.OutboxQueued, rcpt, true, false
		on.SaveSent, on.Source, on.Refused, on.Chosen, on.NotBefore, on.Attempts = false, 0, nil, time.Time{}, time.Time{}, 0
		if e := rc.Refused[rcpt[0]]; !slices.Contains(rc.Rest, rcpt[0]) {
			pr := problem(p.acct, "sending “"+it.Subject+"”", e, true)
			p.tell(pr)
			on.Reason, on.Attempts, on.NotBefore = pr.Store(), it.Attempts, p.e.opt.Now().Add(max(backoff(it.Attempts), pr.RetryAfter))
		}
		items = append(items, on)
		it.Rcpt = slices.DeleteFunc(slices.Clone(it.Rcpt), func(a string) bool { return slices.Contains(rcpt, a) })
	}
	return items
}

// taken is the state of an item that the server took for all but those who were refused.
func taken(it mail.OutboxItem) mail.OutboxState {
	if len(it.Refused) > 0 {
		return mail.OutboxPartly
	}
	return mail.OutboxSent
}

// whyRefused says why recipients were refused, so that a window can say it in its own language; nil where nobody was.
func whyRefused(refused map[string]*remote.Error) map[string]string {
	var out map[string]string
	for addr, e := range refused {
		if out == nil {
			out = map[string]string{}
		}
		p := e.Problem()
		p.Summary = e.Error()
		out[addr] = p.Store()
	}
	return out
}
