package mailbox

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestThunderbirdProfile imports a small profile: folders, flags, tags; what is deleted or no mail is left out.
func TestThunderbirdProfile(t *testing.T) {
	var got []string
	rep, err := Import(context.Background(), []string{filepath.Join("testdata", "thunderbird")}, ImportOptions{}, func(f Found) error {
		b, err := io.ReadAll(f.Reader)
		_, s, _ := strings.Cut(string(b), "Subject: ")
		s, _, _ = strings.Cut(s, "\n")
		got = append(got, fmt.Sprint(f.Folder, ": ", strings.TrimSpace(s), " ", sorted(f.Flags)))
		return err
	})
	if err != nil || len(rep.Failed) > 0 {
		t.Fatal(err, rep.Failed)
	}
	want := []string{
		`ImapMail/imap.example.com/INBOX: from the server [\Flagged \Seen]`,
		`Mail/Local Folders/Archives/2024: archived [\Seen]`,
		`Mail/Local Folders/Inbox: read and tagged [$label1 \Seen project_x]`,
		`Mail/Local Folders/Inbox: new []`,
		`Mail/Local Folders/Inbox: read, replied, starred, forwarded [$Forwarded \Answered \Flagged \Seen]`,
		`Mail/Local Folders/letters: a file of its own [$label5 \Answered \Seen]`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if rep.Messages != 6 || len(rep.Digest) != 64 {
		t.Errorf("report %+v", rep)
	}
}

// TestThunderbirdAccounts: the folders of a profile are called by its accounts, as Thunderbird shows them, not by where they lie.
func TestThunderbirdAccounts(t *testing.T) {
	home := t.TempDir()
	const letter = "From x Tue Mar  3 14:05:06 2026\nSubject: s\n\ntext\n"
	profile := filepath.Join(home, ".thunderbird", "ab12.default")
	for _, f := range []string{"Mail/Local Folders/خانواده", "Mail/Local Folders/خانواده.sbd/عکس‌ها", "ImapMail/imap.example.com/INBOX", "ImapMail/imap.example.com/&BigGJwbMBq8GJwZGBsw-",
		"Mail/pop.example.com/Inbox", "Mail/pop-1.example.com/Inbox", "Mail/gone.example.com/Inbox"} {
		put(t, filepath.Join(profile, filepath.FromSlash(f)), letter)
	}
	put(t, filepath.Join(home, ".thunderbird", "profiles.ini"), "[Profile0]\nPath=ab12.default\n")
	put(t, filepath.Join(profile, prefsFile), `// Mozilla User Preferences
user_pref("mail.server.default.check_new_mail", true);
user_pref("mail.server.server1.directory-rel", "[ProfD]Mail/Local Folders");
user_pref("mail.server.server1.name", "Local Folders");
user_pref("mail.server.server1.type", "none");
user_pref("mail.server.server2.directory-rel", "[ProfD]ImapMail/imap.example.com");
user_pref("mail.server.server2.hostname", "imap.example.com");
user_pref("mail.server.server2.name", "مریم / \"office\"");
user_pref("mail.server.server2.port", 993);
user_pref("mail.server.server2.type", "imap");
user_pref("mail.server.server3.directory", "`+filepath.ToSlash(filepath.Join(profile, "Mail", "pop.example.com"))+`");
user_pref("mail.server.server3.hostname", "pop.example.com");
user_pref("mail.server.server4.directory-rel", "[ProfD]Mail/pop-1.example.com");
user_pref("mail.server.server4.name", "pop.example.com");
user_pref("mail.server.server5.directory-rel", "[ProfD]../../outside");
user_pref("mail.server.server5.name", "outside"
user_pref("broken`)
	folders := func(path string) string {
		rep, err := Import(context.Background(), []string{path}, ImportOptions{}, func(Found) error { return nil })
		if err != nil || len(rep.Failed) > 0 {
			t.Fatal(err, rep.Failed)
		}
		return strings.Join(slices.Sorted(maps.Keys(rep.Folders)), "\n")
	}
	want := `Local Folders/خانواده
Local Folders/خانواده/عکس‌ها
Mail/gone.example.com/Inbox
pop.example.com 2/Inbox
pop.example.com/Inbox
مریم _ "office"/INBOX
مریم _ "office"/بایگانی`
	if got := folders(profile); got != want {
		t.Errorf("the profile has\n%s\nwant\n%s", got, want)
	}
	found := thunderbirdFolders(home, "linux", "")
	if len(found) != 1 || found[0] != filepath.Join(home, ".thunderbird") {
		t.Fatalf("found %v", found)
	}
	if got := folders(found[0]); got != strings.ReplaceAll(want, "Mail/gone", "ab12.default/Mail/gone") {
		t.Errorf("the place of the profiles has\n%s", got)
	}
	// Of two profiles none is taken for the other.
	put(t, filepath.Join(home, ".thunderbird", "cd34.work", "Mail", "Local Folders", "Inbox"), letter)
	put(t, filepath.Join(home, ".thunderbird", "cd34.work", prefsFile), `user_pref("mail.server.server1.directory-rel", "[ProfD]Mail/Local Folders");
user_pref("mail.server.server1.name", "Local Folders");`)
	if got := folders(found[0]); !strings.Contains(got, "cd34.work/Local Folders/Inbox") || !strings.Contains(got, "ab12.default/Local Folders/خانواده\n") {
		t.Errorf("two profiles have\n%s", got)
	}
	put(t, filepath.Join(home, "Thunderbird", "profiles.ini"), "x")
	if got := thunderbirdFolders("", "windows", home); len(got) != 1 || thunderbirdFolders("", "linux", "") != nil {
		t.Errorf("on Windows: %v", got)
	}
}

func sorted(f mail.Flags) []string {
	out := []string{}
	for _, x := range f {
		out = append(out, string(x))
	}
	sort.Strings(out)
	return out
}

// TestFlagsBeside: an mbox comes back with the flags that were written beside it, its bytes as they were.
func TestFlagsBeside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "box.mbox")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	side, err := os.Create(FlagsFile(path))
	if err != nil {
		t.Fatal(err)
	}
	msgs := []string{"Subject: 1\n\nFrom x\n", "Subject: 2\r\n\r\nno end", "Subject: 3\n\n\n\n"}
	flags := []mail.Flags{{mail.FlagSeen, "$label2"}, nil, {mail.FlagFlagged}}
	w, fw := NewWriter(out), NewFlagWriter(side)
	for i, m := range msgs {
		if err := fw.Write(fmt.Sprint(w.Offset()), flags[i]); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write("a@b.example", when, strings.NewReader(m), int64(len(m))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	side.Close()
	i := 0
	rep, err := Import(context.Background(), []string{filepath.Dir(path)}, ImportOptions{}, func(f Found) error {
		b, err := io.ReadAll(f.Reader)
		if string(b) != msgs[i] || !reflect.DeepEqual(f.Flags, flags[i]) || f.At.Offset != f.Offset {
			t.Errorf("message %d: %q with %v at %+v", i, b, f.Flags, f.At)
		}
		i++
		return err
	})
	if err != nil || rep.Messages != 3 || len(rep.Failed) > 0 {
		t.Errorf("%+v %v", rep, err)
	}
}

// TestDigest: the order does not matter, every byte does.
func TestDigest(t *testing.T) {
	digest := func(msgs ...string) string {
		dir := t.TempDir()
		for i, m := range msgs {
			put(t, filepath.Join(dir, fmt.Sprintf("%d.eml", i)), m)
		}
		rep, err := Import(context.Background(), []string{dir}, ImportOptions{}, func(Found) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		return rep.Digest
	}
	if digest("a: b\n\nx", "c: d\n\ny") != digest("c: d\n\ny", "a: b\n\nx") {
		t.Error("the order matters")
	}
	if digest("a: b\n\nx", "c: d\n\ny") == digest("a: b\n\nx", "c: d\n\nz") || digest("a: b\n\nx", "a: b\n\nx") == digest("a: b\n\nx") {
		t.Error("different mail has the same digest")
	}
}
