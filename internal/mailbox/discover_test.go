package mailbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that was asked for, or is an mbox by its name, and holds no mail is told; one that only lies beside mail is not, nor an empty mbox.
func TestWhatHoldsNoMailIsTold(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{"خراب.mbox": "\x00\x01\x02 no mail", "picture": "\x89PNG", "rules.dat": "x", "empty.mbox": "", "empty.eml": "",
		"good.mbox": "From a@b Thu Jan  1 00:00:00 2026\nSubject: x\n\ntext\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string][]string{"": {"خراب.mbox"}, "خراب.mbox": {"خراب.mbox"}, "picture": {"picture"}, "rules.dat": {"rules.dat"}, "empty.mbox": nil, "empty.eml": nil, "good.mbox": nil} {
		rep, err := Import(context.Background(), []string{filepath.Join(dir, path)}, ImportOptions{}, func(Found) error { return nil })
		if err != nil || len(rep.Failed) != len(want) {
			t.Fatalf("%q: %+v, %v", path, rep, err)
		}
		if path == "" && rep.Messages != 1 {
			t.Errorf("%d messages in the folder", rep.Messages)
		}
		if n, told := rep.Folders["empty"]; n != 0 || told != strings.HasPrefix(path, "empty.") {
			t.Errorf("%q: of the empty one %d, %t", path, n, told)
		}
		for i, w := range want {
			if f := rep.Failed[i]; f.Where != filepath.Join(dir, w) || !errors.Is(f.Err, ErrNotMbox) {
				t.Errorf("%q: %+v", path, f)
			}
		}
	}
}
