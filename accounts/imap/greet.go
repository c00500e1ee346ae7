package imap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// loginBudget bounds everything a server may send before the login is done.
const loginBudget = 1 << 20

// open makes a connection and brings it to the authenticated state: with what was remembered of the server, and without it when
// that was wrong.
func open(ctx context.Context, cfg Config, al *alerts, nm *names) (*session, error) {
	s, h, err := hint.Open(ctx, cfg.Start, func(h offers) (*session, error) { return attempt(ctx, cfg, al, nm, h) })
	if err != nil {
		return nil, err
	}
	s.learn(cfg.Start, cfg, h)
	return s, nil
}

// attempt is open with or without a hint.
func attempt(ctx context.Context, cfg Config, al *alerts, nm *names, h offers) (*session, error) {
	loginCtx, cancel := dial.LoginContext(ctx, cfg.Server)
	defer cancel()
	conn, err := dial.Dial(loginCtx, cfg.Server, dial.Options{Protocol: dial.IMAP})
	if err != nil {
		return nil, err
	}
	conn.SetBudget(loginBudget)
	w := newWire(conn)
	s := &session{w: w, r: &reader{w: w}, host: conn.Addr(), alerts: al, names: nm, still: maxStill, parting: doneMost}
	err = s.start(loginCtx, ctx, cfg, h)
	if err == nil {
		cancel() // what follows may be long: a listing of many folders
		err = s.begin(ctx, cfg)
	}
	if err != nil {
		s.close(nil)
		if e := remote.As(err); e != nil {
			e.Closed = true
		}
		return nil, err
	}
	return s, nil
}

// start is everything between the connection and the end of the login, which ctx bounds; what a hint lets follow at once is bounded by
// after.
func (s *session) start(ctx, after context.Context, cfg Config, h offers) error {
	preauth, err := s.greeting(ctx)
	if err != nil {
		return err
	}
	if cfg.Server.Security == mail.SecuritySTARTTLS {
		if preauth {
			return s.preauthBeforeTLS()
		}
		if err := s.startTLS(ctx); err != nil {
			return err
		}
	}
	if err := s.noDowngrade(ctx); err != nil {
		return err
	}
	if !preauth {
		if err := s.login(ctx, after, cfg, h); err != nil {
			return err
		}
	}
	if s.caps == nil {
		s.asked = true
		if err := s.askCaps(ctx); err != nil {
			return err
		}
	}
	s.w.conn.SetBudget(-1)
	return nil
}

// begin is what follows the login before the first command of the user.
func (s *session) begin(ctx context.Context, cfg Config) error {
	if !s.opened {
		o := s.newOpening(cfg)
		answers, err := s.runAll(ctx, o.cmds)
		if err != nil {
			return err
		}
		if err := o.settle(answers); err != nil {
			return err
		}
	}
	var err error
	s.lib, err = newLibrary(ctx, s)
	return err
}

// greeting reads the server's first line (RFC 9051 §7.1.4, §7.1.5).
func (s *session) greeting(ctx context.Context) (preauth bool, err error) {
	stop := s.w.watch(ctx)
	defer stop()
	p, err := s.next()
	if err != nil {
		return false, s.failed("greeting", err)
	}
	if p.tag != "*" || p.status == nil {
		return false, s.notIMAP(p)
	}
	s.unasked(p)
	s.quirks = quirksOf(s.w.conn.Server().Host, p.status.text)
	s.limit = s.quirks.limit
	switch p.typ {
	case "OK":
		return false, nil
	case "PREAUTH":
		return true, nil
	}
	return false, s.refused("greeting", p.status)
}

// notIMAP explains a greeting of another protocol.
func (s *session) notIMAP(p *response) error {
	line := cleanText(string(p.text))
	advice := "Check the server name and the port in the account's server settings."
	switch {
	case strings.HasPrefix(line, "+OK"):
		advice = "This is a POP3 server: choose POP3 for the account, or the server's IMAP port (993 or 143)."
	case strings.HasPrefix(line, "220"):
		advice = "This is a server for sending (SMTP): enter the IMAP server's name and port (993 or 143)."
	}
	s.w.close(nil)
	return &remote.Error{Host: s.host, Step: "greeting", Kind: mail.ProblemConfig, Permanent: true, Closed: true,
		Why: mail.CodeWrongProtocol, Args: []string{"IMAP"}, Err: fmt.Errorf("the server does not speak IMAP; it said %q", line), Advice: advice}
}

func (s *session) preauthBeforeTLS() error {
	s.w.close(nil)
	return &remote.Error{Host: s.host, Step: "tls", Kind: mail.ProblemPlaintext, Permanent: true, Closed: true,
		Why:    mail.CodeInjected,
		Err:    errors.New("the server says that the login is done before the connection is encrypted (PREAUTH), so STARTTLS is impossible"),
		Advice: "Somebody on the network may be in between. Choose TLS instead of STARTTLS if the server has it."}
}

// startTLS upgrades the connection (RFC 9051 §6.2.1). Whatever was learnt before is forgotten.
func (s *session) startTLS(ctx context.Context) error {
	if s.caps == nil {
		if err := s.askCaps(ctx); err != nil {
			return err
		}
	}
	if !s.has("STARTTLS") {
		s.w.close(nil)
		return s.w.conn.NoSTARTTLS()
	}
	if _, err := s.run(ctx, &command{step: "tls", text: "STARTTLS", maxUnits: 100}); err != nil {
		s.w.close(nil)
		if e := remote.As(err); e != nil {
			e.Closed = true
		}
		return err
	}
	if s.w.br.Buffered() > 0 {
		s.w.close(nil)
		return s.w.conn.Injected()
	}
	if err := s.w.conn.StartTLS(ctx); err != nil {
		return err
	}
	s.offersTLS = true
	s.caps, s.capsRaw, s.bye = nil, nil, nil
	s.w.setPatience(0) // which a farewell from nobody known may have shortened
	s.dirty, s.state, s.copied, s.touched = false, remote.MailboxState{}, nil, nil
	return nil
}

// noDowngrade refuses to go on in the clear where the server is known to have had STARTTLS: whoever removes the offer wants to
// read along.
func (s *session) noDowngrade(ctx context.Context) error {
	if s.w.conn.Encrypted() || !s.w.conn.Server().OfferedTLS {
		return nil
	}
	if s.caps == nil {
		if err := s.askCaps(ctx); err != nil {
			return err
		}
	}
	s.offersTLS = s.has("STARTTLS")
	if !s.offersTLS {
		s.w.close(nil)
		return s.w.conn.NoSTARTTLS()
	}
	return nil
}

// askCaps sends CAPABILITY and fails when no list comes.
func (s *session) askCaps(ctx context.Context) error {
	s.caps = nil
	if _, err := s.run(ctx, &command{step: "capability", text: "CAPABILITY", maxUnits: 1000}); err != nil {
		return err
	}
	if s.caps == nil {
		s.setCaps("")
	}
	return nil
}
