package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// shape writes the tree as "type(child child)".
func shape(p *Part) string {
	s := p.Type
	if len(p.Children) > 0 {
		var k []string
		for _, c := range p.Children {
			k = append(k, shape(c))
		}
		s += "(" + strings.Join(k, " ") + ")"
	}
	return s
}

func multi(sub, boundary, body string) string {
	return "From: a@b.c\nContent-Type: multipart/" + sub + "; boundary=\"" + boundary + "\"\n\n" + body
}

func TestStructure(t *testing.T) {
	for _, c := range []struct{ name, in, shape, text string }{
		{"empty", "", "text/plain", ""},
		{"header only", "Subject: x", "text/plain", ""},
		{"body only", "just some words\nno header here\n", "text/plain", "just some words\nno header here"},
		{"no blank line", "Subject: x\nthis is the body: yes\nmore", "text/plain", "this is the body: yes\nmore"},
		{"mixed", multi("mixed", "b", "pre\n--b\n\none\n--b\nContent-Type: text/html\n\n<p>two</p>\n--b--\nepi\n"), "multipart/mixed(text/plain text/html)", "one\n\ntwo"},
		{"no closing boundary", multi("mixed", "b", "--b\n\none\n--b\n\ntwo"), "multipart/mixed(text/plain text/plain)", "one\n\ntwo"},
		{"no boundary parameter", "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\none\n--x--\n", "multipart/mixed(text/plain)", "one"},
		{"wrong boundary", multi("mixed", "a", "--b\nContent-Type: text/plain\n\none\n--b--\n"), "multipart/mixed(text/plain)", "one"},
		{"no boundary anywhere", multi("mixed", "a", "only text\n"), "multipart/mixed", "only text"},
		{"boundary prefix", multi("mixed", "b", "--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nin\n--bb--\n--b\n\nout\n--b--\n"), "multipart/mixed(multipart/mixed(text/plain) text/plain)", "in\n\nout"},
		{"inner never closed", multi("mixed", "b", "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nin\n--b\n\nout\n--b--\n"), "multipart/mixed(multipart/mixed(text/plain) text/plain)", "in\n\nout"},
		{"part after the end", multi("mixed", "b", "--b\n\none\n--b--\n\n--b\nContent-Type: text/plain\n\ntwo\n--b--\n"), "multipart/mixed(text/plain text/plain)", "one\n\ntwo"},
		{"boundary with blanks", multi("mixed", "b", "--b  \t\n\none\n--b-- \n"), "multipart/mixed(text/plain)", "one"},
		{"boundary in header", multi("mixed", "b", "--b\nContent-Type: text/plain\n--b\n\ntwo\n--b--\n"), "multipart/mixed(text/plain text/plain)", "two"},
		{"CRLF", strings.ReplaceAll(multi("mixed", "b", "--b\n\none\n--b--\n"), "\n", "\r\n"), "multipart/mixed(text/plain)", "one"},
		{"CR", strings.ReplaceAll(multi("mixed", "b", "--b\n\none\n--b--\n"), "\n", "\r"), "multipart/mixed(text/plain)", "one"},
		{"CR CR LF", strings.ReplaceAll(multi("mixed", "b", "--b\n\none\n--b--\n"), "\n", "\r\r\n"), "multipart/mixed(text/plain)", "one"},
		{"mixed line ends", "Subject: a\r\nContent-Type: multipart/mixed; boundary=b\n\r\n--b\n\r\none\r\n--b--\n", "multipart/mixed(text/plain)", "one"},
		{"BOM and From_", "\xef\xbb\xbf\nFrom x@y Tue Nov 25 14:05:06 2025\nSubject: s\n\nbody", "text/plain", "body"},
		{"NULs", "Subject: s\n\na\x00b\x00c", "text/plain", "abc"},
		{"digest", multi("digest", "b", "--b\n\nSubject: one\n\nfirst\n--b\n\nSubject: two\n\nsecond\n--b--\n"), "multipart/digest(message/rfc822(text/plain) message/rfc822(text/plain))", ""},
		{"message in base64", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCmhpCg==\n", "message/rfc822(text/plain)", ""},
		{"alternative", multi("alternative", "b", "--b\n\nplain\n--b\nContent-Type: text/html\n\n<b>rich</b>\n--b--\n"), "multipart/alternative(text/plain text/html)", "plain"},
		{"type only", "Content-Type: text\n\nx", "text/plain", "x"},
		{"type and comma", "Content-Type: text/html, charset=utf-8\n\n<p>caf\xc3\xa9</p>", "text/html", "café"},
		{"two types and comma", "Content-Type: text/plain, text/html; charset=utf-8\n\ncaf\xc3\xa9", "text/plain", "café"},
		{"bad type", "Content-Type: nonsense; a=b\n\nx", "text/plain", "x"},
		{"signed", multi("signed", "b", "--b\n\nsigned text\n--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n"), "multipart/signed(text/plain application/pgp-signature)", "signed text"},
		{"flowed", "Content-Type: text/plain; format=flowed\n\none \ntwo\n>> q \n>> r\n-- \nsig", "text/plain", "one two\n> > q r\n-- \nsig"},
		{"delsp", "Content-Type: text/plain; format=flowed; delsp=yes\n\n漢 \n字", "text/plain", "漢字"},
		{"meta charset", "Content-Type: text/html\n\n<meta charset=windows-1256><p>\xd3\xe1\xc7\xe3</p>", "text/html", "سلام"},
		{"blank folds", "Subject: a\n \n \n b\n \nContent-Type: text/html\n\n<p>x</p>", "text/html", "x"},
		{"folds without blanks", "Received: from a\nby b with SMTP id c\nfor <d@e>; now\nContent-Type: text/html\n\n<p>x</p>", "text/html", "x"},
		{"body at once", "Subject: a\nthe body\nsays no: more\n\nthan this", "text/plain", "the body\nsays no: more\n\nthan this"},
		{"colon first", "Subject: a\n: b\n\nx", "text/plain", "x"},
		{"NUL in a name", "Subject\x00: a\nContent-Type: text/html\n\n<p>x</p>", "text/html", "x"},
		{"empty boundary", "Content-Type: multipart/mixed; boundary=\"\"\n\n--\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\nContent-Type: text/plain\n\none\n", "multipart/mixed(multipart/mixed text/plain)", "one"},
		{"two dashes in a text", "Content-Type: multipart/mixed\n\none\n--\nContent-Type: text/html is what I said\n", "multipart/mixed", "one\n--\nContent-Type: text/html is what I said"},
		{"garbage in header", "Subject: s\n!!! garbage !!!\nContent-Type: text/html\n\n<p>x</p>", "text/html", "x"},
		{"qp", "Content-Transfer-Encoding: Quoted-Printable\n\na=\nb=3D=zz= \nc=E2=80=94 \nd=", "text/plain", "ab==zzc—\nd"},
		{"base64 broken", "Content-Transfer-Encoding: BASE64\n\naGVs!bG8g\nd29y*bGQ\n=\n", "text/plain", "hello world"},
		{"base64 joined", "Content-Transfer-Encoding: base64\n\naGVsbG8=aGVsbG8=\n", "text/plain", "hellohello"},
		{"8-bit without charset", "Subject: s\n\n\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85", "text/plain", "سلام"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := ParseBytes([]byte(c.in))
			if got := shape(m.Root); got != c.shape {
				t.Errorf("shape %s, want %s", got, c.shape)
			}
			if got := m.Text(); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
			// The same through the window, and the whole message comes back.
			w := Parse(strings.NewReader(c.in), int64(len(c.in)))
			if got := shape(w.Root); got != c.shape {
				t.Errorf("through a reader: %s", got)
			}
			r, err := m.OpenPart("")
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := io.ReadAll(r); string(b) != c.in {
				t.Errorf("the bytes are not as received")
			}
		})
	}
}

// Boundaries are found wherever the edges of the window fall.
func TestBoundariesAtWindowEdges(t *testing.T) {
	head := multi("mixed", "b", "--b\r\n\r\n")
	for _, filler := range []string{"x", "-", "\n-", "--\n", "\r\n--x"} {
		for k := range 60 {
			n := windowSize - len(head) - 50 + k
			in := head + strings.Repeat(filler, n/len(filler)+1)[:n] + "\r\n--b\r\n\r\n" + strings.Repeat(filler, n/len(filler)+1)[:n] + "\n--b--\r\nend"
			a, b := ParseBytes([]byte(in)), Parse(strings.NewReader(in), int64(len(in)))
			if len(a.Root.Children) != 2 || len(b.Root.Children) != 2 {
				t.Fatalf("%q %d: %s, through a reader %s", filler, k, shape(a.Root), shape(b.Root))
			}
			for i, p := range a.Root.Children {
				if q := b.Root.Children[i]; p.BodyStart != q.BodyStart || p.BodyEnd != q.BodyEnd {
					t.Fatalf("%q %d: part %d is %d to %d, through a reader %d to %d", filler, k, i, p.BodyStart, p.BodyEnd, q.BodyStart, q.BodyEnd)
				}
			}
		}
	}
}

func TestPartNumbers(t *testing.T) {
	in := multi("mixed", "b", "--b\n\none\n--b\nContent-Type: message/rfc822\n\n"+multi("mixed", "c", "--c\n\nin1\n--c\n\nin2\n--c--\n")+"--b\nContent-Type: message/rfc822\n\nSubject: plain\n\nin\n--b--\n")
	m := ParseBytes([]byte(in))
	got := map[string]string{}
	m.Root.Walk(func(p *Part) bool { got[p.Number] = p.Type; return true })
	want := map[string]string{"": "multipart/mixed", "1": "text/plain", "2": "message/rfc822", "2.0": "multipart/mixed", "2.1": "text/plain", "2.2": "text/plain", "3": "message/rfc822", "3.1": "text/plain"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	r, err := m.OpenPart("2.2")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(r); string(b) != "in2" {
		t.Errorf("2.2 is %q", b)
	}
	if _, err := m.OpenPart("9"); !errors.Is(err, ErrNoPart) {
		t.Errorf("9: %v", err)
	}
}

// Signed content must come out exactly as it went in, line ends, trailing blanks and all.
func TestSignedIsExact(t *testing.T) {
	signed := "Content-Type: text/plain; charset=utf-8 \r\nX-Odd:  two  blanks\r\n\r\ntrailing \t\r\n\r\n-- \r\n"
	in := "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\r\n\r\npre\r\n--b\r\n" + signed + "\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nSIG\r\n--b--\r\n"
	s := ParseBytes([]byte(in)).Security()
	if !s.Signed || s.Encrypted || s.Kind != "openpgp" || s.Signature == nil {
		t.Fatalf("%+v", s)
	}
	if b, _ := io.ReadAll(s.Content.Entity()); string(b) != signed {
		t.Errorf("signed bytes %q", b)
	}
}

func TestSecurity(t *testing.T) {
	for in, want := range map[string]Security{
		"Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n":                    {Encrypted: true, Kind: "openpgp"},
		"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nAA": {Encrypted: true, Kind: "smime"},
		"Content-Type: application/x-pkcs7-mime; smime-type=signed-data\n\nAA":                  {Signed: true, Kind: "smime"},
		"Subject: s\n\nHi\n-----BEGIN PGP MESSAGE-----\n\nabc\n":                                {Encrypted: true, Kind: "openpgp-inline"},
		"Subject: s\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nabc\n":               {Signed: true, Kind: "openpgp-inline"},
		"Subject: s\n\nsee -----BEGIN PGP MESSAGE-----\n":                                       {},
	} {
		if got := ParseBytes([]byte(in)).Security(); got != want {
			t.Errorf("%q: %+v", in, got)
		}
	}
}

// The limits hold, nothing is lost, and time stays linear: each of these would run for minutes if it did not.
func TestHostile(t *testing.T) {
	deep := ""
	for i := range 2000 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	deepRFC := strings.Repeat("Content-Type: message/rfc822\n\n", 20000)
	wrong := ""
	for i := range 60 {
		wrong += fmt.Sprintf("Content-Type: multipart/mixed; boundary=no%d\n\n--yes%d\n", i, i)
	}
	for name, in := range map[string]string{
		"deep multiparts": deep + "\nend", "deep messages": deepRFC + "Subject: end\n\nend", "wrong boundaries": wrong + strings.Repeat("filler --x\n--y\n", 50000),
		"many parts":    multi("mixed", "b", strings.Repeat("--b\n\nx\n", 200000)),
		"many fields":   strings.Repeat("A: b\n", 200000) + "\nx",
		"long header":   "Subject: " + strings.Repeat("x ", 2<<20) + "\n\nx",
		"long line":     "Subject: s\n\n" + strings.Repeat("y", 8<<20),
		"empty lines":   strings.Repeat("\n", 2<<20),
		"folds":         "Subject: a" + strings.Repeat("\n ", 1<<20) + "\n\nx",
		"garbage lines": "Subject: a\n" + strings.Repeat("!\n", 1<<20) + "\n\nx",
		"blank folds":   "Subject: a\n" + strings.Repeat(" \n", 1<<20) + "x",
		"dashes":        multi("mixed", "b", strings.Repeat("--\n", 1<<20)),
		"params":        "Content-Type: text/plain" + strings.Repeat("; a=b", 100000) + "\n\nx",
		"segments":      "Content-Type: text/plain" + strings.Repeat("; a*1=b", 100000) + "\n\nx",
		"uu":            "Subject: s\n\n" + strings.Repeat("begin 644 x\n#0V%T\n", 100000),
	} {
		m := Parse(strings.NewReader(in), int64(len(in)))
		m.Summary()
		parts, depth := 0, 0
		m.Root.Walk(func(p *Part) bool { parts++; depth = max(depth, p.Depth); return true })
		if parts > maxParts+1 || depth > maxDepth+1 {
			t.Errorf("%s: %d parts, depth %d", name, parts, depth)
		}
	}
}

// zeros is a message of any size that needs no memory: a head, then base64 lines, then a tail.
type zeros struct {
	head, tail string
	size       int64
}

func (z zeros) ReadAt(p []byte, off int64) (int, error) {
	line := strings.Repeat("A", 76) + "\r\n"
	for i := range p {
		switch o := off + int64(i); {
		case o >= z.size:
			return i, io.EOF
		case o < int64(len(z.head)):
			p[i] = z.head[o]
		case o >= z.size-int64(len(z.tail)):
			p[i] = z.tail[o-(z.size-int64(len(z.tail)))]
		default:
			p[i] = line[(o-int64(len(z.head)))%78]
		}
	}
	return len(p), nil
}

// A message with an attachment of 100 MB needs less than 20 MB to read.
func TestLargeAttachmentStreams(t *testing.T) {
	head := "Subject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	lines := int64(100<<20) / 57
	z := zeros{head: head, tail: "--b--\r\n", size: int64(len(head)) + lines*78 + 7}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := Parse(z, z.size)
	s := m.Summary()
	runtime.ReadMemStats(&after)
	if len(s.Attachments) != 1 || s.Attachments[0].Size != lines*57 || s.Text != "text" {
		t.Errorf("%+v", s)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 20<<20 {
		t.Errorf("reading it allocated %d MB", used>>20)
	}
}

// failing breaks in the middle.
type failing struct{ n int64 }

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		if off+int64(i) >= f.n {
			return i, errors.New("disk on fire")
		}
		p[i] = "Subject: x\n\nbody\n"[min(int(off)+i, 16)]
	}
	return len(p), nil
}

func TestReadErrorKeepsWhatIsThere(t *testing.T) {
	for _, size := range []int64{1000, 1 << 20} {
		m := Parse(failing{500}, size)
		if m.Subject() != "x" || !strings.HasPrefix(m.Text(), "body") || !strings.Contains(strings.Join(m.warningSentences(), " "), "disk on fire") {
			t.Errorf("%d: %q %q", size, m.Subject(), m.warningSentences())
		}
	}
}

func TestParseHeader(t *testing.T) {
	m := ParseHeader([]byte("From: A <a@b.c>\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"))
	c, s := m.Content(), m.Summary()
	if !c.Partial || s.Text != "" || s.Subject != "s" || len(c.Headers) != 3 || len(s.Attachments) != 0 || len(s.Warnings) != 0 {
		t.Errorf("%+v %+v", c, s)
	}
}

// The fixtures are third-party messages with expected results; their own checker scores `peyk inspect`. Here: nothing
// panics, the bytes come back, and reading twice gives the same.
func TestFixtures(t *testing.T) {
	dir := os.Getenv("PEYK_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "fixtures", "mime", "cases", "*.eml"))
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		checkInvariants(t, raw)
		in, err := NewInspector([]string{f}).File(f)
		if err != nil || in.File != f {
			t.Errorf("%s: %v", f, err)
		}
	}
	t.Logf("%d fixtures", len(files))
}

// checkInvariants holds what is true of every message.
func checkInvariants(t *testing.T, raw []byte) {
	t.Helper()
	m := ParseBytes(raw)
	s := m.Summary()
	m.Content()
	if strings.ContainsAny(s.Subject, "\x00\r\n") || strings.ContainsAny(s.Snippet, "\x00\r\n") || strings.Contains(s.Text, "\x00") {
		t.Errorf("control characters get through: %q", s.Subject)
	}
	for _, a := range append(append(s.From, s.To...), s.Cc...) {
		if strings.ContainsAny(a.Name+a.Addr, "\x00\r\n") {
			t.Errorf("control characters in an address: %q", a)
		}
	}
	for _, a := range s.Attachments {
		if a.Filename == "" || strings.ContainsAny(a.Filename, "/\\\x00\r\n") || a.Filename == ".." {
			t.Errorf("bad file name %q", a.Filename)
		}
		r, err := m.OpenPart(a.Part)
		if err != nil {
			t.Errorf("attachment %s: %v", a.Part, err)
			continue
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != a.Size {
			t.Errorf("attachment %s has %d bytes, not %d (%v)", a.Part, n, a.Size, err)
		}
	}
	m.Root.Walk(func(p *Part) bool {
		if p.HeaderStart > p.BodyStart || p.BodyStart > p.BodyEnd || p.BodyEnd > p.src.size {
			t.Errorf("offsets of %s: %d %d %d of %d", p.Number, p.HeaderStart, p.BodyStart, p.BodyEnd, p.src.size)
		}
		return true
	})
	r, _ := m.OpenPart("")
	if b, _ := io.ReadAll(r); !bytes.Equal(b, raw) {
		t.Errorf("the message does not come back byte for byte")
	}
	w := parse(&source{r: bytes.NewReader(raw), size: int64(len(raw)), store: make([]byte, windowSize), crOnly: onlyCR(raw)})
	if a, b := shape(m.Root), shape(w.Root); a != b {
		t.Errorf("in memory %s, through the window %s", a, b)
	}
	if again := ParseBytes(raw).Summary(); !reflect.DeepEqual(s.Attachments, again.Attachments) || s.Text != again.Text {
		t.Errorf("reading twice differs")
	}
}
