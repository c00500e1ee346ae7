package compose

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

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
		"copied meanwhile":  {"<b>something else, copied since then</b>", nil},
		"an address alone":  {`<a href="https://long.example/words">w</a>`, nil},
		"more than that":    {"<b>words</b> and ours", nil},
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

// TestFormattingComesBesideTheUser: the caret and what was selected meanwhile stay, and what was formatted by hand is not formatted anew.
func TestFormattingComesBesideTheUser(t *testing.T) {
	behind := mail.Draft{Account: 1, Text: "behind"}
	r := pasteHTML(t, "en", theme.ForceLight, behind, "a b\n\nc", "<p>a <b>b</b></p><p>c</p>", func(r *rig) { r.w.body.SelectAll() })
	if from, to := r.w.body.Selection(); from != 0 || to != len(r.w.body.Text()) || !r.w.body.Document().Formatted() {
		t.Errorf("%d to %d is selected of %q", from, to, r.w.body.Text())
	}
	r = pasteHTML(t, "en", theme.ForceLight, behind, "words", "<b>words</b>", func(r *rig) { r.w.body.SetCaret(2) })
	if from, to := r.w.body.Selection(); from != 2 || to != 2 || !r.w.body.Document().Formatted() {
		t.Errorf("the caret is at %d", from)
	}
	r = pasteHTML(t, "en", theme.ForceLight, behind, "words", "<b>words</b>", func(r *rig) {
		r.w.body.SelectAll()
		r.w.body.ToggleMark(richtext.Italic)
	})
	if doc := r.w.body.Document(); len(doc[0].Spans) != 1 || doc[0].Spans[0].Marks != richtext.Italic {
		t.Errorf("%+v", doc)
	}
}

// TestListsAndPicturesSayTheSame: programs write the marks of a list into the words, and no picture.
func TestListsAndPicturesSayTheSame(t *testing.T) {
	for words, src := range map[string]string{
		" 1. one\n 2. two":      "<ol><li>one</li><li>two</li></ol>",
		"۱. یک\n۲. دو":          "<ol dir=rtl><li>یک</li><li>دو</li></ol>",
		"o\tone\no\ttwo":        "<ul><li>one</li><li>two</li></ul>",
		"SEE [1] THIS":          `<b>see</b> [1] <img src="https://x.example/y.gif" alt="a picture">this`,
		"می‌روم\u200f خانه (x)": "<p dir=rtl>می‌روم\u200f <b>خانه</b> (x)</p>",
	} {
		r := pasteHTML(t, "en", theme.ForceLight, mail.Draft{Account: 1}, words, src, nil)
		if doc := r.w.body.Document(); !doc.Formatted() || strings.Contains(words, "می") && !strings.Contains(doc[0].Text, "می‌روم\u200f خانه") {
			t.Errorf("%q: %+v", words, doc)
		}
	}
}

// TestWordsAlone: with Shift the words are pasted as words, whatever is known of their formatting.
func TestWordsAlone(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "words"})
	asked := false
	r.w.opt.Formatted = func(context.Context) (string, error) { asked = true; return "<b>others</b>", nil }
	shift := &desktop.CustomShortcut{KeyName: fyne.KeyV, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
	r.w.body.SelectAll()
	r.w.body.ToggleMark(richtext.Bold)
	r.w.body.TypedShortcut(&fyne.ShortcutCopy{})
	r.w.body.SetDocument(nil)
	r.w.body.TypedShortcut(shift)
	fyne.CurrentApp().Clipboard().SetContent("others")
	r.w.body.TypedShortcut(shift)
	r.loop.run()
	if doc := r.w.body.Document(); asked || doc.Formatted() || r.w.body.Text() != "wordsothers" {
		t.Errorf("asked %v, %+v", asked, doc)
	}
}
