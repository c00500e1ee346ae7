//go:build unix

package cli_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// The benchmarks below measure the whole program against mbsync and mpop on the same work in one run, alternating, as whole
// processes: a first download into an empty place, a pass that finds nothing new, and one that finds ten new messages and a
// hundred changed flags. Peyk has everything parsed, threaded and searchable at the end, and durable; the peers have files. What is
// downloaded goes to the disk, where waiting for it is part of the work, and for the far server also to memory, where it is not. The
// server offers no compression: none of the peers could use it. PEYK_BENCH_MESSAGES sets the number of messages of the IMAP account, in six folders; the POP3 account has a fifth.

func benchCount() int {
	if n, err := strconv.Atoi(os.Getenv("PEYK_BENCH_MESSAGES")); err == nil && n > 0 {
		return n
	}
	return 2000
}

// corpus fills the user's mailbox with mail of 1 to 60 KB in English and Persian, three in a hundred with an attachment of 0.1 to 1.5 MB
// that cannot be compressed; always the same.
func corpus(b *testing.B, d *mailtest.Server, user string, n int) {
	b.Helper()
	words := strings.Fields("budget harbour letter warehouse meeting invoice Tehran Hamburg server report بودجه گزارش نامه انبار جلسه صورتحساب تهران سرور هفته پیوست")
	r := rand.New(rand.NewPCG(1, 2))
	batch := make([][]byte, 0, 200)
	for i := range n {
		var t strings.Builder
		fmt.Fprintf(&t, "From: Person %d <p%d@example.org>\r\nTo: me@example.org\r\nSubject: Message %d about %s\r\n", i%97, i%97, i, words[i%10])
		fmt.Fprintf(&t, "Date: %s\r\nMessage-ID: <bench.%d@example.org>\r\nMIME-Version: 1.0\r\n",
			time.Unix(1700000000+int64(i)*600, 0).UTC().Format(time.RFC1123Z), i)
		attached := i%33 == 16
		if attached {
			t.WriteString("Content-Type: multipart/mixed; boundary=bench\r\n\r\n--bench\r\n")
		}
		t.WriteString("Content-Type: text/plain; charset=utf-8\r\n\r\n")
		size := 1000 + int(r.ExpFloat64()*9000)
		for t.Len() < min(size, 60000) {
			for range 12 {
				t.WriteString(words[r.IntN(len(words))] + " ")
			}
			t.WriteString("\r\n")
		}
		if attached {
			attach(&t, r)
		}
		if batch = append(batch, []byte(t.String())); len(batch) == cap(batch) || i == n-1 {
			d.Deliver(user, batch...)
			batch = batch[:0]
		}
	}
}

// attach ends a message with a file of random bytes.
func attach(t *strings.Builder, r *rand.Rand) {
	t.WriteString("\r\n--bench\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=\"bench.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	line := make([]byte, 57)
	for range (100_000 + r.IntN(1_400_000)) / 76 {
		for i := range line {
			line[i] = byte(r.Uint32())
		}
		t.WriteString(base64.StdEncoding.EncodeToString(line) + "\r\n")
	}
	t.WriteString("--bench--\r\n")
}

// spread moves two fifths of the inbox into five other folders.
func spread(d *mailtest.Server, user string, n int) {
	for _, f := range []struct {
		name  string
		share int // percent of all
	}{{"Archive", 13}, {"Lists", 10}, {"Work", 6}, {"Sent", 6}, {"Newsletters", 5}} {
		if f.name != "Archive" && f.name != "Sent" {
			d.Doveadm("mailbox", "create", "-s", "-u", user, f.name)
		}
		d.Doveadm("move", "-u", user, f.name, "mailbox", "INBOX", fmt.Sprintf("1:%d", max(1, n*f.share/100)))
	}
}

// mutate is what happens on the server between two passes: ten new messages, a hundred changed flags.
func mutate(b *testing.B, d *mailtest.Server, user string, round int) {
	b.Helper()
	var fresh [][]byte
	for i := range 10 {
		fresh = append(fresh, fmt.Appendf(nil, "From: a@example.org\r\nSubject: late %d.%d\r\nMessage-ID: <late.%d.%d@example.org>\r\n\r\nText of a late message.\r\n", round, i, round, i))
	}
	d.Deliver(user, fresh...)
	from := round * 50 % max(1, benchCount()/3)
	verb := []string{"add", "remove"}[round%2]
	d.Doveadm("flags", verb, "-u", user, `\Flagged`, "mailbox", "INBOX", fmt.Sprintf("%d:%d", from+1, from+50))
	d.Doveadm("flags", verb, "-u", user, `\Seen`, "mailbox", "Archive", fmt.Sprintf("%d:%d", from/4+1, from/4+50))
}

// delayed stands before a port and lets every byte arrive half a round trip later, in order, without losing bandwidth.
func delayed(b *testing.B, port int, rtt time.Duration) int {
	b.Helper()
	if rtt == 0 {
		return port
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			up, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if err != nil {
				c.Close()
				continue
			}
			wg.Add(2)
			go func() { defer wg.Done(); later(up, c, rtt/2) }()
			go func() { defer wg.Done(); later(c, up, rtt/2) }()
		}
	}()
	b.Cleanup(func() { l.Close(); wg.Wait() })
	return l.Addr().(*net.TCPAddr).Port
}

// later copies from src to dst with a delay; it ends when either side does.
func later(dst, src net.Conn, delay time.Duration) {
	type chunk struct {
		at time.Time
		b  []byte
	}
	ch := make(chan chunk, 4096)
	go func() {
		defer close(ch)
		for {
			buf := make([]byte, 32<<10)
			n, err := src.Read(buf)
			if n > 0 {
				ch <- chunk{time.Now().Add(delay), buf[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for c := range ch {
		time.Sleep(time.Until(c.at))
		if _, err := dst.Write(c.b); err != nil {
			break
		}
	}
	dst.Close()
	src.Close()
	for range ch { // lets the reader end
	}
}

// contender is a program that downloads into a fresh folder; again repeats it in the same one.
type contender struct {
	name string
	run  func(dir string) *exec.Cmd
}

// place is where the contenders keep what they download: a folder, "" for the usual one for temporary files.
type place struct{ name, dir string }

// places are the disk and, where there is one, a folder in memory.
func places() []place {
	ps := []place{{"disk", ""}}
	if st, err := os.Stat("/dev/shm"); err == nil && st.IsDir() {
		ps = append(ps, place{"memory", "/dev/shm"})
	}
	return ps
}

// fresh is an empty folder at the place; remove it when the work is measured, many would fill the memory.
func (p place) fresh(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp(p.dir, "peyk-bench-*")
	if err != nil {
		b.Fatal(err)
	}
	return dir
}

// race lets the contenders do the same work in turns and reports medians and how Peyk (the first) compares. With between, each
// has done the work once before, then between happens, and the repetition counts.
func race(b *testing.B, at place, cs []contender, between func()) {
	b.Helper()
	took := make([][]float64, len(cs))
	spent := make([][]float64, len(cs))
	peak := make([]float64, len(cs))
	for b.Loop() {
		for i, c := range cs {
			dir := at.fresh(b)
			if between != nil {
				must(b, c.run(dir))
				time.Sleep(time.Second) // mbsync waits when a Maildir changed within this second
				between()
			}
			start := time.Now()
			cmd := c.run(dir)
			mb := must(b, cmd)
			took[i] = append(took[i], time.Since(start).Seconds())
			peak[i] = max(peak[i], mb)
			spent[i] = append(spent[i], (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
			if err := os.RemoveAll(dir); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, c := range cs {
		b.ReportMetric(median(took[i]), c.name+"-s")
		b.ReportMetric(peak[i], c.name+"-MB")
		if i == 0 {
			b.ReportMetric(median(spent[i]), c.name+"-cpu-s")
		}
		if i > 0 {
			b.ReportMetric(median(took[0])/median(took[i]), "peyk/"+c.name)
		}
	}
}

func median(v []float64) float64 {
	s := append([]float64(nil), v...)
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
	return s[len(s)/2]
}

// must runs the command to its end and gives the most memory it had, in MB (looked at every 10 ms).
func must(b *testing.B, cmd *exec.Cmd) float64 {
	b.Helper()
	out := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = io.Discard, out
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	peak := 0.0
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatalf("%s: %v\n%s", cmd.Path, err, out)
			}
			return peak
		case <-time.After(10 * time.Millisecond):
			if mb := peakMB(cmd.Process.Pid); mb > 0 { // only ever grows, except where the program takes the place of the one that started it
				peak = mb
			}
		}
	}
}

func needPeer(b *testing.B, name string) {
	b.Helper()
	if _, err := exec.LookPath(name); err != nil {
		b.Skipf("%s is not installed; make bench installs it", name)
	}
}

// peykOn is Peyk with one account, stored anew in every fresh folder.
func peykOn(b *testing.B, d *mailtest.Server, proto string, port int, user string) contender {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	env := append(os.Environ(), actAsPeyk+"=1", "PW="+d.Password(user))
	toml := fmt.Sprintf("[[account]]\nname = \"a\"\nemail = \"a@example.org\"\n[account.incoming]\nprotocol = %q\nhost = \"127.0.0.1\"\nport = %d\nsecurity = \"tls\"\nusername = %q\npassword_env = \"PW\"\nca_file = %q\n[account.outgoing]\nhost = \"127.0.0.1\"\nport = 25\nsecurity = \"none\"\n",
		proto, port, user, d.CAFile)
	file := filepath.Join(b.TempDir(), "a.toml")
	if err := os.WriteFile(file, []byte(toml), 0o600); err != nil {
		b.Fatal(err)
	}
	return contender{"peyk", func(dir string) *exec.Cmd {
		if _, err := os.Stat(filepath.Join(dir, "mail.db")); err != nil {
			add := exec.Command(self, "account", "add", file, "--profile", dir)
			add.Env = env
			must(b, add)
		}
		cmd := exec.Command(self, "sync", "--json", "--profile", dir)
		cmd.Env = env
		return cmd
	}}
}

func mbsyncOn(b *testing.B, d *mailtest.Server, port int, user string) contender {
	return contender{"mbsync", func(dir string) *exec.Cmd {
		conf := filepath.Join(dir, "mbsyncrc")
		text := fmt.Sprintf("FSync yes\nIMAPAccount a\nHost localhost\nPort %d\nUser %s\nPass %s\nSSLType IMAPS\nCertificateFile %s\n\nIMAPStore r\nAccount a\n\nMaildirStore l\nPath %s/mail/\nInbox %s/mail/INBOX\n\nChannel c\nFar :r:\nNear :l:\nPatterns *\nCreate Near\nSyncState *\n",
			port, user, d.Password(user), d.CAFile, dir, dir)
		if err := os.MkdirAll(filepath.Join(dir, "mail"), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return exec.Command("mbsync", "-c", conf, "-a", "-q")
	}}
}

func mpopOn(b *testing.B, d *mailtest.Server, port int, user string) contender {
	return contender{"mpop", func(dir string) *exec.Cmd {
		for _, sub := range []string{"cur", "new", "tmp"} {
			if err := os.MkdirAll(filepath.Join(dir, "mail", sub), 0o700); err != nil {
				b.Fatal(err)
			}
		}
		conf := filepath.Join(dir, "mpoprc")
		text := fmt.Sprintf("account default\nhost 127.0.0.1\nport %d\nuser %s\npassword %s\ntls on\ntls_starttls off\ntls_trust_file %s\nkeep on\nuidls_file %s/uidls\ndelivery maildir %s/mail\n",
			port, user, d.Password(user), d.CAFile, dir, dir)
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		return exec.Command("mpop", "-C", conf, "-Q", "-a")
	}}
}

func BenchmarkAgainstPeers(b *testing.B) {
	const user, popUser = "ali", "sara"
	d := mailtest.StartDovecot(b, mailtest.DovecotOptions{})
	corpus(b, d, user, benchCount())
	spread(d, user, benchCount())
	corpus(b, d, popUser, max(1, benchCount()/5))
	rounds := 0
	works := []struct {
		name    string
		between func()
	}{{"first", nil}, {"no-change", func() {}}, {"10-new-100-flags", func() { mutate(b, d, user, rounds); rounds++ }}}
	for _, rtt := range []time.Duration{0, 40 * time.Millisecond} {
		imap, pop := delayed(b, d.IMAPSPort, rtt), delayed(b, d.POP3SPort, rtt)
		for _, at := range places() {
			for _, w := range works {
				if at.dir != "" && (rtt == 0 || w.between != nil) {
					continue // what is downloaded counts there, and from afar
				}
				b.Run(fmt.Sprintf("imap/%s/rtt=%v/%s", w.name, rtt, at.name), func(b *testing.B) {
					needPeer(b, "mbsync")
					race(b, at, []contender{peykOn(b, d, "imap", imap, user), mbsyncOn(b, d, imap, user)}, w.between)
				})
				if w.name == "10-new-100-flags" {
					continue
				}
				b.Run(fmt.Sprintf("pop3/%s/rtt=%v/%s", w.name, rtt, at.name), func(b *testing.B) {
					needPeer(b, "mpop")
					race(b, at, []contender{peykOn(b, d, "pop3", pop, popUser), mpopOn(b, d, pop, popUser)}, w.between)
				})
			}
		}
	}
}
