package message

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// hostile makes messages that grow with n in one dangerous way. At the sizes of TestLinear (around 1 MB) anything
// quadratic would not end before the test's timeout.
var hostile = map[string]func(n int) string{
	"boundaries": func(n int) string { return multi("mixed", "b", strings.Repeat("--b\n\nx\n", n)) },
	"almost boundaries": func(n int) string {
		return multi("mixed", strings.Repeat("b", 70), strings.Repeat("--"+strings.Repeat("b", 69)+"\n", n))
	},
	"nested multiparts": func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		return b.String()
	},
	"same boundary nested": func(n int) string {
		return strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", n)
	},
	"missing boundaries nested": func(n int) string {
		return strings.Repeat("Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\n", n)
	},
	"named boundaries that never come": func(n int) string {
		var b strings.Builder
		b.WriteString("Content-Type: multipart/mixed; boundary=o\n\n")
		for i := range n {
			fmt.Fprintf(&b, "--o\nContent-Type: multipart/mixed; boundary=never%d\n\ntext\n--y\nContent-Type: text/plain\n\nz\n", i)
		}
		return b.String()
	},
	"messages in messages":     func(n int) string { return strings.Repeat("Content-Type: message/rfc822\n\n", n) },
	"one long header":          func(n int) string { return "Subject: " + strings.Repeat("x", 30*n) + "\n\nb" },
	"folded header":            func(n int) string { return "Subject: x\n" + strings.Repeat(" folded\n", 4*n) + "\nb" },
	"many fields":              func(n int) string { return strings.Repeat("X-A: b\n", 4*n) + "\nb" },
	"lines that are no fields": func(n int) string { return "A: b\n" + strings.Repeat("no field\n", 4*n) + "B: c\n\nb" },
	"addresses":                func(n int) string { return "To: " + strings.Repeat("A B <a@b.example>, ", 2*n) + "\n\nb" },
	"open angles":              func(n int) string { return "From: " + strings.Repeat("<a@b ", 6*n) + "\n\nb" },
	"open angles bare":         func(n int) string { return "From: " + strings.Repeat("<", 30*n) + "\n\nb" },
	"angles and quotes":        func(n int) string { return "From: " + strings.Repeat("<\"", 15*n) + "\n\nb" },
	"open comments":            func(n int) string { return "To: " + strings.Repeat("(", 30*n) + "\n\nb" },
	"unbalanced comments": func(n int) string {
		return "Date: " + strings.Repeat("(a) (", 6*n) + "\nTo: " + strings.Repeat("(a) (", 6*n) + "\n\nb"
	},
	"closed comments": func(n int) string { return "To: " + strings.Repeat("(", 15*n) + strings.Repeat(")", 15*n) + "\n\nb" },
	"quotes":          func(n int) string { return "To: " + strings.Repeat(`"\"`, 10*n) + "\n\nb" },
	"odd quotes":      func(n int) string { return "To: " + strings.Repeat(`"a" `, 7*n) + "\"\n\nb" },
	"groups":          func(n int) string { return "To: " + strings.Repeat("g:a@b;", 5*n) + "\n\nb" },
	"colons":          func(n int) string { return "To: " + strings.Repeat("a:", 15*n) + "\n\nb" },
	"at signs":        func(n int) string { return "To: " + strings.Repeat("@", 30*n) + "\n\nb" },
	"dots":            func(n int) string { return "To: " + strings.Repeat(". ", 15*n) + "a@b.c\n\nb" },
	"encoded words":   func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?b?w6k=?= ", 2*n) + "\n\nb" },
	"words in To":     func(n int) string { return "To: " + strings.Repeat("=?utf-8?q?a?= ", 2*n) + "<a@b>\n\nb" },
	"open words":      func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?q?a", 3*n) + "\n\nb" },
	"question marks": func(n int) string {
		return "Subject: " + strings.Repeat("=?", 7*n) + "\nFrom: " + strings.Repeat("=?", 7*n) + "\n\nb" // 2n is under maxHeader
	},
	"words of other charsets": func(n int) string { return "Subject: " + strings.Repeat("=?utf-8?q?a?= =?koi8-r?q?b?= ", n) + "\n\nb" },
	"parameters":              func(n int) string { return "Content-Type: text/plain" + strings.Repeat("; a=b", 6*n) + "\n\nb" },
	"continuations": func(n int) string {
		var b strings.Builder
		b.WriteString("Content-Disposition: attachment")
		for i := range n {
			fmt.Fprintf(&b, "; filename*%d*=%%41", i)
		}
		return b.String() + "\n\nb"
	},
	"references":    func(n int) string { return "References: " + strings.Repeat("<a@b> ", 5*n) + "\n\nb" },
	"uu begins":     func(n int) string { return "\n" + strings.Repeat("begin 644 a\n", 3*n) },
	"uu files":      func(n int) string { return "\n" + strings.Repeat("begin 644 a\n#86)C\n`\nend\n", n) },
	"yenc begins":   func(n int) string { return "\nbegin \n" + strings.Repeat("=ybegin line=1 name=a\nx\n", n) },
	"binhex begins": func(n int) string { return "\n" + strings.Repeat("(This file must be converted with BinHex\n:", n) },
	"padding":       func(n int) string { return "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("YQ==\n", 6*n) },
	"soft line ends": func(n int) string {
		return "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("= \n", 10*n)
	},
	"html tags":      func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<div>", 6*n) },
	"html open tags": func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<a ", 10*n) },
	"html comments":  func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<!--", 7*n) },
	"html entities":  func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("&amp", 7*n) },
	"html cids":      func(n int) string { return "Content-Type: text/html\n\n" + strings.Repeat("<img src=cid:", 2*n) },
	"html metas":     func(n int) string { return "Content-Type: text/html\n\n\xe9" + strings.Repeat("<meta charset=", 2*n) },
	"flowed": func(n int) string {
		return "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat("> a \n", 6*n)
	},
	"flowed one": func(n int) string {
		return "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat("a \n", 10*n)
	},
	"quote marks":      func(n int) string { return "Content-Type: text/plain; format=flowed\n\n" + strings.Repeat(">", 30*n) },
	"carriage returns": func(n int) string { return "A: b\n\n" + strings.Repeat("\r", 30*n) },
	"CR line ends":     func(n int) string { return "A: b\r\r" + strings.Repeat("x\r", 15*n) },
	"empty lines":      func(n int) string { return strings.Repeat("\n", 30*n) + "A: b\n\nx" },
	"From lines":       func(n int) string { return strings.Repeat("From x\n", 4*n) + "A: b\n\nx" },
	"NULs": func(n int) string {
		return "Subject: " + strings.Repeat("\x00", 15*n) + "\n\n" + strings.Repeat("\x00", 15*n)
	},
	"report": func(n int) string {
		return "Content-Type: message/delivery-status\n\n" + strings.Repeat("Final-Recipient: rfc822; a@b\nAction: failed\n\n", n)
	},
	"TNEF": func(n int) string {
		return "Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x00\x00" + strings.Repeat("\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00", 2*n)
	},
	"S/MIME": func(n int) string { return "Content-Type: application/pkcs7-mime\n\n" + strings.Repeat("0\x80", 15*n) },
}

// readCounter counts the bytes that are asked for.
type readCounter struct {
	r io.ReaderAt
	n int64
}

func (c *readCounter) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

// work is what looking at everything of a message costs: bytes read from the source, bytes allocated, allocations.
func work(raw string) [3]float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c := &readCounter{r: strings.NewReader(raw)}
	m := Parse(c, int64(len(raw)))
	m.Summary()
	m.Content()
	InspectMessage(m)
	runtime.ReadMemStats(&after)
	return [3]float64{float64(c.n), float64(after.TotalAlloc - before.TotalAlloc), float64(after.Mallocs - before.Mallocs)}
}

// TestLinear doubles every hostile message and wants far less than the fourfold work that quadratic means.
func TestLinear(t *testing.T) {
	const n = 16 << 10
	what := [3]string{"bytes read", "bytes allocated", "allocations"}
	for name, grow := range hostile {
		t.Run(name, func(t *testing.T) {
			work(grow(n)) // what is made once is made here
			one, two := work(grow(n)), work(grow(2*n))
			for i := range one {
				// A base, for what does not grow, and room for slices that double.
				if base := float64(64 << 10); two[i] > 3.5*one[i]+base {
					t.Errorf("%s: %.0f for n, %.0f for 2n", what[i], one[i], two[i])
				}
			}
		})
	}
}

// TestLinearInMemory is the same for messages that are in memory already, where nothing is read.
func TestLinearInMemory(t *testing.T) {
	for name, grow := range hostile {
		t.Run(name, func(t *testing.T) {
			raw := []byte(grow(16 << 10))
			m := ParseBytes(raw)
			m.Summary()
			r, err := m.OpenPart("")
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := io.ReadAll(r); !bytes.Equal(b, raw) {
				t.Error("the raw bytes are not what was parsed")
			}
		})
	}
}
