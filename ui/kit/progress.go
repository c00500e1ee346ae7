package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/ui/theme"
)

// Progress is a thin bar with words beside it; without words it is not shown.
type Progress struct {
	base
	value     float64
	back, bar *canvas.Rectangle
	label     *Label
	width     float32
}

// NewProgress is an empty, hidden progress.
func NewProgress() *Progress {
	p := &Progress{back: newBox(2), bar: newBox(2), label: NewLabel("", Meta).Ellipsized(), width: 120}
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// Set shows a share of 0 to 1 and what is being done; a negative share is work of unknown length (an empty bar). Empty
// words hide the progress.
func (p *Progress) Set(share float64, words string) {
	p.value = min(1, share)
	p.label.SetText(words)
	if words == "" {
		p.Hide()
		return
	}
	p.Show()
	p.Refresh()
}

func (p *Progress) layout(s fyne.Size) {
	w := min(p.width, s.Width)
	place(p.back, s.Width, 0, (s.Height-4)/2, w, 4)
	place(p.bar, s.Width, 0, (s.Height-4)/2, w*float32(max(0, p.value)), 4)
	h := p.label.MinSize().Height
	place(p.label, s.Width, w+14, (s.Height-h)/2, max(0, s.Width-w-14), h)
}

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	update := func() {
		paint(p.back, theme.Line, theme.None)
		paint(p.bar, theme.Accent, theme.None)
	}
	update()
	return &renderer{
		objects: fixed(p.back, p.bar, p.label),
		layout:  p.layout,
		min: func() fyne.Size {
			m := p.label.MinSize()
			return fyne.NewSize(p.width+14+m.Width, max(16, m.Height))
		},
		refresh: func() { update(); p.layout(p.Size()) },
	}
}
