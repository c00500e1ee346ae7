package kit

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/theme"
)

// EmptyState says what belongs here and offers the next step; action may be nil.
func EmptyState(icon icons.Name, title, text string, action *Button) fyne.CanvasObject {
	box := VBox(8, Center(NewIcon(icon, theme.Muted, 36)), NewLabel(title, Strong).Aligned(AlignCenter))
	if text != "" {
		box.Add(NewLabel(text, Muted).Wrapped().Aligned(AlignCenter))
	}
	if action != nil {
		box.Add(Pad(8, 0, 0, 0, Center(action)))
	}
	return Center(Fixed(320, 0, box))
}
