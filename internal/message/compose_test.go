package message

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	gomail "github.com/emersion/go-message/mail"

	"peyk/internal/mail"
)

var composeDate = time.Date(2025, 11, 25, 14, 5, 6, 0, time.FixedZone("", 3*3600+1800))

func mustCompose(t *testing.T, o Outgoing) ([]byte, Envelope) {
	t.Helper()
	if o.From.Addr == "" {
		o.From = mail.Identity{Name: "Sara Ahmadi", Addr: "sara@shomal.example"}
	}
	if o.Date.IsZero() {
		o.Date = composeDate
	}
	var b bytes.Buffer
	env, err := Compose(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	if env.Size != int64(b.Len()) {
		t.Errorf("size %d, wrote %d", env.Size, b.Len())
	}
	checkClean(t, b.Bytes())
	return b.Bytes(), env
}

// checkClean: 7-bit, CRLF line ends, no line over 998 characters, header lines folded at 78.
func checkClean(t *testing.T, raw []byte) {
	t.Helper()
	header := true
	for i, l := range bytes.SplitAfter(raw, []byte("\n")) {
		if len(l) > 0 && !bytes.HasSuffix(l, []byte("\r\n")) {
			t.Fatalf("line %d does not end with CRLF: %q", i, l)
		}
		if len(l) > 1000 || header && len(l) > 80 {
			t.Errorf("line %d is %d long: %q", i, len(l), l)
		}
		if header && len(l) > 2 && len(bytes.TrimSpace(l)) == 0 {
			t.Errorf("line %d holds only blanks", i)
		}
		if len(l) == 2 {
			header = false
		}
		for _, c := range l {
			if c == 0 || c >= 128 {
				t.Fatalf("line %d is not 7-bit: %q", i, l)
			}
		}
	}
}

func TestComposeReadsBack(t *testing.T) {
	long := strings.Repeat("word and words ", 30) + "end"
	for _, c := range []struct{ name, subject, text string }{
		{"plain", "Hello", "Hello Bob,\n\nhow are you?\n\n-- \nSara"},
		{"empty", "", ""},
		{"persian", "صورت‌حساب آبان ۱۴۰۴ و گزارش فروش شعبه‌های شمال برای مدیریت محترم", "سلام،\n\nمتن فارسی با ZWNJ: می‌روم.\nEnglish line\n> نقل قول\n> > تو در تو"},
		{"long", long, long + "\n" + long},
		{"trap words", "=?utf-8?q?not_a_word?= and more", "From here on\n From\n.\n..\n>not quoted? it is\n-- \nsig"},
		{"spaces", "a  b   c", "two  spaces   here\n indented\n\ttab"},
		{"emoji", "🎉 party 🎉", "🎉 emoji 👨‍👩‍👧‍👦 " + strings.Repeat("é", 300)},
		{"long word", strings.Repeat("x", 1500), strings.Repeat("y", 3000)},
		{"cjk", "会議のお知らせ：来週の月曜日に開催されますのでよろしくお願いいたします", strings.Repeat("漢字", 400)},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := []mail.Address{{Name: `Bob "B." O'Neil, Jr.`, Addr: "bob@example.com"}, {Name: "رضا کریمی", Addr: "reza@example.org"}, {Addr: "x@bücher.example"}}
			raw, env := mustCompose(t, Outgoing{Draft: mail.Draft{To: to, Subject: c.subject, Text: c.text}})
			m := ParseBytes(raw)
			if w := m.Warnings(); len(w) > 0 {
				t.Errorf("warnings: %v", w)
			}
			if got := m.Subject(); got != strings.TrimSpace(c.subject) {
				t.Errorf("subject %q\nwant %q\n%s", got, c.subject, raw)
			}
			if got, want := m.Text(), strings.Trim(c.text, "\n"); got != strings.ReplaceAll(want, ">not", "> not") {
				t.Errorf("text %q\nwant %q", got, want)
			}
			want := append([]mail.Address{}, to...)
			want[2].Addr = "x@xn--bcher-kva.example"
			if got := m.Addresses("To"); !reflect.DeepEqual(got, want) {
				t.Errorf("to %v", got)
			}
			if !m.Date().Equal(composeDate) || !strings.Contains(string(raw), "+0000") {
				t.Errorf("date %v", m.Date())
			}
			if m.Summary().HeaderID != env.MessageID || !strings.HasSuffix(env.MessageID, "@shomal.example") {
				t.Errorf("message id %q %q", m.Summary().HeaderID, env.MessageID)
			}
			oracle, err := gomail.CreateReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if s, err := oracle.Header.Subject(); err != nil || s != strings.TrimSpace(c.subject) {
				t.Errorf("go-message reads the subject as %q, %v", s, err)
			}
			if l, err := oracle.Header.AddressList("To"); err != nil || len(l) != 3 || l[1].Name != to[1].Name || l[0].Name != to[0].Name {
				t.Errorf("go-message reads To as %v, %v", l, err)
			}
		})
	}
}

func TestComposeStructure(t *testing.T) {
	files := map[string]string{"a": "first file\x00\xff", "img": "\x89PNG", "eml": "Subject: in\r\n\r\nhi\r\n", "eml8": "Subject: in\r\n\r\nh\xc3\xa9\r\n"}
	open := func(a mail.DraftAttachment) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(files[a.Path])), nil
	}
	d := mail.Draft{
		To: []mail.Address{{Addr: "a@b.example"}}, Bcc: []mail.Address{{Addr: "secret@b.example"}, {Addr: "archive@c.example"}}, Subject: "s",
		Text: "سلام [cid:pic@x]\nhttps://example.com/?a=1&b=2.",
		Attachments: []mail.DraftAttachment{
			{Name: "گزارش نهایی ماه آبان سال ۱۴۰۴ برای شعبه شمال.pdf", Path: "a"},
			{Name: "pic.png", Path: "img", Inline: true, ContentID: "pic@x"},
			{Name: "old.eml", ContentType: "message/rfc822", Path: "eml"},
			{Name: "old8.eml", ContentType: "message/rfc822", Path: "eml8"},
		},
	}
	raw, env := mustCompose(t, Outgoing{Draft: d, Open: open, From: mail.Identity{Addr: "me@c.example", Bcc: "archive@c.example", ReplyTo: "Team <team@c.example>"}})
	if bytes.Contains(raw, []byte("secret")) || bytes.Contains(raw, []byte("archive")) {
		t.Error("Bcc is in the message")
	}
	if want := []string{"a@b.example", "secret@b.example", "archive@c.example"}; !reflect.DeepEqual(env.Rcpt, want) {
		t.Errorf("recipients %v", env.Rcpt)
	}
	d2 := d
	d2.Bcc = d.Bcc[:1] // the user took the identity's own out
	if _, env := mustCompose(t, Outgoing{Draft: d2, Open: open, From: mail.Identity{Addr: "me@c.example", Bcc: "archive@c.example"}}); len(env.Rcpt) != 2 {
		t.Errorf("recipients %v", env.Rcpt)
	}
	d2.To, d2.Bcc = nil, d.Bcc[1:]
	if _, err := Compose(io.Discard, Outgoing{Draft: d2, Open: open, From: mail.Identity{Addr: "me@c.example", Bcc: "Archive@c.example"}}); !errors.Is(err, ErrNoRecipient) {
		t.Errorf("to nobody but the identity's own Bcc: %v", err)
	}
	m := ParseBytes(raw)
	var types []string
	m.Root.Walk(func(p *Part) bool { types = append(types, p.Type); return true })
	want := []string{"multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "application/pdf", "message/rfc822", "text/plain", "application/octet-stream"}
	if !reflect.DeepEqual(types, want) {
		t.Errorf("structure %v", types)
	}
	if text := m.Content().Text; !strings.Contains(text, "[pic.png]") || strings.Contains(text, "cid:") {
		t.Errorf("in words the picture is %q", text)
	}
	if kept, _ := mustCompose(t, Outgoing{Draft: d, Open: open, From: mail.Identity{Addr: "me@c.example"}, Keep: true}); !strings.Contains(ParseBytes(kept).Content().Text, "[cid:pic@x]") {
		t.Error("a draft that is kept does not say which picture stands there")
	}
	page := m.HTML()
	for _, s := range []string{`<p dir="rtl"`, `<img src="cid:pic@x"`, `<a href="https://example.com/?a=1&amp;b=2">`} {
		if !strings.Contains(page, s) {
			t.Errorf("HTML lacks %s:\n%s", s, page)
		}
	}
	wantBytes := []string{files["img"], files["a"], files["eml"], files["eml8"]}
	for i, a := range m.Attachments() {
		r, err := m.OpenPart(a.Part)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r)
		if i >= len(wantBytes) || strings.TrimRight(string(b), "\r\n") != strings.TrimRight(wantBytes[i], "\r\n") {
			t.Errorf("attachment %d %q: %q", i, a.Filename, b)
		}
	}
	if n := m.Attachments()[1].Filename; n != d.Attachments[0].Name {
		t.Errorf("file name %q", n)
	}
	if got := m.Addresses("Reply-To"); len(got) != 1 || got[0].Addr != "team@c.example" {
		t.Errorf("Reply-To %v", got)
	}
}

func TestComposeInjection(t *testing.T) {
	evil := "x\r\nBcc: victim@example.com\r\n\r\nbody"
	d := mail.Draft{
		To: []mail.Address{{Name: evil, Addr: "a@b.example"}}, Subject: evil, InReplyTo: "id@x>\r\nX-Evil: 1", References: []string{"a@b", "bad id@x", evil},
		HeaderID: "h@x>\r\nX-Evil: 2",
		Text:     "hello",
		Attachments: []mail.DraftAttachment{
			{Name: "a\r\nX-Evil: 3.txt", ContentType: "text/plain\r\nX-Evil: 4", Path: "p", Inline: true, ContentID: "c>\r\nX-Evil: 5"},
		},
	}
	raw, _ := mustCompose(t, Outgoing{Draft: d, UserAgent: "U\r\nX-Evil: 6", Open: func(mail.DraftAttachment) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("data")), nil
	}})
	m := ParseBytes(raw)
	m.Root.Walk(func(p *Part) bool {
		for i := range p.Header.Len() {
			if n := p.Header.Name(i); n == "X-Evil" || n == "Bcc" {
				t.Errorf("field %s was injected", n)
			}
		}
		return true
	})
	if got := m.Summary().References; !reflect.DeepEqual(got, []string{"a@b"}) {
		t.Errorf("references %v", got)
	}
	for _, bad := range []string{"a@b\r\nRCPT TO:<x@y>", "no-at", "@x", "x@", "a b@c", "a@b c", "a@b>", "", "a@b,c@d"} {
		_, err := Compose(io.Discard, Outgoing{From: mail.Identity{Addr: "me@x.example"}, Draft: mail.Draft{To: []mail.Address{{Addr: bad}}}})
		var ae *AddressError
		if !errors.As(err, &ae) {
			t.Errorf("address %q: %v", bad, err)
		}
	}
}

func TestComposeInternational(t *testing.T) {
	d := mail.Draft{To: []mail.Address{{Name: "پیک", Addr: "پیک@مثال.example"}}, Text: "x"}
	from := mail.Identity{Addr: "me@x.example"}
	if _, err := Compose(io.Discard, Outgoing{From: from, Draft: d}); !errors.Is(err, ErrNeedsSMTPUTF8) {
		t.Errorf("without SMTPUTF8: %v", err)
	}
	var b bytes.Buffer
	env, err := Compose(&b, Outgoing{From: from, Draft: d, SMTPUTF8: true})
	if err != nil || !env.SMTPUTF8 || env.Rcpt[0] != d.To[0].Addr {
		t.Fatalf("with SMTPUTF8: %+v %v", env, err)
	}
	if got := ParseBytes(b.Bytes()).Addresses("To"); !reflect.DeepEqual(got, d.To) {
		t.Errorf("reads back as %v", got)
	}
	if _, err := Compose(io.Discard, Outgoing{From: from}); !errors.Is(err, ErrNoRecipient) {
		t.Errorf("nobody: %v", err)
	}
}

func TestComposeOpenError(t *testing.T) {
	d := mail.Draft{To: []mail.Address{{Addr: "a@b.example"}}, Attachments: []mail.DraftAttachment{{Name: "gone.txt"}}}
	_, err := Compose(io.Discard, Outgoing{From: mail.Identity{Addr: "me@x.example"}, Draft: d, Open: func(mail.DraftAttachment) (io.ReadCloser, error) {
		return nil, io.ErrUnexpectedEOF
	}})
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "gone.txt") {
		t.Errorf("error %v", err)
	}
}

func TestFlowRoundTrip(t *testing.T) {
	for _, s := range []string{
		"short", "", "a\n\nb", strings.Repeat("lorem ipsum dolor ", 40) + "end", "> " + strings.Repeat("quoted words ", 30) + "end",
		"> > two\n> one\nnone", " lead", "From x", "-- \nsig", strings.Repeat("a", 200) + " b", "a " + strings.Repeat("-- ", 50) + "x", ">", "> \n>  two spaces",
	} {
		want := strings.ReplaceAll(s, "> \n", ">\n")
		if got := unflow(strings.TrimSuffix(normalizeLines(flow(s)), "\n"), false); got != want {
			t.Errorf("flow(%q)\n = %q\n-> %q", s, flow(s), got)
		}
		for _, l := range strings.Split(flow(s), "\r\n") {
			if len(l) > 78 && strings.Contains(strings.TrimSpace(l), " ") && strings.IndexByte(l, ' ') < 70 {
				t.Errorf("line of %d: %q", len(l), l)
			}
		}
	}
}
