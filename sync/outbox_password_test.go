package mailsync_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A password for sending that a real server refuses: what is sent waits with the server's words and a time that is no minutes away, and goes by itself as soon as
// there is another password, whatever that time is.
func TestSendingWithAWrongPassword(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Outgoing.PasswordCommand = []string{"cat", secret} })
	r.write(a, r.mta.Address("sara"), "one", "text")
	r.write(a, r.mta.Address("sara"), "two", "text")
	if err := r.e.Start(r.ctx); err != nil {
		t.Fatal(err)
	}
	refused := func() bool {
		for _, it := range r.outbox() {
			if why := mail.StoredProblem(it.Reason); it.State != mail.OutboxQueued || why.Kind != mail.ProblemAuth || !strings.HasPrefix(why.Said, "535 ") ||
				it.NotBefore.Before(r.clock().Add(10*time.Minute)) {
				return false
			}
		}
		return len(r.outbox()) == 2
	}
	eventually(t, "the refusal", refused)
	if err := os.WriteFile(secret, []byte(r.dove.Password("ali")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Any pass that may send notices it: here one that another message asks for.
	r.write(a, r.mta.Address("sara"), "three", "text")
	r.arrive("sara", "INBOX", 3)
}
