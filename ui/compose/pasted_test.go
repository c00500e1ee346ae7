package compose

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/clipimage"
	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/theme"
)

// pasteHTML pastes what another program has copied: words, and how they are formatted.
func pasteHTML(t *testing.T, l string, mode theme.Mode, d mail.Draft, words, src string, meanwhile func(r *rig)) *rig {
	t.Helper()
	r := open(t, l, mode, d)
	r.w.opt.Formatted = func(context.Context) (string, error) {
		if src == "" {
			return "", clipimage.ErrNone
		}
		return src, nil
	}
	fyne.CurrentApp().Clipboard().SetContent(words)
	r.w.body.SetCaret(0)
	r.w.body.TypedShortcut(&fyne.ShortcutPaste{})
	if meanwhile != nil {
		meanwhile(r)
	}
	r.loop.run()
	return r
}

const page = `<meta charset='utf-8'><h2>Heading</h2><p>One <b>bold</b> and <a href="https://peyk.example/">link</a><img src="https://tracker.example/1.gif" onerror="x()"></p><p dir="rtl">سلام <b>دنیا</b>، version 2</p>` +
	`<ul><li>a</li><li>b</li></ul><table><tr><td>Name</td><td>Age</td></tr></table><script>alert(1)</script><a href="javascript:alert(1)">bad</a>`
const pageWords = "Heading\n\nOne bold and link\n\nسلام دنیا، version 2\n\na\nb\nName\tAge\nbad"

// TestFormattedTextIsPasted with its formatting, in its place, and without anything that is active or fetched. Steps back take off the formatting, then the words.
func TestFormattedTextIsPasted(t *testing.T) {
	for _, l := range []string{"en", "fa"} {
		for name, mode := range map[string]theme.Mode{"light": theme.ForceLight, "dark": theme.ForceDark} {
			r := pasteHTML(t, l, mode, mail.Draft{Account: 1, Text: "behind"}, pageWords, page, nil)
			r.shot("pasted-" + l + "-" + name)
			r.win.Resize(fyne.NewSize(440, 500))
			r.shot("pasted-small-" + l + "-" + name)
			doc := r.w.body.Document()
			if doc[0].Text != "Heading" || doc[0].Heading == 0 || doc[1].Text != "One bold and link" || len(doc[1].Spans) != 2 || doc[2].Text != "سلام دنیا، version 2" || doc[3].List != richtext.Bullets ||
				!strings.HasSuffix(r.w.body.Text(), "badbehind") {
				t.Errorf("%+v", doc)
			}
			if h := r.w.Draft().HTML; strings.Contains(h, "tracker") || strings.Contains(h, "alert") || strings.Contains(h, "javascript") {
				t.Errorf("it brings along %s", h)
			}
			r.w.body.Undo()
			if from, to := r.w.body.Selection(); from != to || from != len(pageWords) {
				t.Errorf("one step back selects %d to %d", from, to)
			}
			if got := r.w.body.Text(); got != pageWords+"behind" || r.w.body.Document().Formatted() {
				t.Errorf("one step back: %q", got)
			}
			r.w.body.Undo()
			if got := r.w.body.Text(); got != "behind" {
				t.Errorf("two steps back: %q", got)
			}
		}
	}
}

// TestWordsStayWhereTheirFormattingHelpsNobody: it is not there, adds nothing, lacks some of them, or came when something else was written.
func TestWordsStayWhereTheirFormattingHelpsNobody(t *testing.T) {
	for name, c := range map[string]struct {
		src       string
		meanwhile func(r *rig)
	}{
		"none":              {"", nil},
		"adds nothing":      {"<p>words</p>", nil},
		"lacks some":        {"<b>wor</b>", nil},
		"written meanwhile": {"<b>words</b>", func(r *rig) { r.w.body.TypedRune('!') }},
		"text alone":        {"<b>words</b>", func(r *rig) { r.w.SetPlain(true) }},
	} {
		r := pasteHTML(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: ""}, "words", c.src, c.meanwhile)
		if doc := r.w.body.Document(); !strings.HasPrefix(doc[0].Text, "words") || doc.Formatted() {
			t.Errorf("%s: %+v", name, doc)
		}
	}
	r := pasteHTML(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "behind"}, " words ", "<span> <b>words</b> </span>", nil)
	if doc := r.w.body.Document(); doc[0].Text != " words behind" || len(doc[0].Spans) != 1 || doc[0].Spans[0].Start != 1 || doc[0].Spans[0].End != 6 {
		t.Errorf("a part of a line: %+v", doc)
	}
}
