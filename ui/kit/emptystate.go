package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

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
	return Middle(emptyWidth, box)
}

// Middle puts an object into the middle, at most so wide, and narrower where there is less room.
func Middle(width float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(emptyLayout{width}, o)
}

// emptyLayout is the layout of Middle.
type emptyLayout struct{ width float32 }

// What is well read, and what stays free at both sides.
const emptyWidth, emptyMargin = 320, 12

func (l emptyLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		w := max(min(l.width, s.Width-2*emptyMargin), 1)
		h := HeightFor(o, w)
		place(o, s.Width, (s.Width-w)/2, (s.Height-h)/2, w, h)
	}
}

func (l emptyLayout) MinSize(objs []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objs {
		m = m.Max(fyne.NewSize(2*emptyMargin, HeightFor(o, l.width)))
	}
	return m
}
