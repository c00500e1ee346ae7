package mailbox

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

var when = time.Date(2025, 11, 25, 14, 5, 6, 0, time.UTC)

func writeAll(t testing.TB, msgs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, m := range msgs {
		if n, err := w.Write("a@b.example", when, strings.NewReader(m), int64(len(m))); err != nil || n != int64(len(m)) {
			t.Fatalf("%d %v", n, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(t testing.TB, b []byte) (out []string, entries []entry) {
	t.Helper()
	r := newReader(bytes.NewReader(b))
	for {
		e, err := r.Next()
		if err == io.EOF {
			return out, entries
		}
		if err != nil {
			t.Fatal(err)
		}
		m, err := io.ReadAll(e.Reader)
		if err != nil {
			t.Fatal(err)
		}
		out, entries = append(out, string(m)), append(entries, e)
	}
}

var hard = []string{
	"Subject: a\n\nbody\n", "Subject: a\r\n\r\nbody\r\n", "no end", "", "\n", "\r\n", "\n\n\n", "\r\n\r\n", "a\r", "a\n\r", "a\n\r\n", "From x Tue Nov 25 14:05:06 2025\n",
	"Subject: x\n\nFrom here\n>From there\n>>From where\n\nFrom a@b.example Tue Nov 25 14:05:06 2025\nSubject: trap\n\nx", "\x00\xff\nFrom \n", "From ", ">From ",
	strings.Repeat("x", 200000) + "\nFrom y\n" + strings.Repeat(">", 70000) + "From z", "a\n\nFrom \n\n", noEOL,
}

func TestRoundTrip(t *testing.T) {
	got, entries := readAll(t, writeAll(t, hard...))
	if len(got) != len(hard) {
		t.Fatalf("%d messages became %d", len(hard), len(got))
	}
	for i := range hard {
		if got[i] != hard[i] {
			t.Errorf("message %d: %.80q became %.80q", i, hard[i], got[i])
		}
		if entries[i].Sender != "a@b.example" || !entries[i].Date.Equal(when) {
			t.Errorf("message %d: %q %v", i, entries[i].Sender, entries[i].Date)
		}
	}
}

func TestResume(t *testing.T) {
	b := writeAll(t, hard...)
	_, entries := readAll(t, b)
	for i, e := range entries {
		got, _ := readAll(t, b[e.Offset:])
		if len(got) != len(hard)-i || got[0] != hard[i] {
			t.Errorf("resuming at %d gives %d messages", i, len(got))
		}
	}
}

func TestForeign(t *testing.T) {
	in := "\n\nFrom - Tue Nov 25 14:05:06 2025\r\nSubject: one\r\n\r\nbody\r\n>From quoted\r\n\r\n" +
		"From bob@x Tue Nov 25 14:05 CET 2025 remote from y\nSubject: two\n\nFrom the start of a line\n\nFrom me, with a time 10:30 in it\nmore\n" +
		"From c@x Wed Nov 26 14:05:06 2025\nSubject: no empty line before\n\nlast"
	got, entries := readAll(t, []byte(in))
	want := []string{"Subject: one\r\n\r\nbody\r\nFrom quoted\r\n",
		"Subject: two\n\nFrom the start of a line\n\nFrom me, with a time 10:30 in it\nmore\n", "Subject: no empty line before\n\nlast"}
	if len(got) != len(want) {
		t.Fatalf("%d messages: %q", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %q", i, got[i])
		}
	}
	if entries[0].Sender != "-" || !entries[0].Date.Equal(when) {
		t.Errorf("%+v", entries[0])
	}
	if _, err := newReader(strings.NewReader("Subject: x\n\n")).Next(); !errors.Is(err, ErrNotMbox) {
		t.Errorf("not an mbox: %v", err)
	}
	if _, err := newReader(strings.NewReader("")).Next(); err != io.EOF {
		t.Errorf("empty: %v", err)
	}
}

func TestWriteShort(t *testing.T) {
	w := NewWriter(io.Discard)
	if _, err := w.Write("", when, strings.NewReader("abc"), 5); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a message shorter than said: %v", err)
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, h := range hard {
		f.Add(h, "Subject: second\n\nx\n")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		got, _ := readAll(t, writeAll(t, a, b, a))
		if len(got) != 3 || got[0] != a || got[1] != b || got[2] != a {
			t.Errorf("%q %q became %q", a, b, got)
		}
	})
}

// FuzzRead: foreign data never panics, and what was read can be written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte("From - Tue Nov 25 14:05:06 2025\nSubject: x\n\nFrom y 10:10\nA: b\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.HasPrefix(b, []byte("From ")) {
			b = append([]byte("From "), b...)
		}
		msgs, _ := readAll(t, b)
		again, _ := readAll(t, writeAll(t, msgs...))
		if strings.Join(msgs, "\x01") != strings.Join(again, "\x01") {
			t.Errorf("%q became %q", msgs, again)
		}
	})
}
