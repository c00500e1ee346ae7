package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Cert picks the certificate a server shows.
type Cert string

// The certificates. All but SelfSigned are signed by the test CA.
const (
	Good       Cert = "good"       // for localhost, 127.0.0.1 and ::1
	Expired    Cert = "expired"    // the same, until yesterday
	WrongName  Cert = "wrongname"  // for mail.elsewhere.example
	SelfSigned Cert = "selfsigned" // for localhost, signed by itself
)

// keyPair is a certificate with its key, ready for files and for crypto/tls.
type keyPair struct {
	certPEM, keyPEM []byte
	tls             tls.Certificate
	sha256          string
}

// authority is the test CA with the certificates it signed, made once a process.
type authority struct {
	caPEM []byte
	pairs map[Cert]keyPair
}

var makeAuthority = sync.OnceValues(newAuthority)

func newAuthority() (*authority, error) {
	now := time.Now()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Peyk Test CA"},
		NotBefore: now.AddDate(0, 0, -30), NotAfter: now.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	a := &authority{caPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pairs: map[Cert]keyPair{}}
	for i, which := range []Cert{Good, Expired, WrongName, SelfSigned} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 2)), Subject: pkix.Name{CommonName: "localhost"},
			NotBefore: now.AddDate(0, 0, -10), NotAfter: now.AddDate(0, 6, 0), KeyUsage: x509.KeyUsageDigitalSignature,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"localhost"},
			IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
		signer, signKey := ca, caKey
		switch which {
		case Expired:
			c.NotAfter = now.AddDate(0, 0, -1)
		case WrongName:
			c.Subject.CommonName, c.DNSNames, c.IPAddresses = "mail.elsewhere.example", []string{"mail.elsewhere.example"}, nil
		case SelfSigned:
			signer, signKey = c, key
		}
		if a.pairs[which], err = sign(c, signer, key, signKey); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func sign(c, signer *x509.Certificate, key, signKey *ecdsa.PrivateKey) (keyPair, error) {
	der, err := x509.CreateCertificate(rand.Reader, c, signer, &key.PublicKey, signKey)
	if err != nil {
		return keyPair{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return keyPair{}, err
	}
	p := keyPair{certPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPEM: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})}
	sum := sha256.Sum256(der)
	p.sha256 = hex.EncodeToString(sum[:])
	p.tls, err = tls.X509KeyPair(p.certPEM, p.keyPEM)
	return p, err
}

func certs(tb testing.TB) *authority {
	tb.Helper()
	a, err := makeAuthority()
	if err != nil {
		tb.Fatalf("making the test certificates: %v", err)
	}
	return a
}

// Fingerprint is the SHA-256 of a certificate, lower-case hex: what pinning stores.
func Fingerprint(tb testing.TB, c Cert) string {
	tb.Helper()
	return certs(tb).pairs[c].sha256
}

// CAFile writes the test CA's certificate into a temporary file and returns its path.
func CAFile(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(path, certs(tb).caPEM, 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// TLSConfig is a server's configuration showing the given certificate.
func TLSConfig(tb testing.TB, c Cert) *tls.Config {
	tb.Helper()
	return &tls.Config{Certificates: []tls.Certificate{certs(tb).pairs[c].tls}, MinVersion: tls.VersionTLS12}
}
