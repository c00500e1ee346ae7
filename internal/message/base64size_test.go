package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

// The size that is told of an attachment is the number of bytes it is saved with, whatever stands in its base64, in memory and read
// through the window.
func TestBase64Size(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	junk := []string{" ", "\t", "=", "==", "\r\n", "\n", "\r", "-", "\x80", "\xff", "=\r\n", "==\r\n\r\n-- \r\nlist\r\n", "=\r\nQUJD\r\n", "QQ=QQ=", "*", "@", "[", "`", "{", ":"}
	for i := range 400 {
		raw := make([]byte, rnd.Intn(300)*(1+i%20*i%3*20))
		rnd.Read(raw)
		body := []byte(base64.StdEncoding.EncodeToString(raw))
		for at := 76; i%5 != 0 && at < len(body); at += 78 {
			body = slices.Insert(body, at, '\r', '\n')
		}
		for range rnd.Intn(4) * (i % 2) {
			body = slices.Insert(body, rnd.Intn(len(body)+1), []byte(junk[rnd.Intn(len(junk))])...)
		}
		mail := slices.Concat([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"), body, []byte("\r\n--b--\r\n"))
		for kind, m := range map[string]*Message{"in memory": ParseBytes(mail), "through the window": Parse(bytes.NewReader(mail), int64(len(mail)))} {
			atts := m.Attachments()
			if len(atts) != 1 {
				t.Fatalf("%d attachments", len(atts))
			}
			r, err := m.OpenPart(atts[0].Part)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := io.Copy(io.Discard, r); n != atts[0].Size {
				t.Fatalf("%d %s: size %d, saved %d bytes: %q", i, kind, atts[0].Size, n, body[:min(len(body), 400)])
			}
		}
	}
}

// What is wrong with the HTML of a message that has a text besides is told, although no list needs that HTML; and a picture that it shows
// is no attachment.
func TestAlternativeIsLookedAt(t *testing.T) {
	mail := func(charset, html, more string) *Message {
		return ParseBytes(fmt.Appendf(nil, "From: a@example.org\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"+
			"--a\r\nContent-Type: text/plain\r\n\r\ntext\r\n--a\r\nContent-Type: text/html; charset=%s\r\n\r\n%s\r\n--a--\r\n%s--r--\r\n", charset, html, more))
	}
	if w := mail("utf-8", "<p>سلام</p>", "").Summary().Warnings; len(w) != 0 {
		t.Errorf("told: %q", w)
	}
	if w := mail("utf-8", "<p>\xe1\xe2\xe3\xe4\xe5\xe6\xe7</p>", "").Summary().Warnings; len(w) != 1 || !strings.Contains(w[0], "utf-8") {
		t.Errorf("a wrong charset: %q", w)
	}
	if w := mail("x-no-such", "<p>\xe1\xe2</p>", "").Summary().Warnings; len(w) != 1 || !strings.Contains(w[0], "x-no-such") {
		t.Errorf("an unknown charset: %q", w)
	}
	s := mail("utf-8", `<img src="cid:p@x">`, "--r\r\nContent-Type: application/octet-stream\r\nContent-ID: <P@x>\r\n\r\nx\r\n").Summary()
	if len(s.Attachments) != 1 || !s.Attachments[0].Inline {
		t.Errorf("a picture of the page: %+v", s.Attachments)
	}
	s = mail("utf-8", `<img src="p.png">`, "--r\r\nContent-Type: application/octet-stream\r\nContent-Location: p.png\r\n\r\nx\r\n").Summary()
	if len(s.Attachments) != 1 || !s.Attachments[0].Inline || s.Attachments[0].ContentID == "" {
		t.Errorf("a picture by its address: %+v", s.Attachments)
	}
}
