package compose

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestASignatureChangedByHandIsTheUsersText: under another sender it stays, once and without another one beside it, and that it may name the former sender is told. It is replaced
// when the user says so, which can be undone.
func TestASignatureChangedByHandIsTheUsersText(t *testing.T) {
	for name, edit := range map[string]string{
		"a line more":         "-- \nMaryam\nShomal\n+98 21 1234",
		"another word":        "-- \nMaryam N.\nShomal",
		"without its mark":    "Maryam\nShomal",
		"an empty line in it": "-- \nMaryam N.\n\nShomal",
	} {
		for _, plain := range []bool{true, false} {
			r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Identity: 1, Plain: plain, Text: "hello\n\n" + edit + "\n\nSara wrote:\n> hi"})
			r.w.from.Choose(2)
			r.w.senderChanged(2)
			if got := r.w.Draft().Text; !strings.Contains(got, edit) || strings.Contains(got, "The office") {
				t.Errorf("%s: the text is %q", name, got)
			}
			if r.banner() != lang.T("compose.signature.edited") {
				t.Fatalf("%s: told is %q", name, r.banner())
			}
			r.tapBanner()
			if got := r.w.Draft().Text; !strings.Contains(got, "hello\n\n-- \nThe office\n\nSara wrote:\n> hi") || strings.Contains(got, "Maryam") || strings.Contains(got, "Shomal") {
				t.Errorf("%s, replaced: the text is %q", name, got)
			}
			if r.banner() != "" {
				t.Errorf("%s, replaced: told is %q", name, r.banner())
			}
			r.w.body.Undo()
			if got := r.w.Draft().Text; !strings.Contains(got, edit) {
				t.Errorf("%s, undone: the text is %q", name, got)
			}
		}
	}
}

// TestASignatureThatIsAsItWas follows the sender again, and nothing is told any more.
func TestASignatureThatIsAsItWas(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Identity: 1, Plain: true, Text: "hello\n\n-- \nMaryam\nShomal"})
	at := len("hello\n\n-- \nMaryam")
	r.w.body.SetCaret(at)
	r.w.body.Insert(" N.")
	choose := func(i int) { r.w.from.Choose(i); r.w.senderChanged(i) }
	choose(2)
	choose(1)
	choose(2)
	if got := r.w.body.Text(); got != "hello\n\n-- \nMaryam N.\nShomal" || r.banner() == "" {
		t.Fatalf("the text is %q, told is %q", got, r.banner())
	}
	r.w.body.Undo()
	choose(0)
	if got := r.w.body.Text(); strings.Contains(got, "Maryam") || r.banner() != "" {
		t.Errorf("the text is %q, told is %q", got, r.banner())
	}
	choose(2)
	if got := r.w.body.Text(); !strings.HasSuffix(got, "-- \nThe office") {
		t.Errorf("the text is %q", got)
	}
}

// tapBanner does what the link in the banner does.
func (r *rig) tapBanner() {
	r.Helper()
	for _, o := range test.LaidOutObjects(r.w.banner) {
		if l, ok := o.(*kit.LinkText); ok {
			l.Tapped(nil)
			return
		}
	}
	r.Fatal("the banner has no link")
}

// What is told of it fits, in both directions and in a small window.
func TestTheSignatureThatStaysIsShown(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		for name, mode := range map[string]theme.Mode{"light": theme.ForceLight, "dark": theme.ForceDark} {
			r := open(t, l, mode, mail.Draft{Account: 1, Identity: 1, Subject: "s", Text: "سلام\n\n-- \nMaryam N.\nShomal"})
			r.w.from.Choose(2)
			r.w.senderChanged(2)
			r.shot("signature-" + l + "-" + name)
			r.win.Resize(fyne.NewSize(440, 500))
			r.shot("signature-small-" + l + "-" + name)
		}
	}
}
