package mailsync

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// shown is what a server has shown of itself so far: kept as a setting of the profile, by address, because the network in between
// may be another one tomorrow.
type shown struct {
	Reached  time.Time `json:"reached"`           // it let us in, with a certificate that was trusted
	Encrypts time.Time `json:"encrypts,omitzero"` // it offered STARTTLS
	Most     int64     `json:"most,omitzero"`     // the largest message it takes for sending, bytes; 0: it names none
	Told     time.Time `json:"told,omitzero"`     // the day on which it said so last
}

func shownKey(srv mail.Server, protocol string) string {
	return "server." + protocol + "." + dial.Address(srv, protocol)
}

func (e *Engine) shown(ctx context.Context, srv mail.Server, protocol string) (shown, error) {
	var s shown
	text, err := e.st.Setting(ctx, shownKey(srv, protocol))
	if err != nil || text == "" {
		return s, err
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("read what %s has shown: %w", srv.Host, err)
	}
	return s, nil
}

// knowing stands between the engine and the sessions it opens. A server that once offered encryption is never again talked to
// without it, and one that once proved who it is and now does not is most likely hidden behind the login page of a network. A password that
// was refused is left alone for a while; see logins.
type knowing struct {
	remote.Opener
	e *Engine
	a mail.Account
}

// remember gives the account's servers what is known of them.
func (e *Engine) remember(ctx context.Context, a mail.Account) (mail.Account, error) {
	in, err := e.shown(ctx, a.Incoming, string(a.Protocol))
	if err != nil {
		return a, err
	}
	out, err := e.shown(ctx, a.Outgoing.Server, dial.SMTP)
	if err != nil {
		return a, err
	}
	a.Incoming.OfferedTLS, a.Outgoing.OfferedTLS = !in.Encrypts.IsZero(), !out.Encrypts.IsZero()
	return a, e.pins(ctx, &a)
}

// Receive implements remote.Opener.
func (k knowing) Receive(ctx context.Context, start remote.Start) (r remote.Remote, err error) {
	err = k.logIn(ctx, mail.SideIncoming, func() error {
		start.Hint, start.Learn = k.hint(ctx)
		r, err = k.Opener.Receive(ctx, start)
		if again, ok := k.renewed(ctx, mail.SideIncoming, err); ok {
			k = again
			r, err = k.Opener.Receive(ctx, start)
		}
		return k.learn(ctx, k.a.Incoming, string(k.a.Protocol), r, err)
	})
	return r, err
}

// hint gives what a session of this account remembers of its server, and what keeps that for the next one. That it cannot be read or
// kept costs a round trip, no more.
func (k knowing) hint(ctx context.Context) (text string, keep func(string)) {
	key := fmt.Sprintf("remote.hint.%d", k.a.ID)
	text, err := k.e.st.Setting(ctx, key)
	if err != nil {
		k.e.opt.Log.Warn("read what a server offers", "server", k.a.Incoming.Host, "err", err)
	}
	return text, func(next string) {
		if err := k.e.st.SetSetting(context.WithoutCancel(ctx), key, next); err != nil {
			k.e.opt.Log.Warn("note what a server offers", "server", k.a.Incoming.Host, "err", err)
		}
	}
}

// Sender implements remote.Opener.
func (k knowing) Sender(ctx context.Context) (s remote.Sender, err error) {
	err = k.logIn(ctx, mail.SideOutgoing, func() error {
		s, err = k.Opener.Sender(ctx)
		if again, ok := k.renewed(ctx, mail.SideOutgoing, err); ok {
			k = again
			s, err = k.Opener.Sender(ctx)
		}
		return k.learn(ctx, k.a.Outgoing.Server, dial.SMTP, s, err)
	})
	return s, err
}

// logIn calls open unless the password was refused a while ago.
func (k knowing) logIn(ctx context.Context, side mail.ServerSide, open func() error) error {
	d := k.e.door(k.a, k.Opener, side)
	mark, err := k.e.logins.held(ctx, d)
	if err != nil {
		return err
	}
	err = open()
	if err != nil && ctx.Err() != nil && !serverRefused(remote.As(err)) {
		return err // it says nothing about the server
	}
	return k.e.logins.note(ctx, d.at, mark, err)
}

// learn notes what an open session shows, and tells a failure in the light of what was shown before.
func (k knowing) learn(ctx context.Context, srv mail.Server, protocol string, session any, err error) error {
	known, serr := k.e.shown(ctx, srv, protocol)
	if serr != nil {
		k.e.opt.Log.Warn("read what a server has shown", "server", srv.Host, "err", serr)
		return err
	}
	if err != nil {
		return inPlaceOf(err, !known.Reached.IsZero())
	}
	now := k.e.opt.Now().UTC().Truncate(time.Second)
	next := known
	if next.Reached.IsZero() {
		next.Reached = now
	}
	if o, ok := session.(interface{ OffersTLS() bool }); ok && next.Encrypts.IsZero() && o.OffersTLS() {
		next.Encrypts = now
	}
	if s, ok := session.(remote.Sender); ok {
		next.Most, next.Told = s.Capabilities().MaxMessage, now.Truncate(24*time.Hour)
	}
	if next == known {
		return nil
	}
	b, _ := json.Marshal(next) // times and a number: cannot fail
	// A session is open: that it cannot be noted is told by the next write that matters.
	if err := k.e.st.SetSetting(ctx, shownKey(srv, protocol), string(b)); err != nil {
		k.e.opt.Log.Warn("note what a server has shown", "server", srv.Host, "err", err)
	}
	return nil
}

// impostor are the faults of certificates that a stranger in a server's place has.
var impostor = []mail.CertificateFault{mail.CertOtherName, mail.CertNoName, mail.CertSelfSigned, mail.CertUnknownIssuer, mail.CertNotPinned}

// inPlaceOf turns the failure of a server that was reached before into one that passes, when a stranger seems to answer for it.
func inPlaceOf(err error, reached bool) error {
	re := remote.As(err)
	if re == nil || !reached {
		return err
	}
	out := *re
	code := mail.CodePortal
	switch {
	case re.Cert != nil && re.Cert.Fault == mail.CertNotPinned:
		code = mail.CodeOtherCert // whoever runs the server renewed it, more often than not
	case re.Cert != nil && slices.Contains(impostor, re.Cert.Fault):
	case re.Why == mail.CodeNotTLS, re.Why == mail.CodeWrongProtocol:
		out.Kind = mail.ProblemNetwork
	default:
		return err
	}
	out.Permanent, out.Why, out.Args = false, code, nil
	out.Advice = "If this network wants a login (hotel, train, café), sign in to it in a web browser first; it is tried again by itself. " + re.Advice
	return &out
}

// ForgetEncryption takes back that the servers of an account may not be talked to without encryption because they once offered
// it. The window asks the user before.
func (e *Engine) ForgetEncryption(ctx context.Context, id mail.AccountID) error {
	a, err := e.st.Account(ctx, id)
	if err != nil {
		return err
	}
	for srv, protocol := range map[*mail.Server]string{&a.Incoming: string(a.Protocol), &a.Outgoing.Server: dial.SMTP} {
		s, err := e.shown(ctx, *srv, protocol)
		if err != nil {
			return err
		}
		if s.Encrypts.IsZero() {
			continue
		}
		s.Encrypts = time.Time{}
		b, _ := json.Marshal(s)
		if err := e.st.SetSetting(ctx, shownKey(*srv, protocol), string(b)); err != nil {
			return err
		}
	}
	e.GetMail(id)
	return nil
}
