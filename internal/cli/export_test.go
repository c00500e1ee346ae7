package cli_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"
)

// checkExports takes ali's INBOX of n messages out in every format and into a fresh profile again: counted, hashed and
// flagged the same.
func (p *peyk) checkExports(n int) {
	p.t.Helper()
	flags := func(q *peyk, args ...string) (out []string) {
		for _, o := range q.json(append([]string{"list"}, args...)...) {
			out = append(out, o["subject"].(string)+" "+strings.Join(words(o["flags"]), " "))
		}
		sort.Strings(out)
		return out
	}
	want := flags(p, "--account", "ali", "--folder", "INBOX")
	for _, format := range []string{"mbox", "eml", "maildir"} {
		dir := p.t.TempDir()
		args := []string{"export", "--json", "--format", format, "--account", "ali", "--folder", "INBOX", dir}
		out := p.json(append(args[:1:1], args[2:]...)...)[0]
		p.fails(1, []string{"exist"}, args...)
		p.ok(append(args, "--resume")...)
		fresh := newPeyk(p.t)
		in := fresh.json("import", dir)[0]
		if out["messages"] != float64(n) || in["messages"] != out["messages"] || in["bytes"] != out["bytes"] || in["digest"] != out["digest"] || len(out["digest"].(string)) != 64 {
			p.t.Errorf("%s: exported %v, imported %v", format, out, in)
		}
		if got := flags(fresh, "--folder", "Imported/ali/INBOX"); !reflect.DeepEqual(got, want) {
			p.t.Errorf("%s: flags came back as\n%q, were\n%q", format, got, want)
		}
	}
}

func words(v any) (out []string) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(string))
	}
	sort.Strings(out)
	return out
}

// TestImportGoesOn interrupts an import in the middle and goes on: no message is lost.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	p := newPeyk(t)
	var b strings.Builder
	const n = 3000
	for _, l := range letters(1, n) {
		b.WriteString("From x Tue Nov 25 14:05:06 2025\n" + strings.ReplaceAll(string(l), "\r\n", "\n") + "\n")
	}
	box := filepath.Join(t.TempDir(), "Archive")
	if err := os.WriteFile(box, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{100, 300, 500, 300} { // wherever it strikes
		cmd := p.command("import", "--resume", box)
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(after * time.Millisecond)
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if strings.Count(said.String(), "\n") > 1 {
			t.Errorf("the interrupted import said more than a line: %q", said.String())
		}
	}
	p.ok("import", "--resume", box)
	if out := p.ok("import", "--resume", box); !strings.Contains(out, "nothing is left") {
		t.Errorf("importing what is imported: %s", out)
	}
	seen := map[string]bool{}
	for _, o := range p.json("list", "--folder", "Imported/Archive") {
		seen[o["subject"].(string)] = true
	}
	if len(seen) != n {
		t.Errorf("%d different messages of %d", len(seen), n)
	}
}

// TestKilledImportGoesOn kills an import again and again: in the end every message is there as often as the mailbox holds it.
func TestKilledImportGoesOn(t *testing.T) {
	t.Parallel()
	p := newPeyk(t)
	var b strings.Builder
	const n = 2200
	want := map[string]int{}
	for i, l := range letters(1, n) {
		times := 1 + i%7/6 // some are there twice
		for range times {
			b.WriteString("From x Tue Nov 25 14:05:06 2025\n" + strings.ReplaceAll(string(l), "\r\n", "\n") + "\n")
		}
		want[fmt.Sprintf("message %d", i+1)] = times
	}
	box := filepath.Join(t.TempDir(), "Archive")
	if err := os.WriteFile(box, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 5))
	kills := 0
	for range 12 {
		cmd := p.command("import", "--resume", box)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(30+rnd.IntN(220))*time.Millisecond, func() { cmd.Process.Kill() })
		if cmd.Wait() != nil {
			kills++
		}
	}
	p.ok("import", "--resume", box)
	p.ok("doctor")
	seen := map[string]int{}
	for _, o := range p.json("list", "--folder", "Imported/Archive", "--limit", "10000") {
		seen[o["subject"].(string)]++
	}
	wrong := 0
	for s, k := range want {
		if seen[s] != k {
			wrong++
		}
	}
	if wrong > 0 || len(seen) != n {
		t.Errorf("after %d kills %d of %d messages are not there as often as they should be; %d different ones", kills, wrong, n, len(seen))
	}
	if kills == 0 {
		t.Error("nothing was killed")
	}
}

// TestImportedTwice: who imports a file or an export once more has nothing twice, and is told; --new=false takes all of it over again.
func TestImportedTwice(t *testing.T) {
	t.Parallel()
	p := newPeyk(t)
	twice := letter(1, "twice", "in the file itself")
	box := p.write("Letters?.mbox", mbox(letter(0, "once", "x"), twice, twice))
	for i, known := range []int{0, 3, 3} {
		o := p.json("import", box)[0]
		if n, _ := o["known"].(float64); o["messages"] != 3.0 || int(n) != known {
			t.Errorf("import %d: %v", i, o)
		}
	}
	if out := p.ok("import", box); !strings.Contains(out, "3 of them were there already") {
		t.Errorf("the import says %q", out)
	}
	dir := t.TempDir()
	p.ok("export", "--format", "eml", dir)
	p.ok("import", dir)
	p.ok("import", "--new=true", dir)
	if rows := p.json("list"); len(rows) != 3 || rows[0]["folder"] != "Imported/Letters?" {
		t.Errorf("there are %v", rows)
	}
	p.ok("import", "--new=false", box)
	if rows := p.json("list"); len(rows) != 6 {
		t.Errorf("taken over again there are %d messages", len(rows))
	}
}
