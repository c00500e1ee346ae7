package kit

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/uitest"
)

func shownEditor(t testing.TB) *Editor {
	t.Helper()
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("editor")
	e := NewEditor()
	SetContent(w, e)
	w.Resize(fyne.NewSize(600, 400))
	e.Focus()
	t.Cleanup(func() { w.Close(); lang.Set("en"); testModifiers = 0 })
	return e
}

func typed(t *textField, s string) {
	for _, r := range s {
		if r == '\n' {
			t.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		} else {
			t.TypedRune(r)
		}
	}
}

func hit(t *textField, mod fyne.KeyModifier, keys ...fyne.KeyName) {
	for _, k := range keys {
		if mod&^fyne.KeyModifierShift != 0 {
			t.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: mod})
			continue
		}
		testModifiers = mod
		t.TypedKey(&fyne.KeyEvent{Name: k})
		testModifiers = 0
	}
}

func TestEditorTypesAndUndoesByWords(t *testing.T) {
	e := shownEditor(t)
	var heard string
	e.OnChanged = func(s string) { heard = s }
	typed(&e.textField, "hello big world")
	if e.Text() != "hello big world" || heard != e.Text() {
		t.Fatalf("text %q, heard %q", e.Text(), heard)
	}
	for _, want := range []string{"hello big ", "hello ", ""} {
		e.Undo()
		if e.Text() != want {
			t.Fatalf("undo gives %q, want %q", e.Text(), want)
		}
	}
	e.Redo()
	e.Redo()
	if e.Text() != "hello big " {
		t.Errorf("redo gives %q", e.Text())
	}
	typed(&e.textField, "x")
	if e.CanRedo() {
		t.Error("typing after undo leaves something to redo")
	}
}

func TestEditorParagraphs(t *testing.T) {
	e := shownEditor(t)
	typed(&e.textField, "one\ntwo\nthree")
	hit(&e.textField, 0, fyne.KeyUp, fyne.KeyHome, fyne.KeyBackspace)
	if e.Text() != "onetwo\nthree" {
		t.Fatalf("Backspace at the start of a line: %q", e.Text())
	}
	hit(&e.textField, 0, fyne.KeyEnd, fyne.KeyDelete)
	if e.Text() != "onetwothree" {
		t.Fatalf("Delete at the end of a line: %q", e.Text())
	}
	e.Undo()
	e.Undo()
	if e.Text() != "one\ntwo\nthree" {
		t.Fatalf("undo: %q", e.Text())
	}
	e.SelectAll()
	e.Insert("a\r\nb\rc")
	if e.Text() != "a\nb\nc" || len(e.m.paras) != 3 {
		t.Fatalf("pasted line ends: %q in %d paragraphs", e.Text(), len(e.m.paras))
	}
	e.Select(1, 4)
	e.Insert("-")
	if e.Text() != "a-c" {
		t.Fatalf("replacing over paragraphs: %q", e.Text())
	}
}

func TestEditorMovesByTheEyeInPersian(t *testing.T) {
	e := shownEditor(t)
	e.SetText("سلام")
	e.SetCaret(0)
	hit(&e.textField, 0, fyne.KeyLeft)
	if s, _ := e.Selection(); s != len("س") {
		t.Errorf("Left in a right-to-left line goes to %d", s)
	}
	hit(&e.textField, 0, fyne.KeyRight, fyne.KeyRight)
	if s, _ := e.Selection(); s != 0 {
		t.Errorf("Right stops at the start, not at %d", s)
	}
	e.SetText("abc\nسلام")
	e.SetCaret(3)
	hit(&e.textField, 0, fyne.KeyRight)
	if s, _ := e.Selection(); s != 4 {
		t.Errorf("Right at the end of a left-to-right line goes to %d, want the next line", s)
	}
	hit(&e.textField, 0, fyne.KeyRight)
	if s, _ := e.Selection(); s != 3 {
		t.Errorf("Right at the start of a right-to-left line goes to %d, want the line before", s)
	}
}

func TestEditorWords(t *testing.T) {
	e := shownEditor(t)
	ctrl := fyne.KeyModifierControl
	e.SetText("the quick fox")
	e.SetCaret(len(e.Text()))
	hit(&e.textField, ctrl, fyne.KeyBackspace)
	if e.Text() != "the quick " {
		t.Errorf("Ctrl+Backspace: %q", e.Text())
	}
	hit(&e.textField, ctrl, fyne.KeyLeft, fyne.KeyLeft)
	if s, _ := e.Selection(); s != 0 {
		t.Errorf("Ctrl+Left twice: %d", s)
	}
	hit(&e.textField, ctrl|fyne.KeyModifierShift, fyne.KeyRight)
	if got := strings.TrimSpace(e.SelectedText()); got != "the" {
		t.Errorf("Ctrl+Shift+Right selects %q", got)
	}
}

func TestEditorZeroWidthNonJoiner(t *testing.T) {
	e := shownEditor(t)
	testModifiers = fyne.KeyModifierShift
	typed(&e.textField, "می ")
	typed(&e.textField, "x ")
	testModifiers = 0
	if e.Text() != "می\u200cx " {
		t.Errorf("%q", e.Text())
	}
	e.SetText("می\u200c")
	e.SetCaret(len(e.Text()))
	hit(&e.textField, 0, fyne.KeyBackspace)
	if e.Text() != "می" {
		t.Errorf("Backspace takes more than the joiner: %q", e.Text())
	}
}

func TestEditorClipboardAndMouse(t *testing.T) {
	e := shownEditor(t)
	e.SetText("copy these words")
	x, y, _, _ := e.inner()
	at := func(off int) fyne.Position {
		r := e.laidOut(0).CaretRect(e.caretPos(spot{0, off}, 0))
		return fyne.NewPos(x+r.X+1, y+r.Y+5)
	}
	down := func(p fyne.Position) {
		ev := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		ev.Position = p
		e.MouseDown(ev)
		e.MouseUp(ev)
	}
	down(at(6))
	down(at(6))
	if e.SelectedText() != "these" {
		t.Fatalf("double click selects %q", e.SelectedText())
	}
	e.TypedShortcut(&fyne.ShortcutCut{})
	e.TypedShortcut(&fyne.ShortcutPaste{})
	e.TypedShortcut(&fyne.ShortcutPaste{})
	if e.Text() != "copy thesethese words" {
		t.Errorf("cut and paste: %q", e.Text())
	}
	e.clicks = clickCounter{}
	down(at(2))
	down(at(2))
	down(at(2))
	if e.SelectedText() != e.Text() {
		t.Errorf("triple click selects %q", e.SelectedText())
	}
	e.clicks = clickCounter{}
	e.Select(0, 0) // a press on what is selected would carry it
	down(at(0))
	drag := &fyne.DragEvent{}
	drag.Position = at(4)
	e.Dragged(drag)
	if e.SelectedText() != "copy" {
		t.Errorf("drag selects %q", e.SelectedText())
	}
}

func TestEditorDirections(t *testing.T) {
	e := shownEditor(t)
	e.SetText("سلام\nhello\n\n123")
	want := []bool{true, false, false, false}
	for i, rtl := range e.ParagraphDirections() {
		if rtl != want[i] {
			t.Errorf("paragraph %d: right to left %v", i, rtl)
		}
	}
	e.SetCaret(len("سلام\n"))
	hit(&e.textField, fyne.KeyModifierControl|fyne.KeyModifierShift, fyne.KeyX)
	if !e.ParagraphDirections()[1] {
		t.Error("Ctrl+Shift+X did not turn the paragraph")
	}
	e.SetParagraphDirection(DirParagraph)
	if e.ParagraphDirections()[1] {
		t.Error("automatic again gives right to left")
	}
}

func TestEditorForwardsWhatItDoesNotUse(t *testing.T) {
	e := shownEditor(t)
	var got []string
	e.OnShortcut = func(s fyne.Shortcut) bool { got = append(got, s.ShortcutName()); return true }
	send := &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl}
	for _, s := range []fyne.Shortcut{send, &fyne.ShortcutUndo{}, &fyne.ShortcutSelectAll{},
		&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierControl}} {
		e.TypedShortcut(s)
	}
	if len(got) != 1 || got[0] != send.ShortcutName() {
		t.Errorf("handed on: %v", got)
	}
}

// TestEditorOnLongText types into 100,000 characters of many paragraphs; the text stays the same elsewhere. The time is
// printed, not judged.
func TestEditorOnLongText(t *testing.T) {
	e := shownEditor(t)
	para := "گزارش هفتهٔ ۴۸ را پیوست کردم؛ the English part is on page 3. "
	var b strings.Builder
	for n := 0; n < 100_000; n += 120 {
		b.WriteString(para + para + "\n")
	}
	e.SetText(b.String())
	e.SetCaret(b.Len() / 2)
	e.SetCaret(b.Len()/2 + len(e.m.paras[e.m.caret.p].text) - e.m.caret.o)
	start := time.Now()
	const n = 200
	typed(&e.textField, strings.Repeat("سلام ", n/5))
	t.Logf("%d paragraphs, %v a key", len(e.m.paras), time.Since(start)/n)
	if len(e.Text()) <= b.Len() || !strings.HasPrefix(e.Text(), para) {
		t.Error("the text is not what it was")
	}
}

const benchLine = "گزارش هفتهٔ ۴۸ را پیوست کردم؛ the English part is on page 3. "

// BenchmarkEditorKeyManyParagraphs is a key in the middle of 100,000 characters in 1700 paragraphs, painted, and taken
// back; "median" is what one key takes.
func BenchmarkEditorKeyManyParagraphs(b *testing.B) {
	benchKeys(b, strings.Repeat(benchLine+"\n", 1700))
}

// BenchmarkEditorKeyOneParagraph is the same in one paragraph of 100,000 characters.
func BenchmarkEditorKeyOneParagraph(b *testing.B) { benchKeys(b, strings.Repeat(benchLine, 1700)) }

func benchKeys(b *testing.B, s string) {
	e := shownEditor(b)
	e.OnChanged = func(string) {}
	e.SetText(s)
	benchType(b, e, len(benchLine)*850+850*strings.Count(s, "\n")/1700)
}

// benchType types at a place and takes back.
func benchType(b *testing.B, e *Editor, at int) {
	e.SetCaret(at)
	e.view.draw(606, 400)
	var took []time.Duration
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		e.TypedRune('س')
		e.view.draw(606, 400)
		took = append(took, time.Since(start))
		e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median/key")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-99%/key")
}

// TestEditorOnOneLongParagraph edits a paragraph that is kept in blocks, and holds it against the same text laid out anew.
func TestEditorOnOneLongParagraph(t *testing.T) {
	e := shownEditor(t)
	s := strings.Repeat(benchLine, 400)
	e.SetText(s)
	at := len(benchLine) * 200
	e.SetCaret(at)
	if _, ok := e.m.paras[0].layout.(longPara); !ok {
		t.Fatalf("a paragraph of %d bytes is laid out by %T", len(s), e.m.paras[0].layout)
	}
	typed(&e.textField, "سلام دنیا ")
	hit(&e.textField, 0, fyne.KeyBackspace, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd)
	want := s[:at] + "سلام دنیا" + s[at:]
	if e.Text() != want || e.m.paras[0].layout.(longPara).Text() != want {
		t.Fatal("text and layout differ")
	}
	e.SetCaret(at + len("سلام"))
	got := e.caretRect()
	fresh := shownEditor(t)
	fresh.SetText(want)
	fresh.SetCaret(at + len("سلام"))
	if r := fresh.caretRect(); r.X != got.X || r.H != got.H {
		t.Errorf("the caret stands at %v, in a text laid out anew at %v", got, r)
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(e.m.paras) != 2 {
		t.Errorf("%d paragraphs after Enter", len(e.m.paras))
	}
	for e.CanUndo() {
		e.Undo()
	}
	if e.Text() != s {
		t.Error("undo does not bring the text back")
	}
}

// TestDirectionsByHandAreUndone turns paragraphs, splits and deletes them, and goes back and forth through the history.
func TestDirectionsByHandAreUndone(t *testing.T) {
	e := shownEditor(t)
	e.SetText("one\ntwo\nسه")
	type state struct {
		text string
		dirs []int8
	}
	now := func() state { return state{e.Text(), e.ForcedDirections()} }
	states := []state{now()}
	do := func(f func()) { f(); states = append(states, now()) }
	do(func() { e.SetCaret(0); e.ToggleDirection() })
	do(func() { e.Select(4, 7); e.ToggleDirection() })
	do(func() { e.SetCaret(3); e.Insert("\nnew\n") })
	do(func() { e.Select(2, 13); e.Insert("") })
	do(func() { e.SetParagraphDirection(DirParagraph) })
	want := [][]int8{nil, {1}, {1, 1}, {1, 1, 1, 1}, {1}, nil}
	for i, s := range states {
		if !slices.Equal(s.dirs, want[i]) {
			t.Errorf("state %d %q has the directions %v, want %v", i, s.text, s.dirs, want[i])
		}
	}
	for i := len(states) - 2; i >= 0; i-- {
		e.Undo()
		if !reflect.DeepEqual(now(), states[i]) {
			t.Fatalf("undo to state %d gives %v, want %v", i, now(), states[i])
		}
	}
	for i := 1; i < len(states); i++ {
		e.Redo()
		if !reflect.DeepEqual(now(), states[i]) {
			t.Fatalf("redo to state %d gives %v, want %v", i, now(), states[i])
		}
	}
}

// TestEditorTakesDirectionsOfADraft sets the directions of a draft that is opened again.
func TestEditorTakesDirectionsOfADraft(t *testing.T) {
	e := shownEditor(t)
	e.SetText("one\nدو\nthree\n")
	for _, dirs := range [][]int8{{1, -1}, nil, {0, 0, 1}} {
		e.SetForcedDirections(dirs)
		if got := e.ForcedDirections(); !slices.Equal(got, dirs) {
			t.Errorf("set %v, got %v", dirs, got)
		}
	}
	if got, want := e.ParagraphDirections(), []bool{false, true, true, true}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
	if e.CanUndo() {
		t.Error("opening a draft can be undone")
	}
}

// TestNewLineFollowsTheParagraphBefore: the caret of an empty line stands where the text is going to be.
func TestNewLineFollowsTheParagraphBefore(t *testing.T) {
	e := shownEditor(t)
	typed(&e.textField, "سلام\n")
	if r := e.caretRect(); r.X < e.shape.width/2 {
		t.Errorf("after a Persian paragraph the caret of the new line stands at %v of %v", r.X, e.shape.width)
	}
	typed(&e.textField, "12")
	if got := e.ParagraphDirections(); !got[1] {
		t.Error("a number after a Persian paragraph runs from left to right")
	}
	typed(&e.textField, " words")
	if got := e.ParagraphDirections(); got[1] {
		t.Error("an English paragraph runs from right to left")
	}
}
