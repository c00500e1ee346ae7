package compose

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// under chooses a sender.
func (r *rig) under(i int) { r.w.from.Choose(i); r.w.senderChanged(i) }

// What somebody wrote is not changed with the sender: not a signature in a forwarded text that is that of a sender here, and a new one stands over what is sent on.
func TestASignatureInAForwardedTextStays(t *testing.T) {
	const forwarded = "---------- Forwarded message ----------\nFrom: maryam@example.org\n\nas agreed\n\n-- \nMaryam\nShomal"
	for _, plain := range []bool{true, false} {
		for own, want := range map[string]string{
			"":                                  "",
			"hello":                             "hello\n\n-- \nThe office\n\n" + forwarded,
			"hello\n\n-- \nMaryam\nShomal":      "hello\n\n-- \nThe office\n\n" + forwarded,
			"hello\n\n-- \nMaryam N.\nShomal\n": "hello\n\n-- \nMaryam N.\nShomal\n\n" + forwarded,
		} {
			for _, from := range []int{0, 1} {
				r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Identity: from, Plain: plain, Text: strings.TrimSpace(own) + "\n\n" + forwarded})
				r.under(2)
				got := r.w.Draft().Text
				if !strings.HasSuffix(got, "\n\n"+forwarded) || strings.Count(got, "The office") > 1 {
					t.Errorf("plain %t, of sender %d, own %q: the text is %q", plain, from, own, got)
				}
				if want != "" && got != want {
					t.Errorf("plain %t, of sender %d, own %q: the text is %q", plain, from, own, got)
				}
			}
		}
	}
}

// A changed signature stays alone however often the sender changes, and under its own sender there is nothing to tell.
func TestAChangedSignatureOutlastsSeveralSenders(t *testing.T) {
	for _, edit := range []string{"-- \nMaryam N.\nShomal", "Maryam\nShomal"} {
		r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Identity: 1, Plain: true, Text: "hello\n\n" + edit})
		for _, i := range []int{2, 0, 2, 0, 1} {
			r.under(i)
			if got := r.w.body.Text(); got != "hello\n\n"+edit {
				t.Errorf("%q under sender %d: the text is %q", edit, i, got)
			}
			if told := r.banner() == lang.T("compose.signature.edited"); told != (i != 1) {
				t.Errorf("%q under sender %d: told is %q", edit, i, r.banner())
			}
		}
		r.under(2)
		r.tapBanner()
		if got := r.w.body.Text(); got != "hello\n\n-- \nThe office" {
			t.Errorf("%q, replaced: the text is %q", edit, got)
		}
		r.under(1)
		if got := r.w.body.Text(); got != "hello\n\n-- \nMaryam\nShomal" || r.banner() != "" {
			t.Errorf("%q, replaced, and under its sender again: the text is %q, told is %q", edit, got, r.banner())
		}
	}
}

// Where there was no signature it goes over the line that says who wrote what is quoted, with and without formatting, and nothing grows when senders change.
func TestASignatureGoesOverTheQuotation(t *testing.T) {
	cite := richtext.Doc{{Text: "hello"}, {Text: "Sara wrote:", Block: richtext.Block{Quote: 1, Cite: true}}, {Text: "hi", Block: richtext.Block{Quote: 1, Tight: true}}}
	for name, d := range map[string]mail.Draft{
		"plain": {Account: 1, Plain: true, Text: "hello\n\nSara wrote:\n> hi"},
		"rich":  {Account: 1, Text: "hello\n\nSara wrote:\n> hi", HTML: cite.HTML()},
	} {
		r := open(t, "en", theme.ForceLight, d)
		for range 3 {
			r.under(2)
			if got := r.w.Draft().Text; got != "hello\n\n-- \nThe office\n\nSara wrote:\n> hi" {
				t.Errorf("%s: the text is %q", name, got)
			}
			r.under(0)
			if got := r.w.Draft().Text; got != "hello\n\nSara wrote:\n> hi" {
				t.Errorf("%s, taken away: the text is %q", name, got)
			}
		}
	}
}
