package ui

import (
	"testing"

	"peyk/internal/mail"
)

// TestAPasswordThatIsEnteredCounts: where the password came from a command, which is asked first, the one entered takes its place;
// a field left empty changes nothing.
func TestAPasswordThatIsEnteredCounts(t *testing.T) {
	a := mail.Account{Incoming: mail.Server{PasswordCommand: []string{"pass", "mail"}}, Outgoing: mail.Outgoing{Server: mail.Server{PasswordEnv: "SECRET"}}}
	if got := passwordSource(a); got != "pass mail" {
		t.Errorf("told is %q", got)
	}
	forgetSources(&a, mail.Secrets{Incoming: "new"})
	if a.Incoming.PasswordCommand != nil || a.Outgoing.PasswordEnv != "SECRET" || passwordSource(a) != "SECRET" {
		t.Errorf("%+v", a)
	}
	forgetSources(&a, mail.Secrets{Outgoing: "new"})
	if passwordSource(a) != "" {
		t.Errorf("%+v", a)
	}
}

// TestWhichServerACertificateCameFrom: it is trusted for the server that showed it, also where both are one computer.
func TestWhichServerACertificateCameFrom(t *testing.T) {
	server := func(host string, port int) mail.Server { return mail.Server{Host: host, Port: port} }
	for _, c := range []struct {
		in, out     mail.Server
		host, where string
		want        mail.ServerSide
	}{
		{server("mail.a", 993), server("mail.a", 465), "mail.a", "mail.a:465", mail.SideOutgoing},
		{server("mail.a", 993), server("mail.a", 465), "mail.a", "mail.a:993", mail.SideIncoming},
		{server("mail.a", 993), server("mail.a", 465), "mail.a", "", mail.SideIncoming},
		{server("imap.a", 993), server("smtp.a", 465), "SMTP.a", "smtp.a:465", mail.SideOutgoing},
		{server("imap.a", 465), server("smtp.a", 465), "imap.a", "imap.a:465", mail.SideIncoming},
		{server("نامه.ایران", 993), server("نامه.ایران", 587), "xn--mgba3gch31f.xn--mgba3a4f16a", "نامه.ایران:587", mail.SideOutgoing},
	} {
		a := mail.Account{Incoming: c.in, Outgoing: mail.Outgoing{Server: c.out}}
		if got := certificateSide(a, &mail.Problem{Where: c.where, Certificate: &mail.CertificateProblem{Host: c.host}}); got != c.want {
			t.Errorf("%s shown by %s: %s, want %s", c.host, c.where, got, c.want)
		}
	}
}
