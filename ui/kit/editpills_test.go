package kit

import (
	"regexp"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/uitest"
)

// word with a colon in it.
var operator = regexp.MustCompile(`\S+:\S+`)

func pilledEntry(t testing.TB) *Entry {
	t.Helper()
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("pills")
	e := NewEntry()
	e.Decorate(func(s string) (out []Span) {
		for _, at := range operator.FindAllStringIndex(s, -1) {
			out = append(out, Span{Start: at[0], End: at[1], Pill: s[at[0]:at[1]]})
		}
		return out
	})
	SetContent(w, VBox(0, e))
	w.Resize(fyne.NewSize(600, 100))
	e.Focus()
	t.Cleanup(func() { w.Close(); lang.Set("en"); testModifiers = 0 })
	return e
}

// shownPills are the texts of the pills that are seen.
func shownPills(e *Entry) (out []string) {
	e.laidOut(0)
	for _, p := range e.m.paras[0].pills.shown {
		out = append(out, e.Text()[p.start:p.end])
	}
	return out
}

func wantPills(t *testing.T, e *Entry, when string, want ...string) {
	t.Helper()
	have := shownPills(e)
	same := len(have) == len(want)
	for i := range have {
		same = same && have[i] == want[i]
	}
	if !same {
		t.Fatalf("%s: pills %q, want %q", when, have, want)
	}
}

func caretAt(t *testing.T, e *Entry, when string, want int) {
	t.Helper()
	if from, to := e.Selection(); from != want || to != want {
		t.Fatalf("%s: selected %d to %d, want the caret at %d", when, from, to, want)
	}
}

// What is typed becomes a pill when the caret leaves it, not before.
func TestPillWhileTyped(t *testing.T) {
	e := pilledEntry(t)
	typed(&e.textField, "from:rez")
	wantPills(t, e, "typing")
	typed(&e.textField, "a ")
	wantPills(t, e, "a space behind it", "from:reza")
	typed(&e.textField, "budget")
	wantPills(t, e, "the next word", "from:reza")
	if e.Text() != "from:reza budget" {
		t.Errorf("text %q", e.Text())
	}
	e.SetText("is:unread")
	wantPills(t, e, "a text that is set", "is:unread")
	typed(&e.textField, "x")
	wantPills(t, e, "typing at its end")
	e.FocusLost()
	wantPills(t, e, "the keyboard goes elsewhere", "is:unreadx")
}

// Arrows pass over a pill in one step, in both directions of writing; with Shift they select it; what is copied is the text.
func TestPillAndArrows(t *testing.T) {
	for _, c := range []struct {
		lang, text      string
		back, fore      fyne.KeyName
		behind, selects string
	}{{"en", "aa from:reza bb", fyne.KeyLeft, fyne.KeyRight, "aa from:reza", "from:reza "}, {"fa", "نان from:رضا آب", fyne.KeyRight, fyne.KeyLeft, "نان from:رضا", "from:رضا "}} {
		e := pilledEntry(t)
		lang.Set(c.lang)
		e.SetText(c.text)
		e.SetCaret(len(c.behind) + 1)
		hit(&e.textField, 0, c.back)
		caretAt(t, e, c.lang+" before the space", len(c.behind))
		if len(shownPills(e)) != 1 {
			t.Fatalf("%s: the pill opens though the caret only came to it", c.lang)
		}
		start := len(c.text[:len(c.behind)+1]) - len(c.selects)
		hit(&e.textField, 0, c.back)
		caretAt(t, e, c.lang+" over the pill", start)
		hit(&e.textField, fyne.KeyModifierShift, c.fore, c.fore)
		if s := e.SelectedText(); s != c.selects {
			t.Errorf("%s: selected %q, want %q", c.lang, s, c.selects)
		}
		e.TypedShortcut(&fyne.ShortcutCopy{})
		if s := fyne.CurrentApp().Clipboard().Content(); s != c.selects {
			t.Errorf("%s: copied %q", c.lang, s)
		}
		hit(&e.textField, 0, fyne.KeyEnd)
		caretAt(t, e, "End", len(c.text))
		hit(&e.textField, 0, fyne.KeyHome)
		caretAt(t, e, "Home", 0)
	}
}

// Backspace behind a pill, and Delete before one, make selected text of it; the same key once more removes it, another goes into it, and
// Ctrl+Z brings it back.
func TestPillIsOpenedAndRemoved(t *testing.T) {
	e := pilledEntry(t)
	e.SetText("from:reza is:unread")
	hit(&e.textField, 0, fyne.KeyBackspace)
	wantPills(t, e, "opened", "from:reza")
	if e.SelectedText() != "is:unread" || e.Text() != "from:reza is:unread" {
		t.Fatalf("Backspace: %q of %q", e.SelectedText(), e.Text())
	}
	hit(&e.textField, 0, fyne.KeyRight, fyne.KeyBackspace)
	if e.Text() != "from:reza is:unrea" {
		t.Fatalf("going into it and Backspace: %q", e.Text())
	}
	wantPills(t, e, "while it is changed", "from:reza")
	hit(&e.textField, 0, fyne.KeyHome)
	wantPills(t, e, "left", "from:reza", "is:unrea")
	hit(&e.textField, 0, fyne.KeyDelete)
	wantPills(t, e, "Delete before it", "is:unrea")
	hit(&e.textField, 0, fyne.KeyDelete)
	if e.Text() != " is:unrea" {
		t.Fatalf("Delete twice: %q", e.Text())
	}
	e.Undo()
	wantPills(t, e, "Undo", "from:reza", "is:unrea")
	hit(&e.textField, 0, fyne.KeyEnd)
	hit(&e.textField, fyne.KeyModifierControl, fyne.KeyBackspace)
	if e.Text() != "from:reza " {
		t.Errorf("Ctrl+Backspace: %q", e.Text())
	}
	e.SelectAll()
	wantPills(t, e, "all selected", "from:reza")
	typed(&e.textField, "x")
	if e.Text() != "x" {
		t.Errorf("typing over all: %q", e.Text())
	}
}

// A click makes text of a pill, at once where it was clicked; a disabled field keeps its pills.
func TestPillIsClicked(t *testing.T) {
	e := pilledEntry(t)
	e.SetText("is:unread bb")
	l := e.laidOut(0)
	p := e.m.paras[0].pills.shown[0]
	r := l.rects(p.at, p.at+len(pillRune), 0, 20)[0]
	origin := e.view.raster.Position()
	press := func() {
		at := fyne.NewPos(origin.X+bleed+r.X+r.W/2, origin.Y+bleed+10)
		e.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at, AbsolutePosition: at}, Button: desktop.MouseButtonPrimary})
		e.MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at, AbsolutePosition: at}, Button: desktop.MouseButtonPrimary})
	}
	e.SetEnabled(false)
	press()
	wantPills(t, e, "a click into a disabled field", "is:unread")
	e.SetEnabled(true)
	e.SetCaret(len(e.Text()))
	e.clicks = clickCounter{}
	press()
	wantPills(t, e, "a click")
	if from, to := e.Selection(); from != to || from < 2 || from > 8 {
		t.Errorf("the caret is at %d to %d, not where the click was", from, to)
	}
}

// Offsets of what is shown and of the text belong together, also beside letters of several bytes.
func TestPillOffsets(t *testing.T) {
	e := pilledEntry(t)
	e.SetText("نان is:unread آب a:b")
	e.SetCaret(0)
	e.laidOut(0)
	ps := e.m.paras[0].pills
	if len(ps.shown) != 2 {
		t.Fatalf("%d pills", len(ps.shown))
	}
	for o := range len(e.Text()) + 1 {
		want := o
		for _, p := range ps.shown {
			if o > p.start && o < p.end {
				want = p.start
			}
		}
		if have := ps.real(ps.offset(o)); have != want {
			t.Errorf("offset %d comes back as %d, want %d", o, have, want)
		}
	}
}
