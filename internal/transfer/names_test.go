package transfer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/transfer"
)

// awkward are names of mailboxes that are no names of files everywhere, that would be one file, or that files of an export have.
var awkward = []string{
	"Work", "work", "a*b", "a?b", `a"b`, `a\b`, "a:b", "a<b", "a>b", "a|b", "a_b", "a b", "a  b", " led", "trailed ", "dotted.", ".hidden", "CON", "nul.txt", "com1", "Lpt³",
	"new", "tmp", "CUR", "x.mbox", "x.mbox/inner", "x", "x/inner", "y.sbd", "z.eml", "flags.jsonl", "names.jsonl", "mbox", "p.part", "q.mbox.flags",
	"INBOX/new", "INBOX/cur", "INBOX/tmp", "[Gmail]/All Mail", "آرشیو", "B\u00fcro", "Bu\u0308ro", "گزارش\u200c\u200fها", "%2A", "a (2)", "A (2)", "Work (2)",
	strings.Repeat("بایگانی ", 15) + "اول", strings.Repeat("بایگانی ", 15) + "دوم",
}

// put makes a folder with one message, which says where it is.
func put(t *testing.T, p transfer.Profile, path string) mail.FolderID {
	t.Helper()
	a, err := transfer.Account(t.Context(), p.Store, 0)
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.Store.EnsureLocalFolder(t.Context(), a.ID, path, mail.RoleNone)
	if err != nil {
		t.Fatal(err)
	}
	im, err := p.Engine.ImporterAgain(t.Context(), id, 0)
	if err == nil {
		err = im.Add(strings.NewReader("Subject: x\r\n\r\nin "+path+"\r\n"), nil, time.Unix(1e9, 0))
	}
	if err == nil {
		_, err = im.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestMailboxesComeBackByTheirNames: whatever a mailbox is called, it is called so after an export and an import, and no file of the export has a name that
// some system does not take, or takes for that of another.
func TestMailboxesComeBackByTheirNames(t *testing.T) {
	for _, format := range formats {
		p := profile(t)
		a, err := transfer.Account(t.Context(), p.Store, 0)
		if err != nil {
			t.Fatal(err)
		}
		a.Name = `Büro: "ost"`
		if _, err := p.Store.SaveAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		var ids []mail.FolderID
		var want []string
		for _, name := range awkward {
			ids, want = append(ids, put(t, p, name)), append(want, transfer.ImportedFolder+"/"+a.Name+"/"+name+" 1")
		}
		slices.Sort(want)
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: ids[:len(ids)/2]}
		if _, err := p.Export(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		r.Folders, r.Resume = ids, true // the second half comes beside the first
		out, err := p.Export(t.Context(), r, nil)
		if err != nil || out.Messages != len(awkward) || len(out.Failed) > 0 {
			t.Fatalf("%s: %v, %+v", format, err, out)
		}
		checkFiles(t, r.Dir, format)
		to := profile(t)
		in, err := to.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
		if err != nil || in.Messages != out.Messages || in.Digest != out.Digest || len(in.Failed) > 0 {
			t.Errorf("%s: exported %+v, imported %+v (%v)", format, out, in, err)
		}
		got, _ := paths(t, to)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: there is no %q", format, w)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d folders of %d: %q", format, len(got), len(want), got)
		}
		// A part of an export, named by itself, knows its name, too.
		to = profile(t)
		if _, err := to.Import(t.Context(), mail.ImportRequest{Paths: partsOf(t, r.Dir)}, nil); err != nil {
			t.Fatal(err)
		}
		if got, _ = paths(t, to); !slices.Contains(got, transfer.ImportedFolder+"/a*b 1") || !slices.Contains(got, transfer.ImportedFolder+"/CON 1") {
			t.Errorf("%s: of parts of the export came %q", format, got)
		}
	}
}

// partsOf are the files and folders in that of the account.
func partsOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// checkFiles holds the files of an export to the rules of Windows and macOS.
func checkFiles(t *testing.T, dir string, format mail.MailboxFormat) {
	t.Helper()
	same := map[string]string{}
	for _, path := range files(t, dir)[1:] {
		name := filepath.Base(path)
		stem, _, _ := strings.Cut(strings.ToLower(name), ".")
		if format == mail.MailboxMaildir && runtime.GOOS != "windows" && filepath.Base(filepath.Dir(path)) == "cur" {
			name = strings.Replace(name, ":2,", ";2,", 1) // as it is written there
		}
		if strings.ContainsAny(name, `<>:"/\|?*`) || strings.HasSuffix(name, " ") || strings.HasSuffix(name, ".") || len(name) > 200 || slices.Contains([]string{"con", "nul", "com1", "lpt³"}, stem) {
			t.Errorf("%s: a file is called %q", format, path)
		}
		key := strings.ToLower(strings.ReplaceAll(path, "u\u0308", "ü"))
		if same[key] != "" {
			t.Errorf("%s: %q and %q are one file on some systems", format, same[key], path)
		}
		same[key] = path
	}
}

// TestNamesThatAreSpoiled: what cannot be read of the names of an export is told, and its mail comes all the same; a name cannot lead elsewhere.
func TestNamesThatAreSpoiled(t *testing.T) {
	for i, c := range []struct{ kept, folder string }{
		{`{"at":"a_b","name":"../../etc/x\u001b\n"}`, ".." + "∕.." + "∕etc∕x__"}, {`{"at":"a_b","name":""}`, "a_b"}, {`{"at":"a_b","na`, "a_b"}, {"", "a_b"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"names.jsonl": c.kept, "a_b.mbox": "From x Thu Oct  2 11:00:00 2025\nSubject: a\n\ntext\n\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p := profile(t)
		rep, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{dir}}, nil)
		if err != nil || rep.Messages != 1 || (len(rep.Failed) > 0) != (i == 2) {
			t.Errorf("%q: %v, %+v", c.kept, err, rep)
		}
		if got, _ := paths(t, p); !slices.Equal(got, []string{fmt.Sprintf("%s/%s 1", transfer.ImportedFolder, c.folder)}) {
			t.Errorf("%q: it came into %q", c.kept, got)
		}
	}
}
