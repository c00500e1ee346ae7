package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// widths are those of the folder pane (0: behind its button), the list and the reader, in a window of this width.
func (b *bench) widths(window float32) (folders, list, reader float32) {
	b.Helper()
	b.w.Window().Resize(fyne.NewSize(window, 800))
	b.drain()
	if b.w.folders.content.Visible() == b.w.tools.places.Visible() {
		b.Errorf("%v wide: the folder pane shows %t, and its button, too", window, b.w.tools.places.Visible())
	}
	if b.w.folders.content.Visible() {
		folders = b.w.folders.content.Size().Width
	}
	return folders, b.w.list.content.Size().Width, b.w.one.content.Size().Width
}

// Between a telephone and a window with room for three panes the folders are behind their button: list and text can be read.
func TestListAndTextShareAWindowWithoutRoomForThree(t *testing.T) {
	b := newBench(t)
	b.selectSubject(reza)
	b.drain()
	for _, window := range []float32{640, 700, 760, 859} {
		folders, list, reader := b.widths(window)
		if folders != 0 || list < 275 || list > 320 || reader < 350 {
			t.Errorf("%v wide: the folders have %v, the list %v, the text %v", window, folders, list, reader)
		}
	}
	if folders, list, reader := b.widths(560); folders != 0 || list < 240 || reader < 300 {
		t.Errorf("560 wide: the folders have %v, the list %v, the text %v", folders, list, reader)
	}
	for window, want := range map[float32][3]float32{860: {189, 309, 360}, 1280: {236, 400, 642}} {
		folders, list, reader := b.widths(window)
		for i, got := range []float32{folders, list, reader} {
			if d := got - want[i]; d < -1 || d > 1 {
				t.Errorf("%v wide: the panes have %v, %v and %v, want %v", window, folders, list, reader, want)
				break
			}
		}
	}
}

// What the user chose, the widths of the panes and the message, outlasts a window that is made narrow and wide again.
func TestResizingKeepsDividersAndSelection(t *testing.T) {
	b := newBench(t)
	b.w.state.FolderPane, b.w.state.List = 210, 350
	b.selectSubject(reza)
	b.drain()
	f, l, r := b.widths(1280)
	if f != 210 || l != 350 {
		t.Fatalf("the panes have %v and %v", f, l)
	}
	for _, window := range []float32{861, 858, 861, 640, 500, 640, 900, 640} {
		b.widths(window)
		if got := b.w.reader.Message(); got != b.ids[reza] || b.w.list.SelectedCount() != 1 {
			t.Errorf("%v wide: another message is open", window)
		}
	}
	if f2, l2, r2 := b.widths(1280); f2 != f || l2 != l || r2 != r {
		t.Errorf("wide again the panes have %v, %v, %v, had %v, %v, %v", f2, l2, r2, f, l, r)
	}
}

// The keyboard does not stay with folders that are behind their button.
func TestFoldersBehindTheirButtonHaveNoKeyboard(t *testing.T) {
	b := newBench(t)
	b.w.folders.tree.Focus()
	b.widths(700)
	if b.w.folders.tree.Focused() || !b.w.list.list.Focused() {
		t.Errorf("the keyboard is with %T", b.w.Window().Canvas().Focused())
	}
}

// TestSharedWindowPictures draws the window at the widths at which it changes (PEYK_SHOTS=folder).
func TestSharedWindowPictures(t *testing.T) {
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = -1 }))
	for _, code := range []string{"en", "fa"} {
		for _, mode := range []theme.Mode{theme.ForceLight, theme.ForceDark} {
			lang.Set(code)
			theme.SetMode(mode)
			for _, window := range []float32{560, 640, 760, 900, 1280} {
				b.widths(window)
				b.selectSubject(sara)
				b.drain()
				b.shot(fmt.Sprintf("shared-%v-%s-%s", window, code, pick(mode == theme.ForceDark, "dark", "light")))
			}
		}
	}
}

// dragLine drags the line behind a pane until that is as wide as this.
func (b *bench) dragLine(s *kit.Split, width float32) {
	b.Helper()
	for _, o := range test.WidgetRenderer(s).Objects() {
		if line, ok := o.(fyne.Draggable); ok {
			line.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(width-o.Position().X, 100)}})
			line.DragEnd()
			b.drain()
			return
		}
	}
	b.Error("there is no line to drag")
}

// A line that is dragged stays where it was let go, in narrow windows and in wide ones each, and is there again after the next start.
func TestALineDraggedInANarrowWindowIsNotThatOfAWideOne(t *testing.T) {
	b := newBench(t)
	const narrow, wide = 640, 1280
	is := func(window, wantFolders, wantList float32) {
		t.Helper()
		folders, list, _ := b.widths(window)
		if d := folders - wantFolders; d < -1 || d > 1 {
			t.Errorf("%v wide: the folders have %v, want %v", window, folders, wantFolders)
		}
		if d := list - wantList; d < -1 || d > 1 {
			t.Errorf("%v wide: the list has %v, want %v", window, list, wantList)
		}
	}
	is(narrow, 0, 280)
	b.dragLine(b.w.inner, 220)
	is(narrow+10, 0, 223)
	is(wide, 236, 400)
	is(narrow, 0, 220)
	b.dragLine(b.w.inner, 330) // more than a list has by itself there
	is(narrow+10, 0, 335)
	is(wide, 236, 400)
	b.dragLine(b.w.inner, 560)
	b.dragLine(b.w.outer, 330)
	is(wide+10, 330, 560)
	is(narrow, 0, 330)
	is(wide, 330, 560)
	b.dragLine(b.w.inner, b.w.inner.MinStart)
	is(wide+10, 330, b.w.inner.MinStart)
	b.w.Close()
	kept, err := model.LoadWindow(t.Context(), b.store)
	b.ok(err)
	if kept.List != b.w.inner.MinStart || kept.FolderPane != 330 {
		t.Errorf("after the next start the folders have %v, the list %v", kept.FolderPane, kept.List)
	}
}
