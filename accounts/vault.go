package accounts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"peyk/internal/mail"
)

// Vault keeps the passwords of a profile: in the keyring of the system where there is one, else in a file encrypted under
// a passphrase. They are never in the database and never in a log. Safe for concurrent use.
type Vault interface {
	Passwords
	// Save stores the passwords of a saved account; an empty one is left as it is.
	Save(ctx context.Context, id mail.AccountID, s mail.Secrets) error
	// Forget removes the passwords of an account; it is no error when there are none.
	Forget(ctx context.Context, id mail.AccountID) error
	// Info says where passwords are kept, and whether Unlock is needed.
	Info() mail.SecretStoreInfo
	// Unlock opens the password file, or makes a new one under this passphrase. With a keyring it does nothing.
	Unlock(ctx context.Context, passphrase string) error
}

// EnvPassphrase is the environment variable that unlocks the password file, for scripts and headless machines.
const EnvPassphrase = "PEYK_PASSPHRASE"

// EnvKeyring set to "off" keeps Peyk from using the system's keyring.
const EnvKeyring = "PEYK_KEYRING"

// OpenVault opens the vault of a profile folder. It does no more than look at files: keyrings may ask their user for a
// password, so they are first asked when a password is needed.
func OpenVault(profileDir string) (Vault, error) {
	if st, err := os.Stat(profileDir); err == nil && !st.IsDir() {
		return nil, fmt.Errorf("opening the password store: %s is not a folder", profileDir)
	}
	return &vault{dir: profileDir}, nil
}

// backend is one way of keeping secrets under a key.
type backend interface {
	get(ctx context.Context, key string) (string, error) // ErrNoPassword when there is none
	set(ctx context.Context, secrets map[string]string) error
	remove(ctx context.Context, keys ...string) error
	info() mail.SecretStoreInfo
	unlock(ctx context.Context, passphrase string) error
}

// vault chooses the backend when it is first needed, and keeps to it.
type vault struct {
	dir string

	mu sync.Mutex
	be backend
}

// backend: a password file that exists is used on, so that passwords do not seem lost when a keyring comes or goes.
func (v *vault) backend() (backend, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.be != nil {
		return v.be, nil
	}
	path := filepath.Join(v.dir, "secrets.json")
	_, err := os.Stat(path)
	switch {
	case err == nil:
		v.be = newFileVault(path)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the password file: %w", err)
	default:
		if detail := keyringMissing(); detail != "" {
			v.be = newFileVault(path)
			break
		}
		id, err := profileID(v.dir)
		if err != nil {
			return nil, err
		}
		v.be = keyringVault{id}
	}
	return v.be, nil
}

// idWait is how long it is waited for another process that makes the profile's name: that takes it no time.
const idWait = 10 * time.Second

// profileID is a random name that keeps the keyring entries of several profiles apart. Of two processes that need it first at the same time
// one makes it: what was saved under another would never be found again.
func profileID(dir string) (string, error) {
	path := filepath.Join(dir, "keyring-id")
	if id, err := readID(path); id != "" || err != nil {
		return id, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), idWait)
	defer cancel()
	release, err := lockSecrets(ctx, dir)
	if err != nil {
		return "", err
	}
	defer release()
	if id, err := readID(path); id != "" || err != nil {
		return id, err
	}
	b := make([]byte, 8)
	rand.Read(b)
	id := hex.EncodeToString(b)
	if err := replaceFile(path, []byte(id+"\n")); err != nil {
		return "", fmt.Errorf("the password store: %w", err)
	}
	return id, nil
}

// readID gives the name that was made before; "" when none was.
func readID(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the password store: %w", err)
	}
	if len(b) < 8 {
		return "", nil
	}
	return strings.TrimSpace(string(b)), nil
}

func secretKey(id mail.AccountID, side mail.ServerSide) string {
	return fmt.Sprintf("account %d %s", id, side)
}

func (v *vault) Password(ctx context.Context, a mail.Account, side mail.ServerSide) (string, error) {
	if a.ID == 0 {
		return "", ErrNoPassword // not saved yet
	}
	be, err := v.backend()
	if err != nil {
		return "", err
	}
	return be.get(ctx, secretKey(a.ID, side))
}

func (v *vault) Save(ctx context.Context, id mail.AccountID, s mail.Secrets) error {
	secrets := map[string]string{}
	if s.Incoming != "" {
		secrets[secretKey(id, mail.SideIncoming)] = s.Incoming
	}
	if s.Outgoing != "" {
		secrets[secretKey(id, mail.SideOutgoing)] = s.Outgoing
	}
	if len(secrets) == 0 {
		return nil
	}
	be, err := v.backend()
	if err != nil {
		return err
	}
	return be.set(ctx, secrets)
}

func (v *vault) Forget(ctx context.Context, id mail.AccountID) error {
	be, err := v.backend()
	if err != nil {
		return err
	}
	return be.remove(ctx, secretKey(id, mail.SideIncoming), secretKey(id, mail.SideOutgoing))
}

func (v *vault) Info() mail.SecretStoreInfo {
	be, err := v.backend()
	if err != nil {
		return mail.SecretStoreInfo{Kind: "file", Locked: true, Detail: err.Error()}
	}
	return be.info()
}

func (v *vault) Unlock(ctx context.Context, passphrase string) error {
	be, err := v.backend()
	if err != nil {
		return err
	}
	return be.unlock(ctx, passphrase)
}
