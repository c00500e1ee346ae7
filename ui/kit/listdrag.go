package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// rowDrag is a drag of rows that is under way.
type rowDrag struct {
	payload any
	ghost   fyne.CanvasObject
	layer   *fyne.Container
	over    DropTarget
	at      fyne.Position // of the pointer; DragEnd is not told
	scroll  edgeScroll
	// cancelled: Escape ended it, and what is left of the movement until the button goes up means nothing.
	cancelled bool
}

// Dragged implements fyne.Draggable.
func (l *List) Dragged(e *fyne.DragEvent) {
	if l.drag == nil {
		if l.DragPayload == nil || l.cursor < 0 {
			return
		}
		payload, label := l.DragPayload()
		if payload == nil {
			return
		}
		hideTip(nil)
		l.drag = &rowDrag{payload: payload, layer: layerOf(l)}
		l.drag.ghost = newPopup(PadXY(12, 7, NewLabel(label, Strong)))
	}
	d := l.drag
	if d.cancelled {
		return
	}
	if d.layer != nil {
		float(d.layer, d.ghost, e.AbsolutePosition.AddXY(14, 10), d.ghost.MinSize())
	}
	d.at = e.AbsolutePosition
	l.dragOver()
	d.scroll.run(l.dragScroll)
}

// dragOver asks the targets who would take what is dragged where the pointer is.
func (l *List) dragOver() {
	d := l.drag
	var over DropTarget
	for _, t := range l.DropTargets {
		if t.DragOver(d.at, d.payload) {
			over = t
			break
		}
	}
	if d.over != nil && d.over != over {
		d.over.DragOut()
	}
	d.over = over
}

// dragScroll scrolls a target whose edge the pointer is held at; false when none has farther to go.
func (l *List) dragScroll() bool {
	d := l.drag
	if d == nil || d.cancelled {
		return false
	}
	for _, t := range l.DropTargets {
		if s, ok := t.(interface {
			DragScroll(pos fyne.Position) bool
		}); ok && s.DragScroll(d.at) {
			l.dragOver()
			return true
		}
	}
	return false
}

// cancelDrag ends a drag without dropping anything; it reports whether there was one.
func (l *List) cancelDrag() bool {
	d := l.drag
	if d == nil || d.cancelled {
		return d != nil
	}
	d.cancelled = true
	l.dragDone(d)
	return true
}

// dragDone takes away what a drag shows.
func (l *List) dragDone(d *rowDrag) {
	d.scroll.stop()
	unfloat(d.layer, d.ghost)
	if d.over != nil {
		d.over.DragOut()
	}
}

// DragEnd implements fyne.Draggable.
func (l *List) DragEnd() {
	d := l.drag
	l.drag, l.pressed = nil, -1
	if d == nil || d.cancelled {
		return
	}
	l.dragDone(d)
	if d.over != nil {
		d.over.DropAt(d.at, d.payload)
	}
}

// hoverList is the list with a row under the pointer, or nil; pointerSeq counts movements of the pointer over widgets of
// this package. A list that the pointer leaves for a button of its own row keeps the row hovered.
var (
	hoverList  *List
	pointerSeq int
)

// pointerAt says that the pointer is over a widget at an absolute position.
func pointerAt(p fyne.Position) {
	pointerSeq++
	if l := hoverList; l != nil {
		at, size := absolute(l), l.Size()
		if p.X < at.X || p.Y < at.Y || p.X >= at.X+size.Width || p.Y >= at.Y+size.Height {
			l.setHover(-1)
		}
	}
}

// pointerGone says that the pointer left a widget; when it comes to no other in a moment, no row is hovered.
func pointerGone() {
	if hoverList == nil {
		return
	}
	seq := pointerSeq
	later(40*time.Millisecond, func() {
		if pointerSeq == seq && hoverList != nil {
			hoverList.setHover(-1)
		}
	})
}
