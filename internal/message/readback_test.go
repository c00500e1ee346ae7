package message_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/internal/richtext"
)

// sent is a draft as it was composed: what every reader must find in it again.
type sent struct {
	name  string
	draft mail.Draft
	raw   []byte
	env   message.Envelope
}

var readbackDate = time.Date(2025, 11, 25, 14, 5, 6, 0, time.FixedZone("", 3*3600+1800))

// fileBytes are the attachments of the drafts, by Path.
var fileBytes = map[string]string{
	"empty": "", "binary": strings.Repeat("\x00\xff\r\n\n\r.\r\nFrom ", 300), "image": "\x89PNG\r\n\x1a\n" + strings.Repeat("\x01\xfe", 999),
	"text": "no line end at the end, trailing blanks   \r\nسلام\n.\n..\nFrom me",
	"mail": "From: a@b.example\r\nTo: c@d.example\r\nSubject: in it\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n--x\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--x--\r\n",
	"8bit": "Subject: caf\xc3\xa9\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nh\xc3\xa9\r\n", "wide": "Subject: wide\r\n\r\n" + strings.Repeat("w", 2000) + "\r\n",
}

func file(name, path string) mail.DraftAttachment {
	return mail.DraftAttachment{Name: name, Path: path}
}

func image(name, cid string) mail.DraftAttachment {
	return mail.DraftAttachment{Name: name, Path: "image", Inline: true, ContentID: cid}
}

// drafts is the corpus: names and subjects in many scripts, texts that are hard on format=flowed, all kinds of files.
func drafts() []mail.Draft {
	persian := "صورت‌حساب آبان ۱۴۰۴ و گزارش فروش شعبه‌های شمال برای مدیریت محترم، با سپاس فراوان از همکاری شما"
	long := strings.Repeat("word and words ", 60) + "end"
	ascii := []mail.Address{{Name: "Bob", Addr: "bob@example.com"}}
	var many []mail.Address
	for i := range 150 {
		many = append(many, mail.Address{Name: fmt.Sprintf("Name, the %dth (of many)", i), Addr: fmt.Sprintf("someone.with.a.long.name%d@department.example.org", i)})
	}
	texts := []struct{ subject, text string }{
		{"plain", "Hello Bob,\n\nhow are you?\n\n-- \nSara\nShomal Co."},
		{"empty text", ""},
		{"", "no subject"},
		{"long paragraphs", long + "\n\n" + long + "\n> " + long + "\n> > " + long},
		{"traps", "From here on\n From there\n>From no quote\n> From a quote\n.\n..\n -- \n--\n-- \n-- \nnot > a quote\n#\n"},
		{"blank lines", "\n\n\na\n\n\n\nb"},
		{"quotes", "> one\n> > two\n> > > three\n> one again\n>\n> \nnone\n>"},
		{"blanks", " one\n  two\n\ttab\na  b   c    d" + strings.Repeat(" ", 90) + "far"},
		{"long word", strings.Repeat("y", 3000) + " " + strings.Repeat("z", 1200)},
		{"equals", strings.Repeat("a=b=3D ", 50) + "é"},
		{persian, persian + "\n\n" + strings.Repeat(persian+" ", 20) + "پایان\n> " + persian + "\nEnglish line with فارسی inside"},
		{"مرحبا بالعالم: تقرير المبيعات الشهري لفرع الشمال", "السلام عليكم\nشكرا"},
		{"שלום עולם", "שלום\nhello שלום"},
		{"会議のお知らせ：来週の月曜日に開催されますのでよろしくお願いいたします。議題は添付のとおりです。", strings.Repeat("漢字かな交じり文。", 300)},
		{"한국어 제목과 아주 긴 제목 줄을 시험합니다 그리고 더 길게", "안녕하세요\n" + strings.Repeat("가나다라 ", 100) + "끝"},
		{"🎉 party 👨‍👩‍👧‍👦 🇮🇷 é = e\u0301", "🎉 " + strings.Repeat("👨‍👩‍👧‍👦 ", 80) + "x"},
		{"=?utf-8?q?not_a_word?= =?x?= ?= =?", "=?utf-8?b?bm8=?= in a text"},
		{"a  b   c: two blanks; \"quotes\" (brackets) <angles> \\ , ; : @ [list]", "x"},
		{strings.TrimSpace(strings.Repeat("Very long subject ", 60)), "x"},
		{strings.Repeat("x", 1500), "x"},
		{strings.Repeat("é", 700), "x"},
		{"café " + strings.Repeat("plain words ", 20) + "naïve", "x"},
	}
	var out []mail.Draft
	for _, t := range texts {
		out = append(out, mail.Draft{To: ascii, Subject: t.subject, Text: t.text})
	}
	out = append(out,
		mail.Draft{Subject: "people", Text: "x", To: []mail.Address{
			{Name: `Bob "B." O'Neil, Jr. \ & (Sons)`, Addr: "bob.o'neil+tag@example.com"}, {Name: "رضا کریمی", Addr: "reza@example.org"}, {Addr: "x@bücher.example"},
			{Name: "a@b.example", Addr: "c@d.example"}, {Name: strings.Repeat("Very Long Name ", 12) + "End", Addr: "long@example.org"}, {Name: "田中 太郎、営業部", Addr: "tanaka@例え.example"},
			{Addr: `"two words"@example.org`}, {Name: "Dr. med. Müller-Lüdenscheidt", Addr: "m@[192.0.2.1]"}, {Name: "=?utf-8?q?x?=", Addr: "y@example.org"}, {Name: "emoji 🎈", Addr: "e@example.org"},
		}, Cc: many, Bcc: []mail.Address{{Addr: "secret@example.org"}}, InReplyTo: "a@b.example", References: []string{"1@b.example", strings.Repeat("r", 300) + "@b.example", "a@b.example"}},
		mail.Draft{Subject: "files", Text: "see the files", To: ascii, Attachments: []mail.DraftAttachment{
			file("a.txt", "text"), file("گزارش نهایی ماه آبان سال ۱۴۰۴ برای شعبه شمال و جنوب.pdf", "binary"), file("空.bin", "empty"), file(`semi;colon "quoted" 'n' 100%.txt`, "text"),
			file(strings.Repeat("long name ", 15)+".docx", "binary"), file("no extension", "binary"), file("it's here*.zip", "binary"), file("naïve (1).png", "image"), file("wide.eml", "wide"),
			file("in.eml", "mail"), file("8bit.eml", "8bit"), {Path: "mail", Message: 7}, {Name: "odd", ContentType: "text/html; charset=x", Path: "text"},
		}},
		mail.Draft{Subject: "تصویر", Text: "سلام [cid:one@x]\nhttps://example.com/?a=1&b=2.", To: ascii, Attachments: []mail.DraftAttachment{image("یک.png", "one@x"), image("two.png", "two@x"), file("three.png", "image")}},
		mail.Draft{Subject: "images only", Text: "hello", To: ascii, Attachments: []mail.DraftAttachment{image("one.png", "1@x")}},
		mail.Draft{Subject: "directions", Text: "left\nsecond", To: ascii, Rtl: []int8{1, -1}},
		mail.Draft{Subject: "one file only", To: ascii, Attachments: []mail.DraftAttachment{file("a.bin", "binary")}},
		rich(mail.Draft{Subject: "formatted", To: ascii}, formattedDoc()),
		rich(mail.Draft{Subject: "قالب‌بندی با تصویر و پیوست", To: ascii, Bcc: []mail.Address{{Addr: "secret@example.org"}}, Attachments: []mail.DraftAttachment{
			image("نمودار فروش.png", "one@peyk"), file("گزارش نهایی.pdf", "binary"), image("zwei.png", "two@peyk"), file("in.eml", "mail")}},
			append(formattedDoc(), pictureDoc("one@peyk"), pictureDoc("two@peyk"))),
		rich(mail.Draft{Subject: "hostile pictures and links", To: ascii}, richtext.Doc{{Text: "a" + richtext.Object + "b", Spans: []richtext.Span{
			{Start: 0, End: 1, Attr: richtext.Attr{Link: "https://example.org/\"><script>x</script>\r\nBcc: a@b.example"}},
			{Start: 1, End: 4, Attr: richtext.Attr{Image: &richtext.Image{ID: "x\r\nBcc: a@b.example", Alt: "\r\n\r\n--x"}}}}}}),
		rich(mail.Draft{Subject: "nothing formatted", To: ascii}, richtext.Doc{{Text: "one line"}, {Text: "and another"}}),
		mail.Draft{Subject: "متن ساده", To: ascii, Plain: true, Text: persian + "\nversion 2 از راست\n123\n> نقل قول\n\n-- \nسارا", Rtl: []int8{0, 1}},
		mail.Draft{Subject: "بین‌المللی", Text: "x", To: []mail.Address{{Name: "پیک", Addr: "پیک@مثال.example"}, {Addr: "用户@例え.example"}}},
	)
	return out
}

// rich gives a draft its formatted text, and the same in words, as a window stores both.
func rich(d mail.Draft, doc richtext.Doc) mail.Draft {
	d.HTML = doc.HTML()
	d.Text = richtext.FromHTML(d.HTML).Plain()
	return d
}

// formattedDoc has all that text alone cannot hold.
func formattedDoc() richtext.Doc {
	return richtext.Doc{
		{Text: "عنوان", Block: richtext.Block{Heading: 1}},
		{Text: "bold و italic, https://example.org/?a=1&b=2 and words", Spans: []richtext.Span{{End: 4, Attr: richtext.Attr{Marks: richtext.Bold}},
			{Start: 8, End: 14, Attr: richtext.Attr{Marks: richtext.Italic | richtext.Underline}}, {Start: 49, End: 54, Attr: richtext.Attr{Link: "https://example.org/x"}}}},
		{Text: "left to right forced from right", Block: richtext.Block{Dir: richtext.RTL}},
		{Text: "one", Block: richtext.Block{List: richtext.Bullets}}, {Text: "inner", Block: richtext.Block{List: richtext.Numbers, Level: 1}},
		{Text: "دو", Block: richtext.Block{List: richtext.Numbers}},
		{Text: "سارا نوشت:", Block: richtext.Block{Quote: 1, Cite: true}}, {Text: strings.Repeat("متن بلند با English در میان ", 12) + "پایان", Block: richtext.Block{Quote: 1, Tight: true}},
		{Text: "deeper", Block: richtext.Block{Quote: 2, Tight: true}},
	}
}

func pictureDoc(id string) richtext.Paragraph {
	return richtext.Paragraph{Text: richtext.Object, Spans: []richtext.Span{{End: 3, Attr: richtext.Attr{Image: &richtext.Image{ID: id, Alt: "تصویر", Width: 300, Height: 200}}}}}
}

func open(a mail.DraftAttachment) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(fileBytes[a.Path])), nil
}

func compose(t *testing.T) []sent {
	t.Helper()
	var out []sent
	for i, d := range drafts() {
		s := sent{name: fmt.Sprintf("%02d %.20q", i, d.Subject), draft: d}
		var b bytes.Buffer
		env, err := message.Compose(&b, message.Outgoing{Draft: d, Date: readbackDate, Open: open, SMTPUTF8: true, HTML: i%5 == 4, UserAgent: "Peyk",
			From: mail.Identity{Name: "Sara «سارا» Ahmadi", Addr: "sara@shomal.example", ReplyTo: `"Team, one" <team@shomal.example>`}})
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		s.raw, s.env = b.Bytes(), env
		out = append(out, s)
	}
	return out
}

// text is what a reader of the draft's text finds: format=flowed drops blanks at line ends, and nothing but quote marks
// may stand on a quoted line.
func (s sent) text() string {
	var out []string
	text := s.draft.Text
	if s.draft.Plain { // marks where letters would mislead
		text = strings.NewReplacer("\nversion 2", "\n\u200fversion 2", "\n123", "\n\u200f123").Replace(text)
	}
	for _, a := range s.draft.Attachments { // in words a picture is the name of its file
		if a.Inline && !s.draft.Plain {
			text = strings.ReplaceAll(text, "[cid:"+a.ContentID+"]", "["+a.Name+"]")
		}
	}
	for _, l := range strings.Split(strings.Trim(text, "\n"), "\n") {
		if l != "-- " {
			l = strings.TrimRight(l, " ")
		}
		if strings.HasPrefix(l, ">From") {
			l = "> " + l[1:]
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func (s sent) people(list []mail.Address) [][]string {
	out := [][]string{}
	for _, a := range list {
		out = append(out, []string{a.Name, wire(a.Addr)})
	}
	return out
}

// wire is the form of an address in a header: international domains as punycode where the local part is ASCII.
func wire(addr string) string {
	return strings.NewReplacer("x@bücher.example", "x@xn--bcher-kva.example", "tanaka@例え.example", "tanaka@xn--r8jz45g.example").Replace(addr)
}

// sentFile is one attachment as it must be read.
type sentFile struct{ Name, Type, Disposition, CID, SHA256 string }

// files are the attachments in the order of the message: images first, then files. A message that is not 7-bit goes as
// a file of bytes.
func (s sent) files() []sentFile {
	inline, rest := []sentFile{}, []sentFile{}
	for _, a := range s.draft.Attachments {
		sum := sha256.Sum256([]byte(fileBytes[a.Path]))
		f := sentFile{Name: strings.NewReplacer(`"`, "_", "*", "_").Replace(a.Name), Type: message.TypeByName(a.Name), Disposition: "attachment", SHA256: hex.EncodeToString(sum[:])}
		switch {
		case a.Inline:
			f.Disposition, f.CID = "inline", a.ContentID
			inline = append(inline, f)
			continue
		case a.Message != 0:
			f.Type = "message/rfc822"
		case a.ContentType != "" || a.Path == "8bit" || a.Path == "wide":
			f.Type = "application/octet-stream"
		}
		rest = append(rest, f)
	}
	return append(inline, rest...)
}

// pythonRead is what testdata/readback.py prints.
type pythonRead struct {
	Subject         string
	From, To, Cc    [][]string
	ReplyTo         [][]string `json:"reply_to"`
	Date            int64
	ID              string
	References      []string
	Fields, Defects []string
	Text, HTML      *string
	Files           []sentFile
	Types           []string
}

func TestPythonReadsBack(t *testing.T) {
	all := compose(t)
	dir := t.TempDir()
	args := []string{filepath.Join("testdata", "readback.py")}
	for i, s := range all {
		p := filepath.Join(dir, fmt.Sprintf("%02d.eml", i))
		if err := os.WriteFile(p, s.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, p)
	}
	cmd := exec.Command("python3", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3 (see .ci/deps): %v", err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	for _, s := range all {
		var got pythonRead
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		t.Run(s.name, func(t *testing.T) { s.checkPython(t, got) })
	}
}

func (s sent) checkPython(t *testing.T, got pythonRead) {
	same := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Python reads\n%q, written was\n%q", what, got, want)
		}
	}
	same("subject", got.Subject, s.draft.Subject)
	same("from", got.From, [][]string{{"Sara «سارا» Ahmadi", "sara@shomal.example"}})
	same("to", got.To, s.people(s.draft.To))
	same("cc", got.Cc, s.people(s.draft.Cc))
	same("reply-to", got.ReplyTo, [][]string{{"Team, one", "team@shomal.example"}})
	same("date", got.Date, readbackDate.Unix())
	same("message id", got.ID, "<"+s.env.MessageID+">")
	var refs []string
	for _, r := range s.draft.References {
		refs = append(refs, "<"+r+">")
	}
	same("references", append([]string(nil), got.References...), refs)
	if got.Text == nil || strings.Trim(*got.Text, "\n") != s.text() {
		t.Errorf("text: Python reads\n%q, written was\n%q", *got.Text, s.text())
	}
	s.checkHTML(t, got.HTML)
	if slices.Contains(got.Fields, "bcc") || len(got.Defects) > 0 {
		t.Errorf("fields %v, defects %v", got.Fields, got.Defects)
	}
	same("files", got.Files, s.files())
}

// checkHTML: what is formatted is sent as HTML that is read as it was written; what is not is sent as text alone, and so is what
// the user wants as text.
func (s sent) checkHTML(t *testing.T, got *string) {
	switch doc := richtext.FromHTML(s.draft.HTML); {
	case s.draft.Plain && got != nil:
		t.Error("plain text was wanted, and HTML sent")
	case s.draft.HTML == "" && got != nil && !strings.Contains(*got, "<p dir="):
		t.Errorf("HTML %q", *got)
	case s.draft.HTML == "":
	case got == nil && (doc.Formatted() || doc.NeedsDirections()):
		t.Error("no HTML was sent")
	case got != nil && strings.TrimSpace(strings.ReplaceAll(*got, "\r\n", "\n")) != strings.TrimSpace(strings.ReplaceAll(doc.Page(false, ""), "\r\n", "\n")):
		t.Errorf("HTML\n%q, written was\n%q", *got, doc.Page(false, ""))
	}
}

// TestDovecotReadsBack compares ENVELOPE and BODYSTRUCTURE of Dovecot's parser with the draft and with Peyk's tree.
func TestDovecotReadsBack(t *testing.T) {
	all := compose(t)
	srv := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	for _, s := range all {
		srv.Deliver("ali", s.raw)
	}
	c, err := imapclient.DialInsecure(fmt.Sprintf("127.0.0.1:%d", srv.IMAPPort), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("ali", srv.Password("ali")).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Envelope: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
		BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil || len(list) != len(all) {
		t.Fatalf("%d of %d messages, %v", len(list), len(all), err)
	}
	for i, s := range all {
		t.Run(s.name, func(t *testing.T) {
			if !bytes.Equal(list[i].FindBodySection(whole), s.raw) {
				t.Fatal("Dovecot serves other bytes")
			}
			s.checkEnvelope(t, list[i].Envelope)
			s.checkStructure(t, list[i].BodyStructure)
		})
	}
}

func (s sent) checkEnvelope(t *testing.T, e *imap.Envelope) {
	if e.Subject != s.draft.Subject || !e.Date.Equal(readbackDate) || e.MessageID != s.env.MessageID {
		t.Errorf("Dovecot reads subject %q, date %v, id %q", e.Subject, e.Date, e.MessageID)
	}
	for _, f := range []struct {
		name string
		got  []imap.Address
		want []mail.Address
	}{{"from", e.From, []mail.Address{{Name: "Sara «سارا» Ahmadi", Addr: "sara@shomal.example"}}}, {"to", e.To, s.draft.To}, {"cc", e.Cc, s.draft.Cc}, {"bcc", e.Bcc, nil}} {
		got := [][]string{}
		for _, a := range f.got {
			if strings.Contains(a.Mailbox, " ") {
				a.Mailbox = `"` + a.Mailbox + `"`
			}
			got = append(got, []string{a.Name, a.Mailbox + "@" + a.Host})
		}
		if want := s.people(f.want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Dovecot reads\n%q, written was\n%q", f.name, got, want)
		}
	}
}

// checkStructure: every part has the type, encoding, size, id and file name in Dovecot's eyes that it has in Peyk's.
func (s sent) checkStructure(t *testing.T, b imap.BodyStructure) {
	m := message.ParseBytes(s.raw)
	seen := 0
	b.Walk(func(path []int, node imap.BodyStructure) bool {
		number := strings.Trim(strings.ReplaceAll(fmt.Sprint(path), " ", "."), "[]")
		p := m.Part(number)
		if p == nil {
			t.Errorf("Dovecot has a part %s, Peyk not", number)
			return true
		}
		seen++
		if p.Type != node.MediaType() {
			t.Errorf("part %s is %s to Dovecot, %s to Peyk", number, node.MediaType(), p.Type)
		}
		if one, ok := node.(*imap.BodyStructureSinglePart); ok {
			if int64(one.Size) != p.BodyEnd-p.BodyStart || !strings.EqualFold(one.Encoding, encodingOr7bit(p.Encoding)) || strings.Trim(one.ID, "<>") != p.ContentID {
				t.Errorf("part %s: Dovecot says %d bytes, %s, id %q; Peyk %d, %s, %q", number, one.Size, one.Encoding, one.ID, p.BodyEnd-p.BodyStart, p.Encoding, p.ContentID)
			}
		}
		return true
	})
	if inPeyk := s.outerParts(m); seen != inPeyk {
		t.Errorf("Dovecot has %d parts, Peyk %d", seen, inPeyk)
	}
}

func encodingOr7bit(e string) string {
	if e == "" {
		return "7bit"
	}
	return e
}

// outerParts counts the parts outside of attached messages.
func (s sent) outerParts(m *message.Message) (n int) {
	var walk func(*message.Part)
	walk = func(p *message.Part) {
		n++
		if p.IsMessage() {
			return
		}
		for _, c := range p.Children {
			walk(c)
		}
	}
	walk(m.Root)
	return n
}

func TestPeykReadsBack(t *testing.T) {
	for _, s := range compose(t) {
		t.Run(s.name, func(t *testing.T) {
			m := message.ParseBytes(s.raw)
			if m.Subject() != s.draft.Subject || !m.Date().Equal(readbackDate) || m.Summary().HeaderID != s.env.MessageID {
				t.Errorf("subject %q, date %v, id %q", m.Subject(), m.Date(), m.Summary().HeaderID)
			}
			for name, want := range map[string][]mail.Address{"To": s.draft.To, "Cc": s.draft.Cc} {
				got := [][]string{}
				for _, a := range m.Addresses(name) {
					got = append(got, []string{a.Name, a.Addr})
				}
				if !reflect.DeepEqual(got, s.people(want)) {
					t.Errorf("%s: %q", name, got)
				}
			}
			if got := m.Text(); got != s.text() {
				t.Errorf("text\n%q, written was\n%q", got, s.text())
			}
			got := []sentFile{}
			for _, a := range m.Attachments() {
				p := m.Part(a.Part)
				sum := sha256.New()
				io.Copy(sum, p.Open())
				name := p.DispositionParams["filename"]
				got = append(got, sentFile{name, a.ContentType, p.Disposition, a.ContentID, hex.EncodeToString(sum.Sum(nil))})
			}
			if want := s.files(); !reflect.DeepEqual(got, want) {
				t.Errorf("files\n%q, written were\n%q", got, want)
			}
			if w := m.Warnings(); len(w) > 0 {
				t.Errorf("warnings %v", w)
			}
		})
	}
}
