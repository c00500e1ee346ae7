//go:build unix

package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"peyk/internal/cli"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
	mailsync "peyk/sync"
)

// BenchmarkFirstScreen counts the round trips from the start of a first pass until the newest 50 messages of the inbox are in
// the store, where the window shows them. The line is so slow that nothing but round trips counts.
func BenchmarkFirstScreen(b *testing.B) {
	const user, rtt = "ali", 400 * time.Millisecond
	d := mailtest.StartDovecot(b, mailtest.DovecotOptions{Compress: true})
	corpus(b, d, user, benchCount())
	ctx := context.Background()
	c := peykOn(b, d, "imap", delayed(b, d.IMAPSPort, rtt), user)
	var trips []float64
	for b.Loop() {
		dir := b.TempDir()
		cmd := c.run(dir)
		st, err := store.Open(ctx, dir, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		for rows := []mail.Row(nil); len(rows) < 50; time.Sleep(5 * time.Millisecond) {
			if rows, err = st.Page(ctx, store.Query{Role: mail.RoleInbox}, 0, 50); err != nil {
				b.Fatal(err)
			}
			if time.Since(start) > time.Minute {
				b.Fatal("no first screen within a minute")
			}
		}
		trips = append(trips, time.Since(start).Seconds()/rtt.Seconds())
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = st.Close()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(trips), "round-trips")
}

// BenchmarkIdle measures the engine of a window that has five accounts and hears of nothing.
func BenchmarkIdle(b *testing.B) {
	users := map[string]string{}
	for i := range 5 {
		users[fmt.Sprintf("user%d", i)] = fmt.Sprintf("secret-%d", i)
	}
	d := mailtest.StartDovecot(b, mailtest.DovecotOptions{Users: users})
	ctx := context.Background()
	dir := b.TempDir()
	st, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	opt, err := cli.EngineOptions(dir)
	if err != nil {
		b.Fatal(err)
	}
	opt.Push = true
	e := mailsync.New(st, opt)
	defer e.Close()
	for user, password := range users {
		file := filepath.Join(dir, user)
		if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
			b.Fatal(err)
		}
		a := mail.Account{Name: user, Email: user + "@example.org", Protocol: mail.IMAP}
		a.Incoming = mail.Server{Host: "127.0.0.1", Port: d.IMAPSPort, Security: mail.SecurityTLS, Username: user, PasswordCommand: []string{"cat", file}, CAFile: d.CAFile}
		if _, err := e.SaveAccount(ctx, a, mail.Secrets{}); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Start(ctx); err != nil {
		b.Fatal(err)
	}
	time.Sleep(5 * time.Second) // the first passes
	var share []float64
	for b.Loop() {
		before := cpuTime(b)
		time.Sleep(20 * time.Second)
		share = append(share, (cpuTime(b)-before).Seconds()/20*100)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(share), "%-of-a-core")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// peakMB is the most memory that a running process has had resident so far, in MB; 0 when it has ended or the system does not tell. What
// the system tells of an ended one (ru_maxrss) is of no use: that never lies below the memory of the process which started it.
func peakMB(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb := 0.0
	if f := strings.Fields(rest); len(f) > 0 {
		kb, _ = strconv.ParseFloat(f[0], 64)
	}
	return kb / 1024
}
