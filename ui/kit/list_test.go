package kit

import (
	"fmt"
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/lang"
	"peyk/ui/uitest"
)

// shownList is a list of n rows of 40 units in a window of 300×400, and what its rows show.
func shownList(t *testing.T, n int) (*List, fyne.Window) {
	t.Helper()
	app := uitest.NewApp(t, nil)
	l := NewList(ListOptions{
		New:       func() fyne.CanvasObject { return NewLabel("", Body) },
		Bind:      func(i int, o fyne.CanvasObject, _ RowState) { o.(*Label).SetText(fmt.Sprint(i)) },
		RowHeight: 40, Multi: true,
	})
	w := app.NewWindow("list")
	SetContent(w, l)
	w.Resize(fyne.NewSize(300, 400))
	l.SetCount(n)
	t.Cleanup(func() { w.Close(); lang.Set("en"); testModifiers = 0 })
	return l, w
}

func press(l *List, y float32, mod fyne.KeyModifier) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mod}
	e.Position = fyne.NewPos(20, y)
	l.clicks = clickCounter{}
	l.MouseDown(e)
	l.MouseUp(e)
}

func key(l *List, k fyne.KeyName, mod fyne.KeyModifier) {
	testModifiers = mod
	l.TypedKey(&fyne.KeyEvent{Name: k})
	testModifiers = 0
}

func TestListOfAMillionRowsLosesNoPixel(t *testing.T) {
	l, _ := shownList(t, 1_000_000)
	l.SetOffset(39_999_600) // the end: 40 million units less the view
	if first, last := l.VisibleRows(); first != 999_990 || last != 999_999 {
		t.Fatalf("rows %d to %d in view", first, last)
	}
	for i := 999_990; i <= 999_999; i++ {
		r := l.rows[i]
		if r == nil || r.widget.(*Label).Text() != fmt.Sprint(i) {
			t.Fatalf("row %d is not shown", i)
		}
		if y := r.widget.Position().Y; y != float32(i-999_990)*40 {
			t.Errorf("row %d stands at %v", i, y)
		}
	}
	l.SetOffset(20_000_001)
	if y := l.rows[500_000].widget.Position().Y; y != -1 {
		t.Errorf("after one unit the row stands at %v, want -1", y)
	}
	if n := len(l.rows) + len(l.spare); n > 25 {
		t.Errorf("%d row widgets for a view of 10", n)
	}
}

func TestListSelectionByKeyboard(t *testing.T) {
	l, _ := shownList(t, 100)
	told := 0
	l.OnSelect = func() { told++ }
	key(l, fyne.KeyDown, 0)
	key(l, fyne.KeyDown, 0)
	if l.Cursor() != 1 || !reflect.DeepEqual(l.Selected(), []int{1}) || told != 2 {
		t.Fatalf("cursor %d, selected %v, told %d", l.Cursor(), l.Selected(), told)
	}
	key(l, fyne.KeyDown, fyne.KeyModifierShift)
	key(l, fyne.KeyDown, fyne.KeyModifierShift)
	if !reflect.DeepEqual(l.Selected(), []int{1, 2, 3}) {
		t.Errorf("after Shift+Down twice: %v", l.Selected())
	}
	key(l, fyne.KeyUp, fyne.KeyModifierShift)
	if !reflect.DeepEqual(l.Selected(), []int{1, 2}) {
		t.Errorf("Shift+Up shrinks: %v", l.Selected())
	}
	key(l, fyne.KeyEnd, 0)
	if l.Cursor() != 99 || l.SelectedCount() != 1 {
		t.Errorf("End: cursor %d, %d selected", l.Cursor(), l.SelectedCount())
	}
	if _, last := l.VisibleRows(); last != 99 {
		t.Errorf("End shows rows up to %d", last)
	}
	key(l, fyne.KeyPageUp, 0)
	if l.Cursor() != 90 {
		t.Errorf("PageUp: cursor %d, want 90", l.Cursor())
	}
	key(l, fyne.KeyHome, fyne.KeyModifierShift)
	if l.Cursor() != 0 || l.SelectedCount() != 91 {
		t.Errorf("Shift+Home: cursor %d, %d selected", l.Cursor(), l.SelectedCount())
	}
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if l.SelectedCount() != 100 || len(l.SelectedRanges()) != 1 {
		t.Errorf("Ctrl+A: %v", l.SelectedRanges())
	}
	l.Select(5)
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierControl})
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierControl})
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeySpace, Modifier: fyne.KeyModifierControl})
	if !reflect.DeepEqual(l.Selected(), []int{5, 7}) {
		t.Errorf("Ctrl+Down, Ctrl+Space: %v", l.Selected())
	}
}

func TestListSelectionByMouse(t *testing.T) {
	l, _ := shownList(t, 100)
	press(l, 50, 0)
	press(l, 130, fyne.KeyModifierControl)
	press(l, 210, fyne.KeyModifierShift)
	if !reflect.DeepEqual(l.Selected(), []int{3, 4, 5}) {
		t.Errorf("click, Ctrl, Shift: %v", l.Selected())
	}
	press(l, 170, 0) // within several: alone when the button goes up
	if !reflect.DeepEqual(l.Selected(), []int{4}) {
		t.Errorf("click in a selection: %v", l.Selected())
	}
	press(l, 170, fyne.KeyModifierControl)
	if l.SelectedCount() != 0 || l.Cursor() != 4 {
		t.Errorf("Ctrl on the only one: %v, cursor %d", l.Selected(), l.Cursor())
	}
	opened := -1
	l.OnOpen = func(i int) { opened = i }
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(20, 90)
	l.clicks = clickCounter{}
	l.MouseDown(e)
	l.MouseDown(e)
	if opened != 2 {
		t.Errorf("double click opened %d", opened)
	}
}

func TestListKeepsItsPlaceWhenRowsAreInsertedAbove(t *testing.T) {
	l, _ := shownList(t, 100)
	l.Select(50)
	l.SetOffset(1910)
	y := l.rows[50].widget.Position().Y
	l.Inserted(0, 7)
	if l.Cursor() != 57 || !l.IsSelected(57) || l.SelectedCount() != 1 || l.Count() != 107 {
		t.Fatalf("cursor %d, selected %v", l.Cursor(), l.Selected())
	}
	if got := l.rows[57].widget.Position().Y; got != y {
		t.Errorf("the row went from %v to %v", y, got)
	}
	l.Removed(0, 7)
	if got := l.rows[50].widget.Position().Y; got != y || l.Cursor() != 50 {
		t.Errorf("after removal the row stands at %v, cursor %d", got, l.Cursor())
	}
	l.Removed(50, 1)
	if l.Cursor() != 50 || l.SelectedCount() != 0 {
		t.Errorf("the row of the cursor went: cursor %d, selected %v", l.Cursor(), l.Selected())
	}
	l.SetOffset(0)
	l.Inserted(0, 3)
	if l.Offset() != 0 {
		t.Errorf("a list at its top shows %v", l.Offset())
	}
}

func TestListSkipsHeaders(t *testing.T) {
	l, _ := shownList(t, 10)
	l.opt.Skip = func(i int) bool { return i == 0 || i == 3 }
	l.SetHeaders([]int{0, 3}, 24)
	if got := l.total(); got != 8*40+2*24 {
		t.Fatalf("total height %v", got)
	}
	for i := range 10 {
		if got := l.rowAt(l.top(i) + 1); got != i {
			t.Errorf("row %d is found as %d", i, got)
		}
	}
	key(l, fyne.KeyHome, 0)
	if l.Cursor() != 1 {
		t.Errorf("Home goes to %d", l.Cursor())
	}
	key(l, fyne.KeyDown, 0)
	key(l, fyne.KeyDown, 0)
	if l.Cursor() != 4 {
		t.Errorf("two down goes to %d", l.Cursor())
	}
}

// target takes every payload over a rectangle.
type target struct {
	from, to fyne.Position
	got      any
	over     bool
}

func (g *target) DragOver(p fyne.Position, _ any) bool {
	g.over = p.X >= g.from.X && p.X < g.to.X && p.Y >= g.from.Y && p.Y < g.to.Y
	return g.over
}
func (g *target) DragOut()                                 { g.over = false }
func (g *target) DropAt(_ fyne.Position, payload any) bool { g.got = payload; return true }

func TestListDragsToATarget(t *testing.T) {
	l, _ := shownList(t, 10)
	g := &target{to: fyne.NewPos(100, 100)}
	l.DropTargets = []DropTarget{g}
	l.DragPayload = func() (any, string) { return l.Selected(), "rows" }
	l.SetSelected([]int{1, 2}, 1)
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(20, 50)
	l.MouseDown(e)
	drag := func(x, y float32) {
		ev := &fyne.DragEvent{}
		ev.AbsolutePosition = fyne.NewPos(x, y)
		l.Dragged(ev)
	}
	drag(200, 200)
	if g.over || g.got != nil {
		t.Fatal("a drop where there is no target")
	}
	drag(50, 50)
	if !g.over {
		t.Fatal("the target was not asked")
	}
	l.DragEnd()
	if !reflect.DeepEqual(g.got, []int{1, 2}) {
		t.Errorf("dropped %v", g.got)
	}
	l.MouseUp(e)
	if l.SelectedCount() != 2 {
		t.Errorf("a drag changed the selection to %v", l.Selected())
	}
}

// Without a cursor the arrow keys and Home begin at the top, End at the end.
func TestFirstKeyInAList(t *testing.T) {
	for key, want := range map[fyne.KeyName]int{fyne.KeyDown: 0, fyne.KeyUp: 0, fyne.KeyHome: 0, fyne.KeyEnd: 9} {
		l, _ := shownList(t, 10)
		l.TypedKey(&fyne.KeyEvent{Name: key})
		if l.Cursor() != want {
			t.Errorf("%s: row %d, want %d", key, l.Cursor(), want)
		}
	}
}

// Escape during a drag drops nothing and changes no selection; what the pointer does until the button goes up means nothing.
func TestEscapeEndsADrag(t *testing.T) {
	l, _ := shownList(t, 10)
	g := &target{to: fyne.NewPos(100, 100)}
	l.DropTargets = []DropTarget{g}
	l.DragPayload = func() (any, string) { return l.Selected(), "rows" }
	opened := false
	l.OnKey = func(*fyne.KeyEvent) bool { opened = true; return true }
	l.SetSelected([]int{1, 2}, 1)
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(20, 50)
	l.MouseDown(e)
	ev := &fyne.DragEvent{}
	ev.AbsolutePosition = fyne.NewPos(50, 50)
	l.Dragged(ev)
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if g.over {
		t.Error("the target still shows that it takes the rows")
	}
	l.Dragged(ev)
	l.DragEnd()
	l.MouseUp(e)
	if g.got != nil || opened || !reflect.DeepEqual(l.Selected(), []int{1, 2}) {
		t.Errorf("dropped %v, a key went on: %v, selected %v", g.got, opened, l.Selected())
	}
	l.Dragged(ev) // the next one is a drag again
	l.DragEnd()
	if g.got == nil {
		t.Error("nothing can be dragged any more")
	}
}

// What is selected is scrolled to once: reading the nodes again leaves a tree where it was scrolled to.
func TestTreeStaysWhereItWasScrolledTo(t *testing.T) {
	app := uitest.NewApp(t, nil)
	tree := NewTree()
	var nodes []*TreeNode
	for i := range 40 {
		nodes = append(nodes, &TreeNode{ID: string(rune('A' + i)), Text: "x"})
	}
	tree.SetNodes(nodes)
	w := app.NewWindow("tree")
	defer w.Close()
	SetContent(w, tree)
	w.Resize(fyne.NewSize(200, 300))
	last := nodes[39].ID
	tree.Select(last)
	if tree.list.offset == 0 {
		t.Fatal("what is selected is not shown")
	}
	tree.list.scrollTo(0)
	tree.SetNodes(nodes)
	tree.Select(last)
	if tree.list.offset != 0 {
		t.Error("scrolled back to what is selected")
	}
	tree.Select("A")
	tree.Select(last)
	if tree.list.offset == 0 {
		t.Error("another selection is not shown")
	}
}

// A tree scrolls while something is held at its edge, and opens a closed node that it is held over.
func TestTreeUnderADrag(t *testing.T) {
	app := uitest.NewApp(t, nil)
	tree := NewTree()
	nodes := []*TreeNode{{ID: "top", Text: "top", Droppable: true, Children: []*TreeNode{{ID: "in", Text: "in", Droppable: true}}}}
	for i := range 30 {
		nodes = append(nodes, &TreeNode{ID: string(rune('a' + i)), Text: "x", Droppable: true})
	}
	tree.OnDrop = func(string, any) {}
	tree.SetNodes(nodes)
	w := app.NewWindow("tree")
	defer w.Close()
	SetContent(w, tree)
	w.Resize(fyne.NewSize(200, 300))
	if tree.DragScroll(fyne.NewPos(100, 150)) || tree.DragScroll(fyne.NewPos(500, 299)) {
		t.Error("scrolls although the pointer is not at its edge")
	}
	if !tree.DragScroll(absolute(tree).AddXY(100, 298)) || tree.list.offset == 0 {
		t.Error("does not scroll at its lower edge")
	}
	tree.list.scrollTo(0)
	if !tree.DragOver(absolute(tree).AddXY(100, 10), "x") || tree.dwell.id != "top" {
		t.Fatalf("held over %q", tree.dwell.id)
	}
	tree.dwelt()
	if tree.index("in") < 0 {
		t.Error("what something is held over did not open")
	}
	tree.DragOut()
	if tree.dwell.id != "" || tree.list.drop != -1 {
		t.Error("something is still held over it")
	}
}

func TestRangesAgainstASet(t *testing.T) {
	var r ranges
	set := map[int]bool{}
	seed := uint32(7)
	rnd := func(n int) int { seed = seed*1664525 + 1013904223; return int(seed>>8) % n }
	for range 4000 {
		a, n := rnd(60), 1+rnd(6)
		switch rnd(4) {
		case 0:
			r = r.with(a, a+n)
			for i := a; i < a+n; i++ {
				set[i] = true
			}
		case 1:
			r = r.without(a, a+n)
			for i := a; i < a+n; i++ {
				delete(set, i)
			}
		case 2:
			r = r.inserted(a, n)
			next := map[int]bool{}
			for i := range set {
				if i >= a {
					i += n
				}
				next[i] = true
			}
			set = next
		default:
			r = r.removed(a, n)
			next := map[int]bool{}
			for i := range set {
				if i < a {
					next[i] = true
				} else if i >= a+n {
					next[i-n] = true
				}
			}
			set = next
		}
		if r.count() != len(set) {
			t.Fatalf("%v has %d rows, want %d", r, r.count(), len(set))
		}
		for i := range set {
			if !r.has(i) {
				t.Fatalf("%v lacks %d", r, i)
			}
		}
	}
}
