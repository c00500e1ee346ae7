package htmlview

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"time"
)

// Animation is an animated GIF, whole pictures one after the other. As an image.Image it is the first of them.
type Animation struct {
	Frames []*image.RGBA
	Delays []time.Duration // how long each is shown
	Loops  int             // how often it is repeated; 0: for ever; -1: shown once
}

// ColorModel implements image.Image.
func (a *Animation) ColorModel() color.Model { return color.RGBAModel }

// Bounds implements image.Image.
func (a *Animation) Bounds() image.Rectangle { return a.Frames[0].Rect }

// At implements image.Image.
func (a *Animation) At(x, y int) color.Color { return a.Frames[0].At(x, y) }

// Frame is the number of the picture to be shown after the animation ran for t, and how long from then on; 0: for ever.
func (a *Animation) Frame(t time.Duration) (n int, next time.Duration) {
	var total time.Duration
	for _, d := range a.Delays {
		total += d
	}
	last := len(a.Frames) - 1
	rounds := a.Loops + 1 // a loop count of n plays n+1 times
	if a.Loops < 0 {
		rounds = 1
	}
	if a.Loops != 0 && t >= total*time.Duration(rounds) {
		return last, 0
	}
	t %= total
	for i, d := range a.Delays {
		if t < d {
			return i, d - t
		}
		t -= d
	}
	return last, 0
}

// Moving is an animated picture of a view.
type Moving struct {
	Rect
	Animation *Animation
}

// Moving lists the animated pictures of the view, backgrounds too, with their places in units.
func (v *View) Moving() []Moving {
	var out []Moving
	for i := range v.ops {
		o := &v.ops[i]
		if (o.kind == opImage || o.kind == opBackground) && o.img != nil && o.img.anim != nil && o.alpha > 0 {
			out = append(out, Moving{Rect{o.x * v.zoom, o.y * v.zoom, o.w * v.zoom, o.h * v.zoom}, o.img.anim})
		}
	}
	return out
}

// maxFrames and maxFramePixels bound what an animation may take; one beyond is shown as its first picture.
const (
	maxFrames      = 500
	maxFramePixels = 8 << 20
)

// decodeAnimation decodes an animated GIF; nil when the bytes are no GIF, have only one picture, or too many or too large
// ones. The size is looked at before anything is decoded.
func decodeAnimation(raw []byte) (a *Animation) {
	defer func() {
		if recover() != nil { // a decoder that fails on hostile bytes
			a = nil
		}
	}()
	cfg, err := gif.DecodeConfig(bytes.NewReader(raw))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return nil
	}
	if n := gifFrames(raw, maxFrames+1); n < 2 || n > maxFrames || n*cfg.Width*cfg.Height > maxFramePixels {
		return nil
	}
	g, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	a = &Animation{Loops: g.LoopCount}
	area := image.Rect(0, 0, cfg.Width, cfg.Height)
	canvas := image.NewRGBA(area)
	for i, f := range g.Image {
		var before *image.RGBA
		if g.Disposal[i] == gif.DisposalPrevious {
			before = copyOf(canvas)
		}
		draw.Draw(canvas, f.Bounds(), f, f.Bounds().Min, draw.Over)
		a.Frames = append(a.Frames, copyOf(canvas))
		d := time.Duration(g.Delay[i]) * 10 * time.Millisecond
		if d < 20*time.Millisecond { // as browsers do: what asks for no time gets a tenth of a second
			d = 100 * time.Millisecond
		}
		a.Delays = append(a.Delays, d)
		switch g.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(canvas, f.Bounds(), image.NewUniform(color.RGBA{}), image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			canvas = before
		}
	}
	return a
}

func copyOf(m *image.RGBA) *image.RGBA {
	c := image.NewRGBA(m.Rect)
	copy(c.Pix, m.Pix)
	return c
}

// gifFrames counts the pictures of a GIF up to a limit, without decoding them.
func gifFrames(raw []byte, limit int) int {
	if len(raw) < 13 {
		return 0
	}
	i := 13
	if raw[10]&0x80 != 0 {
		i += 3 << (raw[10]&7 + 1)
	}
	skip := func() {
		for i < len(raw) && raw[i] != 0 {
			i += int(raw[i]) + 1
		}
		i++
	}
	n := 0
	for i < len(raw) && n < limit {
		switch raw[i] {
		case 0x21: // extension
			i += 2
			skip()
		case 0x2C: // picture
			if i+9 >= len(raw) {
				return n
			}
			n++
			flags := raw[i+9]
			i += 10
			if flags&0x80 != 0 {
				i += 3 << (flags&7 + 1)
			}
			i++ // code size
			skip()
		default:
			return n
		}
	}
	return n
}
