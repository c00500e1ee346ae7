package kit

import "fyne.io/fyne/v2"

func showTipLater(fyne.CanvasObject, string) {}
func hideTip(fyne.CanvasObject)              {}
