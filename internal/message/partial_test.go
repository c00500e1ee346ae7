package message

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// pieces cuts a body into message/partial messages; only the last tells the total.
func pieces(t *testing.T, header, body string, n int) []*Message {
	t.Helper()
	var out []*Message
	for i := range n {
		from, to := len(body)*i/n, len(body)*(i+1)/n
		total := ""
		if i == n-1 {
			total = fmt.Sprintf("; total=%d", n)
		}
		inner := ""
		if i == 0 {
			inner = header + "\r\n"
		}
		out = append(out, ParseBytes([]byte(fmt.Sprintf("From: a@b.example\r\nSubject: part %d\r\nMessage-ID: <p%d@x>\r\nX-Kept: %d\r\nMIME-Version: 1.0\r\n"+
			"Content-Type: message/partial; id=\"whole@x\"; number=%d%s\r\n\r\n%s%s", i+1, i, i, i+1, total, inner, body[from:to]))))
	}
	return out
}

func TestAssemble(t *testing.T) {
	header := "Subject: the whole\r\nX-Dropped: y\r\nMessage-ID: <whole@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
	body := "--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\r\n"[:36]+"\r\n", 6000) + "--b--\r\n"
	ps := pieces(t, header, body, 3)
	if f, ok := ps[1].Fragment(); !ok || f != (Fragment{ID: "whole@x", Number: 2}) {
		t.Errorf("%+v", f)
	}
	m, err := Assemble([]*Message{ps[2], ps[0], ps[1], ps[0]})
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject() != "the whole" || m.Text() != "hello" || m.Header().Get("Message-ID") != "<whole@x>" || m.Header().Get("X-Kept") != "0" || m.Header().Has("X-Dropped") || m.From()[0].Addr != "a@b.example" {
		t.Errorf("%q %q %v", m.Subject(), m.Text(), m.Header().Fields())
	}
	if a := m.Attachments(); len(a) != 1 || a[0].Filename != "a.pdf" || a[0].Size != 26*6000 || len(part(t, m, a[0].Part)) != 26*6000 {
		t.Errorf("%+v", a)
	}
	if w := m.Warnings(); len(w) != 1 || w[0].Code != mail.WarnAssembled || w[0].Args[0] != "3" {
		t.Errorf("%+v", w)
	}
	r, _ := m.OpenPart("")
	whole, _ := io.ReadAll(r)
	if !strings.HasSuffix(string(whole), "\r\n\r\n"+body) {
		t.Error("the body is not what was cut")
	}
	for name, list := range map[string][]*Message{"one missing": {ps[0], ps[2]}, "no total": {ps[0], ps[1]}, "another message": {ps[0], ps[1], ps[2], ParseBytes([]byte("Subject: x\n\ny"))}} {
		if _, err := Assemble(list); !errors.Is(err, ErrFragments) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w := ps[2].Content().Warnings; len(w) != 1 || w[0].Code != mail.WarnPartial || strings.Join(w[0].Args, "/") != "3/3" {
		t.Errorf("a piece says that it is one: %+v", w)
	}
}

// The example of RFC 2046 §5.2.2.2, as MimeKit has it, where the fixtures are at hand.
func TestAssembleForeign(t *testing.T) {
	shared := os.Getenv("PEYK_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	files, _ := filepath.Glob(filepath.Join(shared, "fixtures", "mime", "cases", "MimeKit__partial_rfc2046.?.eml"))
	if len(files) != 2 {
		t.Logf("%d pieces at hand", len(files))
		return
	}
	var ps []*Message
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, ParseBytes(b))
	}
	m, err := Assemble(ps)
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject() != "Audio mail" || m.Header().Get("Message-ID") != "<anotherid@foo.com>" || m.Root.Type != "audio/basic" {
		t.Errorf("%q %q %q", m.Subject(), m.Header().Get("Message-ID"), m.Root.Type)
	}
}

// peyk inspect, given all pieces, tells the whole with the first.
func TestInspectorPutsTogether(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for i, m := range pieces(t, "Subject: the whole\r\nMIME-Version: 1.0\r\n", strings.Repeat("some words\r\n", 100), 3) {
		r, _ := m.OpenPart("")
		b, _ := io.ReadAll(r)
		paths = append(paths, filepath.Join(dir, fmt.Sprint(i)))
		if err := os.WriteFile(paths[i], b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, some := NewInspector(paths), NewInspector(paths[:2])
	for i, p := range paths {
		in, err := all.File(p)
		if err != nil || in.Subject != fmt.Sprintf("part %d", i+1) || in.Fragment == nil || in.Fragment.Number != i+1 {
			t.Fatalf("%d: %v %+v", i, err, in)
		}
		if whole := in.Fragment.Whole; (whole != nil) != (i == 0) || i == 0 && (whole.Subject != "the whole" || len(whole.TextPlain) != 1100) {
			t.Errorf("%d: %+v", i, in.Fragment.Whole)
		}
	}
	if in, err := some.File(paths[0]); err != nil || in.Fragment.Whole != nil || len(in.WarningDetails) != 1 || in.WarningDetails[0].Code != mail.WarnPartial {
		t.Errorf("%v %+v", err, in)
	}
}

// Every code has a sentence, and takes as many arguments as it says.
func TestWarningsHaveCodes(t *testing.T) {
	m := ParseBytes([]byte("From: =?utf-8?Q?x=40y.example?= <a@b.c>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=no-such\n\ncaf\xe9\n--b\nno field\n\n"))
	want := map[mail.WarningCode]string{mail.WarnFromOtherAddr: "", mail.WarnBoundaryOpen: "", mail.WarnCharsetUnknown: "1", mail.WarnHeaderOpen: "2"}
	for _, w := range m.Content().Warnings {
		part, ok := want[w.Code]
		if !ok || part != w.Part || w.Text == "" || strings.Contains(w.Text, "%!") || part != "" && w.Offset == 0 {
			t.Errorf("%+v", w)
		}
		delete(want, w.Code)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
	for code, text := range warningTexts {
		if text == "" || strings.HasSuffix(text, ".") {
			t.Errorf("%s: %q", code, text)
		}
	}
}
