package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/cli"
	"peyk/internal/mailtest"
)

// actAsPeyk makes this test binary behave as the program: the tests start it as a process of its own, so that exit codes,
// signals and what is written where are those of a real run.
const actAsPeyk = "PEYK_TEST_ACT_AS_PEYK"

func TestMain(m *testing.M) {
	if os.Getenv(actAsPeyk) != "" {
		ctx, _, stop := cli.Interruptible(context.Background())
		defer stop()
		code, handled := cli.Run(ctx, os.Args[1:], cli.Deps{Version: "test", DemoServe: waitForTheEnd})
		if !handled {
			fmt.Fprintln(os.Stderr, "window:", strings.Join(os.Args[1:], " "))
			code = 42
		}
		tellPeak()
		os.Exit(code)
	}
	os.Exit(runAtHome(m))
}

// tellPeakIn names a file for the most memory that the process was resident with, in bytes. What the system tells a parent of its child
// begins with the parent's own.
const tellPeakIn = "PEYK_TEST_PEAK"

func tellPeak() {
	name := os.Getenv(tellPeakIn)
	if name == "" {
		return
	}
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		err = os.WriteFile(name, status, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// runAtHome runs the tests with a home of their own: commands without --profile are for the profile of whoever tests.
func runAtHome(m *testing.M) int {
	home, err := os.MkdirTemp("", "peyk-home-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(home)
	for _, name := range []string{"XDG_DATA_HOME", "XDG_CONFIG_HOME", "APPDATA"} {
		if err := os.Setenv(name, home); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return m.Run()
}

// waitForTheEnd stands in for the demo servers.
func waitForTheEnd(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "{}")
	<-ctx.Done()
	return nil
}

// peyk runs commands on one profile.
type peyk struct {
	t       *testing.T
	profile string
	env     []string
	stdin   io.Reader
}

type result struct {
	code     int
	out, err string
}

func newPeyk(t *testing.T) *peyk {
	t.Helper()
	return &peyk{t: t, profile: filepath.Join(t.TempDir(), "profile with space")}
}

func (p *peyk) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(self, append(args, "--profile", p.profile)...)
	cmd.Env = append(append(os.Environ(), actAsPeyk+"=1"), p.env...)
	return cmd
}

func (p *peyk) run(args ...string) result {
	p.t.Helper()
	cmd := p.command(args...)
	var out, errb bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.stdin, &out, &errb
	done := make(chan error, 1)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		var ee *exec.ExitError
		if err != nil && !errors.As(err, &ee) {
			p.t.Fatal(err)
		}
	case <-time.After(10 * time.Minute): // beside other tests, on a busy machine, half a minute of work takes two
		cmd.Process.Kill()
		p.t.Fatalf("peyk %s hangs", strings.Join(args, " "))
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errb.String()}
}

// ok runs a command that must succeed and returns its output.
func (p *peyk) ok(args ...string) string {
	p.t.Helper()
	r := p.run(args...)
	if r.code != 0 {
		p.t.Fatalf("peyk %s: exit %d: %s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// fails runs a command that must fail with a code and one line on stderr that holds every one of the words.
func (p *peyk) fails(code int, words []string, args ...string) {
	p.t.Helper()
	r := p.run(args...)
	line := strings.TrimSuffix(r.err, "\n")
	if i := strings.LastIndex(line, "\n"); i >= 0 && strings.HasPrefix(line[i+1:], "peyk") {
		// Lines of progress come before the error.
		line = line[i+1:]
	}
	if r.code != code || !strings.HasPrefix(line, "peyk") || strings.Contains(line, "\n") {
		p.t.Errorf("peyk %s: exit %d, want %d with one line; stderr: %q", strings.Join(args, " "), r.code, code, r.err)
	}
	for _, w := range words {
		if !strings.Contains(strings.ToLower(line), strings.ToLower(w)) {
			p.t.Errorf("peyk %s: %q does not say %q", strings.Join(args, " "), line, w)
		}
	}
}

type object = map[string]any

// objects reads JSON lines.
func (p *peyk) objects(out string) []object {
	p.t.Helper()
	var all []object
	for line := range strings.Lines(out) {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			p.t.Fatalf("%q: %v", line, err)
		}
		all = append(all, o)
	}
	return all
}

func (p *peyk) json(args ...string) []object {
	p.t.Helper()
	return p.objects(p.ok(append(args, "--json")...))
}

// one is the row with a subject.
func (p *peyk) one(subject string, args ...string) object {
	p.t.Helper()
	for _, o := range p.json(append([]string{"list"}, args...)...) {
		if o["subject"] == subject {
			return o
		}
	}
	p.t.Fatalf("no message %q", subject)
	return nil
}

func id(o object) string { return fmt.Sprintf("%.0f", o["id"]) }

// accountFile writes an accounts file for users of the servers: "user:protocol".
func accountFile(t *testing.T, d *mailtest.Server, m *mailtest.MTA, extra string, accounts ...string) string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	for _, a := range accounts {
		user, proto, _ := strings.Cut(a, ":")
		port, out := d.IMAPSPort, 465
		if proto == "pop3" {
			port = d.POP3SPort
		}
		if m != nil {
			out = m.Port465
		}
		if err := os.WriteFile(filepath.Join(dir, user+".txt"), []byte(d.Password(user)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, `[[account]]
name = "%s"
email = "%s@peyk.test"
display_name = "حساب %s"
[account.incoming]
protocol = "%s"
host = "127.0.0.1"
port = %d
security = "tls"
username = "%s"
password_command = ["cat", "%s.txt"]
ca_file = %q
timeout_seconds = 20
[account.outgoing]
host = "127.0.0.1"
port = %d
security = "tls"
username = "%s"
password_command = ["cat", "%s.txt"]
ca_file = %q
save_sent = true
%s
`, user, user, user, proto, port, user, user, d.CAFile, out, user, user, d.CAFile, extra)
	}
	path := filepath.Join(dir, "accounts.toml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func letter(n int, subject, body string) []byte {
	return fmt.Appendf(nil, "Date: Mon, 02 Mar 2026 10:%02d:%02d +0000\r\nFrom: =?utf-8?b?2LPYp9ix2Kc=?= <sara@peyk.test>\r\nTo: ali@peyk.test\r\nSubject: %s\r\nMessage-ID: <m%d@peyk.test>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", n/60%60, n%60, subject, n, body)
}

func letters(from, n int) [][]byte {
	var out [][]byte
	for i := from; i < from+n; i++ {
		out = append(out, letter(i, fmt.Sprintf("message %d", i), fmt.Sprintf("سلام, body of %d\r\n.dot\r\n", i)))
	}
	return out
}
