package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/uitest"
)

func TestPasswordHidesAndDoesNotCopy(t *testing.T) {
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("p")
	defer w.Close()
	p := NewPasswordEntry()
	SetContent(w, p)
	w.Resize(fyne.NewSize(300, 40))
	p.Focus()
	typed(&p.textField, "pässw")
	if got := p.laidOut(0).Text(); got != "•••••" {
		t.Errorf("shows %q", got)
	}
	hit(&p.textField, 0, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyLeft, fyne.KeyBackspace)
	if p.Text() != "pssw" {
		t.Errorf("Backspace in the middle: %q", p.Text())
	}
	app.Clipboard().SetContent("before")
	p.SelectAll()
	p.TypedShortcut(&fyne.ShortcutCopy{})
	p.TypedShortcut(&fyne.ShortcutCut{})
	if app.Clipboard().Content() != "before" || p.Text() != "pssw" {
		t.Error("a password was copied or cut")
	}
}

func TestEntryCompletion(t *testing.T) {
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("e")
	defer w.Close()
	e := NewEntry()
	SetContent(w, VBox(0, e, Spacer()))
	w.Resize(fyne.NewSize(400, 300))
	var asked, took, submitted string
	e.Suggest = func(s string) []Suggestion {
		asked = s
		if s == "" {
			return nil
		}
		return []Suggestion{{Text: "Anna"}, {Text: "Anton"}}
	}
	e.OnSuggestion = func(s Suggestion) { took = s.Text }
	e.OnSubmit = func(s string) { submitted = s }
	e.Focus()
	typed(&e.textField, "an")
	if asked != "an" || !e.AcceptsTab() {
		t.Fatalf("asked %q, open %v", asked, e.AcceptsTab())
	}
	hit(&e.textField, 0, fyne.KeyDown, fyne.KeyReturn)
	if took != "Anton" || submitted != "" || e.AcceptsTab() {
		t.Errorf("took %q, submitted %q", took, submitted)
	}
	hit(&e.textField, 0, fyne.KeyReturn)
	if submitted != "an" {
		t.Errorf("submitted %q", submitted)
	}
	typed(&e.textField, "n")
	hit(&e.textField, 0, fyne.KeyEscape)
	if e.AcceptsTab() {
		t.Error("Escape leaves the list open")
	}
	// Completions that are only offered: Enter means what was typed, until one is chosen; Tab takes the first.
	e.Offers = func(t string) bool { return t != ">" }
	for _, c := range []struct {
		text string
		keys []fyne.KeyName
		took string
	}{
		{"an", []fyne.KeyName{fyne.KeyReturn}, ""}, {"an", []fyne.KeyName{fyne.KeyTab}, "Anna"}, {"an", []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn}, "Anna"},
		{"an", []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyEnter}, "Anton"}, {"an", []fyne.KeyName{fyne.KeyUp, fyne.KeyReturn}, "Anton"},
		{">", []fyne.KeyName{fyne.KeyReturn}, "Anna"},
	} {
		e.SetText("")
		took, submitted = "", ""
		typed(&e.textField, c.text)
		hit(&e.textField, 0, c.keys...)
		if took != c.took || (submitted == c.text) != (c.took == "") || e.AcceptsTab() {
			t.Errorf("%q and %v: took %q, submitted %q, open %v", c.text, c.keys, took, submitted, e.AcceptsTab())
		}
	}
}

func TestEntryKeepsOneLine(t *testing.T) {
	e := NewEntry()
	e.SetText("a\nb")
	e.Insert("c\r\nd")
	if strings.ContainsAny(e.Text(), "\r\n") {
		t.Errorf("%q", e.Text())
	}
}

// TestEntryAtSide: what is typed stands on the leading side of the window whatever its direction is, its caret, too.
func TestEntryAtSide(t *testing.T) {
	defer lang.Set("en")
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		app := uitest.NewApp(t, nil)
		w := app.NewWindow("e")
		e := NewEntry().Borderless().AtSide()
		SetContent(w, VBox(0, e, Spacer()))
		w.Resize(fyne.NewSize(400, 300))
		for _, s := range []string{"", "reza@example.org", "رضا"} {
			e.SetText(s)
			e.SetCaret(len(s))
			if x := e.caretRect().X; code == "en" && x > 150 || code == "fa" && x < 250 {
				t.Errorf("%s: the caret behind %q is at %v of 400", code, s, x)
			}
		}
		w.Close()
	}
}
