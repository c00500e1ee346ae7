package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	gomail "github.com/emersion/go-message/mail"
	"github.com/jhillyerd/enmime/v2"
)

// corpus generates messages of the usual kinds: plain text, newsletters, replies in Persian, photos and documents.
func corpus() [][]byte {
	rnd := rand.New(rand.NewSource(1))
	words := strings.Fields("the quick brown fox jumps over the lazy dog and then some more words follow in this mail سلام خوبی امروز جلسه داریم")
	text := func(n int) string {
		var b strings.Builder
		for i := 0; i < n; i++ {
			b.WriteString(words[rnd.Intn(len(words))])
			if i%12 == 11 {
				b.WriteString("\r\n")
			} else {
				b.WriteByte(' ')
			}
		}
		return b.String()
	}
	file := func(n int) string {
		raw := make([]byte, n)
		rnd.Read(raw)
		s := base64.StdEncoding.EncodeToString(raw)
		var b strings.Builder
		for len(s) > 76 {
			b.WriteString(s[:76] + "\r\n")
			s = s[76:]
		}
		return b.String() + s + "\r\n"
	}
	head := func(i int, ct string) string {
		return fmt.Sprintf("Return-Path: <a%d@example.com>\r\nReceived: from mx.example.com (mx.example.com [192.0.2.1])\r\n\tby mail.example.org with ESMTPS id abc%d\r\n\tfor <bob@example.org>; Tue, 25 Nov 2025 14:05:06 +0330\r\n"+
			"Date: Tue, 25 Nov 2025 14:05:06 +0330\r\nFrom: =?utf-8?B?2LPYp9ix2Kc=?= <sara@example.com>\r\nTo: Bob Example <bob@example.org>, \"Eve, E.\" <eve@example.org>\r\nSubject: =?utf-8?Q?Re=3A_Caf=C3=A9_?= =?utf-8?Q?number?= %d\r\n"+
			"Message-ID: <%d.abc@example.com>\r\nReferences: <1@example.com> <2@example.com>\r\nMIME-Version: 1.0\r\n%s\r\n\r\n", i, i, i, i, ct)
	}
	var out [][]byte
	for i := 0; i < 40; i++ {
		var s string
		switch i % 4 {
		case 0:
			s = head(i, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit") + text(300)
		case 1:
			s = head(i, "Content-Type: multipart/alternative; boundary=\"b1\"") + "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text(300) +
				"\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + encodeQP("<html><body><table><tr><td>"+strings.ReplaceAll(text(2000), "\r\n", "</td></tr>\r\n<tr><td>")+"</td></tr></table></body></html>") + "\r\n--b1--\r\n"
		default:
			s = head(i, "Content-Type: multipart/mixed; boundary=\"b2\"") + "--b2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text(100) +
				"\r\n--b2\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + file(60000) + "--b2--\r\n"
		}
		out = append(out, []byte(s))
	}
	return out
}

func size(c [][]byte) (n int64) {
	for _, m := range c {
		n += int64(len(m))
	}
	return n
}

// Each benchmark does the same work: headers decoded, texts decoded, attachments decoded to the end.
func BenchmarkParse(b *testing.B) {
	c := corpus()
	b.Run("peyk", func(b *testing.B) {
		b.SetBytes(size(c))
		b.ReportAllocs()
		for b.Loop() {
			for _, raw := range c {
				m := ParseBytes(raw)
				m.Subject()
				m.From()
				m.Addresses("To")
				m.Date()
				m.Root.Walk(func(p *Part) bool {
					switch {
					case len(p.Children) > 0:
					case strings.HasPrefix(p.Type, "text/"):
						m.rawText(p)
					default:
						io.Copy(io.Discard, p.Open())
					}
					return true
				})
			}
		}
	})
	b.Run("go-message", func(b *testing.B) {
		b.SetBytes(size(c))
		b.ReportAllocs()
		for b.Loop() {
			for _, raw := range c {
				e, err := gomessage.Read(bytes.NewReader(raw))
				if err != nil {
					b.Fatal(err)
				}
				h := gomail.Header{Header: e.Header}
				h.Subject()
				h.AddressList("From")
				h.AddressList("To")
				h.Date()
				e.Walk(func(_ []int, p *gomessage.Entity, err error) error {
					if err == nil && p.MultipartReader() == nil {
						t, _, _ := p.Header.ContentType()
						if strings.HasPrefix(t, "text/") {
							io.ReadAll(p.Body)
						} else {
							io.Copy(io.Discard, p.Body)
						}
					}
					return nil
				})
			}
		}
	})
	b.Run("enmime", func(b *testing.B) {
		b.SetBytes(size(c))
		b.ReportAllocs()
		for b.Loop() {
			for _, raw := range c {
				e, err := enmime.ReadEnvelope(bytes.NewReader(raw))
				if err != nil {
					b.Fatal(err)
				}
				e.GetHeader("Subject")
				e.AddressList("From")
				e.AddressList("To")
				e.Date()
			}
		}
	})
}

func BenchmarkSummary(b *testing.B) {
	c := corpus()
	b.SetBytes(size(c))
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range c {
			ParseBytes(raw).Summary()
		}
	}
}
