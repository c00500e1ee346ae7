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
		l.drag = &rowDrag{payload: payload, layer: layerOf(l)}
		l.drag.ghost = newPopup(PadXY(12, 7, NewLabel(label, Strong)))
	}
	d := l.drag
	if d.layer != nil {
		float(d.layer, d.ghost, e.AbsolutePosition.AddXY(14, 10), d.ghost.MinSize())
	}
	var over DropTarget
	for _, t := range l.DropTargets {
		if t.DragOver(e.AbsolutePosition, d.payload) {
			over = t
			break
		}
	}
	if d.over != nil && d.over != over {
		d.over.DragOut()
	}
	d.over = over
	d.at = e.AbsolutePosition
}

// DragEnd implements fyne.Draggable.
func (l *List) DragEnd() {
	d := l.drag
	l.drag, l.pressed = nil, -1
	if d == nil {
		return
	}
	unfloat(d.layer, d.ghost)
	if d.over != nil {
		d.over.DragOut()
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
	time.AfterFunc(40*time.Millisecond, func() {
		fyne.Do(func() {
			if pointerSeq == seq && hoverList != nil {
				hoverList.setHover(-1)
			}
		})
	})
}
