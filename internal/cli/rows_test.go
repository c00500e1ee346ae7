package cli_test

import (
	"strings"
	"testing"
)

// A row is one line whose fields stand where they belong, whatever a stranger has put into one of them. Its JSON has all of it.
func TestAStrangersFieldStaysInItsPlace(t *testing.T) {
	p := newPeyk(t)
	p.ok("import", p.write("a.eml", "From: \u202eevil <a@b.example>\r\nSubject: سلام\u200cها \u2066one\u2028two\u202d\r\nDate: Mon, 03 Mar 2025 10:00:00 +0000\r\n\r\ntext\r\n"))
	want := "       1 •  2025-03-03 10:00  evil                      سلام\u200cها one two\n"
	if out := p.ok("list"); out != want {
		t.Errorf("%q", out)
	}
	if subject := p.json("list")[0]["subject"].(string); !strings.Contains(subject, "\u202d") {
		t.Errorf("%q", subject)
	}
}
