package imap

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

const benchMessages = 10_000

// benchDovecot holds benchMessages messages of 1 to 40 KB in ali's INBOX, written straight into the maildir.
func benchDovecot(b *testing.B) *mailtest.Server {
	b.Helper()
	d := mailtest.StartDovecot(b, mailtest.DovecotOptions{Compress: true})
	d.Deliver("ali", message(0))
	dir := ""
	_ = filepath.WalkDir(d.Dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.IsDir() && strings.HasSuffix(path, "Maildir/new") {
			dir = path
		}
		return nil
	})
	if dir == "" {
		b.Fatal("no maildir found")
	}
	line := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 1)
	for n := 1; n < benchMessages; n++ {
		body := string(message(n)) + strings.Repeat(fmt.Sprintf("%s%d\r\n", line, n), 20+n*7%800)
		name := filepath.Join(dir, fmt.Sprintf("%d.M%dP1.bench", 1700000000+n, n))
		if err := os.WriteFile(name, []byte(body), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

func BenchmarkFetch10k(b *testing.B) {
	d := benchDovecot(b)
	c := dialBench(b, d, false)
	if uids, err := c.UIDs(context.Background(), "INBOX"); err != nil || len(uids) != benchMessages {
		b.Fatalf("%d messages, %v", len(uids), err)
	}
	for name, want := range map[string]remote.Want{"flags": remote.WantFlags, "headers": remote.WantHeader, "bodies": remote.WantBody} {
		for _, compress := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/compress=%v", name, compress), func(b *testing.B) {
				c := dialBench(b, d, compress)
				b.ReportAllocs()
				var bytes int64
				for b.Loop() {
					n := 0
					bad, err := c.Fetch(context.Background(), "INBOX", everything, want, func(f remote.Fetched) error {
						n++
						bytes += int64(len(f.Header))
						if f.Body != nil {
							m, err := io.Copy(io.Discard, f.Body)
							bytes += m
							return err
						}
						return nil
					})
					if err != nil || len(bad) > 0 || n != benchMessages {
						b.Fatalf("%d messages, %v, %v", n, bad, err)
					}
				}
				b.SetBytes(bytes / int64(b.N))
			})
		}
	}
}

func dialBench(b *testing.B, d *mailtest.Server, compress bool) *Client {
	b.Helper()
	cfg := Config{Server: serverOf(d, mail.SecurityTLS, "ali"), Password: d.Password("ali"), NoCompress: !compress, ForceCompress: compress}
	c, err := Dial(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return c
}
