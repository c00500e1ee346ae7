package mailtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

const postfixPackages = "postfix"

// PostfixOptions say what kind of Postfix is started. The zero value is a good default.
type PostfixOptions struct {
	// Domains are the mail domains that are local; every user of the Dovecot has an address in each. nil: peyk.test and
	// shomal.example. Mail for any other domain is refused with 554 at RCPT, so that a test can never send mail out.
	Domains []string
	// Aliases are further addresses: address → user.
	Aliases map[string]string
	// Cert is the certificate shown; "": Good.
	Cert Cert
	// SizeLimit is the largest message in bytes; 0: 50 MB.
	SizeLimit int64
	// NoSTARTTLS takes STARTTLS away from Port25.
	NoSTARTTLS bool
	// NoUTF8 takes SMTPUTF8 away.
	NoUTF8 bool
	// Extra is appended to main.cf.
	Extra string
}

// MTA is a running Postfix that delivers into a Dovecot and lets its users log in.
//
// Port25 is plain with STARTTLS offered, takes mail for the local domains from everybody, and offers AUTH even without
// TLS, so that tests can see that Peyk refuses it. Port465 speaks TLS from the start; Port587 demands STARTTLS; both
// want a login.
type MTA struct {
	Port25, Port465, Port587 int

	CAFile  string
	Domains []string
	Dir     string

	tb      testing.TB
	dovecot *Server
	opts    PostfixOptions
	proc    *process
	command string // the folder with postfix, postconf
	daemons string // the folder with master
	sudo    bool
}

// StartPostfix starts a private Postfix that ends with the test. The Dovecot must keep its mail as maildir.
func StartPostfix(tb testing.TB, d *Server, o PostfixOptions) *MTA {
	tb.Helper()
	m := &MTA{tb: tb, dovecot: d, opts: o, Domains: o.Domains, CAFile: d.CAFile}
	if d.opts.Format == "sdbox" {
		tb.Fatal("StartPostfix delivers to maildir only")
	}
	if m.Domains == nil {
		m.Domains = []string{"peyk.test", "shomal.example"}
	}
	postconf := program(tb, "postconf", postfixPackages)
	m.command = filepath.Dir(postconf)
	out, err := exec.Command(postconf, "-d", "-h", "daemon_directory").Output()
	if err != nil {
		tb.Fatalf("postconf: %v", err)
	}
	m.daemons = strings.TrimSpace(string(out))
	if os.Getuid() != 0 {
		if err := exec.Command("sudo", "-n", "true").Run(); err != nil {
			tb.Fatal("Postfix starts as root only: run these tests as root, or as a user whose sudo asks no password (sudo -v)")
		}
		m.sudo = true
	}
	m.Dir = baseDir(tb, "postfix")
	tb.Cleanup(func() {
		if m.proc != nil {
			m.proc.kill()
		}
		if tb.Failed() {
			tb.Logf("end of Postfix's log:\n%s", tail(m.logFile()))
		}
		m.run("rm", "-rf", m.Dir)
	})
	m.prepare()
	for range 4 {
		p := freePorts(tb, 3)
		m.Port25, m.Port465, m.Port587 = p[0], p[1], p[2]
		m.write("etc/master.cf", m.masterCF(), 0o644)
		if err = m.start(); err == nil {
			return m
		}
	}
	tb.Fatalf("Postfix does not start: %v\n%s", err, tail(m.logFile()))
	return nil
}

// Stop ends the server; its queue stays. Start brings it back on the same ports.
func (m *MTA) Stop() {
	if m.proc != nil {
		m.proc.stop()
		m.proc = nil
	}
}

// Start starts a stopped server again.
func (m *MTA) Start() {
	m.tb.Helper()
	if err := again(m.start); err != nil {
		m.tb.Fatalf("Postfix does not start again: %v\n%s", err, tail(m.logFile()))
	}
}

func (m *MTA) start() error {
	env := []string{"PATH=" + os.Getenv("PATH"), "LANG=C"}
	p, err := startProcess(env, m.sudo, filepath.Join(m.daemons, "master"), "-d", "-c", filepath.Join(m.Dir, "etc"))
	if err != nil {
		return err
	}
	if err := p.awaitPorts(m.Port25, m.Port465, m.Port587); err != nil {
		p.stop()
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(p.out.String()))
	}
	m.proc = p
	return nil
}

// Address of a user in the first domain.
func (m *MTA) Address(user string) string { return user + "@" + m.Domains[0] }

func (m *MTA) logFile() string { return filepath.Join(m.Dir, "log", "postfix.log") }

// Log is everything the server logged so far.
func (m *MTA) Log() string {
	b, _ := os.ReadFile(m.logFile())
	return string(b)
}

// run executes a command with the rights Postfix's files want.
func (m *MTA) run(argv ...string) {
	m.tb.Helper()
	if m.sudo {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		m.tb.Errorf("%s: %v: %s", strings.Join(argv, " "), err, out)
	}
}

func (m *MTA) write(name, text string, mode os.FileMode) {
	m.tb.Helper()
	path := filepath.Join(m.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.tb.Fatal(err)
	}
	if m.sudo {
		os.Remove(path)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		m.tb.Fatal(err)
	}
	// Postfix waits two seconds before it believes a file that was changed just now.
	if before := time.Now().Add(-time.Minute); os.Chtimes(path, before, before) != nil {
		m.tb.Fatalf("the time of %s cannot be set", path)
	}
}

// prepare makes what "postfix check" would make: the queue folders with their owners, and the maps.
func (m *MTA) prepare() {
	m.tb.Helper()
	if _, err := user.Lookup("postfix"); err != nil {
		m.tb.Fatalf("this machine has no user postfix: %v", err)
	}
	cert := m.opts.Cert
	if cert == "" {
		cert = Good
	}
	pair, ok := certs(m.tb).pairs[cert]
	if !ok {
		m.tb.Fatalf("mailtest has no certificate %q", cert)
	}
	m.write("etc/cert.pem", string(pair.certPEM), 0o644)
	m.write("etc/key.pem", string(pair.keyPEM), 0o600)

	var boxes []string
	for name := range m.dovecot.Users {
		m.dovecot.maildir(name)
		for _, d := range m.Domains {
			boxes = append(boxes, fmt.Sprintf("%s@%s %s/Maildir/\n", name, d, name))
		}
	}
	for address, name := range m.opts.Aliases {
		boxes = append(boxes, fmt.Sprintf("%s %s/Maildir/\n", address, name))
	}
	sort.Strings(boxes)
	m.write("etc/boxes", strings.Join(boxes, ""), 0o644)
	m.write("etc/main.cf", m.mainCF(), 0o644)
	m.write("etc/master.cf", m.masterCF(), 0o644)

	q := filepath.Join(m.Dir, "queue")
	for _, d := range []string{"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace", "maildrop", "public"} {
		dir := filepath.Join(q, d)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			m.tb.Fatal(err)
		}
		m.run("chown", "postfix", dir)
		if mode := map[string]string{"maildrop": "730", "public": "710"}[d]; mode != "" {
			m.run("chgrp", "postdrop", dir)
			m.run("chmod", mode, dir)
			continue
		}
		m.run("chmod", "700", dir)
	}
	for _, d := range []string{filepath.Join(q, "pid"), filepath.Join(m.Dir, "data"), filepath.Join(m.Dir, "log")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			m.tb.Fatal(err)
		}
	}
	m.run("chown", "postfix", filepath.Join(m.Dir, "data"))
	m.run("chown", "-R", "root", filepath.Join(m.Dir, "etc"), filepath.Join(q, "pid"), filepath.Join(m.Dir, "log"))
	m.run("chown", "root", q)
}
