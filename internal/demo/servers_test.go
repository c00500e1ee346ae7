package demo

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"peyk/internal/mail"
)

// syncBuffer is a bytes.Buffer for two goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) Len() int       { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Len() }
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func start(t *testing.T) *Servers {
	t.Helper()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func trust() *tls.Config { return &tls.Config{InsecureSkipVerify: true} }

func addr(port int) string { return net.JoinHostPort("127.0.0.1", fmt.Sprint(port)) }

func imapClient(t *testing.T, s *Servers) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(addr(s.Ports.IMAPS), &imapclient.Options{TLSConfig: trust()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(IMAPUser, Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func inboxCount(t *testing.T, c *imapclient.Client) uint32 {
	t.Helper()
	d, err := c.Status("INBOX", &imap.StatusOptions{NumMessages: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return *d.NumMessages
}

func send(t *testing.T, s *Servers, from string, to []string, text string) error {
	t.Helper()
	c, err := smtp.DialTLS(addr(s.Ports.SMTPS), trust())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", from, Password)); err != nil {
		t.Fatal(err)
	}
	return c.SendMail(from, to, strings.NewReader(text))
}

func TestMailBetweenTheTwoAccountsArrives(t *testing.T) {
	s := start(t)
	c := imapClient(t, s)
	before := inboxCount(t, c)
	if err := send(t, s, POP3User, []string{IMAPUser}, "Subject: hello\r\nMessage-ID: <1@x>\r\n\r\nhi\r\n"); err != nil {
		t.Fatal(err)
	}
	if after := inboxCount(t, c); after != before+1 {
		t.Errorf("the inbox has %d messages, want %d", after, before+1)
	}
	was := s.drop.count()
	if err := send(t, s, IMAPUser, []string{POP3User}, "Subject: back\r\n\r\nho\r\n.dot\r\n"); err != nil {
		t.Fatal(err)
	}
	p := popDial(t, s)
	p.login(t)
	if got := p.ok(t, "STAT"); !strings.HasPrefix(got, fmt.Sprint(was+1)) {
		t.Errorf("STAT says %q, want %d messages", got, was+1)
	}
	p.ok(t, "RETR %d", was+1)
	body, err := p.ReadDotBytes()
	if err != nil || !bytes.Contains(body, []byte("ho\n.dot\n")) {
		t.Errorf("the message reads %q, %v", body, err)
	}
}

func TestPeopleOfTheSamplesAnswer(t *testing.T) {
	s := start(t)
	s.replies.delay = time.Millisecond
	c := imapClient(t, s)
	before := inboxCount(t, c)
	if err := send(t, s, IMAPUser, []string{"sara@example.org"}, "Subject: question\r\nMessage-ID: <q@x>\r\n\r\n?\r\n"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return inboxCount(t, c) == before+1 })
}

func TestStrangersAreRefused(t *testing.T) {
	s := start(t)
	err := send(t, s, IMAPUser, []string{"nobody@elsewhere.example"}, "Subject: x\r\n\r\n")
	if err == nil || !strings.Contains(err.Error(), "550") {
		t.Errorf("the error is %v, want 550", err)
	}
}

func TestAutoReplyThreads(t *testing.T) {
	h := netmail.Header{"Subject": {"Re: =?utf-8?b?2LPZhNin2YU=?="}, "Message-Id": {"<b@x>"}, "References": {"<a@x>"}}
	m, err := netmail.ReadMessage(bytes.NewReader(autoReply(mail.Address{Name: "سارا", Addr: "sara@example.org"}, IMAPUser, h, time.Now())))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Header.Get("References"); got != "<a@x> <b@x>" {
		t.Errorf("References is %q", got)
	}
	if got := m.Header.Get("Subject"); got != "Re: =?utf-8?b?2LPZhNin2YU=?=" {
		t.Errorf("Subject is %q", got)
	}
}

// pop is a POP3 client small enough to see through.
type pop struct{ *textproto.Conn }

func popDial(t *testing.T, s *Servers) pop {
	t.Helper()
	c, err := tls.Dial("tcp", addr(s.Ports.POP3S), trust())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	p := pop{textproto.NewConn(c)}
	if l, err := p.ReadLine(); err != nil || !strings.HasPrefix(l, "+OK") {
		t.Fatalf("the greeting is %q, %v", l, err)
	}
	return p
}

func (p pop) cmd(t *testing.T, format string, args ...any) string {
	t.Helper()
	if err := p.PrintfLine(format, args...); err != nil {
		t.Fatal(err)
	}
	l, err := p.ReadLine()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (p pop) ok(t *testing.T, format string, args ...any) string {
	t.Helper()
	l := p.cmd(t, format, args...)
	rest, ok := strings.CutPrefix(l, "+OK ")
	if !ok {
		t.Fatalf("%s: %s", fmt.Sprintf(format, args...), l)
	}
	return rest
}

func (p pop) login(t *testing.T) {
	t.Helper()
	p.ok(t, "USER %s", POP3User)
	p.ok(t, "PASS %s", Password)
}

func TestDeletionNeedsQuit(t *testing.T) {
	s := start(t)
	n := s.drop.count()
	p := popDial(t, s)
	if l := p.cmd(t, "STAT"); !strings.HasPrefix(l, "-ERR") {
		t.Errorf("STAT before the login: %q", l)
	}
	p.login(t)
	p.ok(t, "DELE 1")
	if l := p.cmd(t, "RETR 1"); !strings.HasPrefix(l, "-ERR") {
		t.Errorf("a deleted message can be read: %q", l)
	}
	other := popDial(t, s)
	other.ok(t, "USER %s", POP3User)
	if l := other.cmd(t, "PASS %s", Password); !strings.Contains(l, "IN-USE") {
		t.Errorf("a second session got in: %q", l)
	}
	p.Close()
	waitFor(t, func() bool { s.drop.mu.Lock(); defer s.drop.mu.Unlock(); return !s.drop.busy })
	if got := s.drop.count(); got != n {
		t.Fatalf("%d messages after a lost session, want %d", got, n)
	}
	p = popDial(t, s)
	p.login(t)
	p.ok(t, "DELE 1")
	p.ok(t, "QUIT")
	waitFor(t, func() bool { return s.drop.count() == n-1 })
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("waited in vain")
}

func TestAccountsFitTheServers(t *testing.T) {
	s := start(t)
	for _, a := range s.Accounts() {
		if a.Incoming.PinnedSHA256 != s.Fingerprint || a.Outgoing.PinnedSHA256 != s.Fingerprint {
			t.Errorf("%s does not pin the certificate", a.Name)
		}
		if len(a.Identities) == 0 || a.Incoming.Port == 0 || a.Outgoing.Port == 0 {
			t.Errorf("%s is incomplete: %+v", a.Name, a)
		}
	}
}

func (d *maildrop) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.msgs)
}
