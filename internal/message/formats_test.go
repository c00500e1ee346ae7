package message

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"peyk/internal/mail"
)

func part(t *testing.T, m *Message, number string) string {
	t.Helper()
	r, err := m.OpenPart(number)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(r)
	return string(b)
}

func TestUUEncodedInText(t *testing.T) {
	in := "Subject: s\n\nbefore\nbegin 644 cat.txt\n#0V%T\n`\nend\nafter\nbegin the show\n"
	m := ParseBytes([]byte(in))
	if got := m.Text(); got != "before\nafter\nbegin the show" {
		t.Errorf("text %q", got)
	}
	a := m.Attachments()
	if len(a) != 1 || a[0].Filename != "cat.txt" || a[0].Part != "1.u1" || a[0].Size != 3 || part(t, m, "1.u1") != "Cat" {
		t.Errorf("%+v", a)
	}
	if r := ParseBytes([]byte("Content-Transfer-Encoding: x-uuencode\nContent-Type: text/plain\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n")); r.Text() != "Cat" {
		t.Errorf("as transfer encoding: %q", r.Text())
	}
}

func TestYEncInText(t *testing.T) {
	var enc []byte
	for _, c := range []byte("yEnc\x13\xd6 data") {
		e := c + 42
		if e == 0 || e == '\n' || e == '\r' || e == '=' {
			enc = append(enc, '=', e+64)
		} else {
			enc = append(enc, e)
		}
	}
	in := "Content-Type: text/plain; charset=iso-8859-1\n\nhi\n=ybegin line=128 size=11 name=a.bin\n" + string(enc) + "\n=yend size=11\nbye\n"
	m := ParseBytes([]byte(in))
	if m.Text() != "hi\nbye" || len(m.Attachments()) != 1 || part(t, m, "1.u1") != "yEnc\x13\xd6 data" {
		t.Errorf("%q %+v %q", m.Text(), m.Attachments(), part(t, m, "1.u1"))
	}
}

// binhex encodes a file as BinHex 4.0 does, without checksums that anybody looks at.
func binhex(name, data string) string {
	raw := append([]byte{byte(len(name))}, name...)
	raw = append(raw, 0)
	raw = append(raw, "TEXTttxt\x00\x00"...)
	raw = binary.BigEndian.AppendUint32(raw, uint32(len(data)))
	raw = binary.BigEndian.AppendUint32(raw, 0)
	raw = append(raw, 0, 0)
	raw = append(raw, data...)
	raw = append(raw, 0, 0, 0, 0)
	raw = bytes.ReplaceAll(raw, []byte{0x90}, []byte{0x90, 0})
	raw = bytes.ReplaceAll(raw, []byte("aaaaa"), []byte{'a', 0x90, 5})
	var out strings.Builder
	var bits uint32
	n := 0
	for _, c := range raw {
		bits = bits<<8 | uint32(c)
		for n += 8; n >= 6; n -= 6 {
			out.WriteByte(binhexAlphabet[bits>>(n-6)&63])
		}
	}
	if n > 0 {
		out.WriteByte(binhexAlphabet[bits<<(6-n)&63])
	}
	return "(This file must be converted with BinHex 4.0)\n\n:" + out.String() + ":\n"
}

func TestBinHex(t *testing.T) {
	want := "data aaaaa \x90 end"
	for _, in := range []string{"Content-Type: application/mac-binhex40\n\n" + binhex("my file", want), "Subject: s\n\nhello\n" + binhex("my file", want) + "bye\n"} {
		m := ParseBytes([]byte(in))
		a := m.Attachments()
		if len(a) != 1 || a[0].Filename != "my file" || part(t, m, a[0].Part) != want {
			t.Errorf("%+v %q", a, m.Text())
		}
	}
}

func appleFile(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, 0x00051607)
	b = append(b, make([]byte, 20)...)
	b = binary.BigEndian.AppendUint16(b, 2)
	off := uint32(26 + 24)
	for _, e := range []struct {
		id uint32
		v  string
	}{{3, name}, {1, data}} {
		b = binary.BigEndian.AppendUint32(b, e.id)
		b = binary.BigEndian.AppendUint32(b, off)
		b = binary.BigEndian.AppendUint32(b, uint32(len(e.v)))
		off += uint32(len(e.v))
	}
	return append(append(b, name...), data...)
}

func TestAppleDouble(t *testing.T) {
	in := multi("appledouble", "b", "--b\nContent-Type: application/applefile\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString(appleFile("photo.jpg", ""))+
		"\n--b\nContent-Type: image/jpeg\n\nJPEG\n--b--\n")
	a := ParseBytes([]byte(in)).Attachments()
	if len(a) != 1 || a[0].Filename != "photo.jpg" || a[0].Part != "2" {
		t.Errorf("%+v", a)
	}
	m := ParseBytes([]byte("Content-Type: application/applefile\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(appleFile("a.txt", "inside"))))
	if a := m.Attachments(); len(a) != 1 || a[0].Filename != "a.txt" || part(t, m, a[0].Part) != "inside" {
		t.Errorf("single: %+v", a)
	}
}

// tnefBytes builds a winmail.dat with a body and one file.
func tnefBytes(name, data, body string) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, tnefSignature)
	b = le.AppendUint16(b, 1)
	attr := func(level byte, id uint32, v []byte) {
		b = append(b, level)
		b = le.AppendUint32(b, id)
		b = le.AppendUint32(b, uint32(len(v)))
		b = append(b, v...)
		b = le.AppendUint16(b, 0)
	}
	prop := func(id, typ uint16, v []byte) []byte {
		p := le.AppendUint16(nil, typ)
		p = le.AppendUint16(p, id)
		p = le.AppendUint32(p, 1)
		p = le.AppendUint32(p, uint32(len(v)))
		p = append(p, v...)
		return append(p, make([]byte, (4-len(v)&3)&3)...)
	}
	u16 := func(s string) (out []byte) {
		for _, c := range utf16.Encode([]rune(s + "\x00")) {
			out = le.AppendUint16(out, c)
		}
		return out
	}
	props := le.AppendUint32(nil, 2)
	props = append(props, []byte{3, 0, 1, 0x80}...) // a named property, skipped
	props = append(props, make([]byte, 16+4+4+4)...)
	props = append(props, prop(propHTML, 0x102, []byte(body))...)
	attr(1, tnefMsgProps, props)
	attr(2, tnefRendData, make([]byte, 14))
	attr(2, tnefAttTitle, []byte("SHORT~1.TXT\x00"))
	attr(2, tnefAttData, []byte(data))
	attr(2, tnefAttachment, append(le.AppendUint32(nil, 1), prop(propAttLong, 0x1f, u16(name))...))
	return b
}

func TestTNEF(t *testing.T) {
	raw := tnefBytes("گزارش.txt", "the file", "<p>the <b>body</b></p>")
	in := "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(raw) + "\n"
	m := ParseBytes([]byte(in))
	a := m.Attachments()
	if len(a) != 1 || a[0].Filename != "گزارش.txt" || a[0].ContentType != "text/plain" || part(t, m, a[0].Part) != "the file" {
		t.Errorf("%+v", a)
	}
	if m.Text() != "the body" || !strings.Contains(m.HTML(), "<b>body</b>") {
		t.Errorf("text %q html %q", m.Text(), m.HTML())
	}
	for i := range raw { // cut anywhere: no panic
		parseTNEF(raw[:i])
	}
}

// The example of [MS-OXRTFCP] §4.1.
func TestCompressedRTF(t *testing.T) {
	in := []byte{0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65,
		0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0}
	if got := string(unpackRTF(in)); got != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("%q", got)
	}
}

// References to parts come out as "cid:" and the Content-ID exactly, however they were written.
func TestPageReferences(t *testing.T) {
	in := multi("related", "b", "--b\nContent-Type: text/html; charset=utf-8\nContent-Location: http://x.example/dir/page.html\n\n"+
		"<body background='back.gif'><img src=\"CID:P%31@X\"><img SRC = http://x.example/dir/a.gif><img src=\"../b.gif?x=1&amp;y=2\"><td style=\"background:url( 'back.gif' )\"><img src=\"http://other.example/a.gif\"><a href=\"a.gif\">\n"+
		"--b\nContent-Type: image/png; name=p.png\nContent-ID: <p1@x>\n\nP\n"+
		"--b\nContent-Type: image/gif\nContent-Location: a.gif\n\nA\n"+
		"--b\nContent-Type: image/gif\nContent-Location: http://x.example/b.gif\n ?x=1&y=2\nContent-ID: <b@x>\n\nB\n"+
		"--b\nContent-Type: image/gif\nContent-Location: back.gif\n\nC\n--b--\n")
	in = strings.Replace(in, "Content-Type: multipart/related", "Content-Base: http://x.example/dir/\nContent-Type: multipart/related", 1)
	m := ParseBytes([]byte(in))
	want := "<body background='cid:part5@location'><img src=\"cid:p1@x\"><img SRC = \"cid:part3@location\"><img src=\"cid:b@x\"><td style=\"background:url( 'cid:part5@location' )\"><img src=\"http://other.example/a.gif\"><a href=\"a.gif\">"
	if got := m.HTML(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, a := range m.Attachments() {
		if !a.Inline || a.ContentID == "" || !strings.Contains(m.HTML(), "cid:"+a.ContentID) {
			t.Errorf("%+v", a)
		}
	}
	if h := InspectMessage(ParseBytes([]byte(in))).TextHTML; !strings.Contains(h, "CID:P%31@X") {
		t.Errorf("inspect tells the page as it stands: %s", h)
	}
}

func TestRTFBody(t *testing.T) {
	const html = "{\\rtf1\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fcharset178 Tahoma;}}{\\colortbl\\red0;}\r\n\\uc1\\pard\\plain\\deftab360 " +
		"{\\*\\htmltag243 <html>}{\\*\\htmltag18 <p class=\"a\\{b\\}\">}\\htmlrtf {\\b\\htmlrtf0 Hello \\lquote x\\rquote  {\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0\\htmlrtf0\\'cf\\f1\\'d3\\'e1\\'c7\\'e3\\f0 \\u8364?" +
		"\\u-10179?\\u-8704?\\htmlrtf }\\htmlrtf0{\\*\\mhtmltag18 <p>}\r\n{\\*\\htmltag26 </p>\\par }{\\*\\htmltag27 </html>}\\bin3 }}}}"
	page, text := rtfBody([]byte(html))
	if want := "<html><p class=\"a{b}\">Hello &lsquo;x&rsquo; &nbsp;Пسلام€😀</p>\n</html>"; page != want || text != "" {
		t.Errorf("HTML\n got %q\nwant %q", page, want)
	}
	for in, want := range map[string]string{
		"{\\rtf1\\ansi\\fromtext{\\fonttbl{\\f0 A;}}\\pard one\\par two\\tab\\{3\\}\\par}":                                              "one\ntwo\t{3}",
		"{\\rtf1\\ansi\\ansicpg1256{\\stylesheet{\\s0 Normal;}}{\\info{\\title x}}{\\*\\generator y}\\'d3\\'e1\\'c7\\'e3{\\pict 00ff}}": "سلام",
		"{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset128 M;}}\\f0 \\'83\\'65\\'83e}":                                                          "テテ",
		"not rtf": "not rtf", "": "", "{\\rtf1 \\": "", "{\\rtf1 \\'": "", "}}}x": "x",
	} {
		if _, text := rtfBody([]byte(in)); text != want {
			t.Errorf("%q: got %q, want %q", in, text, want)
		}
	}
}

func TestReport(t *testing.T) {
	in := "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nYour mail bounced.\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1 (no such user)\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n" +
		"Final-Recipient: rfc822;eve@example.com\nAction: delayed\nStatus: 4.4.1\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <orig@x>\nSubject: hi\n\nhello\n--b--\n"
	m := ParseBytes([]byte(in))
	r := m.Report()
	if r == nil || r.Kind != "delivery" || r.Reporter != "mx.example.com" || r.OriginalID != "orig@x" || len(r.Recipients) != 2 {
		t.Fatalf("%+v", r)
	}
	want := "The message to bob@example.com could not be delivered: the mailbox does not exist. The server said: 550 5.1.1 User unknown\n" +
		"The message to eve@example.com is not delivered yet; the server goes on trying: the other server did not answer."
	if got := ReportWords(r); got != want {
		t.Errorf("words:\n%s", got)
	}
	if got := m.Text(); got != want+"\n\nYour mail bounced." {
		t.Errorf("text:\n%s", got)
	}
	if c := m.Content(); c.Text != "Your mail bounced." || c.Report == nil || c.Report.Recipients[0].Reason != mail.ReasonNoMailbox {
		t.Errorf("the window says the words itself: %q %+v", c.Text, c.Report)
	}
	mdn := ParseBytes([]byte("Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\n" +
		"Reporting-UA: x; Mail 1\nFinal-Recipient: rfc822; joe@example.com\nOriginal-Message-ID: <o@x>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n")).Report()
	if mdn == nil || mdn.Kind != "disposition" || mdn.OriginalID != "o@x" || ReportWords(mdn) != "joe@example.com has opened the message." {
		t.Errorf("%+v", mdn)
	}
}

// A CMS SignedData with its content inside, once with definite lengths, once as openssl streams it (indefinite, the
// content in pieces).
func TestOpaqueSigned(t *testing.T) {
	tlv := func(tag byte, body ...[]byte) []byte {
		b := bytes.Join(body, nil)
		if len(b) < 128 {
			return append([]byte{tag, byte(len(b))}, b...)
		}
		return append([]byte{tag, 0x82, byte(len(b) >> 8), byte(len(b))}, b...)
	}
	open := func(tag byte, body ...[]byte) []byte {
		return append(append([]byte{tag, 0x80}, bytes.Join(body, nil)...), 0, 0)
	}
	inner := "Content-Type: text/plain\r\n\r\nsigned words\r\n"
	data := tlv(6, []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1})
	version, algs := tlv(2, []byte{1}), tlv(0x31, tlv(0x30, tlv(6, []byte{1, 2, 3})))
	definite := tlv(0x30, tlv(6, oidSignedData), tlv(0xa0, tlv(0x30, version, algs, tlv(0x30, data, tlv(0xa0, tlv(4, []byte(inner)))))))
	stream := open(0x30, tlv(6, oidSignedData), open(0xa0, open(0x30, version, open(0x31, tlv(0x30, tlv(6, []byte{1, 2, 3}))), open(0x30, data, open(0xa0, open(0x24, tlv(4, []byte(inner[:10])), tlv(4, []byte(inner[10:]))))))))
	for _, raw := range [][]byte{definite, stream} {
		m := ParseBytes([]byte("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(raw)))
		if m.Text() != "signed words" {
			t.Errorf("text %q of %s", m.Text(), shape(m.Root))
		}
	}
}

func TestAttachmentRules(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"named inline text", "Content-Type: text/plain; name=a.txt\nContent-Disposition: inline", "a.txt inline"},
		{"attached text", "Content-Disposition: attachment; filename=a.txt", "a.txt"},
		{"named, no disposition", "Content-Type: text/plain; name=a.txt", "a.txt"},
		{"path", "Content-Disposition: attachment; filename=\"../../etc/passwd\"", "passwd"},
		{"windows path", "Content-Disposition: attachment; filename=\"C:\\\\dir\\\\x.doc\"", "x.doc"},
		{"bidi trick", "Content-Disposition: attachment; filename*=utf-8''photo%E2%80%AEgpj.exe", "photogpj.exe risky"},
		{"no name", "Content-Type: application/pdf", "part-1.pdf"},
		{"dots", "Content-Disposition: attachment; filename=\"..\"", "part-1.txt"},
		{"macro document", "Content-Disposition: attachment; filename=x.DOCM", "x.DOCM risky"},
	} {
		m := ParseBytes([]byte(multi("mixed", "b", "--b\n\nbody\n--b\n"+c.head+"\n\nx\n--b--\n")))
		a := m.Attachments()
		if len(a) != 1 {
			t.Errorf("%s: %+v", c.name, a)
			continue
		}
		got := a[0].Filename
		if a[0].Inline {
			got += " inline"
		}
		if a[0].Risky {
			got += " risky"
		}
		if got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	root := ParseBytes([]byte("Content-Type: text/html; name=page.html\nContent-Disposition: attachment\n\n<p>x</p>"))
	if a := root.Attachments(); len(a) != 1 || a[0].Filename != "page.html" || !a[0].Inline || root.Text() != "x" {
		t.Errorf("a named root is read and can be saved: %+v, %q", a, root.Text())
	}
	rel := ParseBytes([]byte(multi("related", "b", "--b\nContent-Type: text/html\n\n<img src=\"cid:p%31@x\">\n--b\nContent-Type: application/octet-stream; name=p.png\nContent-ID: <P1@x>\n\nx\n--b--\n")))
	if a := rel.Attachments(); len(a) != 1 || !a[0].Inline {
		t.Errorf("an image that the page shows is inline: %+v", a)
	}
}

func TestBase64AfterPadding(t *testing.T) {
	for in, want := range map[string]string{
		"aGVsbG8=\r\n": "hello", "aGVsbG8=": "hello", "aGVsbG8": "hello", "aGVs\r\nbG8=\r\n\r\n": "hello", "aGVsbG8=\r\naGVsbG8=\r\n": "hellohello", "aGVsbG8=aGVsbG8=": "hellohello",
		"aGVsbG8=\r\nYQ==\nYg==\n": "helloab", "aGVsbG8=\r\n_______\nlist mailing list\naaaa": "hello", "aGVsbG8=\nfooter": "hello", "aGVsbG8=\n-- \nYWJj": "hello", "aGVsbG8=\n\n": "hello",
	} {
		if got := string(appendBase64(nil, []byte(in))); got != want {
			t.Errorf("%q became %q", in, got)
		}
		slow, err := io.ReadAll(newBase64Reader(iotest.OneByteReader(strings.NewReader(in))))
		if fast := appendBase64(nil, []byte(in)); err != nil || string(slow) != string(fast) {
			t.Errorf("%q in pieces became %q, whole %q", in, slow, fast)
		}
	}
}

// The alphabet is that of mail: what the one for URLs has instead of "+" and "/" is passed over like any other stranger, and ends a
// run of UTF-7.
func TestBase64Alphabet(t *testing.T) {
	for in, want := range map[string]string{"+/+/": "\xfb\xff\xbf", "-_-_": "", "aG-Vs_bG8=": "hello", "-----\naGVsbG8=": "hello"} {
		if got := string(appendBase64(nil, []byte(in))); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
	if got := utf7([]byte("+AOk-_+AOk_"), '+', 0); got != "é_é_" {
		t.Errorf("UTF-7 became %q", got)
	}
}
