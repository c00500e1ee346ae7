package kit

import (
	"hash/fnv"
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/ui/theme"
)

// Avatar is the first letter of a name on a colour that stays the same for an address.
type Avatar struct {
	base
	size   float32
	circle *canvas.Circle
	label  *Label
}

var avatarColors = []color.NRGBA{
	{0x0f, 0x76, 0x6e, 0xff}, {0x7c, 0x3a, 0xed, 0xff}, {0xb4, 0x53, 0x09, 0xff}, {0xbe, 0x12, 0x3c, 0xff},
	{0x1d, 0x4e, 0xd8, 0xff}, {0x4d, 0x7c, 0x0f, 0xff}, {0x0e, 0x74, 0x90, 0xff}, {0xa2, 0x1c, 0xaf, 0xff},
}

// NewAvatar is an avatar of this size (theme.Avatar is usual).
func NewAvatar(size float32) *Avatar {
	a := &Avatar{size: size, circle: canvas.NewCircle(avatarColors[0])}
	a.label = NewLabel("", Style{Size: size * 0.38, Weight: SemiBold, Color: theme.White}).Aligned(AlignCenter)
	a.ExtendBaseWidget(a)
	return a
}

// Set shows the letter of name (or of the address, when it has none) in the colour of address.
func (a *Avatar) Set(name, address string) {
	h := fnv.New32a()
	h.Write([]byte(strings.ToLower(address)))
	a.circle.FillColor = avatarColors[h.Sum32()%uint32(len(avatarColors))]
	a.circle.Refresh()
	if name == "" {
		name = address
	}
	a.label.SetText(initial(name))
}

// initial is the first letter or digit in upper case, "?" for none.
func initial(s string) string {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "?"
}

// CreateRenderer implements fyne.Widget.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		objects: fixed(a.circle, a.label),
		layout: func(s fyne.Size) {
			d := min(s.Width, s.Height)
			o := fyne.NewPos((s.Width-d)/2, (s.Height-d)/2)
			a.circle.Resize(fyne.NewSquareSize(d))
			a.circle.Move(o)
			m := a.label.MinSize()
			a.label.Resize(fyne.NewSize(d, m.Height))
			a.label.Move(o.AddXY(0, (d-m.Height)/2))
		},
		min:     func() fyne.Size { return fyne.NewSquareSize(a.size) },
		refresh: func() { a.circle.Refresh(); a.label.Refresh() },
	}
}
