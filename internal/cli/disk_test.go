//go:build linux

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"peyk/internal/mailtest"
)

// A disk that is full: a clear message, nothing lost on the server, and the next sync with room completes.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	small := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(small, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small disk cannot be made here (only root may mount one): %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(small, syscall.MNT_DETACH) })
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	p := newPeyk(t)
	p.profile = filepath.Join(small, "profile")
	p.ok("account", "add", accountFile(t, d, nil, "[account.pop3]\nleave_on_server = false\n", "ali:pop3"))
	p.ok("account", "add", accountFile(t, d, nil, "", "sara:imap"))
	early := letter(100, "here early", "what can be read then")
	d.Deliver("ali", early)
	d.Deliver("sara", early)
	p.ok("sync")
	filler := filepath.Join(small, "filler")
	var msgs [][]byte
	for i := range 60 {
		// Random-looking text, so that it does not shrink.
		msgs = append(msgs, letter(i, "large", noise(i, 50_000)))
	}
	d.Deliver("ali", msgs...)
	d.Deliver("sara", msgs...)
	fillDisk(t, filler, small, 1<<20)
	for _, account := range []string{"ali", "sara"} {
		r := p.run("sync", "--account", account)
		if r.code != 1 || !strings.Contains(r.err, "disk") || !strings.Contains(r.err, "full") {
			t.Errorf("%s: exit %d: %s", account, r.code, r.err)
		}
	}
	// With not a byte left, what is here can be read, and what would be written is told.
	fillDisk(t, filepath.Join(small, "rest"), small, 0)
	for range 2 {
		rows := p.json("search", "subject:early")
		if len(rows) != 2 || len(p.json("list")) < 2 {
			t.Fatalf("of the mail that is here %d are found", len(rows))
		}
		id := fmt.Sprint(rows[0]["id"])
		if r := p.run("show", id); r.code != 0 || r.out == "" {
			t.Errorf("show on a full disk: exit %d: %s", r.code, r.err)
		}
		p.ok("folders", "--json")
		p.ok("doctor")
		if r := p.run("op", "star", id); r.code != 1 || !strings.Contains(r.err, "is full") {
			t.Errorf("op on a full disk: exit %d: %s", r.code, r.err)
		}
	}
	for _, f := range []string{filler, filepath.Join(small, "rest")} {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	p.ok("sync")
	p.ok("doctor")
	for _, account := range []string{"ali", "sara"} {
		if n := len(p.json("list", "--account", account)); n != len(msgs)+1 {
			t.Errorf("%s: %d messages, want %d", account, n, len(msgs)+1)
		}
	}
	if n := len(d.UIDs("ali", "INBOX")); n != 0 {
		t.Errorf("%d left on the POP3 server", n)
	}
}

// fillDisk leaves about so many bytes.
func fillDisk(t *testing.T, path, dir string, leave int64) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	if err := os.WriteFile(path, make([]byte, max(free-leave, 0)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// noise is text of a size that compresses badly, the same for the same seed.
func noise(seed, size int) string {
	x := uint64(seed)*0x9e3779b97f4a7c15 + 1
	b := make([]byte, 0, size)
	for len(b) < size {
		if len(b)%78 == 76 {
			b = append(b, '\r', '\n')
			continue
		}
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b = append(b, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[x>>58])
	}
	return string(b)
}
