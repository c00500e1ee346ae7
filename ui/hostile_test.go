package ui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// labels collects the words of all labels below an object.
func labels(o fyne.CanvasObject) (out []string) {
	switch w := o.(type) {
	case *kit.Label:
		return []string{w.Text()}
	case *fyne.Container:
		for _, c := range w.Objects {
			out = append(out, labels(c)...)
		}
	case *subjectLine:
		return append(labels(w.subject), labels(w.tags)...)
	case *attachmentCard:
		return labels(w.inner)
	case *tapLabel:
		return []string{w.label.Text()}
	}
	return out
}

// TestHostileNamesStayInTheirPlace shows a mail whose name, subject, snippet and file name hold characters that turn text
// around: none of them reaches the screen in a row, the header, a card, a notification or a tag, and where one was stands
// a mark.
func TestHostileNamesStayInTheirPlace(t *testing.T) {
	const (
		rlo, lri, zwsp = "\u202e", "\u2066", "\u200b"
		subject        = "Invoice " + rlo + "fdp.exe" + lri + " 12" + zwsp + "34"
	)
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 100, sampleMail{
			from: "Bank " + rlo + "gro.elpmaxe" + " <help@example.org>", subject: subject, at: today.Add(-5 * time.Minute),
			text: "Open " + rlo + "txet.exe now", extra: "turned", flags: mail.Flags{"tag" + rlo + "gat"},
		})
	})
	b.selectSubject(subject)
	b.drain()
	row := b.row(subject)
	words := textOf(row, false, today, func(mail.Address) bool { return false })
	shown := map[string]string{
		"sender of the row":  words.who,
		"subject of the row": words.subject,
		"tag of the row":     strings.Join(words.tags, " "),
		"header":             strings.Join(append(labels(b.w.reader.head.content), labels(b.w.reader.single.header.content)...), " | "),
		"cards":              strings.Join(labels(b.w.reader.single.parts.content), " | "),
	}
	n := notification([]mail.Row{row}, 1)
	shown["title of the notification"], shown["text of the notification"] = n.Title, n.Content
	for where, s := range shown {
		if i := strings.IndexAny(s, "\u202a\u202b\u202d\u202e\u200b"); i >= 0 {
			t.Errorf("%s: %q", where, s)
		}
		if s == "" {
			t.Errorf("%s is empty", where)
		}
	}
	for _, where := range []string{"subject of the row", "header", "text of the notification"} {
		if !strings.Contains(shown[where], "[RLO]") {
			t.Errorf("%s does not show the override: %q", where, shown[where])
		}
	}
	if !strings.Contains(shown["cards"], "statement fdp.exe") {
		t.Errorf("the card hides what kind of file it is: %q", shown["cards"])
	}
	if strings.ContainsAny(words.text, "\u202e") {
		t.Errorf("the snippet turns text around: %q", words.text)
	}
	b.shot("hostile")
}

// TestTextsAreOurOwn looks through the sources of the window: fields and texts that cannot be right in every direction
// are not used, nor are the toolkit's dialogs.
func TestTextsAreOurOwn(t *testing.T) {
	stock := regexp.MustCompile(`\b(widget\.(New)?(Entry|MultiLineEntry|PasswordEntry|Label|RichText\w*|TextGrid|Button|Check|Select|SelectEntry|RadioGroup|Form|FormItem|List|Tree|Hyperlink|Card|Accordion|PopUpMenu)\b|canvas\.(NewText|Text)\b|container\.NewAppTabs|"fyne\.io/fyne/v2/dialog")`)
	files := 0
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		src, err := os.ReadFile(path)
		for i, line := range strings.Split(string(src), "\n") {
			if code, _, _ := strings.Cut(line, "//"); stock.MatchString(code) {
				t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
			}
		}
		return err
	})
	if err != nil || files < 50 {
		t.Fatalf("%d files read: %v", files, err)
	}
}

// TestRowTellsTheOtherCalendar: under Persian the Gregorian date of the row under the pointer is in the status bar.
func TestRowTellsTheOtherCalendar(t *testing.T) {
	b := newBench(t)
	lang.Set("fa")
	b.drain()
	row := b.row(sara)
	var told []string
	b.w.env.hint = func(s string) { told = append(told, s) }
	b.w.list.hintDate(row, true)
	b.w.list.hintDate(row, true)
	b.w.list.hintDate(row, false)
	if len(told) != 2 || !strings.Contains(told[0], "۲۵ نوامبر ۲۰۲۵") || told[1] != "" {
		t.Errorf("told %q", told)
	}
	lang.Set("en")
	b.drain()
	told = nil
	b.w.env.hint = func(s string) { told = append(told, s) }
	b.w.list.hintDate(row, true)
	if len(told) != 0 {
		t.Errorf("English told %q", told)
	}
}

// TestTheSourceShowsWhatItHides: a message's source is where one looks for a trick.
func TestTheSourceShowsWhatItHides(t *testing.T) {
	got := sourceText([]byte("Subject: a\u202eb\r\n\tfolded\u200b\r\n\r\n> quoted \xff"))
	want := "Subject: a[RLO]b\n    folded[U+200B]\n\n> quoted �"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
