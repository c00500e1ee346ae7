package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
)

// defaultProfileText names the default profile in help texts.
const defaultProfileText = "the platform's user data folder"

// ProfileDir is the profile directory that the flag names, or the platform's default one.
func ProfileDir(flag string) (string, error) {
	if flag != "" {
		return filepath.Abs(flag)
	}
	if runtime.GOOS == "linux" || runtime.GOOS == "freebsd" || runtime.GOOS == "openbsd" || runtime.GOOS == "netbsd" {
		if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
			return filepath.Join(d, "peyk"), nil
		}
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the profile: %w; name one with --profile", err)
		}
		return filepath.Join(home, ".local", "share", "peyk"), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the profile: %w; name one with --profile", err)
	}
	return filepath.Join(dir, "Peyk"), nil
}

// OpenStore opens the store of a profile the way every part of the program does.
func OpenStore(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, dir, StoreOptions())
}

// StoreOptions are the options of every store of the program.
func StoreOptions() store.Options {
	return store.Options{
		Now:   Now,
		Parse: func(r io.ReaderAt, size int64) mail.Summary { return message.Parse(r, size).Summary() },
		Home:  accounts.Local,
	}
}

// existing is a command for a profile that is there: a mistyped --profile makes no new one.
func existing(run func(context.Context, *call) error) func(context.Context, *call) error {
	return func(ctx context.Context, c *call) error {
		c.existing = true
		return run(ctx, c)
	}
}

// profileDir is the directory of the call's profile. A command that makes no profile gets an error where --profile names something
// else: nothing, a file, or a folder with other things in it. An empty folder is a profile without mail, and so is the default one
// before its first use.
func (c *call) profileDir() (string, error) {
	dir, err := ProfileDir(c.profile)
	if err != nil || !c.existing || c.profile == "" {
		return dir, err
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no profile at %s; correct --profile, or make one with: peyk account add FILE.toml --profile DIR", dir)
	case err != nil:
		return "", fmt.Errorf("open the profile %s: %w", dir, err)
	case len(entries) > 0 && !store.IsProfile(dir):
		return "", fmt.Errorf("%s holds other files and no profile; correct --profile, or make one in an empty folder with: peyk account add FILE.toml --profile DIR", dir)
	}
	return dir, nil
}

// openStore opens the store of the call's profile.
func (c *call) openStore(ctx context.Context) (*store.Store, string, error) {
	dir, err := c.profileDir()
	if err != nil {
		return nil, "", err
	}
	st, err := OpenStore(ctx, dir)
	if de := (*store.DiskError)(nil); c.existing && errors.As(err, &de) && !de.Full {
		st, err = openUnwritable(ctx, dir, de)
	}
	if err != nil {
		return nil, "", fmt.Errorf("open the profile %s: %w", dir, err)
	}
	return st, dir, nil
}

// openUnwritable opens a profile that cannot be written: what reads can do without. The error is why it could not be opened otherwise, where this one says no more.
func openUnwritable(ctx context.Context, dir string, why *store.DiskError) (*store.Store, error) {
	st, err := store.OpenReadOnly(ctx, dir, StoreOptions())
	var known *store.DiskError
	if errors.As(err, &known) || errors.Is(err, fs.ErrNotExist) {
		return nil, why
	}
	return st, err
}

// withStore runs fn on the open store.
func (c *call) withStore(ctx context.Context, fn func(*store.Store) error) error {
	collectLate(usual)
	st, _, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	err = fn(st)
	if cerr := st.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("close the profile: %w", cerr)
	}
	return err
}

// withEngine runs fn on an engine over the open store. Its workers do not run: only what fn asks for is done.
func (c *call) withEngine(ctx context.Context, fn func(*store.Store, *mailsync.Engine) error) error {
	collectLate(frugal)
	st, dir, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	opt, err := EngineOptions(dir)
	if err == nil {
		e := mailsync.New(st, opt)
		err = fn(st, e)
		e.Close()
	}
	if cerr := st.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("close the profile: %w", cerr)
	}
	return err
}
