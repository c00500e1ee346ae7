package dial

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"peyk/internal/mail"
)

// certError is a certificate that was not trusted.
type certError struct {
	problem mail.CertificateProblem
	err     error
}

func (e *certError) Error() string { return e.problem.Reason }
func (e *certError) Unwrap() error { return e.err }

// readAhead takes from the socket what is there, many TLS records at a time: crypto/tls alone reads each in two pieces, and
// each piece costs a system call and a deadline.
type readAhead struct {
	net.Conn
	br *bufio.Reader
}

const readAheadBytes = 64 << 10

func (r *readAhead) Read(p []byte) (int, error) { return r.br.Read(p) }

// handshake puts TLS over the socket.
func (c *Conn) handshake(ctx context.Context) error {
	v, err := newVerifier(c.d)
	if err != nil {
		return err
	}
	t := tls.Client(&readAhead{c.raw, bufio.NewReaderSize(c.raw, readAheadBytes)}, &tls.Config{
		ServerName: c.d.ascii,
		MinVersion: tls.VersionTLS12,
		// The library's own check is replaced, not skipped: verify runs before any byte of the protocol is exchanged. It
		// knows pins, adds the account's CA to the platform's rules, and can say who, why and until when.
		InsecureSkipVerify: true,
		VerifyConnection:   v.verify,
	})
	if err := t.HandshakeContext(ctx); err != nil {
		return c.because(err)
	}
	c.tls, c.inner = t, t
	return nil
}

// verifier decides on a server's certificate.
type verifier struct {
	host  string
	extra *x509.CertPool // of the account's CA file
	pin   string
}

func newVerifier(d *dialer) (*verifier, error) {
	v := &verifier{host: d.ascii, pin: NormalPin(d.srv.PinnedSHA256)}
	if d.srv.CAFile == "" {
		return v, nil
	}
	pem, err := os.ReadFile(d.srv.CAFile)
	if err != nil {
		return nil, &configError{mail.CodeCAFile, "the CA file cannot be read: " + err.Error(), "Correct the path of the CA file in the account's security settings."}
	}
	v.extra = x509.NewCertPool()
	if !v.extra.AppendCertsFromPEM(pem) {
		return nil, &configError{mail.CodeCAFile, "the CA file " + d.srv.CAFile + " holds no certificate in PEM form", "Choose a file that begins with -----BEGIN CERTIFICATE-----."}
	}
	return v, nil
}

// NormalPin brings a fingerprint to the form CertificateProblem.SHA256 has: lower-case hex without separators.
func NormalPin(s string) string {
	return strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(strings.TrimSpace(s)))
}

func (v *verifier) verify(cs tls.ConnectionState) error {
	if len(cs.PeerCertificates) == 0 {
		return errors.New("the server showed no certificate")
	}
	leaf := cs.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	print := hex.EncodeToString(sum[:])
	if v.pin == print {
		return nil
	}
	err := v.chain(cs.PeerCertificates)
	switch {
	case v.pin == "" && err == nil:
		return nil
	case v.pin != "":
		// A pin is a promise that only this certificate is shown. A changed one is told even when it would be trusted.
		reason := "it is not the certificate that was pinned for this server"
		if err != nil {
			also, _ := why(err, leaf, v.host)
			reason += "; also, " + also
		}
		p := describe(leaf, v.host, print, reason, mail.CertNotPinned)
		p.Vouched = err == nil
		return &certError{problem: p, err: err}
	}
	reason, fault := why(err, leaf, v.host)
	return &certError{problem: describe(leaf, v.host, print, reason, fault), err: err}
}

// chain verifies with the account's own CA, then by the rules of the platform: in this order because reading the platform's
// authorities takes longer than everything else in a handshake, and a server that has a CA of its own seldom needs them.
func (v *verifier) chain(certs []*x509.Certificate) error {
	opts := x509.VerifyOptions{DNSName: v.host, Intermediates: x509.NewCertPool()}
	for _, c := range certs[1:] {
		opts.Intermediates.AddCert(c)
	}
	if net.ParseIP(v.host) != nil {
		opts.DNSName = "[" + v.host + "]" // x509 wants addresses so
	}
	if v.extra == nil {
		_, err := certs[0].Verify(opts)
		return err
	}
	own := opts
	own.Roots = v.extra
	_, err := certs[0].Verify(own)
	if err == nil {
		return nil
	}
	if _, platform := certs[0].Verify(opts); platform == nil {
		return nil
	}
	return err
}

func describe(leaf *x509.Certificate, host, print, reason string, fault mail.CertificateFault) mail.CertificateProblem {
	p := mail.CertificateProblem{Host: host, Subject: name(leaf.Subject.String()), Issuer: name(leaf.Issuer.String()),
		NotBefore: leaf.NotBefore.UTC().Format(time.RFC3339), NotAfter: leaf.NotAfter.UTC().Format(time.RFC3339),
		SHA256: print, Reason: reason, Fault: fault}
	for _, n := range leaf.DNSNames {
		p.Names = append(p.Names, Clean(n))
	}
	for _, ip := range leaf.IPAddresses {
		p.Names = append(p.Names, ip.String())
	}
	return p
}

func name(s string) string {
	if s = Clean(s); s == "" {
		return "(no name)"
	}
	return s
}

// why says in half a sentence why a certificate was not trusted, and names the fault.
func why(err error, leaf *x509.Certificate, host string) (string, mail.CertificateFault) {
	var hostname x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &hostname):
		names := describe(leaf, host, "", "", "").Names
		if len(names) == 0 {
			return "it names no server at all, so not " + host, mail.CertNoName
		}
		more := ""
		if len(names) > 4 {
			names, more = names[:4], " and others"
		}
		return fmt.Sprintf("it is made out to %s%s, not to %s", strings.Join(names, ", "), more, host), mail.CertOtherName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if time.Now().Before(leaf.NotBefore) {
			return "it is not valid before " + leaf.NotBefore.UTC().Format("2006-01-02 15:04 MST") + "; is this computer's clock right?", mail.CertNotYet
		}
		if time.Now().Before(leaf.NotAfter) {
			return "the certificate of its issuer has expired", mail.CertIssuerExpired
		}
		return "it expired on " + leaf.NotAfter.UTC().Format("2006-01-02 15:04 MST") + "; is this computer's clock right?", mail.CertExpired
	case errors.As(err, &unknown):
		if leaf.Issuer.String() == leaf.Subject.String() {
			return "it is signed by itself, not by an authority this computer knows", mail.CertSelfSigned
		}
		return "its issuer, " + name(leaf.Issuer.String()) + ", is not an authority this computer knows", mail.CertUnknownIssuer
	case err == nil:
		return "it was not trusted", ""
	}
	return Clean(err.Error()), ""
}
