package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/ui/theme"
)

// Surface is a rectangle behind its content: a pane, a card, a note, a line.
type Surface struct {
	base
	fill, stroke theme.Role
	radius       float32
	content      fyne.CanvasObject
	shadow       bool
	bg           *canvas.Rectangle
}

// NewSurface fills the space behind content; content may be nil.
func NewSurface(fill theme.Role, content fyne.CanvasObject) *Surface {
	return newSurface(fill, theme.None, 0, content)
}

// NewCard is a bordered rectangle with round corners (radius 10) and the given padding around its content.
func NewCard(padding float32, content fyne.CanvasObject) *Surface {
	return newSurface(theme.BG, theme.Line, theme.RadiusCard, Inset(padding, content))
}

// NewNote is the grey box of a remark in a form.
func NewNote(content fyne.CanvasObject) *Surface {
	return newSurface(theme.Chip, theme.None, theme.Radius, PadXY(13, 9, content))
}

func newSurface(fill, stroke theme.Role, radius float32, content fyne.CanvasObject) *Surface {
	s := &Surface{fill: fill, stroke: stroke, radius: radius, content: content, bg: newBox(radius)}
	s.ExtendBaseWidget(s)
	return s
}

// SetFill changes the colour.
func (s *Surface) SetFill(fill theme.Role) {
	if fill != s.fill {
		s.fill = fill
		s.update()
	}
}

// SetStroke changes the colour of the border.
func (s *Surface) SetStroke(stroke theme.Role) {
	if stroke != s.stroke {
		s.stroke = stroke
		s.update()
	}
}

func (s *Surface) update() {
	if s.shadow {
		s.bg.Shadow = canvas.Shadow{Color: theme.Current().Shadow, BlurRadius: 18, Offset: fyne.NewPos(0, 5)}
	}
	paint(s.bg, s.fill, s.stroke)
}

// HeightForWidth is the height of the content.
func (s *Surface) HeightForWidth(w float32) float32 {
	if s.content == nil {
		return 0
	}
	return HeightFor(s.content, w)
}

// CreateRenderer implements fyne.Widget.
func (s *Surface) CreateRenderer() fyne.WidgetRenderer {
	s.update()
	objs := []fyne.CanvasObject{s.bg}
	if s.content != nil {
		objs = append(objs, s.content)
	}
	return &renderer{
		objects: fixed(objs...),
		layout: func(size fyne.Size) {
			for _, o := range objs {
				o.Resize(size)
			}
		},
		min: func() fyne.Size {
			if s.content == nil {
				return fyne.Size{}
			}
			return s.content.MinSize()
		},
		refresh: func() {
			s.update()
			if s.content != nil {
				s.content.Refresh()
			}
		},
	}
}

// HLine is a horizontal separator of one pixel.
func HLine() fyne.CanvasObject { return Fixed(0, 1, NewSurface(theme.Line, nil)) }

// VLine is a vertical separator of one pixel; height 0 takes the height there is.
func VLine(height float32) fyne.CanvasObject {
	return container1(sizeLayout{w: 1, h: height}, NewSurface(theme.Line, nil))
}

func container1(l fyne.Layout, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: []fyne.CanvasObject{o}}
}
