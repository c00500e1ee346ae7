package kit

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/text"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// fieldView paints a text field: border, the part of the text in view as one picture, the caret over it.
type fieldView struct {
	t         *textField
	box       *canvas.Rectangle
	raster    *canvas.Raster
	caret     *canvas.Rectangle
	hint      *Label
	icon      *Icon
	bar       *scrollBar
	lastWidth float32
	rtl       bool
}

func newFieldView(t *textField) *fieldView {
	v := &fieldView{t: t, box: newBox(theme.Radius), caret: newBox(0), hint: NewLabel("", Muted), icon: NewIcon("", theme.Muted, theme.IconSmall)}
	v.hint.Ellipsized()
	v.raster = &canvas.Raster{ScaleMode: canvas.ImageScalePixels, Generator: v.draw}
	v.caret.Hide()
	v.bar = newScrollBar(func(share float64) {
		_, _, _, h := t.inner()
		t.y = float32(share) * max(0, t.textHeight()-h)
		v.update()
	})
	return v
}

// draw paints the text in view.
func (v *fieldView) draw(w, h int) image.Image {
	t := v.t
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	scale := pixelScale(v.raster, w)
	tok := theme.Current()
	from, to := t.m.selection()
	_, _, _, height := t.inner()
	i, top := t.paraAt(t.y)
	for y := top - t.y; i < len(t.m.paras) && y < height+bleed; i++ {
		l := t.laidOut(i)
		p := text.Paint{Scale: scale, Color: tok.Of(t.colorOf(i)), LinkColor: tok.Accent, SelColor: tok.Selection}
		if t.disabled {
			p.Color = tok.Muted
		}
		if t.m.hasSelection() && i >= from.p && i <= to.p {
			p.SelStart, p.SelEnd = 0, t.shownOffset(i, len(t.m.paras[i].text))
			if i == from.p {
				p.SelStart = t.shownOffset(i, from.o)
			}
			if i == to.p {
				p.SelEnd = t.shownOffset(i, to.o)
			}
		}
		ox, oy := (bleed-t.x)*scale, (y+bleed+nudge(t.shape.style.Size))*scale
		l.paint(img, ox, oy, p)
		v.paintPills(img, i, l, ox, oy, p)
		v.underline(img, i, l, ox, oy, scale)
		y += l.Height()
	}
	return img
}

// underline draws the wavy lines of the spelling under paragraph i.
func (v *fieldView) underline(img *image.RGBA, i int, l paraLayout, ox, oy, scale float32) {
	t := v.t
	if t.Spell == nil || t.shape.masked {
		return
	}
	p := &t.m.paras[i]
	if !p.marked {
		p.marks, p.marked = t.Spell(p.text), true
	}
	col := theme.Current().Danger
	for _, u := range p.marks {
		for _, r := range l.rects(u.Start, min(u.End, len(p.text)), -oy/scale, (float32(img.Rect.Max.Y)-oy)/scale) {
			y := int(oy + (r.Y+r.H-4)*scale)
			for x := int(ox + r.X*scale); x < int(ox+(r.X+r.W)*scale); x++ {
				d := x % 4
				if d == 3 {
					d = 1
				}
				img.Set(x, y+d, col)
			}
		}
	}
}

// update brings everything to the state of the field.
func (v *fieldView) update() {
	t := v.t
	fill, stroke := theme.BG, theme.Line
	switch {
	case t.plain:
		fill, stroke = theme.None, theme.None
	case t.failed:
		stroke = theme.Danger
	case t.focused:
		stroke = theme.Accent
	case t.disabled:
		fill = theme.Side
	}
	paint(v.box, fill, stroke)
	v.icon.Set(t.icon, theme.Muted)
	empty := len(t.m.paras) == 1 && t.m.paras[0].text == "" && t.m.paras[0].look == nil
	v.hint.Hidden = !empty
	if t.shape.dir == DirLTR && !t.shape.side {
		v.hint.Aligned(AlignText) // where what is typed will stand
	}
	v.hint.Set(t.placeholder, Style{Size: t.shape.style.Size, Color: theme.Muted})
	v.layout(t.Size())
	v.raster.Refresh()
	t.tellFormat()
}

// layout places the parts for a size.
func (v *fieldView) layout(s fyne.Size) {
	t := v.t
	if s.Width <= 0 || s.Height <= 0 {
		return
	}
	x, y, w, h := t.inner()
	if w != v.lastWidth || v.rtl != lang.RTL() {
		v.lastWidth, v.rtl, t.shape.width = w, lang.RTL(), w
		t.forgetLayouts()
		t.reveal()
	}
	v.box.Resize(s)
	if t.icon != "" {
		place(v.icon, s.Width, t.padX, (s.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
	}
	if t.trailing != nil {
		m := t.trailing.MinSize()
		place(t.trailing, s.Width, s.Width-m.Width-2, (s.Height-m.Height)/2, m.Width, m.Height)
	}
	place(v.raster, s.Width, x-bleed, y-bleed, w+2*bleed, h+2*bleed)
	place(v.hint, s.Width, x, y, w, lineHeight(t.shape.style.Size))
	if t.multi {
		t.settle()
		t.y = max(0, min(t.y, t.textHeight()-h))
		place(v.bar, s.Width, s.Width-scrollBarWidth, 2, scrollBarWidth, s.Height-4)
		v.bar.set(float64(t.y), float64(h), float64(t.textHeight()))
	}
	v.putCaret()
}

// putCaret moves the caret to its place, or hides it where it is out of view.
func (v *fieldView) putCaret() {
	t := v.t
	if !t.focused || t.disabled || t.shape.width <= 1 {
		v.caret.Hide()
		return
	}
	r := t.caretRect()
	if len(t.m.paras[t.m.caret.p].text) == 0 && t.rtlOf(t.m.caret.p) {
		r.X = t.laidOut(t.m.caret.p).Params().Width
	}
	_, _, w, h := t.inner()
	rx, ry := r.X-t.x, r.Y-t.y
	if rx < -2 || rx > w+3 || ry+r.H < 0 || ry > h {
		v.caret.Hide()
		return
	}
	origin := v.raster.Position().AddXY(bleed, bleed)
	v.caret.FillColor = theme.Current().FG
	v.caret.Resize(fyne.NewSize(1.5, min(r.H, h-ry)-2))
	v.caret.Move(origin.AddXY(min(max(rx, 0), w)-0.5, ry+1))
	v.caret.Hidden = !t.blink.shown
	v.caret.Refresh()
}

func (v *fieldView) renderer() fyne.WidgetRenderer {
	t := v.t
	objs := []fyne.CanvasObject{v.box, v.raster, v.hint, v.caret}
	if t.icon != "" {
		objs = append(objs, v.icon)
	}
	if t.trailing != nil {
		objs = append(objs, t.trailing)
	}
	if t.multi {
		objs = append(objs, v.bar)
	}
	v.update()
	return &renderer{
		objects: fixed(objs...),
		layout:  v.layout,
		min: func() fyne.Size {
			line := lineHeight(t.shape.style.Size)
			if !t.multi {
				h := float32(theme.Control)
				if t.plain {
					h = line + 8
				}
				return fyne.NewSize(t.goalWidth, h)
			}
			return fyne.NewSize(t.goalWidth, line*float32(t.rows)+2*t.padY)
		},
		refresh: v.update,
		destroy: func() { t.blink.stop(); t.edge.stop() },
	}
}

// blinker turns the caret on and off, and leaves it on when nothing was typed for a while: an idle window costs nothing.
type blinker struct {
	field *textField
	shown bool
	timer *time.Timer
	left  int // turns until it stays on
}

const (
	blinkTime  = 530 * time.Millisecond
	blinkTurns = 16
)

func (b *blinker) restart() {
	b.stop()
	b.shown, b.left = true, blinkTurns
	if b.field.focused {
		b.next()
	}
}

func (b *blinker) next() {
	if b.left <= 0 || !onScreen() {
		return
	}
	b.timer = later(blinkTime, func() {
		if b.timer == nil || !b.field.focused {
			return
		}
		b.left--
		b.shown = !b.shown || b.left <= 0
		b.field.view.putCaret()
		b.next()
	})
}

// onScreen reports whether there is somebody to see it blink; the driver of tests has no screen and no loop that timers
// could come back to.
func onScreen() bool {
	app := fyne.CurrentApp()
	if app == nil {
		return false
	}
	_, ok := app.Driver().(desktop.Driver)
	return ok
}

func (b *blinker) stop() {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}
