package demo

import (
	"bytes"
	"context"
	"encoding/json"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestSamplesAreWhatTheyPromise(t *testing.T) {
	now := time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC)
	samples, err := loadSamples(now)
	if err != nil {
		t.Fatal(err)
	}
	if len(samples) < 200 {
		t.Errorf("there are %d samples, want at least 200", len(samples))
	}
	scripts := map[string]*regexp.Regexp{
		"Persian": regexp.MustCompile(`[پچژگ]`), "Arabic": regexp.MustCompile(`[ةك]`), "German": regexp.MustCompile(`[äöüß]`),
		"Japanese": regexp.MustCompile(`[ぁ-ん]`), "English": regexp.MustCompile(`\bthe\b`),
	}
	seen := map[string]int{}
	keys := map[string]bool{}
	for _, s := range samples {
		if keys[s.key] {
			t.Errorf("%s stands twice", s.key)
		}
		keys[s.key] = true
		if s.date.After(now) {
			t.Errorf("%s is from the future: %v", s.key, s.date)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(s.raw))
		if err != nil {
			t.Errorf("%s cannot be read: %v", s.key, err)
			continue
		}
		for _, h := range []string{"From", "To", "Subject", "Date", "Message-Id"} {
			if m.Header.Get(h) == "" {
				t.Errorf("%s has no %s", s.key, h)
			}
		}
		if i := bytes.IndexByte(bytes.ReplaceAll(s.raw, []byte("\r\n"), nil), '\n'); i >= 0 {
			t.Errorf("%s has a bare line feed", s.key)
		}
		for _, line := range bytes.Split(s.raw, []byte("\r\n")) {
			if len(line) > 998 {
				t.Errorf("%s has a line of %d bytes (RFC 5322 §2.1.1 allows 998)", s.key, len(line))
			}
		}
	}
	for _, e := range readAllEntries(t) {
		for name, re := range scripts {
			if re.MatchString(e.body) {
				seen[name]++
			}
		}
	}
	for name := range scripts {
		if seen[name] < 4 {
			t.Errorf("only %d entries are %s", seen[name], name)
		}
	}
}

func readAllEntries(t *testing.T) []entry {
	t.Helper()
	samples, err := loadSamples(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var out []entry
	for _, s := range samples {
		_, body, _ := bytes.Cut(s.raw, []byte("\r\n\r\n"))
		out = append(out, entry{key: s.key, body: decodeQP(string(body))})
	}
	return out
}

// decodeQP undoes quoted-printable well enough to look for letters.
func decodeQP(s string) string {
	s = strings.ReplaceAll(s, "=\r\n", "")
	return regexp.MustCompile(`(=[0-9A-F]{2})+`).ReplaceAllStringFunc(s, func(h string) string {
		var b []byte
		for i := 0; i < len(h); i += 3 {
			b = append(b, unhex(h[i+1])<<4|unhex(h[i+2]))
		}
		return string(b)
	})
}

func unhex(c byte) byte {
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}

func TestServePrintsHowToReachIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var b syncBuffer
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, &b) }()
	for b.Len() == 0 {
		select {
		case err := <-done:
			t.Fatalf("Serve ended: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var got struct {
		Ports    map[string]int
		Users    []struct{ User, Protocol, Password string }
		Password string
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	for _, p := range []string{"imap", "imaps", "pop3", "pop3s", "smtp", "smtps", "submission"} {
		if got.Ports[p] == 0 {
			t.Errorf("no port for %s in %s", p, b.String())
		}
	}
	if len(got.Users) != 2 || got.Password == "" {
		t.Errorf("users and password are missing in %s", b.String())
	}
}

func TestMalformedEntriesAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"=== a INBOX\nFrom: x@y\n\nz":                          "wants key, folder, days and time",
		"=== a INBOX one 10:00\nFrom: x@y\n\nz":                "the days",
		"=== a INBOX 1 10:00\nFrom x@y\n\nz":                   "no header line",
		"=== a INBOX 1 25:00\nFrom: x@y.z\n\nz":                "the time",
		"=== a INBOX 1 10:00 blue\nFrom: x@y.z\n\nz":           "no flag",
		"=== a INBOX 1 10:00\nFrom: nobody\n\nz":               "the address",
		"=== a INBOX 1 10:00\nFrom: x@y.z\nRe: b\n\nz":         "there is no mail",
		"=== a INBOX 1 10:00\nFrom: x@y.z\nAttach: a.exe\n\nz": "no file of this kind",
	} {
		entries, err := parseEntries("f.txt", IMAPUser, text)
		if err == nil {
			_, err = buildSamples(entries, time.Now())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want one with %q", text, err, want)
		}
	}
}
