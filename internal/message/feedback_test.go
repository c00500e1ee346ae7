package message

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// arf is an abuse report as RFC 5965 appendix B shows them.
func arf(fields, original string) string {
	return "From: <abusedesk@example.com>\r\nSubject: FW: Earn money\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n" + fields +
		"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + original + "\r\n--b--\r\n"
}

func TestFeedbackReport(t *testing.T) {
	original := "From: <somespammer@example.net>\r\nMessage-ID: <8787KJKJ3K4J3K4J3K4J3.mail@example.net>\r\nSubject: Earn money\r\n\r\nSpam Spam Spam\r\n"
	for _, c := range []struct{ fields, original, want string }{
		{"Feedback-Type: abuse\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <bulk@example.net>\r\n", original, "A recipient reported a message from bulk@example.net as unwanted."},
		{"Feedback-Type: Fraud (phishing)\r\nVersion: 1\r\n", original, "A message from somespammer@example.net was reported as fraud."},
		{"Feedback-Type: virus\r\nOriginal-Mail-From: <>\r\nSource-IP: 192.0.2.1\r\n", "Subject: x\r\n\r\nx", "A message from 192.0.2.1 was reported to hold a virus."},
		{"Feedback-Type: auth-failure\r\nReported-Domain: example.net\r\nSource-IP: 192.0.2.1\r\n", "", "A message from example.net failed the checks of its origin."},
		{"Feedback-Type: not-spam\r\n", original, "A recipient reported that a message from somespammer@example.net is wanted after all."},
		{"Feedback-Type: x-new\r\n", original, "There is feedback about a message from somespammer@example.net."},
		{"", "", ""},
	} {
		m := ParseBytes([]byte(arf(c.fields, c.original)))
		r := m.Report()
		if r == nil || r.Kind != "feedback" || ReportWords(r) != c.want {
			t.Errorf("%q: %+v", c.fields, r)
			continue
		}
		if s := m.Summary(); s.Snippet != "This is an email abuse report." || !strings.HasPrefix(s.Text, c.want) {
			t.Errorf("%q: the line in lists is %q, the text %q", c.fields, s.Snippet, s.Text)
		}
		if got := m.Content(); got.Text != "This is an email abuse report." || (got.Report == nil) != (c.want == "") {
			t.Errorf("%q: %q %+v", c.fields, got.Text, got.Report)
		}
	}
	for _, a := range ParseBytes([]byte(arf("Feedback-Type: abuse\r\n", original))).Attachments() {
		if a.ContentType == feedbackType && !a.Inline {
			t.Error("what is told in words is offered as a file")
		}
	}
	r := ParseBytes([]byte(arf("Feedback-Type: abuse\r\nUser-Agent: SomeGenerator/1.0\r\nReporting-MTA: dns; mail.example.com\r\n", original))).Report()
	if r.Reporter != "mail.example.com" || r.OriginalID != "8787KJKJ3K4J3K4J3K4J3.mail@example.net" {
		t.Errorf("%+v", r)
	}
}

// TestTooDeepIsAFile: what is nested too deeply can be saved, and is not shown as raw text.
func TestTooDeepIsAFile(t *testing.T) {
	var open, shut strings.Builder
	for i := range 60 {
		fmt.Fprintf(&open, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		shut.WriteString(fmt.Sprintf("\n--b%d--\n", 59-i))
	}
	m := ParseBytes([]byte("Subject: deep\n" + open.String() + "\nat the bottom\n" + shut.String()))
	if text := m.Text(); text != "" {
		t.Errorf("shown: %.100q", text)
	}
	list := m.Attachments()
	if len(list) != 1 || list[0].ContentType != "application/octet-stream" || list[0].Inline || list[0].Filename == "" {
		t.Fatalf("%+v", list)
	}
	b, err := io.ReadAll(m.Part(list[0].Part).Open())
	if err != nil || !strings.Contains(string(b), "at the bottom") {
		t.Errorf("saved: %.100q %v", b, err)
	}
	deep := strings.Repeat("Content-Type: message/rfc822\n\n", 60) + "Subject: in\n\ntext\n"
	m = ParseBytes([]byte(deep))
	found := false
	for _, a := range m.Attachments() {
		found = found || a.ContentType == "message/rfc822"
	}
	if !found || m.Text() != "" {
		t.Errorf("%+v %.100q", m.Attachments(), m.Text())
	}
}

// TestCutSoftBreak: a "=" with blanks at the very end is a soft line break that was cut, in one piece or streamed.
func TestCutSoftBreak(t *testing.T) {
	long := strings.Repeat("x", 16<<10-2)
	for in, want := range map[string]string{"a= ": "a", "a=\t ": "a", "a=": "a", "a = b ": "a = b ", "a= \nb": "ab", "a=20": "a ",
		long + "= ": long, long + "=   \nb": long + "b", long + "=  b": long + "=  b", long[1:] + "=3D": long[1:] + "="} {
		if got := string(appendQP(nil, []byte(in))); got != want {
			t.Errorf("%.20q: %.20q", in, got)
		}
		got, err := io.ReadAll(newQPReader(strings.NewReader(in)))
		if err != nil || string(got) != want {
			t.Errorf("streamed %.20q…%q: …%q %v", in, in[max(0, len(in)-8):], got[max(0, len(got)-8):], err)
		}
	}
}

// TestDomainOfAnotherAlphabet: a domain that reads like a Latin one from its first letter to its last is told.
func TestDomainOfAnotherAlphabet(t *testing.T) {
	for domain, like := range map[string]string{"раура.com": "paypa.com", "xn--80aa0cbo.com": "paypa.com", "почта.рф": "", "пример.com": "", "mail.example": "", "münchen.de": "", "نامه.com": ""} {
		s := ParseBytes([]byte("From: x <a@" + domain + ">\n\nx"))
		var got string
		for _, w := range s.Content().Warnings {
			if w.Code == mail.WarnFromDomainLike {
				got = w.Args[1]
				if w.Args[0] != "раура.com (xn--80aa0cbo.com)" {
					t.Errorf("%s is told as %q", domain, w.Args[0])
				}
			}
		}
		if got != like {
			t.Errorf("%s: %q, want %q", domain, got, like)
		}
	}
}
