package mailtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const dovecotPackages = "dovecot-imapd dovecot-pop3d"

// DovecotOptions say what kind of Dovecot is started. The zero value is a good default.
type DovecotOptions struct {
	// Users are the names and passwords; nil: ali and sara, each with the password "secret-" + name. A login name may
	// carry any domain, which is cut off.
	Users map[string]string
	// Format is how mail is kept: "maildir" (default) or "sdbox". Deliver is quicker with maildir.
	Format string
	// Cert is the certificate shown; "": Good.
	Cert Cert
	// Mechanisms are the SASL mechanisms; "": "plain login cram-md5 scram-sha-256".
	Mechanisms string
	// Compress offers IMAP COMPRESS=DEFLATE.
	Compress bool
	// Separator is between the levels of a mailbox name; "": "/".
	Separator string
	// Extra is appended to the configuration.
	Extra string
}

// Server is a running Dovecot. Plain ports offer STARTTLS (STLS) and, so that tests can see that Peyk refuses it, also
// logins without encryption. Every user has Sent, Drafts, Trash, Junk and Archive with their SPECIAL-USE roles.
type Server struct {
	IMAPPort, IMAPSPort, POP3Port, POP3SPort int

	CAFile string
	Dir    string // everything of this server; logs are in dovecot.log
	Users  map[string]string

	tb   testing.TB
	opts DovecotOptions
	bin  string
	adm  string
	proc *process
	uid  int // owner of the mail
	gid  int
	seq  atomic.Int64
}

// StartDovecot starts a private Dovecot that ends with the test.
func StartDovecot(tb testing.TB, o DovecotOptions) *Server {
	tb.Helper()
	s := &Server{tb: tb, opts: o, Users: o.Users}
	s.bin = program(tb, "dovecot", dovecotPackages)
	s.adm = program(tb, "doveadm", dovecotPackages)
	for _, p := range []string{"imap-login", "pop3-login"} {
		program(tb, p, dovecotPackages, "/usr/lib/dovecot", "/usr/libexec/dovecot", "/usr/local/libexec/dovecot")
	}
	if s.Users == nil {
		s.Users = map[string]string{"ali": "secret-ali", "sara": "secret-sara"}
	}
	s.Dir = baseDir(tb, "dovecot")
	tb.Cleanup(func() {
		if s.proc != nil {
			s.proc.kill()
		}
		if tb.Failed() {
			tb.Logf("end of Dovecot's log:\n%s", tail(s.logFile()))
		}
		os.RemoveAll(s.Dir)
	})
	s.prepare()
	// A port found free can be taken before Dovecot binds it.
	var err error
	for range 4 {
		p := freePorts(tb, 4)
		s.IMAPPort, s.IMAPSPort, s.POP3Port, s.POP3SPort = p[0], p[1], p[2], p[3]
		s.write("dovecot.conf", s.config(), 0o644)
		if err = s.start(); err == nil {
			return s
		}
	}
	tb.Fatalf("Dovecot does not start: %v\n%s", err, tail(s.logFile()))
	return nil
}

// Password of a user.
func (s *Server) Password(user string) string { return s.Users[user] }

// Stop ends the server; its mail stays. Start brings it back on the same ports.
func (s *Server) Stop() {
	if s.proc != nil {
		s.proc.stop()
		s.proc = nil
	}
}

// Start starts a stopped server again on the same ports.
func (s *Server) Start() {
	s.tb.Helper()
	if err := again(s.start); err != nil {
		s.tb.Fatalf("Dovecot does not start again: %v\n%s", err, tail(s.logFile()))
	}
}

func (s *Server) start() error {
	p, err := startProcess(nil, false, s.bin, "-F", "-c", s.conf())
	if err != nil {
		return err
	}
	if err := p.awaitPorts(s.IMAPPort, s.IMAPSPort, s.POP3Port, s.POP3SPort); err != nil {
		p.stop()
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(p.out.String()))
	}
	s.proc = p
	return nil
}

func (s *Server) conf() string    { return filepath.Join(s.Dir, "dovecot.conf") }
func (s *Server) logFile() string { return filepath.Join(s.Dir, "dovecot.log") }

// Log is everything the server logged so far.
func (s *Server) Log() string {
	b, _ := os.ReadFile(s.logFile())
	return string(b)
}

// prepare writes certificates and users and makes the mail folder.
func (s *Server) prepare() {
	s.tb.Helper()
	a := certs(s.tb)
	cert := s.opts.Cert
	if cert == "" {
		cert = Good
	}
	pair, ok := a.pairs[cert]
	if !ok {
		s.tb.Fatalf("mailtest has no certificate %q", cert)
	}
	s.CAFile = s.write("ca.pem", string(a.caPEM), 0o644)
	s.write("cert.pem", string(pair.certPEM), 0o644)
	s.write("key.pem", string(pair.keyPEM), 0o600)
	var users strings.Builder
	for name, password := range s.Users {
		fmt.Fprintf(&users, "%s:{PLAIN}%s::::::\n", name, password)
	}
	passwd := s.write("users", users.String(), 0o600)

	s.uid, s.gid = os.Getuid(), os.Getgid()
	mailDir := filepath.Join(s.Dir, "mail")
	if err := os.Mkdir(mailDir, 0o700); err != nil {
		s.tb.Fatal(err)
	}
	if s.uid == 0 {
		owner, err := user.Lookup("mail")
		if err != nil {
			s.tb.Fatalf("this machine has no user mail: %v", err)
		}
		s.uid, _ = strconv.Atoi(owner.Uid)
		s.gid, _ = strconv.Atoi(owner.Gid)
		auth, err := user.Lookup("dovecot")
		if err != nil {
			s.tb.Fatalf("this machine has no user dovecot: %v", err)
		}
		authID, _ := strconv.Atoi(auth.Uid)
		if err := os.Chown(mailDir, s.uid, s.gid); err != nil {
			s.tb.Fatal(err)
		}
		if err := os.Chown(passwd, authID, -1); err != nil {
			s.tb.Fatal(err)
		}
	}
}

func (s *Server) write(name, text string, mode os.FileMode) string {
	s.tb.Helper()
	path := filepath.Join(s.Dir, name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		s.tb.Fatal(err)
	}
	return path
}

// Deliver puts messages into a user's INBOX as new mail, in order. Dovecot serves every line with CRLF whatever the
// line ends given here.
func (s *Server) Deliver(user string, raw ...[]byte) {
	s.tb.Helper()
	if s.opts.Format == "sdbox" {
		for _, m := range raw {
			s.DeliverTo(user, "INBOX", m)
		}
		return
	}
	box := s.maildir(user)
	for _, m := range raw {
		n := s.seq.Add(1)
		name := fmt.Sprintf("%d.M%09dP%d.peyk,S=%d", time.Now().Unix(), n, os.Getpid(), len(m))
		tmp := filepath.Join(box, "tmp", name)
		if err := os.WriteFile(tmp, m, 0o600); err != nil {
			s.tb.Fatal(err)
		}
		s.own(tmp)
		if err := os.Rename(tmp, filepath.Join(box, "new", name)); err != nil {
			s.tb.Fatal(err)
		}
	}
}

// maildir makes a user's Maildir when Dovecot has not done so yet.
func (s *Server) maildir(user string) string {
	s.tb.Helper()
	if _, ok := s.Users[user]; !ok {
		s.tb.Fatalf("this Dovecot has no user %q", user)
	}
	box := filepath.Join(s.Dir, "mail", user, "Maildir")
	for _, d := range []string{filepath.Dir(box), box, filepath.Join(box, "tmp"), filepath.Join(box, "new"), filepath.Join(box, "cur")} {
		switch err := os.Mkdir(d, 0o700); {
		case err == nil:
			s.own(d)
		case !os.IsExist(err):
			s.tb.Fatal(err)
		}
	}
	return box
}

func (s *Server) own(path string) {
	if os.Getuid() == 0 {
		if err := os.Chown(path, s.uid, s.gid); err != nil {
			s.tb.Fatal(err)
		}
	}
}

// DeliverTo saves a message into any mailbox of a user, creating it when it is missing.
func (s *Server) DeliverTo(user, mailbox string, raw []byte) {
	s.tb.Helper()
	if mailbox != "INBOX" {
		exec.Command(s.adm, "-c", s.conf(), "mailbox", "create", "-s", "-u", user, mailbox).Run() // may be there already
	}
	s.doveadm(raw, "save", "-u", user, "-m", mailbox)
}

// Doveadm runs doveadm on this server and returns its output; a failure fails the test.
func (s *Server) Doveadm(args ...string) string {
	s.tb.Helper()
	return s.doveadm(nil, args...)
}

func (s *Server) doveadm(stdin []byte, args ...string) string {
	s.tb.Helper()
	cmd := exec.Command(s.adm, append([]string{"-c", s.conf()}, args...)...)
	cmd.Stdin = bytes.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		s.tb.Fatalf("doveadm %s: %v: %s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}
