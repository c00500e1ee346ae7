package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// nodeAt is the index of the node at an absolute position, -1 for none.
func (t *Tree) nodeAt(pos fyne.Position) int {
	p := pos.Subtract(absolute(t.list))
	if p.X < 0 || p.X >= t.list.Size().Width {
		return -1
	}
	return t.list.at(p)
}

// DragOver implements DropTarget.
func (t *Tree) DragOver(pos fyne.Position, payload any) bool {
	i := t.nodeAt(pos)
	ok := i >= 0 && t.flat[i].Droppable && t.OnDrop != nil && (t.CanDrop == nil || t.CanDrop(t.flat[i].ID, payload))
	t.dwellOn(i)
	if !ok {
		i = -1
	}
	t.setDrop(i)
	return ok
}

// dwellTime is how long something is held over a closed node until that opens.
const dwellTime = 700 * time.Millisecond

// dwellOn begins to wait over node i, which opens when it is still there after a while; -1 for none.
func (t *Tree) dwellOn(i int) {
	id := ""
	if i >= 0 && !t.flat[i].open && len(t.flat[i].Children) > 0 {
		id = t.flat[i].ID
	}
	if id == t.dwell.id {
		return
	}
	if t.dwell.timer != nil {
		t.dwell.timer.Stop()
		t.dwell.timer = nil
	}
	t.dwell.id = id
	if id == "" || !onScreen() {
		return
	}
	t.dwell.timer = later(dwellTime, t.dwelt)
}

// dwelt opens the node that something was held over.
func (t *Tree) dwelt() {
	if i := t.index(t.dwell.id); i >= 0 {
		t.expand(i, true)
	}
	t.dwell.id, t.dwell.timer = "", nil
}

// dragEdge is how near to its upper or lower edge a tree scrolls while something is dragged over it.
const dragEdge = 24

// DragScroll scrolls when the pointer of a drag is held at an edge, so that nodes out of sight can be reached; false when it is not there or
// there is nothing more.
func (t *Tree) DragScroll(pos fyne.Position) bool {
	p, size := pos.Subtract(absolute(t.list)), t.list.Size()
	if p.X < 0 || p.X >= size.Width || size.Height < 4*dragEdge {
		return false
	}
	was := t.list.offset
	t.list.scrollTo(was + float64(edgeStep(beyond(p.Y, dragEdge, size.Height-dragEdge))))
	return t.list.offset != was
}

func (t *Tree) setDrop(i int) {
	old := t.list.drop
	t.list.drop = i
	t.list.RefreshRow(old)
	t.list.RefreshRow(i)
}

// DragOut implements DropTarget.
func (t *Tree) DragOut() {
	t.dwellOn(-1)
	t.setDrop(-1)
}

// DropAt implements DropTarget.
func (t *Tree) DropAt(pos fyne.Position, payload any) bool {
	i := t.nodeAt(pos)
	if i < 0 || !t.flat[i].Droppable || t.OnDrop == nil {
		return false
	}
	t.OnDrop(t.flat[i].ID, payload)
	return true
}
