package richtext

import (
	"strings"
	"testing"
)

// TestTheLanguageOfWhatIsSent: Persian and Arabic share most letters, and a short text is often made of those alone. Then the rest of the message decides,
// or the window in which it was written; where nothing does, nothing is said.
func TestTheLanguageOfWhatIsSent(t *testing.T) {
	line := func(s string, quote int) Doc { return Doc{{Text: s, Block: Block{Quote: uint8(quote)}}} }
	join := func(ds ...Doc) (out Doc) {
		for _, d := range ds {
			out = append(out, d...)
		}
		return out
	}
	shared, persian, arabic := line("سلام، ممنون از خبر", 0), line("پس فردا می‌آیم", 0), line("شكرا جزيلا", 0)
	english := line("The meeting begins at nine, as we said.", 0)
	for _, c := range []struct {
		name, window, want string
		doc                Doc
	}{
		{"shared letters in a Persian window", "fa", `<div dir="rtl" lang="fa"`, shared},
		{"in an Arabic one", "ar", `<div dir="rtl" lang="ar"`, shared},
		{"in an English one", "en", `<div dir="rtl" style`, shared},
		{"what is quoted tells", "en", `<div dir="rtl" lang="fa"`, join(shared, line("پس فردا می‌آیم", 1))},
		{"and the window does not overrule it", "fa", `<div dir="rtl" lang="ar"`, join(shared, line("شكرا جزيلا", 1))},
		{"letters tell, whatever the window says", "ar", `<div dir="rtl" lang="fa"`, persian},
		{"and these", "fa", `<div dir="rtl" lang="ar"`, arabic},
		{"a paragraph of its own", "fa", `<p dir="rtl" lang="fa"`, join(english, shared)},
		{"and of a quotation's", "en", `<p dir="rtl" lang="ar"`, join(english, shared, line("شكرا جزيلا", 1))},
		{"an English text with a Persian word is English", "fa", `<div dir="ltr" style`, join(english, line("گل", 0))},
	} {
		if got := c.doc.Page(false, c.window); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %s in\n%s", c.name, c.want, got)
		}
	}
}
