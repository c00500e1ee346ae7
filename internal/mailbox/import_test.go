package mailbox

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"peyk/internal/mail"
)

func put(t *testing.T, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func tree(t *testing.T) string {
	dir := t.TempDir()
	moz := "From - Tue Nov 25 14:05:06 2025\nX-Mozilla-Status: 0007\nX-Mozilla-Keys: $label1 work\nSubject: moz 1\n\nx\n\n" +
		"From - Tue Nov 25 14:05:06 2025\nX-Mozilla-Status: 0009\nSubject: expunged\n\nx\n\n" +
		"From - Tue Nov 25 14:05:06 2025\nStatus: RO\nX-Status: A\nSubject: moz 2\n\nx\n"
	put(t, filepath.Join(dir, "Inbox"), moz)
	put(t, filepath.Join(dir, "Inbox.msf"), "// not mail")
	put(t, filepath.Join(dir, "Inbox.sbd", "Sub"), "From - Tue Nov 25 14:05:06 2025\nSubject: sub\n\nx\n")
	put(t, filepath.Join(dir, "letters", "one.eml"), "Subject: eml\r\n\r\nx")
	put(t, filepath.Join(dir, "notes.txt"), "hello")
	md := filepath.Join(dir, "md")
	w, err := NewMaildirWriter(t.Context(), md)
	if err != nil {
		t.Fatal(err)
	}
	if _, n, err := w.Write("x", mail.Flags{mail.FlagSeen, mail.FlagFlagged, mail.FlagForwarded}, when, strings.NewReader("Subject: md\n\nx")); err != nil || n != 14 {
		t.Fatal(n, err)
	}
	put(t, filepath.Join(md, "new", "1.x"), "Subject: new\n\nx")
	return dir
}

func TestImport(t *testing.T) {
	dir := tree(t)
	type got struct {
		folder, subject string
		flags           mail.Flags
	}
	var list []got
	add := func(f Found) error {
		b, err := io.ReadAll(f.Reader)
		s := string(b)
		s = s[strings.Index(s, "Subject: ")+9:]
		list = append(list, got{f.Folder, strings.TrimSpace(s[:strings.IndexAny(s, "\r\n")]), f.Flags})
		return err
	}
	calls := 0
	rep, err := Import(context.Background(), []string{dir}, ImportOptions{Progress: func(p Progress) { calls = p.Done }}, add)
	if err != nil || rep.Messages != 6 || calls != 6 || len(rep.Failed) != 0 {
		t.Fatalf("%v %v %d", rep, err, calls)
	}
	want := []got{
		{"Inbox", "moz 1", mail.Flags{mail.FlagSeen, mail.FlagAnswered, mail.FlagFlagged, "$label1", "work"}},
		{"Inbox", "moz 2", mail.Flags{mail.FlagSeen, mail.FlagAnswered}}, {"Inbox/Sub", "sub", nil}, {"letters", "eml", nil},
		{"md", "new", nil}, {"md", "md", mail.Flags{mail.FlagFlagged, mail.FlagForwarded, mail.FlagSeen}},
	}
	if !reflect.DeepEqual(list, want) {
		t.Errorf("got  %v\nwant %v", list, want)
	}
	if rep.Folders["Inbox"] != 2 || rep.Folders["md"] != 2 {
		t.Errorf("folders %v", rep.Folders)
	}
}

func TestImportStopsAndResumes(t *testing.T) {
	dir := tree(t)
	whole := 0
	if _, err := Import(context.Background(), []string{dir}, ImportOptions{}, func(Found) error { whole++; return nil }); err != nil {
		t.Fatal(err)
	}
	for stop := range whole {
		ctx, cancel := context.WithCancel(context.Background())
		first := 0
		rep, err := Import(ctx, []string{dir}, ImportOptions{}, func(Found) error {
			if first == stop {
				cancel()
				return context.Canceled
			}
			first++
			return nil
		})
		cancel()
		if !errors.Is(err, context.Canceled) || rep.Resume == nil {
			t.Fatalf("%v %v", err, rep)
		}
		second := 0
		if _, err := Import(context.Background(), []string{dir}, ImportOptions{From: rep.Resume}, func(Found) error { second++; return nil }); err != nil {
			t.Fatal(err)
		}
		if first+second != whole {
			t.Errorf("stopped after %d: %d more, not %d in all", stop, second, whole)
		}
	}
}

func TestImportFailures(t *testing.T) {
	dir := tree(t)
	rep, err := Import(context.Background(), []string{dir}, ImportOptions{}, func(f Found) error {
		if f.Folder == "Inbox" {
			return errors.New("refused")
		}
		return nil
	})
	if err != nil || len(rep.Failed) != 2 || rep.Messages != 4 || rep.Failed[0].Reason != "refused" {
		t.Errorf("%+v %v", rep, err)
	}
	if _, err := Import(context.Background(), []string{filepath.Join(dir, "gone")}, ImportOptions{}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing path: %v", err)
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"Hello": "00007 Hello.eml", "a/b: c?": "00007 a_b_ c_.eml", "": "00007.eml", "سلام": "00007 سلام.eml", "..": "00007.eml"} {
		if got := EMLName(7, in); got != want {
			t.Errorf("EMLName(%q) = %q", in, got)
		}
	}
	if got := FolderFile("a/b"); got != "a_b" {
		t.Errorf("FolderFile: %q", got)
	}
	if n := len(EMLName(1, strings.Repeat("پ", 500))); n > 140 {
		t.Errorf("a name of %d bytes", n)
	}
	p := filepath.Join(t.TempDir(), "x.eml")
	if n, err := WriteEML(p, strings.NewReader("abc")); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	if _, err := WriteEML(p, strings.NewReader("abc")); !errors.Is(err, os.ErrExist) {
		t.Errorf("overwriting: %v", err)
	}
}

// An error that nothing can be stored any more ends an import at the message it came with; others are failures of their message.
func TestImportStopsWhereNothingCanBeStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.mbox")
	put(t, path, strings.Repeat("From - Tue Nov 25 14:05:06 2025\nSubject: x\n\nx\n\n", 5))
	n := 0
	rep, err := Import(t.Context(), []string{path}, ImportOptions{}, func(f Found) error {
		switch n++; n {
		case 2:
			return errors.New("this one")
		case 4:
			return &Stop{Err: os.ErrPermission}
		}
		return nil
	})
	if !errors.Is(err, os.ErrPermission) || n != 4 || rep.Messages != 2 || rep.Resume == nil || rep.Resume.Source != path {
		t.Fatalf("%v after %d, %+v", err, n, rep)
	}
	if len(rep.Failed) != 1 || rep.Failed[0].File != path || rep.Failed[0].Offset == 0 || !strings.Contains(rep.Failed[0].Where, "at byte") {
		t.Errorf("failures: %+v", rep.Failed)
	}
	rep, err = Import(t.Context(), []string{path}, ImportOptions{From: rep.Resume}, func(Found) error { return nil })
	if err != nil || rep.Messages != 2 {
		t.Errorf("the rest: %v, %+v", err, rep)
	}
}
