package kit

import (
	"time"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/theme"
)

const tipDelay = 600 * time.Millisecond

// tip is the one tooltip of the program: waiting or shown.
var tip struct {
	owner fyne.CanvasObject
	timer *time.Timer
	layer *fyne.Container
	box   fyne.CanvasObject
}

// showTipLater shows text at o after a moment, unless the pointer leaves before.
func showTipLater(o fyne.CanvasObject, text string) {
	hideTip(nil)
	if text == "" {
		return
	}
	tip.owner = o
	tip.timer = later(tipDelay, func() {
		if tip.owner == o && o.Visible() {
			showTip(o, text)
		}
	})
}

// showTip shows text below o, above where there is no room.
func showTip(o fyne.CanvasObject, text string) {
	layer := layerOf(o)
	if layer == nil {
		return
	}
	label := NewLabel(text, Style{Size: theme.TextMeta, Weight: Regular, Color: theme.FG}).Wrapped()
	w := min(label.Natural().Width, 320)
	box := newSurface(theme.Popup, theme.Line, 6, PadXY(9, 5, label))
	box.shadow = true
	size := fyne.NewSize(w+18, HeightFor(label, w)+10)
	at := absolute(o)
	pos := at.AddXY(0, o.Size().Height+6)
	if lang.RTL() {
		pos.X += o.Size().Width - size.Width
	}
	if pos.Y+size.Height > layer.Size().Height {
		pos.Y = at.Y - size.Height - 6
	}
	float(layer, box, pos, size)
	tip.layer, tip.box = layer, box
}

// hideTip ends the tooltip of o, or of anything when o is nil.
func hideTip(o fyne.CanvasObject) {
	if o != nil && o != tip.owner {
		return
	}
	if tip.timer != nil {
		tip.timer.Stop()
	}
	if tip.box != nil {
		unfloat(tip.layer, tip.box)
	}
	tip.owner, tip.timer, tip.layer, tip.box = nil, nil, nil, nil
}
