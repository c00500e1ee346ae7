package kit

import "fyne.io/fyne/v2"

// chipDrag is a chip that is being dragged.
type chipDrag struct {
	ghost fyne.CanvasObject
	layer *fyne.Container
	at    fyne.Position
}

// Dragged implements fyne.Draggable, where OnDrop is set.
func (c *Chip) Dragged(e *fyne.DragEvent) {
	if c.OnDrop == nil {
		return
	}
	if c.drag == nil {
		hideTip(c)
		c.drag = &chipDrag{layer: layerOf(c), ghost: newPopup(PadXY(12, 5, NewLabel(c.text, Strong)))}
	}
	if c.drag.layer != nil {
		float(c.drag.layer, c.drag.ghost, e.AbsolutePosition.AddXY(12, 8), c.drag.ghost.MinSize())
	}
	c.drag.at = e.AbsolutePosition
}

// DragEnd implements fyne.Draggable.
func (c *Chip) DragEnd() {
	d := c.drag
	if c.drag = nil; d == nil {
		return
	}
	unfloat(d.layer, d.ghost)
	c.OnDrop(d.at)
}
