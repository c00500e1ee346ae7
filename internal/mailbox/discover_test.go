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

// TestATextIsNoMail: a text beside mail may begin as a header or an mbox does.
func TestATextIsNoMail(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		mail bool
	}{
		"notes":      {"date: 2025-03-01\ntitle: what to do\n\nmilk\n", false},
		"todo":       {"todo: milk\n", false},
		"story.md":   {"From the beginning\nit was so\n", false},
		"story":      {"From the beginning: it was so\n\nwords\n", false},
		"front.md":   {"date: 2025-03-01\nsubject: x\n\ntext\n", false},
		"1":          {"Received: from a\n\tby b\nSubject: x\n\ntext\n", true},
		"2":          {"Subject: x\nDate: Mon, 3 Mar 2025 10:00:00 +0000\n\ntext\n", true},
		"3.eml":      {"Subject: x\n\ntext\n", true},
		"4.mail":     {"Subject: x\n\ntext\n", true},
		"old.letter": {"From a@b Thu Jan  1 00:00:00 2026\n\ntext\n", true},
		"odd.letter": {"From a@b 1/1/26\nSubject: x\n\ntext\n", true},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		rep, err := Import(context.Background(), []string{dir}, ImportOptions{}, func(Found) error { return nil })
		if err != nil || len(rep.Failed) > 0 || (rep.Messages == 1) != c.mail {
			t.Errorf("%s: %+v, %v", name, rep, err)
		}
	}
}
