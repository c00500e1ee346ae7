package accounts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"peyk/internal/filelock"
	"peyk/internal/mail"
)

// fileVault keeps secrets in one file: a JSON object sealed with XChaCha20-Poly1305 under a key that Argon2id (RFC 9106)
// makes of a passphrase. The file is read anew for each access, since another process may have written it, and changed under a lock: of two
// processes that save a password at the same time, the later would write the file without that of the other.
type fileVault struct {
	path string

	mu   sync.Mutex
	key  []byte // nil: locked
	head sealedHead
}

// sealedHead is what is needed to make the key, and is authenticated with the content.
type sealedHead struct {
	Version  int    `json:"version"`
	KDF      string `json:"kdf"`
	Salt     []byte `json:"salt"`
	Time     uint32 `json:"time"`
	MemoryKB uint32 `json:"memory_kb"`
	Threads  uint8  `json:"threads"`
}

type sealedFile struct {
	sealedHead
	Nonce []byte `json:"nonce"`
	Box   []byte `json:"box"`
}

func newFileVault(path string) *fileVault { return &fileVault{path: path} }

func newHead() sealedHead {
	h := sealedHead{Version: 1, KDF: "argon2id", Salt: make([]byte, 16), Time: 3, MemoryKB: 64 << 10, Threads: 4}
	rand.Read(h.Salt)
	return h
}

func (h sealedHead) key(passphrase string) []byte {
	return argon2.IDKey([]byte(passphrase), h.Salt, h.Time, h.MemoryKB, h.Threads, chacha20poly1305.KeySize)
}

// check refuses what we did not write: also a file that would make us work for hours.
func (h sealedHead) check() error {
	if h.Version != 1 || h.KDF != "argon2id" || len(h.Salt) < 8 || h.Time < 1 || h.Time > 100 || h.MemoryKB < 8 || h.MemoryKB > 1<<20 || h.Threads < 1 {
		return errors.New("the password file was written by another program, or is damaged")
	}
	return nil
}

// read returns the file; ok is false when there is none yet.
func (f *fileVault) read() (s sealedFile, ok bool, err error) {
	b, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("the password file: %w", err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, false, fmt.Errorf("the password file %s is damaged: %w", f.path, err)
	}
	return s, true, s.check()
}

// unseal decrypts the file's content.
func unseal(s sealedFile, key []byte) (map[string]string, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	if len(s.Nonce) != aead.NonceSize() {
		return nil, errors.New("the password file is damaged")
	}
	head, err := json.Marshal(s.sealedHead)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, s.Nonce, s.Box, head)
	if err != nil {
		return nil, mail.ErrPassphrase
	}
	secrets := map[string]string{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, errors.New("the password file is damaged")
	}
	return secrets, nil
}

// write seals and replaces the file, so that a crash leaves the old or the new one.
func (f *fileVault) write(secrets map[string]string) error {
	aead, err := chacha20poly1305.NewX(f.key)
	if err != nil {
		return err
	}
	s := sealedFile{sealedHead: f.head, Nonce: make([]byte, aead.NonceSize())}
	rand.Read(s.Nonce)
	plain, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	head, err := json.Marshal(s.sealedHead)
	if err != nil {
		return err
	}
	s.Box = aead.Seal(nil, s.Nonce, plain, head)
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(f.path, b); err != nil {
		return fmt.Errorf("writing the password file: %w", err)
	}
	return nil
}

// replaceFile writes a file so that a crash or a power cut leaves the old or the new one.
func replaceFile(path string, b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when all went well
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return err
	}
	if d, err := os.Open(filepath.Dir(path)); err == nil {
		_ = d.Sync() // its new name; not every system can
		_ = d.Close()
	}
	return nil
}

// lock lets one process at a time change the file; release lets the next one.
func (f *fileVault) lock(ctx context.Context) (release func(), err error) {
	return lockSecrets(ctx, filepath.Dir(f.path))
}

// lockSecrets lets one process at a time change what the profile folder dir holds about passwords.
func lockSecrets(ctx context.Context, dir string) (release func(), err error) {
	if err = os.MkdirAll(dir, 0o700); err == nil {
		release, err = filelock.Wait(ctx, filepath.Join(dir, "secrets.lock"), nil)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("the password store: another Peyk is changing it, and has not come to an end: %w", err)
	case err != nil:
		return nil, fmt.Errorf("the password store: %w", err)
	}
	return release, nil
}

// load reads the secrets, unlocking with the environment's passphrase where that is needed. f.mu is held.
func (f *fileVault) load() (map[string]string, error) {
	s, ok, err := f.read()
	if err != nil {
		return nil, err
	}
	if f.key == nil {
		pass := os.Getenv(EnvPassphrase)
		if pass == "" {
			return nil, ErrLocked
		}
		if err := f.open(s, ok, pass); err != nil {
			return nil, fmt.Errorf("%s: %w", EnvPassphrase, err)
		}
	}
	if !ok {
		return map[string]string{}, nil
	}
	return unseal(s, f.key)
}

// open derives the key and proves it on the file. f.mu is held.
func (f *fileVault) open(s sealedFile, exists bool, passphrase string) error {
	if passphrase == "" {
		return errors.New("the passphrase is empty")
	}
	head := s.sealedHead
	if !exists {
		head = newHead()
	}
	key := head.key(passphrase)
	if exists {
		if _, err := unseal(s, key); err != nil {
			return err
		}
	}
	f.key, f.head = key, head
	return nil
}

func (f *fileVault) get(_ context.Context, key string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok, err := f.read(); err != nil {
		return "", err
	} else if !ok {
		return "", ErrNoPassword // nothing was ever stored, so there is nothing to unlock
	}
	secrets, err := f.load()
	if err != nil {
		return "", err
	}
	if p, ok := secrets[key]; ok {
		return p, nil
	}
	return "", ErrNoPassword
}

func (f *fileVault) set(ctx context.Context, more map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	release, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	secrets, err := f.load()
	if err != nil {
		return err
	}
	for k, v := range more {
		secrets[k] = v
	}
	return f.write(secrets)
}

func (f *fileVault) remove(ctx context.Context, keys ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok, err := f.read(); err != nil || !ok {
		return err
	}
	release, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	secrets, err := f.load()
	if err != nil {
		return err
	}
	n := len(secrets)
	for _, k := range keys {
		delete(secrets, k)
	}
	if len(secrets) == n {
		return nil
	}
	return f.write(secrets)
}

func (f *fileVault) info() mail.SecretStoreInfo {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok, err := f.read()
	info := mail.SecretStoreInfo{Kind: "file", New: !ok && err == nil, Locked: f.key == nil && os.Getenv(EnvPassphrase) == "", Detail: f.path}
	if err != nil {
		info.Detail = err.Error()
	}
	return info
}

// unlock opens the file; a new one is written at once, so that the passphrase is fixed from then on.
func (f *fileVault) unlock(ctx context.Context, passphrase string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok, err := f.read()
	if err == nil && !ok { // another process may be making it
		release, lerr := f.lock(ctx)
		if lerr != nil {
			return lerr
		}
		defer release()
		s, ok, err = f.read()
	}
	if err != nil {
		return err
	}
	if err := f.open(s, ok, passphrase); err != nil || ok {
		return err
	}
	return f.write(map[string]string{})
}
