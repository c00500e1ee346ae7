package message

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

var numericZone = regexp.MustCompile(`[+-][0-9]{4}$`)

// FuzzDate: what net/mail understands is understood the same; years stay in four digits.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"Fri, 21 Nov 1997 09:55:06 -0600", "Fri, 21 Nov 97 09:55:06 GMT", "21 Nov 97 09(comment):55:06 -0600", "Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32\r\n -0330 (Newfoundland Time)",
		"2025-11-25T14:05:06+03:30", "Tue Nov 25 14:05:06 2025", "25/11/2025 2:05 pm", "1 Jan 0001 00:00 +9999", "Mon, 31 Feb 2000 24:00:00 EST"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseDate(s)
		if ok && (got.Year() < 0 || got.Year() > 10000) {
			t.Errorf("%q is the year %d", s, got.Year())
		}
		if usual, is := usualDate(s); is {
			if any, ok := anyDate(s); !ok || usual.Format(time.RFC1123Z) != any.Format(time.RFC1123Z) {
				t.Errorf("%q is %v in the usual form, %v in any", s, usual, any)
			}
		}
		want, err := mail.ParseDate(s)
		if err != nil || strings.ContainsAny(s, "()\\") || want.Year() < 1900 {
			return
		}
		if !numericZone.MatchString(s) {
			return // it takes names of zones, "+01" among them, for UTC
		}
		if !ok || !got.Equal(want) {
			t.Errorf("%q is %v (%v), net/mail says %v", s, got, ok, want)
		}
	})
}

// FuzzWords: encoded words by the letter of RFC 2047 are read as the standard library reads them; nothing dangerous comes out
// of any others.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?a?= =?utf-8?b?w6k?=", "=?iso-8859-1?Q?a_b=E9?=", "(=?utf-8?q?a?= b)", "=?utf-8?Q?split=C3?= =?utf-8?Q?=A9?=", "=? utf-8 ?Q?x?=", "=?x?Q?", "=?iso-2022-jp?B?GyRC?=", "=?utf-7?q?+AOk-?=", "=?gb2312?b?x+vE+g==?=", "=?utf-16?b?AGEAYg==?="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if f := strings.Fields(s); oneBlank(s) != strings.Join(f, " ") || noBlanks(s) != strings.Join(f, "") {
			t.Errorf("the blanks of %q", s)
		}
		got := decodeLine(s)
		if strings.ContainsAny(got, "\x00\r\n") || !utf8.ValidString(got) {
			t.Errorf("%q became %q", s, got)
		}
		if !wellFormedWord(s) {
			return
		}
		if want, err := new(mime.WordDecoder).Decode(s); err == nil && cleanLine(want) != got {
			t.Errorf("%q is %q, mime says %q", s, got, want)
		}
	})
}

// wellFormedWord: s is one encoded word with nothing doubtful in it: UTF-8, printable text that is valid when decoded.
func wellFormedWord(s string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(s), "=?utf-8?")
	if !ok || len(rest) < 5 || rest[1] != '?' || !strings.HasSuffix(rest, "?=") {
		return false
	}
	text := rest[2 : len(rest)-2]
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || c == '?' {
			return false
		}
	}
	want, err := new(mime.WordDecoder).Decode(s)
	return err == nil && utf8.ValidString(want) && !strings.ContainsAny(want, "\x00\ufffd\ufeff") && (rest[0] == 'q' || len(text)%4 == 0)
}

// FuzzAddressList: a list by the letter of RFC 5322 is read as net/mail reads it.
func FuzzAddressList(f *testing.F) {
	for _, s := range []string{"A <a@b.c>, \"x, y\" <y@z>", "g: a@b, c@d;", "a@b (c)", "\"a\\\"b\"@c", "Joe Q. Public <john.q.public@example.com>", "=?utf-8?q?a=2Cb?= <c@d>", "a@[1.2.3.4]", "پیک <پیک@مثال.ایران>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := ParseAddressList(s)
		want, err := mail.ParseAddressList(s)
		if err != nil || strings.ContainsAny(s, "()\\=\t\r\n'") || !utf8.ValidString(s) || strings.Contains(s, "mailto:") {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%q: %q, net/mail reads %d", s, got, len(want))
		}
		for i, w := range want {
			if addr := strings.ReplaceAll(got[i].Addr, `"`, ""); addr != strings.ReplaceAll(w.Address, `"`, "") {
				t.Errorf("%q: %q, net/mail %q", s, got[i].Addr, w.Address)
			}
		}
	})
}

// FuzzBody: transfer encodings and the formats inside of bodies. Decoding a stream gives what decoding in memory gives;
// what the standard library decodes without an error is decoded the same; texts come out as UTF-8 without NULs.
func FuzzBody(f *testing.F) {
	for _, s := range []string{"aGVsbG8=\r\nd29ybGQ=", "aGVsbG8gd29ybGQ/aGVsbG8+\r\nd29ybGQhaGVsbG8\r\nd29ybGQh\ta-_=\n__________\r\n", "a=\r\nb=3D=zz= \r\nc=E2=80=94", "begin 644 a\n#0V%T\n`\nend\n", "=ybegin line=128 size=3 name=x\r\nabc=}\r\n=yend size=3\r\n", "> a \n>> b\n-- \nc", "\x1b$B$\"\x1b(Ba\x0e!!\x0f",
		"{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag1 <p>}x\\'e9\\u1587?\\htmlrtf y\\htmlrtf0}", "\x78\x9f\x3e\x22\x00\x00\x01\x0c\x80\x02\x00\x03\x00\x00\x00abc\x00\x00", "+AOk-&AOk-~{VP~}", "+AAAAQQ-&AAA00", "(This file must be converted with BinHex 4.0)\n:abc:", "<img src=\"cid:a\"><meta charset=koi8-r>\xf0\xd2\xc9"} {
		f.Add([]byte(s))
	}
	charsets := []string{"", "utf-8", "utf-7", "utf-16", "iso-2022-jp", "iso-2022-kr", "gb18030", "big5", "shift_jis", "euc-jp", "windows-1256", "iso-8859-1", "koi8-r", "utf-32", "hz-gb-2312", "x-imap4-modified-utf7", "no-such"}
	f.Fuzz(func(t *testing.T, b []byte) {
		if want, err := base64.StdEncoding.Strict().DecodeString(string(b)); err == nil && !bytes.Equal(appendBase64(nil, b), want) {
			t.Errorf("base64 %q", b)
		}
		if want, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b))); err == nil && !bytes.ContainsAny(b, "\r") && !bytes.HasSuffix(bytes.TrimRight(b, " \t"), []byte("=")) && isPlain(strings.NewReplacer("\n", "", "=?", "").Replace(string(b))) {
			if got := appendQP(nil, b); !bytes.Equal(bytes.TrimRight(got, " \t\n"), bytes.TrimRight(want, " \t\n")) {
				t.Errorf("quoted-printable %q: %q, the standard library %q", b, got, want)
			}
		}
		streamed, _ := io.ReadAll(iotest.OneByteReader(newBase64Reader(iotest.HalfReader(bytes.NewReader(b)))))
		whole, _ := io.ReadAll(newBase64Bytes(b))
		if mem := appendBase64(nil, b); !bytes.Equal(streamed, mem) || !bytes.Equal(whole, mem) {
			t.Errorf("base64 %q: %q streamed, %q in memory", b, streamed, mem)
		}
		var size base64Counter
		for rest := b; len(rest) > 0; {
			k := min(len(rest), 1+len(rest)*2/3)
			size.add(rest[:k])
			rest = rest[k:]
		}
		if n := size.size(); n != int64(len(whole)) {
			t.Errorf("base64 %q: %d bytes counted, %d decoded", b, n, len(whole))
		}
		if s, _ := io.ReadAll(newQPReader(iotest.HalfReader(bytes.NewReader(b)))); !bytes.Equal(s, appendQP(nil, b)) {
			t.Errorf("quoted-printable %q: %q streamed", b, s)
		}
		for _, cs := range charsets {
			if s := decodeCharset(b, cs); !utf8.ValidString(s) || strings.Contains(s, "\x00") || len(s) > 8*len(b)+64 {
				t.Errorf("%s %q: %q", cs, b, s)
			}
		}
		page, text := rtfBody(b)
		if !utf8.ValidString(page+text) || len(page)+len(text) > 8*len(b)+64 {
			t.Errorf("RTF %q: %q %q", b, page, text)
		}
		taken := takeFiles(b)
		if len(taken.rest) > len(b) {
			t.Errorf("the text grew: %q", b)
		}
		parseTNEF(b)
		decodeAppleFile(b)
		decodeBinHex(b)
		unflow(string(b), true)
	})
}
