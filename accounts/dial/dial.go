package dial

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// The protocols of Options.Protocol.
const (
	IMAP = "imap"
	POP3 = "pop3"
	SMTP = "smtp"
)

const (
	// defaultTimeout is the idle timeout when the account sets none.
	defaultTimeout = 60 * time.Second
	// maxConnect bounds connecting and the handshakes, however long the idle timeout is.
	maxConnect = 60 * time.Second
)

// Options say what is dialled; the zero value is usable when the server has a port.
type Options struct {
	// Protocol is IMAP, POP3 or SMTP: it gives the default port and the words of the advice.
	Protocol string
	// MaxLine bounds the bytes of one line; 0: no bound. Conn.SetMaxLine changes it.
	MaxLine int
	// ProbeAfter is how long a connection without TLS may stay silent before a second one finds out whether the port
	// wants TLS from the start. 0: three seconds.
	ProbeAfter time.Duration
}

// DefaultPort returns the port that a protocol uses with a kind of security (RFC 8314 §7, RFC 6409, RFC 5321), 0 when
// the protocol is none of ours.
func DefaultPort(protocol string, sec mail.Security) int {
	tls := sec == mail.SecurityTLS || sec == ""
	switch protocol {
	case IMAP:
		if tls {
			return 993
		}
		return 143
	case POP3:
		if tls {
			return 995
		}
		return 110
	case SMTP:
		switch {
		case tls:
			return 465
		case sec == mail.SecuritySTARTTLS:
			return 587
		}
		return 25
	}
	return 0
}

// timeout is the idle timeout of a server: 10 s to 10 min, DefaultTimeout when unset.
func timeout(srv mail.Server) time.Duration {
	if srv.TimeoutSeconds <= 0 {
		return defaultTimeout
	}
	return time.Duration(srv.TimeoutSeconds) * time.Second
}

// Address returns host:port of a server as people read it, with the default port filled in.
func Address(srv mail.Server, protocol string) string {
	port := srv.Port
	if port == 0 {
		port = DefaultPort(protocol, srv.Security)
	}
	return net.JoinHostPort(srv.Host, strconv.Itoa(port))
}

// Dial connects, does the TLS handshake when srv.Security is TLS, and waits for the first byte of the server's greeting
// (all three protocols begin with one), which stays readable. With STARTTLS and none the connection is not encrypted yet:
// the caller negotiates and calls StartTLS. Failures are *remote.Error with Step "find", "connect", "tls" or "greeting".
// The connection outlives ctx; bind verbs to a context with Conn.Bind.
func Dial(ctx context.Context, srv mail.Server, o Options) (*Conn, error) {
	d := &dialer{srv: srv, opt: o, idle: timeout(srv), addr: Address(srv, o.Protocol)}
	if err := d.check(); err != nil {
		return nil, err
	}
	cctx, cancel := context.WithTimeout(ctx, min(d.idle, maxConnect))
	defer cancel()

	loaded := d.loadRoots()
	defer loaded()
	raw, err := d.connect(cctx)
	if err != nil {
		return nil, d.whyCtx(ctx, "connect", err)
	}
	c := newConn(raw, d)
	stop := c.Bind(cctx)
	defer stop()
	if srv.Security == mail.SecurityTLS || srv.Security == "" {
		if err := c.handshake(cctx); err != nil {
			c.Close()
			return nil, d.whyCtx(ctx, "tls", err)
		}
	}
	if err := c.awaitGreeting(cctx); err != nil {
		c.Close()
		return nil, d.whyCtx(ctx, "greeting", err)
	}
	return c, nil
}

// Find looks the name of a server up and gives its first address. Failures are those of Dial, with Step "find" or "connect".
func Find(ctx context.Context, srv mail.Server, protocol string) (addr string, err error) {
	d := &dialer{srv: srv, idle: timeout(srv), addr: Address(srv, protocol)}
	if err := d.check(); err != nil {
		return "", err
	}
	cctx, cancel := context.WithTimeout(ctx, min(d.idle, maxConnect))
	defer cancel()
	addrs, err := net.DefaultResolver.LookupHost(cctx, d.ascii)
	if err != nil {
		return "", d.whyCtx(ctx, "find", err)
	}
	return addrs[0], nil
}

// tcp makes connections whose end is noticed while nothing is said on them. A router that has forgotten a connection drops what is sent on it without a word, and who listens for new mail, or waits
// for the answer to a message that was sent, would wait for many minutes: the system's default is nine probes.
func tcp(protocol string) *net.Dialer {
	n := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 45 * time.Second, Interval: 10 * time.Second, Count: 3}}
	if protocol != SMTP {
		whileUnacked(n)
	}
	return n
}

// unackedFor is how long what was sent may be without the other system's acknowledgement: this is for connections that nobody knows any more. While something is not acknowledged,
// no probes are sent, and the patience for a command that makes a server work, such as opening a large folder, is four times that. It does not hold for sending, nor while a message is uploaded: Linux
// also counts the time in which a server acknowledges and takes nothing, as one does that examines a message while it comes, and a message that is given up behind its last
// byte may have been sent. What holds then is in timed.go.
const unackedFor = time.Minute

// loadRoots lets the platform's authorities be read while the network is waited for: in a fresh process that takes as long as a
// round trip within a country. The returned function waits for the end of it.
func (d *dialer) loadRoots() (wait func()) {
	if d.srv.Security == mail.SecurityNone || d.srv.CAFile != "" {
		return func() {}
	}
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = x509.SystemCertPool() }) // reads them once; whether that went well, Verify tells
	return wg.Wait
}

// dialer is one attempt.
type dialer struct {
	srv   mail.Server
	opt   Options
	idle  time.Duration
	addr  string // host:port for people
	ascii string // host as DNS and certificates know it
	port  int
}

// check completes the address and refuses what cannot be dialled.
func (d *dialer) check() error {
	host, port, err := net.SplitHostPort(d.addr)
	if err != nil {
		return d.config("the server's address "+strconv.Quote(d.addr)+" makes no sense", "Check the server name in the account settings.")
	}
	if host = strings.TrimSuffix(strings.TrimSpace(host), "."); host == "" {
		return d.config("no server name is set", "Enter the server name in the account settings.")
	}
	if d.port, err = strconv.Atoi(port); err != nil || d.port < 1 || d.port > 65535 {
		return d.config("port "+port+" is not between 1 and 65535", "Correct the port in the account settings.")
	}
	d.ascii = host
	if net.ParseIP(host) == nil {
		if d.ascii, err = idna.Lookup.ToASCII(host); err != nil {
			// Names with an underscore and the like are not IDNA, yet resolvers take them.
			d.ascii = host
		}
		if strings.ContainsAny(d.ascii, " \t\r\n/@\x00") {
			return d.config(strconv.Quote(host)+" is not a server name", "Correct the server name in the account settings.")
		}
	}
	return nil
}

func (d *dialer) config(text, advice string) error {
	return &remote.Error{Host: d.addr, Step: "connect", Kind: mail.ProblemConfig, Permanent: true, Closed: true,
		Why: mail.CodeSettings, Err: errors.New(text), Advice: advice}
}

func (d *dialer) connect(ctx context.Context) (net.Conn, error) {
	target := net.JoinHostPort(d.ascii, strconv.Itoa(d.port))
	if d.srv.Proxy != "" {
		return dialProxy(ctx, tcp(d.opt.Protocol), d.srv.Proxy, target)
	}
	return tcp(d.opt.Protocol).DialContext(ctx, "tcp", target)
}
