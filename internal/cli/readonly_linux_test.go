package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAProfileThatCannotBeWritten: a backup on a medium is listed, searched, shown and exported; what would change it says why not. A lock that is a file of the
// kernel can be written by nobody, root included.
func TestAProfileThatCannotBeWritten(t *testing.T) {
	const kernel = "/sys/kernel/fscaps"
	if f, err := os.OpenFile(kernel, os.O_RDWR, 0); err == nil || os.IsNotExist(err) {
		_ = f.Close()
		t.Skip("this system has no such file")
	}
	dir, out := t.TempDir(), t.TempDir()
	mbox := filepath.Join(out, "in.mbox")
	if err := os.WriteFile(mbox, []byte("From a@b Mon Mar  3 10:00:00 2025\nFrom: a@b.example\nSubject: hello\nDate: Mon, 03 Mar 2025 10:00:00 +0000\n\nwords\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (code int, stdout, stderr string) {
		t.Helper()
		var o, e bytes.Buffer
		code, _ = Run(context.Background(), append(args, "--profile", dir), Deps{Stdout: &o, Stderr: &e})
		return code, o.String(), e.String()
	}
	if code, _, e := run("import", mbox); code != exitOK {
		t.Fatal(e)
	}
	lock := filepath.Join(dir, "open.lock")
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(kernel, lock); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, said string }{
		{"list --json", `"subject":"hello"`}, {"folders --json", `"total":1`}, {"search words --json", `"subject":"hello"`}, {"show 1", "words"}, {"raw 1", "Subject: hello"},
		{"outbox --json", ""}, {"ledger export", ""}, {"export --json --format mbox " + filepath.Join(out, "ex"), `"messages":1`},
	} {
		code, stdout, stderr := run(strings.Fields(c.args)...)
		if code != exitOK || !strings.Contains(stdout, c.said) || stderr != "" {
			t.Errorf("%s: %d, %q, %q", c.args, code, stdout, stderr)
		}
		if strings.Contains(c.args, "--json") && stdout != "" && !json.Valid([]byte(stdout)) {
			t.Errorf("%s prints %q", c.args, stdout)
		}
	}
	for _, args := range []string{"op star 1", "op undo", "outbox discard 1", "import " + mbox} {
		if code, stdout, stderr := run(strings.Fields(args)...); code != exitFailure || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: %d, %q, %q", args, code, stdout, stderr)
		}
	}
}
