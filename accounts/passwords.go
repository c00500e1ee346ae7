package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Passwords finds the stored password (or access token) of one side of an account. It returns ErrNoPassword when there
// is none and ErrLocked when they cannot be read before Unlock. Safe for concurrent use.
type Passwords interface {
	Password(ctx context.Context, a mail.Account, side mail.ServerSide) (string, error)
}

var (
	// ErrNoPassword says that no password is kept for the account.
	ErrNoPassword = errors.New("no password is stored")
	// ErrLocked says that the passwords are in a file whose passphrase is not known yet.
	ErrLocked = errors.New("the password file is locked")
)

// Fixed are passwords already at hand, for a test of settings that are not saved yet.
type Fixed mail.Secrets

// Password implements Passwords.
func (f Fixed) Password(_ context.Context, _ mail.Account, side mail.ServerSide) (string, error) {
	p := f.Incoming
	if side == mail.SideOutgoing {
		p = f.Outgoing
	}
	if p == "" {
		return "", ErrNoPassword
	}
	return p, nil
}

// First asks several sources in order and takes the first password there is.
type First []Passwords

// Password implements Passwords.
func (f First) Password(ctx context.Context, a mail.Account, side mail.ServerSide) (string, error) {
	err := ErrNoPassword
	for _, p := range f {
		var s string
		if s, err = p.Password(ctx, a, side); err == nil || !errors.Is(err, ErrNoPassword) {
			return s, err
		}
	}
	return "", err
}

const (
	commandTimeout = 60 * time.Second // a command may ask its user for a passphrase
	commandOutput  = 64 << 10
)

// findPassword gets the password of a side: by its command, its environment variable, else from the store. The outgoing
// side falls back to the incoming password when both log in as the same user. The error is a *remote.Error.
func findPassword(ctx context.Context, a mail.Account, side mail.ServerSide, store Passwords) (string, error) {
	srv, protocol := &a.Incoming, string(a.Protocol)
	if side == mail.SideOutgoing {
		srv, protocol = &a.Outgoing.Server, dial.SMTP
	}
	password, err := onePassword(ctx, a, srv, side, store)
	if errors.Is(err, ErrNoPassword) && side == mail.SideOutgoing && a.Outgoing.Username == a.Incoming.Username {
		password, err = onePassword(ctx, a, &a.Incoming, mail.SideIncoming, store)
	}
	if err == nil {
		return password, nil
	}
	e := &remote.Error{Host: dial.Address(*srv, protocol), Step: "login", Kind: mail.ProblemAuth, Permanent: true, Why: mail.CodeSecret, Err: err}
	switch {
	case len(srv.PasswordCommand) > 0:
		e.Advice = "Run the command in a terminal, where it must print the password; change password_command in the accounts file if it does not."
	case srv.PasswordEnv != "":
		e.Advice = "Set it before Peyk starts."
	case errors.Is(err, ErrNoPassword):
		e.Err = fmt.Errorf("no password is stored for %s of the account %s", srv.Username, a.Name)
		e.Why = mail.CodeNoPassword
		e.Advice = "Enter it in the account settings, or set password_command or password_env in the accounts file."
	case errors.Is(err, ErrLocked):
		e.Why = mail.CodeLocked
		e.Advice = "Enter the passphrase of the password file, or set " + EnvPassphrase + "."
	case errors.Is(err, mail.ErrPassphrase):
		e.Why = mail.CodeLocked
		e.Advice = "Set " + EnvPassphrase + " to the passphrase that the password file was made with."
	}
	return "", e
}

func onePassword(ctx context.Context, a mail.Account, srv *mail.Server, side mail.ServerSide, store Passwords) (string, error) {
	switch {
	case len(srv.PasswordCommand) > 0:
		return runCommand(ctx, srv.PasswordCommand, srv.CommandDir)
	case srv.PasswordEnv != "":
		if p := os.Getenv(srv.PasswordEnv); p != "" {
			return p, nil
		}
		return "", fmt.Errorf("the environment variable %s, which should hold the password, is not set", srv.PasswordEnv)
	case store == nil:
		return "", ErrNoPassword
	}
	return store.Password(ctx, a, side)
}

// runCommand runs a password command without a shell; the first line of its output is the password. What the command
// says on standard error goes into the error, its output never does.
func runCommand(ctx context.Context, argv []string, dir string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, EnvPassphrase+"=") }) // it opens every password here
	cmd.WaitDelay = time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &bounded{w: &out, left: commandOutput}, &bounded{w: &errs, left: 4 << 10}
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("it did not end within %v", commandTimeout)
		}
		msg := fmt.Sprintf("the password command %q failed: %v", argv[0], err)
		if said := dial.Clean(errs.String()); said != "" {
			msg += ": " + said
		}
		return "", errors.New(msg)
	}
	line, _, _ := strings.Cut(out.String(), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fmt.Errorf("the password command %q printed nothing on its first line", argv[0])
	}
	return line, nil
}

// bounded forgets what is too much.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	if _, err := b.w.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}
