package message

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"peyk/internal/mail"
)

func FuzzMessage(f *testing.F) {
	for _, s := range []string{
		multi("mixed", "b", "--b\n\none\n--b\nContent-Type: text/html; charset=utf-7\n\n<p>two</p>\n--b--\n"), multi("digest", "b", "--b\n\nSubject: x\n\ny\n--b--"),
		"Content-Type: multipart/mixed\n\n--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCmhpCg==\n--x--\n",
		"From x\nSubject: =?utf-8?b?w6k=?=\n\nbegin 644 a\n#0V%T\nend\n=ybegin name=x\nabc\n=yend\n", "Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n> b\n-- \n",
		"Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n0\x80\x06\x09", "Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22", binhex("a", "b"), "a: b\r\rc\rd",
		"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nX: y\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n--b--",
	} {
		f.Add([]byte(s))
	}
	files, _ := filepath.Glob(filepath.Join(os.Getenv("PEYK_SHARED"), "fixtures", "mime", "cases", "*.eml"))
	for i, p := range files {
		if b, err := os.ReadFile(p); err == nil && len(b) < 4000 && i%8 == 0 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) { checkInvariants(t, raw) })
}

// FuzzHeader: decoded values are clean UTF-8, decoding what is decoded changes nothing dangerous.
func FuzzHeader(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?a?= =?utf-8?b?w6k?=", "=?x?Q?", "a\r\n b", "=?iso-2022-jp?B?GyRC?=", "=?utf-7?q?+AOk-?=", "caf\xe9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []string{decodeLine(s), parseMediaType(s, "").params["name"]} {
			if strings.ContainsAny(d, "\x00\r\n") || !utf8.ValidString(d) {
				t.Errorf("%q became %q", s, d)
			}
		}
		parseDate(s)
		baseSubject(s)
		ids(s)
	})
}

// FuzzAddress: what is read can be written and is read again the same.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"A <a@b.c>, \"x\" <y@z>", "g: a@b;", "a@b (c)", "\"a\\\"b\"@c", "<@x:a@b>", "=?utf-8?q?a=2Cb?= <c@d>", "a@[1.2.3.4]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range ParseAddressList(s) {
			if strings.ContainsAny(a.Name+a.Addr, "\x00\r\n") {
				t.Fatalf("%q became %q", s, a)
			}
			var b bytes.Buffer
			if _, err := Compose(&b, Outgoing{From: mail.Identity{Addr: "x@y.example"}, SMTPUTF8: true, Draft: mail.Draft{To: []mail.Address{a}}}); err != nil {
				continue
			}
			back := ParseBytes(b.Bytes()).Addresses("To")
			if len(back) != 1 || !sameAddr(back[0].Addr, a.Addr) {
				t.Errorf("%q was written and read as %q\n%s", a, back, b.Bytes())
			}
		}
	})
}

// sameAddr: equal, or the same with its domain as punycode.
func sameAddr(got, want string) bool {
	w := addrWriter{utf8: true}
	wire, err := w.wire(want)
	return err != nil || got == wire || strings.HasSuffix(wire, ".") && got == strings.TrimSuffix(wire, ".")
}

// FuzzCompose: text and subject come back, nothing is injected.
func FuzzCompose(f *testing.F) {
	f.Add("subject", "text\n> quote\n-- \nsig", "name.txt")
	f.Add("سلام دنیا", "سلام\nabc "+strings.Repeat("long words ", 20), "گزارش.pdf")
	f.Add("=?utf-8?q?x?=", "From x\n.\n \n>\n>>y", "a\"b;c.txt")
	f.Fuzz(func(t *testing.T, subject, text, name string) {
		d := mail.Draft{To: []mail.Address{{Name: subject, Addr: "a@b.example"}}, Subject: subject, Text: text, Attachments: []mail.DraftAttachment{{Name: name}}}
		var b bytes.Buffer
		_, err := Compose(&b, Outgoing{From: mail.Identity{Addr: "x@y.example"}, Draft: d, Open: func(mail.DraftAttachment) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(name)), nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		m := ParseBytes(b.Bytes())
		if len(m.Header().fields) > 9 || m.Header().Has("Bcc") || len(m.Root.Children) != 2 {
			t.Errorf("injected:\n%s", b.Bytes())
		}
		if want := cleanLine(strings.ToValidUTF8(subject, "\ufffd")); utf8.ValidString(subject) && m.Subject() != want {
			t.Errorf("subject %q became %q", want, m.Subject())
		}
		if a := m.Attachments(); len(a) != 1 || part(t, m, a[0].Part) != name {
			t.Errorf("attachments %+v", a)
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("<p>a<br><ul><li>b</ul><blockquote>c</blockquote><table><tr><td>d<td>e</table><a href=http://x>y</a>")
	f.Fuzz(func(t *testing.T, s string) { HTMLToText(s) })
}
