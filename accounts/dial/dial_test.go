package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// refuse dials and returns the failure, which must have the given step and kind and words.
func refuse(t *testing.T, srv mail.Server, o dial.Options, step string, kind mail.ProblemKind, words ...string) *remote.Error {
	t.Helper()
	c, err := dial.Dial(context.Background(), srv, o)
	if err == nil {
		c.Close()
		t.Fatalf("the connection was made")
	}
	e := remote.As(err)
	if e == nil {
		t.Fatalf("not a remote.Error: %v", err)
	}
	if e.Step != step || e.Kind != kind {
		t.Errorf("step %q kind %q, want %q %q: %v", e.Step, e.Kind, step, kind, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the message does not say %q: %v", w, err)
		}
	}
	return e
}

func server(port int, sec mail.Security) mail.Server {
	return mail.Server{Host: "127.0.0.1", Port: port, Security: sec, TimeoutSeconds: 10}
}

func TestDialDovecot(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	srv := server(d.IMAPSPort, mail.SecurityTLS)
	imap := dial.Options{Protocol: dial.IMAP}

	t.Run("unknown authority", func(t *testing.T) {
		e := refuse(t, srv, imap, "tls", mail.ProblemCertificate, "Peyk Test CA", "not an authority", "valid until")
		if e.Cert == nil || e.Cert.SHA256 != mailtest.Fingerprint(t, mailtest.Good) || e.Cert.NotAfter == "" || !e.Permanent {
			t.Errorf("certificate %+v", e.Cert)
		}
	})
	t.Run("trusted by CA file, by address and by name", func(t *testing.T) {
		for _, host := range []string{"127.0.0.1", "localhost", "localhost."} {
			s := srv
			s.CAFile, s.Host = d.CAFile, host
			c, err := dial.Dial(t.Context(), s, imap)
			if err != nil {
				t.Fatalf("%s: %v", host, err)
			}
			defer c.Close()
			line := make([]byte, 4)
			if _, err := io.ReadFull(c, line); err != nil || string(line) != "* OK" {
				t.Errorf("greeting %q %v", line, err)
			}
			if !c.Encrypted() || dial.PasswordAllowed(c) != nil || c.BytesIn() < 4 {
				t.Errorf("encrypted %v, %d bytes", c.Encrypted(), c.BytesIn())
			}
		}
	})
	t.Run("pinned", func(t *testing.T) {
		s := srv
		s.PinnedSHA256 = strings.ToUpper(mailtest.Fingerprint(t, mailtest.Good))
		c, err := dial.Dial(t.Context(), s, imap)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		// A pin that does not fit refuses even a certificate that would be trusted otherwise.
		s.PinnedSHA256, s.CAFile = mailtest.Fingerprint(t, mailtest.Expired), d.CAFile
		e := refuse(t, s, imap, "tls", mail.ProblemCertificate, "not the certificate that was pinned")
		if !e.Cert.Vouched || e.Cert.Pin() != "" {
			t.Errorf("the new certificate is of an authority: %+v", e.Cert)
		}
		s.CAFile = ""
		e = refuse(t, s, imap, "tls", mail.ProblemCertificate, "not the certificate that was pinned", "also")
		if e.Cert.Vouched || e.Cert.Pin() != e.Cert.SHA256 {
			t.Errorf("nobody vouches for the new certificate: %+v", e.Cert)
		}
	})
	t.Run("CA file missing", func(t *testing.T) {
		s := srv
		s.CAFile = d.CAFile + ".missing"
		refuse(t, s, imap, "tls", mail.ProblemConfig, "CA file")
	})
	t.Run("TLS to the plain port", func(t *testing.T) {
		for port, proto := range map[int]string{d.IMAPPort: dial.IMAP, d.POP3Port: dial.POP3} {
			e := refuse(t, server(port, mail.SecurityTLS), dial.Options{Protocol: proto}, "tls", mail.ProblemConfig, "does not speak TLS from the start")
			if !strings.Contains(e.Advice, "STARTTLS") {
				t.Errorf("advice %q", e.Advice)
			}
		}
	})
	t.Run("plain to the TLS port", func(t *testing.T) {
		o := dial.Options{Protocol: dial.IMAP, ProbeAfter: 50 * time.Millisecond}
		refuse(t, server(d.IMAPSPort, mail.SecuritySTARTTLS), o, "greeting", mail.ProblemConfig, "wants TLS from the start", "Choose TLS")
		refuse(t, server(d.POP3SPort, mail.SecurityNone), o, "greeting", mail.ProblemConfig, "wants TLS from the start")
	})
	t.Run("a password without encryption", func(t *testing.T) {
		s := server(d.IMAPPort, mail.SecurityNone)
		c, err := dial.Dial(t.Context(), s, imap)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if e := remote.As(dial.PasswordAllowed(c)); e == nil || e.Kind != mail.ProblemPlaintext {
			t.Errorf("loopback without TLS allows the password: %v", e)
		}
		s.AllowPlaintext = true
		c2, err := dial.Dial(t.Context(), s, imap)
		if err != nil {
			t.Fatal(err)
		}
		defer c2.Close()
		if err := dial.PasswordAllowed(c2); err != nil {
			t.Error(err)
		}
	})
}

func TestBadCertificates(t *testing.T) {
	for cert, words := range map[mailtest.Cert]string{
		mailtest.Expired:    "it expired on",
		mailtest.WrongName:  "made out to mail.elsewhere.example, not to 127.0.0.1",
		mailtest.SelfSigned: "signed by itself",
	} {
		s := mailtest.StartScript(t, cert, func(c *mailtest.ScriptConn) { c.Send("+OK\r\n"); c.Drain() })
		srv := server(s.Port, mail.SecurityTLS)
		srv.CAFile = mailtest.CAFile(t)
		refuse(t, srv, dial.Options{Protocol: dial.POP3}, "tls", mail.ProblemCertificate, words, "Nothing was sent")
		srv.PinnedSHA256 = mailtest.Fingerprint(t, cert)
		c, err := dial.Dial(t.Context(), srv, dial.Options{})
		if err != nil {
			t.Errorf("%s: pinned, yet %v", cert, err)
			continue
		}
		c.Close()
	}
}

// A server that knows nothing newer than TLS 1.1 is told as that and gets nothing, whether it breaks off itself or goes on with what it has.
func TestOldTLS(t *testing.T) {
	listen := func(serve func(net.Conn)) mail.Server {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				serve(c)
			}
		}()
		srv := server(l.Addr().(*net.TCPAddr).Port, mail.SecurityTLS)
		srv.CAFile = mailtest.CAFile(t)
		return srv
	}
	old := mailtest.TLSConfig(t, mailtest.Good)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	got := make(chan int, 10)
	t.Run("wants other settings", func(t *testing.T) {
		srv := listen(func(c net.Conn) {
			defer c.Close()
			c.Read(make([]byte, 4096))
			c.Write([]byte{21, 3, 3, 0, 2, 2, 40}) // handshake_failure
		})
		if e := refuse(t, srv, dial.Options{Protocol: dial.IMAP}, "tls", mail.ProblemNetwork, "broke off the encryption handshake", "handshake failure"); e.Why != mail.CodeHandshake {
			t.Errorf("%q", e.Why)
		}
	})
	for name, srv := range map[string]mail.Server{
		"breaks off": listen(func(c net.Conn) {
			defer c.Close()
			tc := tls.Server(c, old)
			if tc.Handshake() == nil {
				tc.Write([]byte("* OK ready\r\n"))
			}
			n, _ := tc.Read(make([]byte, 100))
			got <- n
		}),
		"goes on": listen(func(c net.Conn) {
			defer c.Close()
			c.Read(make([]byte, 4096))
			// A ServerHello (RFC 5246 §7.4.1.3) of TLS 1.1.
			c.Write(slices.Concat([]byte{22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2}, make([]byte, 32), []byte{0, 0xc0, 0x13, 0}))
			io.Copy(io.Discard, c)
			got <- 0
		}),
	} {
		t.Run(name, func(t *testing.T) {
			e := refuse(t, srv, dial.Options{Protocol: dial.IMAP}, "tls", mail.ProblemNetwork, "older than TLS 1.2")
			if e.Why != mail.CodeOldTLS || !e.Permanent {
				t.Errorf("%q, permanent %v", e.Why, e.Permanent)
			}
			if n := <-got; n > 0 {
				t.Errorf("%d bytes were sent to it", n)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	refuse(t, server(port, mail.SecurityTLS), dial.Options{}, "connect", mail.ProblemNetwork, "nothing answers on port", "Check the port")
	refuse(t, mail.Server{Host: "no-such-host.invalid", Port: 993}, dial.Options{}, "find", mail.ProblemNetwork, "no-such-host.invalid", "online")
	refuse(t, mail.Server{Host: "", Port: 993}, dial.Options{}, "connect", mail.ProblemConfig, "no server name")
	refuse(t, mail.Server{Host: "bad host\r\n", Port: 993}, dial.Options{}, "connect", mail.ProblemConfig, "not a server name")
	refuse(t, mail.Server{Host: "x.example", Port: 70000}, dial.Options{}, "connect", mail.ProblemConfig, "65535")
}

func TestStartTLS(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK hello\r\n")
		c.Answer("STLS", "+OK\r\n")
		if c.StartTLS(mailtest.Good) {
			c.Answer("CAPA", "+OK secret\r\n")
		}
	})
	srv := server(s.Port, mail.SecuritySTARTTLS)
	srv.CAFile = mailtest.CAFile(t)
	c, err := dial.Dial(t.Context(), srv, dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read(t, c, "+OK hello\r\n")
	io.WriteString(c, "STLS\r\n")
	read(t, c, "+OK\r\n")
	if err := c.StartTLS(t.Context()); err != nil {
		t.Fatal(err)
	}
	io.WriteString(c, "CAPA\r\n")
	read(t, c, "+OK secret\r\n")
	if strings.Contains(s.Plain(), "CAPA") || !c.Encrypted() || c.Security() != "TLS 1.3" {
		t.Errorf("plain %q, %s", s.Plain(), c.Security())
	}
}

// TestInjectionBreaksHandshake: data between the agreement and the handshake must not be taken for the server's.
func TestInjectionBreaksHandshake(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK hello\r\n")
		c.Answer("STLS", "+OK\r\n", "+OK injected\r\n")
		c.StartTLS(mailtest.Good)
		c.Drain()
	})
	srv := server(s.Port, mail.SecuritySTARTTLS)
	srv.CAFile = mailtest.CAFile(t)
	c, err := dial.Dial(t.Context(), srv, dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read(t, c, "+OK hello\r\n")
	io.WriteString(c, "STLS\r\n")
	read(t, c, "+OK\r\n")
	err = c.StartTLS(t.Context())
	if e := remote.As(err); e == nil || e.Step != "tls" || !e.Closed || !strings.Contains(err.Error(), "before the encryption began") {
		t.Fatalf("got %v", err)
	}
}

func read(t *testing.T, r io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != want {
		t.Fatalf("read %q %v, want %q", got, err, want)
	}
}

func TestDeadlinesAndCancellation(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) { c.Send("+OK\r\n"); c.Drain() })
	c, err := dial.Dial(t.Context(), server(s.Port, mail.SecurityNone), dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read(t, c, "+OK\r\n")
	c.SetIdle(20 * time.Millisecond)
	if _, err := c.Read(make([]byte, 1)); err == nil || !strings.Contains(c.Fail("noop", err).Error(), "said nothing") {
		t.Errorf("an idle read ended with %v", err)
	}
	c.SetIdle(0)
	ctx, cancel := context.WithCancel(t.Context())
	defer c.Bind(ctx)()
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled read ended with %v", err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	mute := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) { cancel(); c.Drain() })
	if _, err := dial.Dial(ctx, server(mute.Port, mail.SecurityNone), dial.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Dial ended with %v", err)
	}
}

// TestSetIdleReachesABlockedRead: IDLE waits long, and a shorter wait must be possible while it does.
func TestSetIdleReachesABlockedRead(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) { c.Send("+"); c.Drain() })
	c, err := dial.Dial(t.Context(), server(s.Port, mail.SecurityNone), dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read(t, c, "+")
	c.SetIdle(time.Hour)
	time.AfterFunc(20*time.Millisecond, func() { c.SetIdle(time.Millisecond) })
	var ne net.Error
	if _, err := c.Read(make([]byte, 1)); !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("got %v", err)
	}
}

func TestLimits(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK\r\n", strings.Repeat("x", 50), "\r\n", strings.Repeat("y", 3000))
		for c.Send(strings.Repeat("z", 1000)) {
		}
	})
	c, err := dial.Dial(t.Context(), server(s.Port, mail.SecurityNone), dial.Options{MaxLine: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	n, err := io.Copy(io.Discard, c)
	if !errors.Is(err, dial.ErrTooLong) || n > 64<<10 {
		t.Errorf("endless line: %d bytes, %v", n, err)
	}
	c2, err := dial.Dial(t.Context(), server(s.Port, mail.SecurityNone), dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c2.Close()
	c2.SetBudget(1000)
	n, err = io.Copy(io.Discard, c2)
	if !errors.Is(err, dial.ErrTooLong) || n != 1000 {
		t.Errorf("budget: %d bytes, %v", n, err)
	}
}

func TestClean(t *testing.T) {
	if got := dial.Clean("a\r\nb\x00\tc \u202Ed\u202C " + strings.Repeat("é", 400)); len([]rune(got)) > 301 || !strings.HasPrefix(got, "a b c d é") {
		t.Errorf("%q", got)
	}
}
