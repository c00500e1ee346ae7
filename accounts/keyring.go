package accounts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/zalando/go-keyring"

	"peyk/internal/mail"
)

// service is the name under which entries show in the keyring's own windows.
const service = "Peyk"

// keyringWait is how long a keyring may take: it may be asking its user for a password.
const keyringWait = 3 * time.Minute

// keyringVault keeps secrets in the Secret Service, the macOS keychain or the Windows credential store.
type keyringVault struct{ profile string }

// keyringMissing says why there is no keyring; "" when there is one. The Secret Service is asked for something that does
// not exist, which finds out whether anybody answers.
func keyringMissing() string {
	if os.Getenv(EnvKeyring) == "off" {
		return "it is turned off by " + EnvKeyring
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return ""
	}
	if !sessionBus() {
		return "this session has no D-Bus"
	}
	_, err := withKeyring(context.Background(), func() (string, error) { return keyring.Get(service, "is anybody there?") })
	if err == nil || errors.Is(err, ErrNoPassword) {
		return ""
	}
	return err.Error()
}

// sessionBus looks for a session bus without starting one, which the D-Bus library would do.
func sessionBus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = filepath.Join("/run/user", strconv.Itoa(os.Getuid()))
	}
	_, err := os.Stat(filepath.Join(dir, "bus"))
	return err == nil
}

// withKeyring runs fn, which cannot be interrupted, and waits no longer than ctx and keyringWait. A call that is given up
// ends when the keyring answers.
func withKeyring(ctx context.Context, fn func() (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, keyringWait)
	defer cancel()
	type result struct {
		value string
		err   error
	}
	ch := make(chan result, 1)
	go func() {
		v, err := fn()
		ch <- result{v, err}
	}()
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("the keyring did not answer: %w", ctx.Err())
	case r := <-ch:
		switch {
		case errors.Is(r.err, keyring.ErrNotFound):
			return "", ErrNoPassword
		case errors.Is(r.err, keyring.ErrSetDataTooBig):
			return "", errors.New("the password is too long for the keyring of this system")
		case r.err != nil:
			return "", fmt.Errorf("the keyring of the system: %w", r.err)
		}
		return r.value, nil
	}
}

func (k keyringVault) name(key string) string { return k.profile + " " + key }

func (k keyringVault) get(ctx context.Context, key string) (string, error) {
	return withKeyring(ctx, func() (string, error) { return keyring.Get(service, k.name(key)) })
}

func (k keyringVault) set(ctx context.Context, secrets map[string]string) error {
	for key, value := range secrets {
		if _, err := withKeyring(ctx, func() (string, error) { return "", keyring.Set(service, k.name(key), value) }); err != nil {
			return err
		}
	}
	return nil
}

func (k keyringVault) remove(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		_, err := withKeyring(ctx, func() (string, error) { return "", keyring.Delete(service, k.name(key)) })
		if err != nil && !errors.Is(err, ErrNoPassword) {
			return err
		}
	}
	return nil
}

func (k keyringVault) info() mail.SecretStoreInfo {
	return mail.SecretStoreInfo{Kind: "keyring", Detail: "the keyring of the system"}
}

func (k keyringVault) unlock(context.Context, string) error { return nil }
