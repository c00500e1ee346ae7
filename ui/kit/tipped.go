package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// tipped shows a tooltip while the pointer rests on its content.
type tipped struct {
	base
	content fyne.CanvasObject
	tip     string
}

// WithTip gives o a tooltip, such as the date in the other calendar; "" gives none. What o itself does under the pointer
// goes on working only where o covers the wrapper.
func WithTip(o fyne.CanvasObject, tip string) fyne.CanvasObject {
	if tip == "" {
		return o
	}
	t := &tipped{content: o, tip: tip}
	t.ExtendBaseWidget(t)
	return t
}

// MouseIn implements desktop.Hoverable.
func (t *tipped) MouseIn(*desktop.MouseEvent) { showTipLater(t, t.tip) }

// MouseMoved implements desktop.Hoverable.
func (t *tipped) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *tipped) MouseOut() { hideTip(t) }

// HeightForWidth is the height of the content.
func (t *tipped) HeightForWidth(w float32) float32 { return HeightFor(t.content, w) }

// CreateRenderer implements fyne.Widget.
func (t *tipped) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }
