package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Level is how serious a banner is.
type Level uint8

// The levels.
const (
	LevelWarning Level = iota
	LevelError
	LevelInfo
)

// Action is a link of a banner or toast.
type Action struct {
	Text string
	Do   func()
}

// Banner is a coloured line over the content it belongs to: an icon, a sentence, links.
type Banner struct {
	base
	row  *fyne.Container
	line *fyne.Container // the row and what takes the banner away
	tint theme.Role
	// dismiss is nil for a banner that stays.
	dismiss func()
	body    *Surface
	text    string
	// label and gauge are nil in a banner that says one thing.
	label *Label
	gauge *gauge
}

// Text is what the banner says.
func (b *Banner) Text() string { return b.text }

// NewBanner makes a banner; icon "" takes the one of the level.
func NewBanner(level Level, icon icons.Name, text string, actions ...Action) *Banner {
	b := &Banner{text: text}
	bg, fg, pic := theme.WarningBG, theme.WarningFG, icons.TriangleAlert
	switch level {
	case LevelError:
		bg, fg, pic = theme.DangerBG, theme.Danger, icons.CircleAlert
	case LevelInfo:
		bg, fg, pic = theme.AccentBG, theme.Accent, icons.Info
	}
	b.tint = fg
	if icon != "" {
		pic = icon
	}
	b.row = bannerRow(NewIcon(pic, fg, theme.Icon), Grow(NewLabel(text, Style{Size: 13, Weight: Regular, Color: fg}).Wrapped().Selectable()))
	for _, a := range actions {
		b.row.Add(Pad(0, 0, 0, bannerLink, NewLinkText(a.Text, Style{Size: 13, Weight: SemiBold, Color: fg}, a.Do)))
	}
	b.line = HBox(bannerGap, Grow(b.row))
	b.body = NewSurface(bg, PadXY(26, 9.5, b.line))
	b.ExtendBaseWidget(b)
	return b
}

// NewProgressBanner is a banner that says how far something is; Progress tells it.
func NewProgressBanner(icon icons.Name, actions ...Action) *Banner {
	b := &Banner{tint: theme.Accent, gauge: newGauge()}
	b.label = NewLabel("", Style{Size: 13, Weight: Regular, Color: theme.Accent}).Wrapped()
	b.row = bannerRow(NewIcon(icon, theme.Accent, theme.Icon), Grow(b.label))
	for _, a := range actions {
		b.row.Add(Pad(0, 0, 0, bannerLink, NewLinkText(a.Text, Style{Size: 13, Weight: SemiBold, Color: theme.Accent}, a.Do)))
	}
	b.line = HBox(bannerGap, Grow(b.row))
	b.body = NewSurface(theme.AccentBG, VBox(0, Pad(9.5, 26, 6.5, 26, b.line), b.gauge))
	b.ExtendBaseWidget(b)
	return b
}

// Progress shows a share of 0 to 1, a negative one for work of unknown length, and what is being done.
func (b *Banner) Progress(share float64, words string) {
	b.text = words
	b.label.SetText(words)
	b.gauge.Set(share)
}

// gauge is a line that fills as something goes on.
type gauge struct {
	base
	share     float64
	back, bar *canvas.Rectangle
}

// gaugeHeight is how thick it is.
const gaugeHeight = 3

func newGauge() *gauge {
	g := &gauge{back: newBox(0), bar: newBox(0)}
	g.ExtendBaseWidget(g)
	return g
}

// Set shows a share of 0 to 1; a negative one is work of unknown length, and an empty line.
func (g *gauge) Set(share float64) {
	g.share = min(1, max(0, share))
	g.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (g *gauge) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		place(g.back, s.Width, 0, 0, s.Width, gaugeHeight)
		place(g.bar, s.Width, 0, 0, s.Width*float32(g.share), gaugeHeight)
	}
	update := func() {
		paint(g.back, theme.Line, theme.None)
		paint(g.bar, theme.Accent, theme.None)
	}
	update()
	return &renderer{
		objects: fixed(g.back, g.bar),
		layout:  layout,
		min:     func() fyne.Size { return fyne.NewSize(40, gaugeHeight) },
		refresh: func() { update(); layout(g.Size()) },
	}
}

// Dismissible adds a button that takes the banner away: do is called, and puts things in order.
func (b *Banner) Dismissible(do func()) *Banner {
	b.dismiss = do
	b.line.Add(NewIconButton(icons.X, lang.T("kit.dismiss"), do).Small().Tinted(b.tint))
	return b
}

// Dismiss does what the button of a dismissible banner does.
func (b *Banner) Dismiss() {
	if b.dismiss != nil {
		b.dismiss()
	}
}

// HeightForWidth is the height of the wrapped text.
func (b *Banner) HeightForWidth(w float32) float32 { return HeightFor(b.body, w) }

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }
