package mailtest

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"net/smtp"
	"os"
	"testing"
	"time"
)

// TestPostfixDelivers sends with the standard library's client, so that a mistake in Peyk cannot hide one in here.
func TestPostfixDelivers(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	m := StartPostfix(t, d, PostfixOptions{})
	pem, err := os.ReadFile(m.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	conf := &tls.Config{RootCAs: roots, ServerName: "localhost"}

	for i, port := range []int{m.Port25, m.Port587, m.Port465} {
		var c *smtp.Client
		if port == m.Port465 {
			conn, err := tls.Dial("tcp", addr(port), conf)
			if err != nil {
				t.Fatal(err)
			}
			c, err = smtp.NewClient(conn, "127.0.0.1")
			if err != nil {
				t.Fatal(err)
			}
		} else {
			if c, err = smtp.Dial(addr(port)); err != nil {
				t.Fatal(err)
			}
			if err := c.StartTLS(conf); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Auth(smtp.PlainAuth("", "ali", d.Password("ali"), "127.0.0.1")); err != nil {
			t.Fatal(err)
		}
		if err := c.Mail(m.Address("ali")); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("somebody@outside.example"); err == nil {
			t.Fatal("mail for the outside was taken")
		}
		if err := c.Rcpt("nobody@peyk.test"); err == nil {
			t.Fatal("mail for an unknown user was taken")
		}
		if err := c.Rcpt(m.Address("sara")); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("Subject: to sara\r\n\r\nhello\r\n"))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		c.Quit()
		got := WaitMessages(t, d, "sara", "INBOX", i+1, 2*time.Minute)
		if !bytes.HasSuffix(got[i], []byte("\r\n\r\nhello\r\n")) {
			t.Fatalf("what arrived is %q", got[i])
		}
	}
	if q := m.Queue(); len(q) != 0 {
		t.Fatalf("the queue still holds %v", q)
	}
}
