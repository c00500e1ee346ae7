package mailsync_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// outboxRig is an account whose two servers are reached in the clear, each through a proxy that sees the commands.
type outboxRig struct {
	*rig
	a       mail.Account
	in, out *mailtest.FaultProxy
	ids     []mail.OutboxID
}

func newOutboxRig(t *testing.T) *outboxRig {
	r := &outboxRig{rig: newRig(t, mailtest.DovecotOptions{}, false)}
	r.mta = mailtest.StartPostfix(t, r.dove, mailtest.PostfixOptions{NoSTARTTLS: true})
	r.in, r.out = mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1), mailtest.StartFaultProxy(t, r.mta.Port25, 1)
	r.a = r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = r.in.Port(), mail.SecurityNone, true
		a.Outgoing.Port, a.Outgoing.Security, a.Outgoing.AllowPlaintext = r.out.Port(), mail.SecurityNone, true
	})
	r.sync(r.a)
	return r
}

// letter puts the next message into the outbox. It is so long that its end is not sent in one piece with its beginning.
func (r *outboxRig) letter() mail.OutboxID {
	r.t.Helper()
	id := r.write(r.a, r.mta.Address("sara"), fmt.Sprintf("letter %d", len(r.ids)), "the text of it\n.a dot\n"+longText(60_000))
	r.ids = append(r.ids, id)
	return id
}

// uncertain reports whether a message waits for the user's decision.
func (r *outboxRig) uncertain(id mail.OutboxID) bool {
	return slices.ContainsFunc(r.outbox(), func(it mail.OutboxItem) bool { return it.ID == id && it.State == mail.OutboxUncertain })
}

// phase is a moment of sending: what the client says then, to which server.
type phase struct {
	name, text string
	sent       bool // the copy in Sent, of a message that was taken
	asks       bool // whether the server has the whole message, only the server knows
}

var phases = []phase{
	{name: "hello", text: "EHLO "},
	{name: "login", text: "AUTH "},
	{name: "sender", text: "MAIL FROM:"},
	{name: "recipient", text: "RCPT TO:"},
	{name: "DATA", text: "DATA\r\n"},
	{name: "header", text: "Subject: letter", asks: true}, // the rest waits in the buffers of the network
	{name: "body", text: "the text of it", asks: true},
	{name: "the final dot", text: "\r\n.\r\n", asks: true},
	{name: "the copy in Sent", text: "APPEND ", sent: true},
	{name: "the look into Sent", text: "UID SEARCH HEADER ", sent: true},
}

// proxy is the one through which a phase goes.
func (r *outboxRig) proxy(ph phase) *mailtest.FaultProxy {
	if ph.sent {
		return r.in
	}
	return r.out
}

// Whatever breaks in whichever phase of sending, every message arrives once and has one copy in Sent; where the answer to the final
// dot was lost, the user is asked. Nothing is stuck.
func TestOutboxAtEveryPhase(t *testing.T) {
	t.Parallel()
	r := newOutboxRig(t)
	asked := 0
	for _, ph := range phases {
		for _, f := range []mailtest.Fault{mailtest.FaultCut, mailtest.FaultReset, mailtest.FaultStall, mailtest.FaultLoseReply} {
			before := r.proxy(ph).Broken()
			r.proxy(ph).BreakOn(ph.text, f, 1)
			id := r.letter()
			for range 3 {
				r.pass(r.a)
				r.days(1)
			}
			// Peyk looks into Sent only where an earlier answer was lost.
			if n := r.proxy(ph).Broken() - before; n != 1 && ph.name != "the look into Sent" {
				t.Errorf("%s, %s: %d faults", ph.name, f, n)
			}
			r.proxy(ph).BreakOn("\x00never\x00", f, 0)
			if r.uncertain(id) {
				asked++
				if !ph.asks {
					t.Errorf("%s, %s: the user is asked", ph.name, f)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("not one answer to a final dot was lost")
	}
	r.sentOnce(r.a, "sara", r.ids)
	r.sound()
	r.decide()
}

// decide does what the user may do with what is uncertain: discard it, or send it again.
func (r *outboxRig) decide() {
	r.t.Helper()
	for i, it := range r.outbox() {
		var err error
		if i%2 == 0 {
			err = r.e.DiscardOutbox(r.ctx, it.ID)
		} else {
			err = r.e.RetryOutbox(r.ctx, it.ID)
		}
		if err != nil {
			r.t.Errorf("letter %d: %v", it.ID, err)
		}
	}
	r.sync(r.a)
	if left := r.outbox(); len(left) != 0 {
		r.t.Errorf("after the decision the outbox still holds %+v", left)
	}
}

// Killed in each phase, before what it says has arrived and after the server has answered: every message arrives once and has one
// copy in Sent, or the user is asked; the profile is sound each time.
func TestKilledInEveryPhaseOfSending(t *testing.T) {
	t.Parallel()
	r := newOutboxRig(t)
	times := 1
	if os.Getenv("PEYK_LONG") != "" {
		times = 8
	}
	r.killed(times, r.letter)
	r.sentOnce(r.a, "sara", r.ids)
	r.sound()
	r.decide()
}

// killed kills the process in every phase of sending what letter puts into the outbox, before what is said then has arrived and after it was answered.
func (r *outboxRig) killed(times int, letter func() mail.OutboxID) {
	r.t.Helper()
	for range times {
		for _, ph := range phases {
			for _, arrived := range []bool{false, true} {
				id := letter()
				r.shut()
				held := r.proxy(ph).HoldOn(ph.text, arrived)
				got := r.doomedAt(held)
				r.proxy(ph).BreakOn("\x00never\x00", mailtest.FaultCut, 0)
				r.open()
				if !got && ph.name != "the look into Sent" {
					r.t.Errorf("%s, arrived %v: the process was not killed there", ph.name, arrived)
				}
				r.whole()
				r.pass(r.a)
				r.pass(r.a)
				if r.uncertain(id) && !ph.asks {
					r.t.Errorf("killed at %s, arrived %v: the user is asked", ph.name, arrived)
				}
			}
		}
	}
}
