package mailpage

import (
	"context"
	"strings"
	"testing"

	"peyk/internal/htmlview"
)

func words(t *testing.T, src string, fold bool) (*htmlview.Document, string) {
	t.Helper()
	d, err := htmlview.Parse(context.Background(), src, htmlview.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Layout(context.Background(), 500, htmlview.LayoutOptions{FoldQuote: fold})
	if err != nil {
		t.Fatal(err)
	}
	return d, v.Text(0, v.Len())
}

func TestTextPage(t *testing.T) {
	const mail = "Hi <b>you</b> & all,\nsee https://example.org/a?b=1&c=2.\nسلام\n\nOn Monday Anna wrote:\n> 1\n> 2\n>> 3\n> 4\n> 5\n-- \nReza"
	d, got := words(t, Text(mail, Light), false)
	for _, want := range []string{"Hi <b>you</b> & all,", "https://example.org/a?b=1&c=2", "سلام", "On Monday Anna wrote:", "3", "Reza"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is lost: %q", want, got)
		}
	}
	if !d.HasQuote() {
		t.Error("the quotation does not fold")
	}
	if _, got := words(t, Text(mail, Light), true); strings.Contains(got, "wrote") || !strings.Contains(got, "سلام") {
		t.Errorf("folded: %q", got)
	}
	src := Text("سلام دنیا\n123\nHello", Light)
	if n := strings.Count(src, "<div dir=rtl>"); n != 2 { // the number goes on in the direction before it
		t.Errorf("%d paragraphs from right to left in %s", n, src)
	}
	if _, got := words(t, Text("", Light), false); strings.TrimSpace(got) != "" {
		t.Errorf("nothing gives %q", got)
	}
}

func TestHeaderAndFoot(t *testing.T) {
	look := Light
	look.RTL = true
	_, got := words(t, Header(Heading{Subject: "جلسه <script>", Fields: []Field{{Label: "از", Value: "A <a@b.example>"}}}, look), false)
	for _, want := range []string{"جلسه <script>", "از", "A <a@b.example>"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is lost: %q", want, got)
		}
	}
	if _, got := words(t, Foot(strings.Repeat("long ", 100), "1 / 2", Light), false); !strings.Contains(got, "…") || !strings.Contains(got, "1 / 2") {
		t.Errorf("the foot is %q", got)
	}
}
