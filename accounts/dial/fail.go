package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// reason is an error in words for people that keeps its cause.
type reason struct {
	text string
	err  error
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.err }

// configError is a setting that cannot work.
type configError struct {
	code         mail.ProblemCode
	text, advice string
}

func (e *configError) Error() string { return e.text }

// whyCtx is why, for steps under a context: the caller's own end wins over what it caused.
func (d *dialer) whyCtx(ctx context.Context, step string, err error) error {
	slow := (*slowLogin)(nil)
	if cerr := context.Cause(ctx); errors.As(cerr, &slow) {
		return d.why(step, cerr)
	} else if cerr != nil && !errors.Is(cerr, context.DeadlineExceeded) {
		return &remote.Error{Host: d.addr, Step: step, Kind: mail.ProblemNetwork, Closed: true,
			Err: &reason{"stopped", cerr}}
	}
	return d.why(step, err)
}

// why makes the sentence: what happened, and what to do.
func (d *dialer) why(step string, err error) *remote.Error {
	if e := remote.As(err); e != nil {
		return e
	}
	e := &remote.Error{Host: d.addr, Step: step, Kind: mail.ProblemNetwork, Closed: true, Err: err}
	say := func(code mail.ProblemCode, text, advice string, args ...string) *remote.Error {
		e.Err, e.Advice, e.Why, e.Args = &reason{text, err}, advice, code, args
		return e
	}
	var cert *certError
	var conf *configError
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var alert *net.OpError
	var proxy *proxyError
	var slow *slowLogin
	switch {
	case errors.As(err, &slow):
		return say(mail.CodeTimeout, slow.Error(), "It will be tried again; if the network is slow, a longer timeout helps.", strconv.Itoa(int(slow.limit.Seconds())))
	case errors.As(err, &cert):
		e.Kind, e.Permanent, e.Cert, e.Step = mail.ProblemCertificate, true, &cert.problem, "tls"
		return say(mail.CodeCertificate, fmt.Sprintf("the certificate of %s (issued by %s, valid until %s) is not trusted: %s",
			cert.problem.Subject, cert.problem.Issuer, cert.problem.NotAfter, cert.problem.Reason),
			"Nothing was sent. Ask who runs the server; if you are sure of the certificate, pin it, or add its CA file, in the account's security settings.")
	case errors.As(err, &conf):
		e.Kind, e.Permanent = mail.ProblemConfig, true
		return say(conf.code, conf.text, conf.advice)
	case errors.As(err, &proxy):
		e.Step = "proxy"
		return say(mail.CodeProxy, proxy.Error(), "Check the proxy in the account's settings.")
	case errors.As(err, &dns):
		e.Step = "find"
		if dns.IsNotFound {
			return say(mail.CodeNoHost, fmt.Sprintf("no server named %s was found", d.srv.Host), "Check the spelling of the server name, and that this computer is online.", d.srv.Host)
		}
		return say(mail.CodeLookup, fmt.Sprintf("the name %s could not be looked up", d.srv.Host), "Check that this computer is online.", d.srv.Host)
	case errors.As(err, &record), errors.Is(err, errPlainReply):
		e.Kind, e.Permanent, e.Step = mail.ProblemConfig, true, "tls"
		return say(mail.CodeNotTLS, fmt.Sprintf("port %d does not speak TLS from the start", d.port), d.plainAdvice(), strconv.Itoa(d.port))
	case errors.Is(err, errWantsTLS):
		e.Kind, e.Permanent, e.Step = mail.ProblemConfig, true, "greeting"
		return say(mail.CodeWantsTLS, fmt.Sprintf("port %d wants TLS from the start, but the account is set to %s", d.port, d.securityName()),
			"Choose TLS as the security of this server, or the port for "+d.securityName()+".", strconv.Itoa(d.port))
	case step == "tls" && strings.Contains(err.Error(), "protocol version"):
		e.Permanent = true
		return say(mail.CodeOldTLS, "the server offers only encryption older than TLS 1.2", "Ask who runs the server to update it; older encryption is not safe.")
	case errors.As(err, &alert) && alert.Op == "remote error": // so crypto/tls calls an alert of the other side
		e.Step = "tls"
		return say(mail.CodeHandshake, "the server broke off the encryption handshake: "+alert.Err.Error(), "The server may be too old for TLS 1.2, or want other settings; ask who runs it.")
	case errors.Is(err, ErrTooLong):
		e.Kind = mail.ProblemProtocol
		return say("", "the server's answer was longer than any sane answer is; the connection was closed", "If this happens again, tell who runs the server.")
	case errors.Is(err, errTrickle):
		e.Kind = mail.ProblemProtocol
		return say("", "the server began an answer and hardly goes on with it; the connection was closed", "If this happens again, tell who runs the server.")
	}
	return d.whyNetwork(e, step, say)
}

// whyNetwork handles what the operating system reports.
func (d *dialer) whyNetwork(e *remote.Error, step string, say func(code mail.ProblemCode, text, advice string, args ...string) *remote.Error) *remote.Error {
	err := e.Err
	switch {
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		return say(mail.CodeNoAnswer, fmt.Sprintf("nothing answers on port %d of %s", d.port, d.srv.Host), "Check the port and the security in the account's server settings, and that the server is running.", d.srv.Host, strconv.Itoa(d.port))
	case isErrno(err, syscall.ENETUNREACH, 10051), isErrno(err, syscall.EHOSTUNREACH, 10065), isErrno(err, syscall.ENETDOWN, 10050):
		return say(mail.CodeNoRoute, "there is no way to "+d.srv.Host+" from this network", "Check that this computer is online.", d.srv.Host)
	case errors.Is(err, context.Canceled):
		return say("", "stopped", "")
	case isTimeout(err):
		seconds := int(min(d.idle, maxConnect).Seconds())
		switch step {
		case "connect":
			return say(mail.CodeTimeout, fmt.Sprintf("%s did not answer within %d seconds", d.srv.Host, seconds), "Check the server name and port, and whether a firewall is in the way.", strconv.Itoa(seconds))
		case "tls":
			return say(mail.CodeTimeout, fmt.Sprintf("the server did not complete the encryption handshake within %d seconds", seconds), d.plainAdvice(), strconv.Itoa(seconds))
		case "greeting":
			return say(mail.CodeTimeout, fmt.Sprintf("the server took the connection but said nothing for %d seconds", seconds), "Check that the port and the security belong together.", strconv.Itoa(seconds))
		}
		return say(mail.CodeTimeout, fmt.Sprintf("the server said nothing for %d seconds", int(d.idle.Seconds())), "It will be tried again; if the network is slow, a longer timeout helps.", strconv.Itoa(int(d.idle.Seconds())))
	case errors.Is(err, net.ErrClosed):
		return say(mail.CodeHungUp, "the connection was closed", "")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		isErrno(err, syscall.ECONNRESET, 10054), isErrno(err, syscall.EPIPE, 10053):
		advice := ""
		if step == "tls" || step == "greeting" {
			advice = "Check that the port and the security belong together; the server may also refuse connections from this network."
		}
		return say(mail.CodeHungUp, "the server closed the connection", advice)
	}
	return e
}

func (d *dialer) plainAdvice() string {
	if p := DefaultPort(d.opt.Protocol, mail.SecurityTLS); p != 0 && p != d.port {
		return fmt.Sprintf("Choose STARTTLS as the security of this server, or port %d for TLS.", p)
	}
	return "Choose STARTTLS as the security of this server, or the port for TLS."
}

func (d *dialer) securityName() string {
	if d.srv.Security == mail.SecuritySTARTTLS {
		return "STARTTLS"
	}
	return "no encryption"
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		isErrno(err, syscall.ETIMEDOUT, 10060) || errors.As(err, &t) && t.Timeout()
}

// isErrno compares with the number of Unix, or with that of Winsock, which package syscall does not map.
func isErrno(err error, unix syscall.Errno, winsock uintptr) bool {
	var n syscall.Errno
	if !errors.As(err, &n) {
		return false
	}
	return n == unix || runtime.GOOS == "windows" && uintptr(n) == winsock
}

// Clean makes a server's words fit for one line of a window or a log: control characters and line ends become spaces,
// bytes that are no UTF-8 are replaced, direction overrides are dropped, and the length is bounded to 300 runes.
func Clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Co, r):
			r = '\uFFFD'
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\uFEFF':
			continue
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			r = ' '
		}
		if n++; n > 300 {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
