package compose

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/theme"
)

// A window that goes on with what was begun elsewhere goes on behind it, not before it.
func TestTheCaretStandsBehindWhatWasWritten(t *testing.T) {
	quoted := mail.Draft{Account: 1, To: []mail.Address{{Addr: "anna@example.net"}}, Subject: "Re: Minutes", Text: "\n\n-- \nMaryam"}
	rich := quoted
	rich.HTML = richtext.FromPlain(quoted.Text, nil).HTML()
	plain := quoted
	plain.Plain = true
	for i, d := range []mail.Draft{quoted, rich, plain} {
		for _, text := range []string{"Half a sen", "Dear Anna,\n\nhalf a sen", "سلام، \nhalf a sen", "Half a "} {
			d := d
			Prepend(&d, text)
			r := open(t, "en", theme.ForceLight, d)
			r.w.focusFirst()
			r.w.Type("tence")
			if got := r.w.Draft().Text; !strings.HasPrefix(got, text+"tence") || !strings.HasSuffix(got, "\nMaryam") {
				t.Errorf("%d: %q became %q", i, text, got)
			}
		}
	}
	r := open(t, "en", theme.ForceLight, quoted)
	r.w.focusFirst()
	if from, _ := r.w.body.Selection(); from != 0 {
		t.Errorf("an answer begins at %d", from)
	}
}
