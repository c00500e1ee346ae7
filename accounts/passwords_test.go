package accounts

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

func account() mail.Account {
	a := New("ali@example.com", mail.IMAP)
	a.ID = 7
	a.Incoming.Host, a.Outgoing.Host = "mail.example.com", "mail.example.com"
	return Defaults(a)
}

func TestPasswordCommand(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte("geheim und mehr\r\nsecond line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := account()
	a.Incoming.PasswordCommand, a.Incoming.CommandDir = []string{"cat", "secret.txt"}, dir
	got, err := findPassword(t.Context(), a, mail.SideIncoming, nil)
	if err != nil || got != "geheim und mehr" {
		t.Errorf("%q %v", got, err)
	}
	// The outgoing side has none of its own and the same user.
	if got, err = findPassword(t.Context(), a, mail.SideOutgoing, nil); err != nil || got != "geheim und mehr" {
		t.Errorf("%q %v", got, err)
	}
	a.Outgoing.Username = "another"
	_, err = findPassword(t.Context(), a, mail.SideOutgoing, nil)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth || !strings.Contains(err.Error(), "no password is stored for another") {
		t.Error(err)
	}
	t.Setenv(EnvPassphrase, "opens all of them")
	a.Incoming.PasswordCommand = []string{"sh", "-c", `echo "p$` + EnvPassphrase + `$HOME"`}
	if got, err := findPassword(t.Context(), a, mail.SideIncoming, nil); err != nil || got != "p"+os.Getenv("HOME") {
		t.Errorf("the command is told %q, %v", got, err)
	}
	for name, c := range map[string]struct {
		argv []string
		want string
	}{
		"a shell is not used": {[]string{"cat secret.txt"}, "failed"},
		"fails":               {[]string{"sh", "-c", "echo geheim; echo no such entry >&2; exit 3"}, "exit status 3: no such entry"},
		"prints nothing":      {[]string{"true"}, "printed nothing"},
		"missing":             {[]string{"./no-such-program"}, "failed"},
	} {
		a.Incoming.PasswordCommand = c.argv
		_, err := findPassword(t.Context(), a, mail.SideIncoming, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a.Incoming.PasswordCommand = []string{"sleep", "60"}
	if _, err := findPassword(ctx, a, mail.SideIncoming, nil); err == nil {
		t.Error("a cancelled command succeeded")
	}
}

func TestPasswordEnv(t *testing.T) {
	a := account()
	a.Incoming.PasswordEnv = "PEYK_TEST_PASSWORD"
	if _, err := findPassword(t.Context(), a, mail.SideIncoming, Fixed{Incoming: "other"}); err == nil || !strings.Contains(err.Error(), "PEYK_TEST_PASSWORD") {
		t.Error(err)
	}
	t.Setenv("PEYK_TEST_PASSWORD", "geheim")
	if got, err := findPassword(t.Context(), a, mail.SideIncoming, nil); err != nil || got != "geheim" {
		t.Error(got, err)
	}
}

func openVault(t *testing.T, dir string) Vault {
	t.Helper()
	v, err := OpenVault(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFileVault(t *testing.T) {
	t.Setenv(EnvKeyring, "off")
	t.Setenv(EnvPassphrase, "")
	dir := t.TempDir()
	a := account()
	v := openVault(t, dir)
	if i := v.Info(); i.Kind != "file" || !i.New || !i.Locked {
		t.Errorf("%+v", i)
	}
	if _, err := v.Password(t.Context(), a, mail.SideIncoming); !errors.Is(err, ErrNoPassword) {
		t.Errorf("an empty vault: %v", err)
	}
	if err := v.Save(t.Context(), a.ID, mail.Secrets{Incoming: "geheim"}); !errors.Is(err, ErrLocked) {
		t.Errorf("saving without a passphrase: %v", err)
	}
	if err := v.Unlock(t.Context(), "رمز عبور"); err != nil {
		t.Fatal(err)
	}
	if err := v.Save(t.Context(), a.ID, mail.Secrets{Incoming: "geheim", Outgoing: "ausgang"}); err != nil {
		t.Fatal(err)
	}
	if err := v.Save(t.Context(), a.ID, mail.Secrets{Incoming: "neu"}); err != nil {
		t.Fatal(err)
	}
	if i := v.Info(); i.Locked || i.New {
		t.Errorf("%+v", i)
	}
	b, err := os.ReadFile(filepath.Join(dir, "secrets.json"))
	if err != nil || strings.Contains(string(b), "geheim") || strings.Contains(string(b), "neu") || strings.Contains(string(b), "account") {
		t.Errorf("the file shows secrets: %s %v", b, err)
	}
	if st, _ := os.Stat(filepath.Join(dir, "secrets.json")); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}

	again := openVault(t, dir)
	if _, err := again.Password(t.Context(), a, mail.SideIncoming); !errors.Is(err, ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if err := again.Unlock(t.Context(), "wrong"); !errors.Is(err, mail.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if i := again.Info(); !i.Locked {
		t.Errorf("a wrong passphrase unlocks: %+v", i)
	}
	t.Setenv(EnvPassphrase, "wrong")
	_, err = findPassword(t.Context(), a, mail.SideIncoming, again)
	if e := remote.As(err); e == nil || !errors.Is(err, mail.ErrPassphrase) || e.Why != mail.CodeLocked || !strings.Contains(e.Advice, EnvPassphrase) {
		t.Errorf("a wrong passphrase in the environment: %#v", e)
	}
	t.Setenv(EnvPassphrase, "رمز عبور")
	for side, want := range map[mail.ServerSide]string{mail.SideIncoming: "neu", mail.SideOutgoing: "ausgang"} {
		if got, err := again.Password(t.Context(), a, side); err != nil || got != want {
			t.Errorf("%s: %q %v", side, got, err)
		}
	}
	if err := again.Forget(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Password(t.Context(), a, mail.SideOutgoing); !errors.Is(err, ErrNoPassword) {
		t.Errorf("forgotten by another process: %v", err)
	}
	if err := again.Forget(t.Context(), 99); err != nil {
		t.Error(err)
	}
	for _, damage := range []string{"", "{}", "not json", strings.Replace(string(b), "65536", "4000000000", 1), strings.Replace(string(b), `"time": 3`, `"time": 4`, 1)} {
		if err := os.WriteFile(filepath.Join(dir, "secrets.json"), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := openVault(t, dir).Unlock(t.Context(), "رمز عبور"); err == nil {
			t.Errorf("a damaged file was opened: %.40q", damage)
		}
	}
}

// TestKeyringVault runs against the library's stand-in for a keyring; TestSecretService against a real one.
func TestKeyringVault(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	a := account()
	keyring.MockInit()
	id, err := profileID(dir)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := profileID(dir); err != nil || same != id {
		t.Errorf("%q %q %v", id, same, err)
	}
	otherID, err := profileID(other)
	if err != nil || otherID == id {
		t.Errorf("two profiles share %q %v", id, err)
	}
	v, w := &vault{dir: dir, be: keyringVault{id}}, &vault{dir: other, be: keyringVault{otherID}}
	exerciseVault(t, v, a)
	if err := v.Save(t.Context(), a.ID, mail.Secrets{Incoming: "geheim"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Password(t.Context(), a, mail.SideIncoming); !errors.Is(err, ErrNoPassword) {
		t.Errorf("another profile sees the password: %v", err)
	}
	keyring.MockInitWithError(errors.New("the wallet is closed"))
	if _, err := v.Password(t.Context(), a, mail.SideIncoming); err == nil || !strings.Contains(err.Error(), "the wallet is closed") {
		t.Error(err)
	}
}

func exerciseVault(t *testing.T, v Vault, a mail.Account) {
	t.Helper()
	if i := v.Info(); i.Kind != "keyring" || i.Locked {
		t.Errorf("%+v", i)
	}
	if _, err := v.Password(t.Context(), a, mail.SideIncoming); !errors.Is(err, ErrNoPassword) {
		t.Errorf("empty: %v", err)
	}
	if err := v.Save(t.Context(), a.ID, mail.Secrets{Incoming: "گذرواژه \"x\"", Outgoing: "b"}); err != nil {
		t.Fatal(err)
	}
	if got, err := v.Password(t.Context(), a, mail.SideIncoming); err != nil || got != "گذرواژه \"x\"" {
		t.Errorf("%q %v", got, err)
	}
	if err := v.Forget(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if err := v.Forget(t.Context(), a.ID); err != nil {
		t.Errorf("forgetting twice: %v", err)
	}
	if _, err := v.Password(t.Context(), a, mail.SideOutgoing); !errors.Is(err, ErrNoPassword) {
		t.Errorf("forgotten: %v", err)
	}
	a.ID = 0
	if _, err := v.Password(t.Context(), a, mail.SideIncoming); !errors.Is(err, ErrNoPassword) {
		t.Errorf("an account that is not saved: %v", err)
	}
}
