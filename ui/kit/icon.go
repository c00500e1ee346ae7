package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Icon is a picture of the icon set in a colour of the theme, mirrored with the window where it points.
type Icon struct {
	base
	name icons.Name
	tint theme.Role
	size float32
	img  *canvas.Image
}

// NewIcon is an icon of this size (theme.Icon is usual).
func NewIcon(name icons.Name, tint theme.Role, size float32) *Icon {
	i := &Icon{name: name, tint: tint, size: size, img: &canvas.Image{FillMode: canvas.ImageFillContain}}
	i.ExtendBaseWidget(i)
	i.update()
	return i
}

// Set changes picture and colour.
func (i *Icon) Set(name icons.Name, tint theme.Role) {
	if name != i.name || tint != i.tint {
		i.name, i.tint = name, tint
		i.Refresh()
	}
}

func (i *Icon) update() {
	i.img.Hidden = i.name == ""
	if i.name == "" {
		return
	}
	if r := icons.Resource(i.name, i.tint.Color(), lang.RTL()); i.img.Resource != r {
		i.img.Resource = r
		i.img.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(i.img),
		layout: func(s fyne.Size) {
			i.img.Resize(fyne.NewSquareSize(i.size))
			i.img.Move(fyne.NewPos((s.Width-i.size)/2, (s.Height-i.size)/2))
		},
		min:     func() fyne.Size { return fyne.NewSquareSize(i.size) },
		refresh: i.update,
	}
}
