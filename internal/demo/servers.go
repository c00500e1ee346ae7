package demo

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"peyk/internal/mail"
)

// The two accounts of the demo.
const (
	IMAPUser = "maryam@example.org"
	POP3User = "office@shomal.example"
	Password = "demo"
)

// Options change what Start builds; the zero value is the demo as users see it.
type Options struct {
	// Now is the moment the sample mail is dated against; zero: the time of Start.
	Now time.Time
}

// Servers are the running servers. Safe for concurrent use.
type Servers struct {
	Ports       Ports
	Fingerprint string // SHA-256 of the certificate, lower-case hex: what the demo accounts pin
	CertPEM     string

	tls     *tls.Config
	people  map[string]mail.Address // who answers by themselves, by lower-case address
	imap    *imapService
	drop    *maildrop
	ends    []func() error
	replies *replier
	wg      sync.WaitGroup
	once    sync.Once
}

// Ports are the loopback ports. The plain ones offer STARTTLS (STLS) too.
type Ports struct {
	IMAP       int `json:"imap"`
	IMAPS      int `json:"imaps"`
	POP3       int `json:"pop3"`
	POP3S      int `json:"pop3s"`
	SMTP       int `json:"smtp"`
	SMTPS      int `json:"smtps"`
	Submission int `json:"submission"`
}

// Start builds the sample mail and starts the servers. Close ends them.
func Start(opts Options) (*Servers, error) {
	now := opts.Now
	if now.IsZero() {
		now = time.Now()
	}
	samples, err := loadSamples(now)
	if err != nil {
		return nil, err
	}
	cert, err := newCertificate(time.Now())
	if err != nil {
		return nil, fmt.Errorf("demo: making a certificate: %w", err)
	}
	s := &Servers{tls: cert.config(), Fingerprint: cert.fingerprint, CertPEM: cert.pem, people: peopleOf(samples)}
	if s.imap, err = newIMAPService(samples); err != nil {
		return nil, err
	}
	s.drop = newMaildrop(samples)
	s.replies = newReplier(s.deliver)
	if err := s.listen(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// listen opens every port and serves it until Close.
func (s *Servers) listen() error {
	type service struct {
		port *int
		run  func(net.Listener) (serve func() error, end func() error)
		tls  bool
	}
	for _, sv := range []service{
		{&s.Ports.IMAP, s.serveIMAP, false}, {&s.Ports.IMAPS, s.serveIMAP, true},
		{&s.Ports.POP3, s.servePOP3, false}, {&s.Ports.POP3S, s.servePOP3, true},
		{&s.Ports.SMTP, s.serveSMTP, false}, {&s.Ports.SMTPS, s.serveSMTP, true}, {&s.Ports.Submission, s.serveSMTP, false},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("demo: no loopback port to be had: %w", err)
		}
		*sv.port = l.Addr().(*net.TCPAddr).Port
		if sv.tls {
			l = tls.NewListener(l, s.tls)
		}
		serve, end := sv.run(l)
		s.ends = append(s.ends, end)
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			_ = serve() // ends with "use of closed connection" when Close closes the listener
		}()
	}
	return nil
}

// closeBoth closes a server and its listener: a server that was closed before its Serve began does not know the listener.
func closeBoth(srv io.Closer, l net.Listener) func() error {
	return func() error {
		err := srv.Close()
		if lerr := l.Close(); err == nil && !errors.Is(lerr, net.ErrClosed) {
			err = lerr
		}
		return err
	}
}

// Close ends every server and waits for them. More than once is fine.
func (s *Servers) Close() {
	s.once.Do(func() {
		if s.replies != nil {
			s.replies.close()
		}
		for _, end := range s.ends {
			_ = end()
		}
		s.wg.Wait()
	})
}

// deliver puts a message into the mailbox of one of the demo's users; ok is false for anybody else.
func (s *Servers) deliver(addr string, raw []byte) (ok bool, err error) {
	switch addr {
	case IMAPUser:
		return true, s.imap.deliver("INBOX", raw)
	case POP3User:
		s.drop.add(raw)
		return true, nil
	}
	return false, nil
}

// Accounts are the two accounts, ready to be stored; Secrets(Password) go with them.
func (s *Servers) Accounts() []mail.Account {
	server := func(port int, user string) mail.Server {
		return mail.Server{Host: "127.0.0.1", Port: port, Security: mail.SecurityTLS, Username: user, Auth: mail.AuthAuto,
			PinnedSHA256: s.Fingerprint, TimeoutSeconds: 30}
	}
	account := func(email, name string, proto mail.Protocol, port int) mail.Account {
		return mail.Account{Name: email, Email: email, DisplayName: name, Protocol: proto,
			Incoming:   server(port, email),
			Outgoing:   mail.Outgoing{Server: server(s.Ports.SMTPS, email), SaveSent: true},
			Check:      mail.CheckOptions{AtStart: true, EveryMinutes: 1},
			Identities: []mail.Identity{{Name: name, Addr: email}}}
	}
	maryam := account(IMAPUser, "مریم نوری", mail.IMAP, s.Ports.IMAPS)
	maryam.IMAP = mail.IMAPOptions{DeleteModel: mail.DeleteToTrash}
	maryam.Identities = append(maryam.Identities, mail.Identity{Name: "Maryam Nouri", Addr: IMAPUser, Signature: "Maryam Nouri\nShomal Trading"})
	office := account(POP3User, "دفتر شمال", mail.POP3, s.Ports.POP3S)
	office.POP3 = mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14}
	return []mail.Account{maryam, office}
}

// Serve runs only the servers: it prints their ports, users and password as one JSON object and returns when ctx ends.
func Serve(ctx context.Context, w io.Writer) error {
	s, err := Start(Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	type user struct {
		User     string `json:"user"`
		Protocol string `json:"protocol"`
		Password string `json:"password"`
	}
	out := struct {
		Host  string `json:"host"`
		Ports Ports  `json:"ports"`
		Users []user `json:"users"`
		// The password of every user, for scripts that need only that.
		Password    string `json:"password"`
		Fingerprint string `json:"certificate_sha256"`
		CertPEM     string `json:"certificate_pem"`
	}{"127.0.0.1", s.Ports, []user{{IMAPUser, "imap", Password}, {POP3User, "pop3", Password}}, Password, s.Fingerprint, s.CertPEM}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("demo: writing the ports: %w", err)
	}
	<-ctx.Done()
	return nil
}
