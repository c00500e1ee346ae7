//go:build unix

package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
)

const note = "Subject: hello\n\ntext\n"

// put writes a file and the folders above it.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func pipe(t *testing.T, path string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), syscall.Mkfifo(path, 0o600)); err != nil {
		t.Fatal(err)
	}
}

// taken imports paths, and gives the folders of what came.
func taken(t *testing.T, paths ...string) (folders []string, rep mailbox.Report) {
	t.Helper()
	rep, err := mailbox.Import(t.Context(), paths, mailbox.ImportOptions{}, func(f mailbox.Found) error {
		folders = append(folders, f.Folder)
		_, err := io.Copy(io.Discard, f.Reader)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders, rep
}

// Pipes, devices, and links that lead round in a circle stand under every name that is looked for: each is passed over or told, and the mail
// beside them comes.
func TestNoFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "good.eml"), note)
	put(t, filepath.Join(dir, "old.mbox"), "From a@b Mon Mar  2 10:00:00 2026\n"+note)
	put(t, filepath.Join(dir, "Box", "cur", "1.a:2,S"), note)
	put(t, filepath.Join(dir, "Box", "tmp", "x"), "")
	pipe(t, filepath.Join(dir, "pipe.eml"))
	pipe(t, filepath.Join(dir, "pipe"))
	pipe(t, filepath.Join(dir, "old.mbox.flags"))
	pipe(t, filepath.Join(dir, mailbox.EMLFlags))
	pipe(t, filepath.Join(dir, "Box", "dovecot-keywords"))
	pipe(t, filepath.Join(dir, "Box", "cur", "2.b:2,"))
	for name, to := range map[string]string{"loop": dir, "zero.eml": "/dev/zero", "self": "self", "Box/cur/3.c:2,": "/dev/zero"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	folders, rep := taken(t, dir)
	slices.Sort(folders)
	if want := []string{filepath.Base(dir), "Box", "old"}; !slices.Equal(folders, want) {
		t.Errorf("came: %q", folders)
	}
	for _, f := range rep.Failed {
		if !errors.Is(f.Err, mailbox.ErrNotFile) {
			t.Errorf("told: %s: %s", f.Where, f.Reason)
		}
	}
	// By their own names they are told.
	for _, path := range []string{filepath.Join(dir, "pipe.eml"), filepath.Join(dir, "pipe"), "/dev/zero", "/dev/null"} {
		if folders, rep := taken(t, path); len(folders) > 0 || len(rep.Failed) != 1 || !errors.Is(rep.Failed[0].Err, mailbox.ErrNotFile) {
			t.Errorf("%s: %q, %+v", path, folders, rep.Failed)
		}
	}
	// A link that was named is followed.
	link := filepath.Join(t.TempDir(), "my mail")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if again, _ := taken(t, link); len(again) != len(folders) || !slices.Contains(again, "my mail") {
		t.Errorf("behind a link: %q", again)
	}
}

// Names of files become names of folders that can be shown: without line breaks, escape sequences, overrides and broken letters.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a\nb.mbox", "\x1b[2Jred.mbox", "gpj\u202e.mbox", "\xff\xfe.mbox", ".a\x07b.c/x.mbox", "nul\u2028.sbd/y\tz"} {
		put(t, filepath.Join(dir, name), "From a@b Mon Mar  2 10:00:00 2026\n"+note)
	}
	folders, rep := taken(t, dir)
	if len(folders) != 6 || len(rep.Failed) > 0 {
		t.Errorf("%q, %+v", folders, rep.Failed)
	}
	for _, f := range folders {
		if strings.ContainsFunc(f, func(r rune) bool {
			return unicode.IsControl(r) || r == 0x202e || r == 0x2028 || r == unicode.ReplacementChar
		}) {
			t.Errorf("folder %q", f)
		}
	}
}

// A Maildir that another program works in: messages are marked as read meanwhile, which gives their files other names, and removed.
func TestMaildirThatChanges(t *testing.T) {
	dir := t.TempDir()
	for n := range 40 {
		put(t, filepath.Join(dir, "cur", fmt.Sprintf("%d.m:2,", 100+n)), fmt.Sprintf("Subject: %d\n\ntext\n", n))
	}
	put(t, filepath.Join(dir, "new", "200.m"), note)
	put(t, filepath.Join(dir, "tmp", "x"), "")
	var flags []mail.Flags
	rep, err := mailbox.Import(t.Context(), []string{dir}, mailbox.ImportOptions{}, func(f mailbox.Found) error {
		if len(flags) == 0 {
			for n := 10; n < 40; n++ {
				path := filepath.Join(dir, "cur", fmt.Sprintf("%d.m:2,", 100+n))
				if err := os.Rename(path, path+"S"); err != nil {
					return err
				}
			}
			if err := errors.Join(os.Rename(filepath.Join(dir, "new", "200.m"), filepath.Join(dir, "cur", "200.m:2,F")), os.Remove(filepath.Join(dir, "cur", "105.m:2,"))); err != nil {
				return err
			}
		}
		flags = append(flags, f.Flags)
		return nil
	})
	if err != nil || rep.Messages != 40 || len(rep.Failed) != 1 || !errors.Is(rep.Failed[0].Err, os.ErrNotExist) {
		t.Fatalf("%+v, %v", rep, err)
	}
	if last := flags[len(flags)-1]; !last.Has(mail.FlagFlagged) || !flags[30].Has(mail.FlagSeen) {
		t.Errorf("flags as they are now: %v", flags)
	}
}

// One message of many gigabytes, with lines that do not end, in a file that takes no space: reading it can be stopped, and it goes on there.
func TestEndlessMessage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.mbox")
	put(t, path, "From a@b Mon Mar  2 10:00:00 2026\n"+note+"\nFrom a@b Mon Mar  2 10:00:00 2026\nSubject: endless\n\n")
	if err := os.Truncate(path, 10<<30); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	rep, err := mailbox.Import(ctx, []string{path}, mailbox.ImportOptions{}, func(f mailbox.Found) error {
		if n++; n == 1 {
			_, err := io.Copy(io.Discard, f.Reader)
			return err
		}
		if _, err := io.CopyN(io.Discard, f.Reader, 1<<20); err != nil {
			return err
		}
		cancel()
		return errors.New("too large")
	})
	if !errors.Is(err, context.Canceled) || n != 2 || rep.Messages != 1 || rep.Resume == nil || rep.Resume.Offset != int64(len("From a@b Mon Mar  2 10:00:00 2026\n"+note+"\n")) {
		t.Errorf("%d, %+v, %v", n, rep, err)
	}
}

// What cannot be stored ends an import, and is no fault of the messages.
func TestStop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.mbox")
	put(t, path, strings.Repeat("From a@b Mon Mar  2 10:00:00 2026\n"+note+"\n", 5))
	full := errors.New("the disk is full")
	n := 0
	rep, err := mailbox.Import(t.Context(), []string{path}, mailbox.ImportOptions{}, func(f mailbox.Found) error {
		if n++; n == 3 {
			return &mailbox.Stop{Err: full}
		}
		return nil
	})
	if !errors.Is(err, full) || n != 3 || rep.Messages != 2 || len(rep.Failed) > 0 || rep.Resume == nil {
		t.Errorf("%d, %+v, %v", n, rep, err)
	}
	got := 0
	if _, err := mailbox.Import(t.Context(), []string{path}, mailbox.ImportOptions{From: rep.Resume}, func(mailbox.Found) error { got++; return nil }); err != nil || got != 3 {
		t.Errorf("then %d came, %v", got, err)
	}
}
