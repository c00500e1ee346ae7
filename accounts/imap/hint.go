package imap

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/accounts/sasl"
)

// offers are what a server offered when it was logged in to last, as a hint for the next session. With it the login and everything
// that follows it go in one flight.
//
// RFC 9051 §5.5 forbids to send ahead only where the order would be ambiguous; what comes behind a login that is refused is refused
// as well. The greeting is always awaited: it tells the state of the session (PREAUTH, BYE), and it proves that the one who will
// get the password speaks IMAP, which a certificate does not: the same name may have it for another service, to which somebody in
// between could lead the connection (the ALPACA attack, 2021). A hint is for TLS and mechanisms of one step only (a refused OAuth
// token is followed by a challenge, for whose answer the next command would be taken), and for one server, user and certificate.
// What it says is looked at again in every session.
//
// Servers exist that lose what comes behind a login: Cyrus does, and nginx before 1.21 as a proxy. So it is done with those only that
// are known not to, by their greeting; should one do it all the same, or refuse, the session begins anew without it, and so do the
// next ones. Of a server that was never seen before, usual is taken for a hint.
type offers struct {
	hint.Common
	After []string `json:"after"`           // capabilities after the login
	Asked bool     `json:"asked,omitempty"` // those have to be asked for
}

// about names whom a hint of this session is for.
func (s *session) about(cfg Config) string { return hint.For("imap", s.w.conn, cfg.Server) }

func (s *session) trusts(h offers, cfg Config) bool {
	return s.quirks.takesAhead && len(h.After) > 0 && h.Ready(s.about(cfg))
}

// usual is what a Dovecot offers after the login unless its owner has taken something away.
const usual = "ENABLE ID NAMESPACE LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE QRESYNC"

// guess is a hint for a server of which nothing is known but its greeting, which tells how to log in. It is made for the first session of
// an account that brings its mail.
func (s *session) guess(h offers, cfg Config) (offers, bool) {
	if !cfg.Start.List || !s.quirks.takesAhead || s.caps == nil || h.For != "" || h.Wait > 0 {
		return h, false
	}
	h = offers{Common: hint.Common{For: s.about(cfg)}, After: strings.Fields(usual)}
	return h, h.For != ""
}

// oneStep makes the command that logs in by itself; nil where the server has to ask something first.
func (s *session) oneStep(mech sasl.Client, name string, saslIR bool, cfg Config) *command {
	c := &command{step: "login", maxUnits: 1000, cont: func([]byte) ([]byte, error) {
		return nil, fmt.Errorf("%w: a challenge to a login of one step", errUnexpected)
	}}
	if mech == nil {
		user, err1 := quote(cfg.Server.Username)
		pass, err2 := quote(cfg.Password)
		if err1 != nil || err2 != nil {
			return nil
		}
		c.text = "LOGIN " + user + " " + pass
		return c
	}
	if name != "PLAIN" || !saslIR {
		return nil
	}
	_, ir, err := mech.Start()
	if err != nil {
		return nil
	}
	c.text = "AUTHENTICATE PLAIN " + encodeIR(ir)
	return c
}

// loginAhead logs in with c and sends what follows a login along. login bounds the first, ctx the rest.
func (s *session) loginAhead(login, ctx context.Context, cfg Config, c *command, h offers) error {
	s.setCaps(strings.Join(h.After, " "))
	o := s.newOpening(cfg)
	s.caps, s.capsRaw = nil, nil
	cmds := []*command{c}
	if h.Asked {
		cmds = append(cmds, &command{step: "capability", text: "CAPABILITY", maxUnits: 1000})
	}
	first := len(cmds)
	cmds = append(cmds, o.cmds...)
	tags, answers := make([]string, len(cmds)), make([]*status, len(cmds))
	var out strings.Builder
	for i, c := range cmds {
		tags[i] = s.nextTag()
		out.WriteString(tags[i] + " " + c.text + "\r\n")
	}
	if err := s.ready(login, c.step); err != nil {
		return err
	}
	stop := s.w.watch(login)
	err := s.w.write([]byte(out.String()))
	if err == nil {
		err = s.await(cmds, tags, answers, 0)
	}
	stop()
	if err != nil {
		return &hint.Missed{For: h.For, Err: s.failed(c.step, err), Again: login.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded)}
	}
	if st := answers[0]; st.typ != "OK" {
		err := s.loginError(s.refused(c.step, st), cfg)
		if _, clear := codes[st.code]; clear && st.typ == "NO" {
			return err
		}
		return &hint.Missed{For: h.For, Err: err, Again: true}
	}
	s.asked = s.caps == nil
	s.w.conn.SetBudget(-1)
	defer s.w.watch(ctx)()
	// A server that has read what came behind the login answers the first of it at once.
	s.w.setPatience(min(s.w.conn.Idle(), hint.Patience))
	defer s.w.setPatience(0)
	for i := 1; i < len(cmds); i++ {
		if err := s.await(cmds, tags, answers, i); err != nil {
			return &hint.Missed{For: h.For, Err: s.failed(cmds[i].step, err), Again: ctx.Err() == nil}
		}
		s.w.setPatience(0)
	}
	s.opened = true
	if err := o.settle(answers[first:]); err != nil || o.deflate >= 0 {
		return err
	}
	return s.deflate(ctx, cfg) // offered by now
}

// learn keeps what this session has shown for the next one; had is the hint it began with.
func (s *session) learn(start remote.Start, cfg Config, had offers) {
	if !s.simple || !s.quirks.takesAhead {
		return
	}
	h := offers{Common: hint.Common{For: s.about(cfg), Login: s.atLogin}, After: s.capsRaw, Asked: s.asked}
	if h.For == "" {
		return
	}
	h.Follow(had.Common)
	hint.Keep(h, start)
}
