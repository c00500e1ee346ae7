package accounts

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestPasswordsSavedTogether: several processes save passwords in one file at the same time, and forget others. None of what was saved is
// lost.
func TestPasswordsSavedTogether(t *testing.T) {
	t.Setenv(EnvKeyring, "off")
	t.Setenv(EnvPassphrase, "")
	dir := t.TempDir()
	const writers, each = 4, 25
	vaults := make([]Vault, writers)
	var wg sync.WaitGroup
	for w := range vaults {
		vaults[w] = openVault(t, dir)
		wg.Go(func() { // one of them makes the file
			if err := vaults[w].Unlock(t.Context(), "گذر"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for w, v := range vaults {
		wg.Go(func() {
			for i := range each {
				id := mail.AccountID(1 + w*each + i)
				if err := v.Save(t.Context(), id, mail.Secrets{Incoming: "geheim"}); err != nil {
					t.Error(err)
				}
				if i%5 == 4 {
					if err := v.Forget(t.Context(), id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	v := openVault(t, dir)
	if err := v.Unlock(t.Context(), "گذر"); err != nil {
		t.Fatal(err)
	}
	for id := range mail.AccountID(writers * each) {
		a := mail.Account{ID: id + 1}
		forgotten := id%each%5 == 4
		if p, err := v.Password(t.Context(), a, mail.SideIncoming); (p == "geheim") == forgotten {
			t.Errorf("account %d, forgotten %v: %q %v", a.ID, forgotten, p, err)
		}
	}
}

// TestProfileNamedTogether: processes that need the name of a profile for the first time at the same time agree on one.
func TestProfileNamedTogether(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				var err error
				if ids[i], err = profileID(dir); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id == "" || id != ids[0] {
				t.Fatalf("the names of one profile: %q", ids)
			}
		}
	}
}

// TestUnlockWritesNothing: to open a password file that is there nothing has to be written: its folder may be one that cannot.
func TestUnlockWritesNothing(t *testing.T) {
	t.Setenv(EnvKeyring, "off")
	t.Setenv(EnvPassphrase, "")
	dir := t.TempDir()
	if err := openVault(t, dir).Unlock(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "secrets.lock")); err != nil {
		t.Fatal(err)
	}
	if err := openVault(t, dir).Unlock(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}

// TestALockThatIsHeld: who waits in vain for another process says so.
func TestALockThatIsHeld(t *testing.T) {
	dir := t.TempDir()
	release, err := lockSecrets(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := lockSecrets(ctx, dir); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "another Peyk is changing it") {
		t.Errorf("%v", err)
	}
}
