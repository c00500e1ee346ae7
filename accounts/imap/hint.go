package imap

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/accounts/sasl"
)

// hint is what a server offered when it was logged in to last. With it the login and everything that follows it go in one flight.
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
// next ones.
type hint struct {
	For   string   `json:"for"`             // see about
	Login []string `json:"login"`           // capabilities before the login
	After []string `json:"after"`           // and after it
	Asked bool     `json:"asked,omitempty"` // those after it have to be asked for
	Wait  int      `json:"wait,omitempty"`  // so many sessions begin without it
}

const (
	maxHint       = 4 << 10 // bytes; larger ones are not kept
	hintWait      = 50      // sessions without it after it has failed
	aheadPatience = 10 * time.Second
)

func readHint(text string) (h hint) {
	if len(text) > maxHint || json.Unmarshal([]byte(text), &h) != nil {
		return hint{}
	}
	return h
}

// about names whom a hint of this session is for; "" when it can be for nobody.
func (s *session) about(cfg Config) string {
	tls, ok := s.w.conn.TLS()
	if !ok || len(tls.PeerCertificates) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, part := range []string{s.host, string(cfg.Server.Security), cfg.Server.Username, string(cfg.Server.Auth), string(tls.PeerCertificates[0].Raw)} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (s *session) trusts(h hint, cfg Config) bool {
	return s.quirks.takesAhead && h.For != "" && h.Wait == 0 && len(h.After) > 0 && h.For == s.about(cfg)
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

// missed is a failure of a session that may be the hint's: without it there may be none.
type missed struct {
	err   error
	again bool // worth another session at once
}

func (m *missed) Error() string { return m.err.Error() }
func (m *missed) Unwrap() error { return m.err }

// loginAhead logs in with c and sends what follows a login along. login bounds the first, ctx the rest.
func (s *session) loginAhead(login, ctx context.Context, cfg Config, c *command, h hint) error {
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
		return &missed{s.failed(c.step, err), login.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded)}
	}
	if st := answers[0]; st.typ != "OK" {
		err := s.loginError(s.refused(c.step, st), cfg)
		if _, clear := codes[st.code]; clear && st.typ == "NO" {
			return err
		}
		return &missed{err, true}
	}
	s.asked = s.caps == nil
	s.w.conn.SetBudget(-1)
	defer s.w.watch(ctx)()
	// A server that has read what came behind the login answers the first of it at once.
	s.w.setPatience(min(s.w.conn.Idle(), aheadPatience))
	defer s.w.setPatience(0)
	for i := 1; i < len(cmds); i++ {
		if err := s.await(cmds, tags, answers, i); err != nil {
			return &missed{s.failed(cmds[i].step, err), ctx.Err() == nil}
		}
		s.w.setPatience(0)
	}
	s.opened = true
	return o.settle(answers[first:])
}

// learn keeps what this session has shown for the next one; had is the hint it began with.
func (s *session) learn(start remote.Start, cfg Config, had hint) {
	if !s.simple || !s.quirks.takesAhead {
		return
	}
	h := hint{For: s.about(cfg), Login: s.atLogin, After: s.capsRaw, Asked: s.asked}
	if h.For == "" {
		return
	}
	if had.For == h.For {
		h.Wait = max(0, had.Wait-1)
	}
	h.keep(start)
}

func (h hint) keep(start remote.Start) {
	b, err := json.Marshal(h)
	if err == nil && start.Learn != nil && len(b) <= maxHint && string(b) != start.Hint {
		start.Learn(string(b))
	}
}
