package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/cli"
)

// What command-line.md promises and needs no server to be seen.

// offline writes an accounts file whose servers are never asked, and adds it.
func (p *peyk) offline(names ...string) {
	p.t.Helper()
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "[[account]]\nname = %q\nemail = \"%s@peyk.test\"\n[account.incoming]\nprotocol = \"pop3\"\nhost = \"127.0.0.1\"\nusername = %q\npassword_command = [\"echo\", \"x\"]\n"+
			"[account.outgoing]\nhost = \"127.0.0.1\"\nusername = %q\npassword_command = [\"echo\", \"x\"]\n", n, n, n, n)
	}
	p.ok("account", "add", p.write("offline.toml", b.String()))
}

// write makes a file and returns its path.
func (p *peyk) write(name, text string) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// mbox is some letters as an mbox.
func mbox(letters ...[]byte) string {
	var b strings.Builder
	for _, l := range letters {
		b.WriteString("From x Tue Mar  3 14:05:06 2026\n" + strings.ReplaceAll(string(l), "\r\n", "\n") + "\n")
	}
	return b.String()
}

// TestListIsNewestFirstOverAccounts: a folder name that several accounts have gives one list.
func TestListIsNewestFirstOverAccounts(t *testing.T) {
	p := newPeyk(t)
	p.offline("ali", "sara", "reza")
	var even, odd [][]byte
	for i, l := range letters(0, 20) {
		if i%2 == 0 {
			even = append(even, l)
		} else {
			odd = append(odd, l)
		}
	}
	p.ok("import", "--account", "ali", "--folder", "Projects", p.write("even.mbox", mbox(even...)))
	p.ok("import", "--account", "sara", "--folder", "Projects", p.write("odd.mbox", mbox(odd...)))
	p.ok("import", "--account", "reza", "--folder", "Other", p.write("even.mbox", mbox(even...)))
	for _, n := range []int{0, 1, 7, 20, 21} {
		rows := p.json("list", "--folder", "projects", "--limit", fmt.Sprint(n))
		if want := min(20, max(n, 20*b2i(n == 0))); len(rows) != want {
			t.Fatalf("--limit %d gave %d, want %d", n, len(rows), want)
		}
		for i, r := range rows {
			if want := fmt.Sprintf("message %d", 19-i); r["subject"] != want {
				t.Errorf("--limit %d: %v stands at %d, want %s", n, r["subject"], i, want)
			}
		}
	}
}

// TestSearchTakesWordsWithADash: the query language has -not, and the shell hands it over as it is.
func TestSearchTakesWordsWithADash(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("a.mbox", mbox(letters(0, 3)...)))
	for _, args := range [][]string{
		{"search", "message", "-1", "-subject:0", "--json"}, {"search", "--json", "-1", "message", "--limit", "5", "-subject:0"},
		{"-limit", "5", "--json", "search", "-1", "message", "-subject:0"},
	} {
		if got := p.objects(p.ok(args...)); len(got) != 1 || got[0]["subject"] != "message 2" {
			t.Errorf("%v found %v", args, got)
		}
	}
	if out := p.ok("search", "-h"); !strings.HasPrefix(out, "usage: peyk search") {
		t.Errorf("-h: %q", out)
	}
}

// TestClockOfTheEnvironment: PEYK_NOW stands in for the clock also where a time is counted from now, and nonsense in it stops
// everything instead of letting rules delete by another clock.
func TestClockOfTheEnvironment(t *testing.T) {
	p := newPeyk(t)
	p.offline("ali")
	p.env = []string{"PEYK_NOW=2030-01-01T00:00:00Z"}
	p.ok("send", p.write("a.eml", "From: ali@peyk.test\nTo: sara@peyk.test\nSubject: later\n\nhello\n"), "--at", "24h")
	for _, who := range []string{"ali", "ALI@peyk.test"} {
		o := p.json("outbox", "--account", who)
		if len(o) != 1 || o[0]["not_before"] != "2030-01-02T00:00:00Z" || o[0]["created"] != "2030-01-01T00:00:00Z" {
			t.Errorf("the outbox of %s holds %v", who, o)
		}
	}
	p.ok("outbox", "later", "1", "--at", "48h")
	if o := p.json("outbox")[0]; o["not_before"] != "2030-01-03T00:00:00Z" {
		t.Errorf("moved to %v", o["not_before"])
	}
	for _, now := range []string{"tomorrow", "2030-01-01", "1893456000"} {
		p.env = []string{"PEYK_NOW=" + now}
		p.fails(2, []string{"PEYK_NOW", now, "RFC 3339"}, "sync")
		p.fails(2, []string{"PEYK_NOW"}) // the window does not open either
	}
}

// TestReportsHoldLists: a script need not tell an empty list from none.
func TestReportsHoldLists(t *testing.T) {
	p := newPeyk(t)
	dir := t.TempDir()
	empty, fresh := t.TempDir(), newPeyk(t)
	fresh.profile = t.TempDir()
	outs := []string{p.ok("import", "--json", p.write("a.mbox", mbox(letters(0, 2)...))), p.ok("export", "--json", "--format", "eml", dir),
		fresh.ok("export", "--json", "--format", "mbox", empty), p.ok("doctor", "--json"),
		p.ok("inspect", p.write("x.eml", "")), p.ok("list", "--json")}
	for _, out := range outs {
		for line := range strings.Lines(out) {
			var o object
			if err := json.Unmarshal([]byte(line), &o); err != nil {
				t.Fatal(err)
			}
			for k, v := range o {
				if v == nil && k != "date" { // a message may have none
					t.Errorf("%s is null in %s", k, line)
				}
			}
		}
	}
	// Several folders by name, each once.
	p.ok("import", "--folder", "A, b", p.write("b.mbox", mbox(letters(5, 3)...)))
	some := p.json("export", "--format", "mbox", "--folder", "a, B", "--folder", "A, b", "--folder", "a", t.TempDir())
	if fs := some[0]["folders"].(map[string]any); some[0]["messages"] != 5.0 || len(fs) != 2 || fs["A, b"] != 3.0 {
		t.Errorf("two folders: %v", some)
	}
	// A second export into the same folder changes nothing there.
	p.ok("op", "star", "1")
	starred := t.TempDir()
	p.ok("export", "--format", "eml", starred)
	p.fails(1, []string{"exists", "--resume"}, "export", "--format", "eml", starred)
	fresh = newPeyk(t)
	fresh.ok("import", starred)
	if n := len(slices.DeleteFunc(fresh.json("list"), func(o object) bool { return len(o["flags"].([]any)) == 0 })); n != 1 {
		t.Errorf("%d starred messages came back, want 1", n)
	}
}

// TestEveryFlagIsDocumented compares what the help of each command lists with docs/command-line.md.
func TestEveryFlagIsDocumented(t *testing.T) {
	b, err := os.ReadFile("../../docs/command-line.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(b)) {
		for _, m := range regexp.MustCompile(`peyk ([a-z]+)`).FindAllStringSubmatch(line, -1) {
			if strings.HasPrefix(line, "|") {
				rows[m[1]] += line
			}
		}
	}
	p := newPeyk(t)
	flags := 0
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(p.ok("help"), -1) {
		help := p.ok("help", m[1])
		usage, _, _ := strings.Cut(help, "\n")
		for _, f := range regexp.MustCompile(`(?m)^  (--?[a-z-]+)`).FindAllStringSubmatch(help, -1) {
			if f[1] != "--profile" && !strings.Contains(usage, f[1]) {
				t.Errorf("%s, which has a flag %s", usage, f[1])
			}
			if flags++; f[1] != "--profile" && !strings.Contains(rows[m[1]], f[1]) {
				t.Errorf("docs/command-line.md does not say what %s of peyk %s is", f[1], m[1])
			}
		}
	}
	if flags < 40 {
		t.Errorf("only %d flags were looked at", flags)
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestOutputThatCannotBeWrittenIsAFailure: a script must not take a cut list for a whole one.
func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	p := newPeyk(t)
	p.offline("ali")
	eml := p.write("a.eml", "From: ali@peyk.test\nTo: sara@peyk.test\nSubject: later\n\nhello\n")
	p.ok("import", eml)
	p.ok("send", eml)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, args := range [][]string{
		{"account", "list"}, {"list"}, {"list", "--json"}, {"folders"}, {"folders", "--json"}, {"search", "later"}, {"show", "1"}, {"raw", "1"}, {"outbox"}, {"outbox", "show", "1"},
		{"inspect", eml}, {"ledger", "export", "--csv"}, {"doctor"}, {"doctor", "--json"}, {"version"}, {"help"}, {"help", "list"}, {"send", eml}, {"outbox", "retry", "1"},
		{"import", eml}, {"export", "--format", "mbox", t.TempDir()}, {"account", "remove", "ali"},
	} {
		var said strings.Builder
		code, _ := cli.Run(ctx, append(args, "--profile", p.profile), cli.Deps{Stdout: full{}, Stderr: &said, Stdin: io.LimitReader(nil, 0)})
		if code != 1 || !strings.Contains(said.String(), "no space left") || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("peyk %s: exit %d, %q", strings.Join(args, " "), code, said.String())
		}
	}
}

// TestOneLineOfError: what a script gets of a failure is one line, also where a command has more to say, and an interrupted command says only what is so.
func TestOneLineOfError(t *testing.T) {
	p := newPeyk(t)
	p.offline("ali")
	if r := p.run("import", "nothing.mbox"); r.code != 1 || strings.Count(r.err, "\n") != 1 || strings.Contains(r.err, "--resume") {
		t.Errorf("an import of nothing: exit %d, %q", r.code, r.err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for want, args := range map[string][]string{
		"peyk: interrupted\n": {"list"}, "peyk: interrupted; nothing is lost, the next sync goes on\n": {"sync"},
		"peyk: interrupted; the same command with --resume goes on\n": {"export", "--format", "eml", t.TempDir()},
	} {
		var out, said strings.Builder
		code, _ := cli.Run(ctx, append(args, "--profile", p.profile), cli.Deps{Stdout: &out, Stderr: &said})
		if code != 1 || said.String() != want || out.Len() > 0 {
			t.Errorf("peyk %s, interrupted: exit %d, %q and %q", args[0], code, said.String(), out.String())
		}
	}
}

// TestMistypedProfile: what reads a profile makes none where --profile names something else, and says so; an empty folder is a
// profile without mail, and the commands that make one still do.
func TestMistypedProfile(t *testing.T) {
	p := newPeyk(t)
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	readers := [][]string{{"list"}, {"folders", "--json"}, {"search", "x"}, {"show", "1"}, {"raw", "1"}, {"op", "read", "1"}, {"op", "undo"}, {"outbox"},
		{"export", "--format", "mbox", t.TempDir()}, {"ledger", "export"}, {"doctor"}, {"doctor", "--repair"}, {"account", "list"}, {"account", "test", "x"}, {"account", "remove", "x"}}
	missing := filepath.Join(t.TempDir(), "gone", "profile")
	for _, args := range readers {
		for dir, says := range map[string]string{missing: "no profile", other: "holds other files", filepath.Join(other, "letter.txt"): "letter.txt"} {
			p.profile = dir
			p.fails(1, []string{dir, says}, args...)
		}
	}
	if _, err := os.Stat(filepath.Dir(missing)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder was made: %v", err)
	}
	if l, _ := os.ReadDir(other); len(l) != 1 {
		t.Errorf("made in a folder of other files: %v", l)
	}
	for _, args := range [][]string{{"list", "--json"}, {"folders"}, {"search", "x"}, {"doctor"}, {"doctor", "--repair"}, {"account", "list"}, {"ledger", "export"}, {"outbox"}} {
		p.profile = t.TempDir()
		p.ok(args...)
	}
	p.profile = missing
	p.offline("ali")
	p.ok("list")
}

// TestUndoTakesBackAWholeCommand: one command over messages of several accounts, or of two kinds, is one step.
func TestUndoTakesBackAWholeCommand(t *testing.T) {
	p := newPeyk(t)
	p.offline("ali", "sara")
	for _, a := range []string{"ali", "sara"} {
		for _, f := range []string{"From", "To"} {
			p.ok("import", "--account", a, "--folder", f, p.write(a+f+".mbox", mbox(letters(0, 2)...)))
		}
	}
	where := func() (folders, tags []string) {
		for _, r := range p.json("list") {
			folders = append(folders, fmt.Sprint(r["account"], "/", r["folder"], "/", r["id"]))
			tags = append(tags, fmt.Sprint(r["id"], r["tags"]))
		}
		slices.Sort(folders)
		slices.Sort(tags)
		return folders, tags
	}
	var ids []string
	for _, r := range p.json("list", "--folder", "From") {
		ids = append(ids, fmt.Sprint(r["id"]))
	}
	before, _ := where()
	p.ok(append([]string{"op", "move", "--to", "To"}, ids...)...)
	if moved, _ := where(); slices.Equal(moved, before) || len(p.json("list", "--folder", "From")) != 0 {
		t.Fatalf("not moved: %v", moved)
	}
	p.ok("op", "undo")
	if after, _ := where(); !slices.Equal(after, before) {
		t.Errorf("after the undo: %v, want %v", after, before)
	}
	p.ok(append([]string{"op", "tag", "old"}, ids...)...)
	_, tagged := where()
	p.ok(append([]string{"op", "tag", "--add", "new", "--remove", "old"}, ids...)...)
	if _, other := where(); slices.Equal(other, tagged) {
		t.Fatalf("not tagged: %v", other)
	}
	p.ok("op", "undo")
	if _, after := where(); !slices.Equal(after, tagged) {
		t.Errorf("after the undo: %v, want %v", after, tagged)
	}
}

// Wrong use of flags is told in words that say what to do, and a flag that is given nothing is no flag left out: a script in which a variable is
// not set must not get at the user's own mail.
func TestWordsOfWrongFlags(t *testing.T) {
	p := newPeyk(t)
	for said, args := range map[string][]string{
		"there is no flag --wrong": {"list", "--wrong"}, `--limit "many" is no number`: {"list", "--limit", "many"},
		`--limit "99999999999999999999" is too large`: {"list", "--limit", "99999999999999999999"}, `--json "maybe": it is true or false`: {"list", "--json=maybe"},
		`--scale "big" is no number`: {"render", "x.eml", "-o", "x.png", "--scale", "big"}, "--folder is empty": {"list", "--folder", ""}, "--account is empty": {"sync", "--account", ""},
		"--to is empty": {"op", "move", "1", "--to", ""}, `"x1" is no message id`: {"show", "x1"},
	} {
		p.fails(2, []string{said}, args...)
	}
	p.profile = ""
	p.fails(2, []string{"--profile is empty"}, "folders")
}

// Numbers may be written in the digits of the keyboard.
func TestNumbersInPersian(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("box.mbox", mbox(letters(0, 12)...)))
	if n := len(p.objects(p.ok("list", "--limit", "۵", "--json"))); n != 5 {
		t.Errorf("%d messages of ۵", n)
	}
	p.ok("op", "star", "۳", "٤")
	p.ok("op", "tag", "work", "۳")
	if s := p.ok("show", "۱۲"); s != p.ok("show", "12") {
		t.Errorf("message ۱۲ is another: %q", s)
	}
	if n := len(p.objects(p.ok("search", "is:starred", "--json"))); n != 2 {
		t.Errorf("%d are starred", n)
	}
}

// A message may come from another program: by the standard input, or by a pipe that has a name but no size.
func TestMessagesFromPipes(t *testing.T) {
	p := newPeyk(t)
	raw := letter(1, "پیام", "سلام دنیا")
	p.stdin = bytes.NewReader(raw)
	o := p.objects(p.ok("inspect", "-"))[0]
	if o["subject"] != "پیام" || o["file"] != "-" {
		t.Errorf("from the standard input: %v", o)
	}
	p.stdin = bytes.NewReader(raw)
	out := filepath.Join(t.TempDir(), "a.png")
	p.ok("render", "-", "-o", out)
	if st, err := os.Stat(out); err != nil || st.Size() == 0 {
		t.Error("nothing was drawn of the standard input")
	}
	if runtime.GOOS == "windows" {
		return
	}
	p.stdin = bytes.NewReader(raw) // which reaches the program as a pipe
	if o = p.objects(p.ok("inspect", "/dev/stdin"))[0]; o["subject"] != "پیام" {
		t.Errorf("from a pipe: %v", o)
	}
}

// What a stranger wrote reaches a terminal as text only: no command of a terminal is in what is printed of a message.
func TestNothingCommandsTheTerminal(t *testing.T) {
	p := newPeyk(t)
	eml := p.write("evil.eml", "From: =?utf-8?q?Eve=1B[2J?= <eve@example.org>\nSubject: =?utf-8?q?Hi=C2=9B31m=07?=\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"+
		"one=1B]0;mine=07=1B[2J two=C2=9B31m\rover\tthree\nfour\n")
	p.ok("import", eml)
	for _, args := range [][]string{{"show", "1"}, {"show", "--headers", "1"}, {"list"}, {"search", "four"}} {
		out := p.ok(args...)
		if strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) }) {
			t.Errorf("%v prints %q", args, out)
		}
	}
	if out := p.ok("show", "1"); !strings.Contains(out, "two") || !strings.Contains(out, "\tthree\nfour\n") {
		t.Errorf("the text is %q", out)
	}
}

// A folder is found as people write its name, the exact one first; an export into nothing is wrong use, and what --json prints is JSON in any case.
func TestNamesOfFolders(t *testing.T) {
	p := newPeyk(t)
	box := p.write("box.mbox", mbox(letters(0, 3)...))
	p.ok("import", box, "--folder", "گزارش‌های سال ۱۴۰۳")
	p.ok("import", box, "--folder", "Büro")
	for _, name := range []string{"گزارش‌های سال ۱۴۰۳", "گزارشهاي سال 1403", "گزارش های سال ١٤٠٣", "büro", "buro"} {
		if n := len(p.objects(p.ok("list", "--folder", name, "--json"))); n != 3 {
			t.Errorf("%s: %d messages", name, n)
		}
	}
	p.fails(1, []string{"no folder"}, "list", "--folder", "گزارش")
	p.offline("ali", "sara")
	for _, a := range []string{"ali", "sara"} {
		p.ok("import", box, "--account", a, "--folder", "Both")
	}
	if r := p.run("list", "--folder", "none"); strings.Count(r.err, "Both") != 1 {
		t.Errorf("a folder that two accounts have is named more than once: %s", r.err)
	}
	p.fails(1, []string{"no folder"}, "list", "--folder", "***")
	p.fails(2, []string{"DIR"}, "export", "--format", "mbox", "")
	p.ok("import", "--resume", box)
	if o := p.objects(p.ok("import", "--resume", "--json", box)); len(o) != 1 || o[0]["messages"] != 0.0 {
		t.Errorf("an import that was finished before: %v", o)
	}
}

// A tag has any letters; where it is kept it is a keyword that every server takes.
func TestTagsInPersian(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("box.mbox", mbox(letters(0, 3)...)))
	p.ok("op", "tag", "کار", "1", "2")
	p.ok("op", "tag", "--add", "پروژه نو", "1")
	tags := fmt.Sprint(p.objects(p.ok("list", "--json"))[2]["tags"])
	if tags != "[پروژه_نو کار]" {
		t.Errorf("the tags are %s", tags)
	}
	for q, want := range map[string]string{"tag:کار": "2", `tag:"پروژه نو"`: "1", "برچسب:کار -tag:پروژه_نو": "1", "tag:هیچ": "0"} {
		if n := strings.TrimSpace(p.ok("search", "--count", q)); n != want {
			t.Errorf("%s finds %s, want %s", q, n, want)
		}
	}
	p.ok("op", "untag", "کار", "1", "2")
	if n := strings.TrimSpace(p.ok("search", "--count", "tag:کار")); n != "0" {
		t.Errorf("%s have the tag that was taken away", n)
	}
	p.fails(1, []string{"must not"}, "op", "tag", "a(b", "1")
}

// TestAccountOfThisComputer: mail that was imported before there is an account has a place without servers, of which a pass and a test say just that.
func TestAccountOfThisComputer(t *testing.T) {
	p := newPeyk(t)
	eml := filepath.Join(t.TempDir(), "x.eml")
	if err := os.WriteFile(eml, letter(1, "x", "x"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.ok("import", eml)
	name := p.json("account", "list")[0]["name"].(string)
	if res := p.run("sync"); res.code != 0 || res.out != "" || !strings.Contains(res.err, "account add") {
		t.Errorf("sync: exit %d: %s%s", res.code, res.out, res.err)
	}
	p.fails(1, []string{name, "no server", "this computer"}, "sync", "--account", name)
	p.fails(1, []string{name, "no server", "this computer"}, "account", "test", name)
}
