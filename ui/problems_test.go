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
