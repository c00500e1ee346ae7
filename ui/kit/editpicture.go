package kit

import (
	"image"
	"image/color"
	"image/draw"

	xdraw "golang.org/x/image/draw"

	"peyk/internal/richtext"
	"peyk/internal/text"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Pictures shows the pictures and the pages of a text: their pixels, nil while they are not there.
type Pictures func(m *richtext.Image) image.Image

// Sizes of pictures, in units.
const (
	maxPictureHeight = 480
	noPictureWidth   = 160 // of one that cannot be shown
	noPictureHeight  = 90
	keptPictures     = 40 // drawn to their size
)

// pictureKey is a picture drawn to a size in pixels.
type pictureKey struct {
	id   string
	src  image.Image
	w, h int
}

// pictureSize is how large a picture is shown in a text of some width.
func (t *textField) pictureSize(m *richtext.Image, width float32) (w, h float32) {
	w, h = float32(m.Width), float32(m.Height)
	if img := t.pictureOf(m); img != nil && img.Bounds().Dx() > 0 && img.Bounds().Dy() > 0 {
		iw, ih := float32(img.Bounds().Dx()), float32(img.Bounds().Dy())
		switch {
		case w <= 0 && h <= 0:
			w, h = iw, ih
		case h <= 0:
			h = w * ih / iw
		case w <= 0:
			w = h * iw / ih
		}
	}
	if w <= 0 || h <= 0 {
		w, h = noPictureWidth, noPictureHeight
	}
	if room := max(40, width-2); w > room {
		w, h = room, h*room/w
	}
	if h > maxPictureHeight && m.Page == "" {
		w, h = w*maxPictureHeight/h, maxPictureHeight
	}
	return max(1, w), max(1, h)
}

func (t *textField) pictureOf(m *richtext.Image) image.Image {
	if t.pics == nil {
		return nil
	}
	return t.pics(m)
}

// pictures draws the pictures of a paragraph over the room its layout has for them.
func (r framed) pictures(dst *image.RGBA, x, y float32, p text.Paint) {
	_, spans := r.look.parts()
	prm := r.Params()
	for _, sp := range spans {
		if sp.Image == nil {
			continue
		}
		w, h := r.field.pictureSize(sp.Image, prm.Width)
		rects := r.rects(sp.Start, sp.End, -y/p.Scale, (float32(dst.Rect.Max.Y)-y)/p.Scale)
		if len(rects) == 0 {
			continue
		}
		at := rects[0]
		bottom := at.Y + at.H - (prm.LineHeight - r.base)
		s := p.Scale
		box := image.Rect(round(x+at.X*s), round(y+(bottom-h)*s), round(x+(at.X+w)*s), round(y+bottom*s))
		if box.Intersect(dst.Rect).Empty() {
			continue
		}
		r.field.drawPicture(dst, box, sp.Image, s)
		if p.SelStart <= sp.Start && sp.End <= p.SelEnd {
			c := p.SelColor
			draw.Draw(dst, box, image.NewUniform(color.NRGBA{c.R, c.G, c.B, 120}), image.Point{}, draw.Over)
		}
	}
}

// drawPicture draws one picture, or a box with its words.
func (t *textField) drawPicture(dst *image.RGBA, box image.Rectangle, m *richtext.Image, scale float32) {
	src := t.pictureOf(m)
	if src == nil {
		tok, words := theme.Current(), m.Alt
		if m.Page != "" {
			words = lang.T("kit.page")
		}
		draw.Draw(dst, box, image.NewUniform(tok.Chip), image.Point{}, draw.Over)
		l := text.Default().Layout(words, nil, text.Params{Style: text.Style{Size: Small.Size}, Width: float32(box.Dx())/scale - 16, Ellipsis: true, SingleLine: true})
		l.Draw(dst, float32(box.Min.X)+8*scale, float32(box.Min.Y)+(float32(box.Dy())-l.Height()*scale)/2, text.Paint{Scale: scale, Color: tok.Muted})
		return
	}
	if b := src.Bounds(); m.Page != "" && near(b.Dx(), box.Dx()) && near(b.Dy(), box.Dy()) { // large, and made for this size
		draw.Draw(dst, box, src, b.Min, draw.Over)
		return
	}
	key := pictureKey{m.ID, src, box.Dx(), box.Dy()}
	img := t.drawn[key]
	if img == nil {
		img = image.NewRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
		xdraw.ApproxBiLinear.Scale(img, img.Rect, src, src.Bounds(), xdraw.Src, nil)
		if t.drawn == nil || len(t.drawn) >= keptPictures {
			t.drawn = map[pictureKey]*image.RGBA{}
		}
		t.drawn[key] = img
	}
	draw.Draw(dst, box, img, image.Point{}, draw.Over)
}

func near(a, b int) bool { return a-b <= 1 && b-a <= 1 }

// PicturesChanged shows pictures that have become ready.
func (e *Editor) PicturesChanged() {
	for i := range e.m.paras {
		if p := &e.m.paras[i]; p.look.pictured() {
			p.layout = nil
		}
	}
	e.repaint()
}

// PictureAt is the picture that is selected or stands at the caret.
func (e *Editor) PictureAt() (richtext.Image, bool) {
	if s, _, ok := e.pictureSpan(); ok {
		return *s.Image, true
	}
	return richtext.Image{}, false
}

// pictureSpan finds the picture at the caret, and its paragraph.
func (e *Editor) pictureSpan() (richtext.Span, int, bool) {
	from, to := e.m.selection()
	_, spans := e.m.paras[from.p].look.parts()
	for _, s := range spans {
		if s.Image != nil && from.p == to.p && s.Start <= from.o && to.o <= s.End {
			return s, from.p, true
		}
	}
	return richtext.Span{}, 0, false
}

// ReplacePicture puts a document in the place of the picture at the caret.
func (e *Editor) ReplacePicture(doc richtext.Doc) {
	s, i, ok := e.pictureSpan()
	if !ok || e.disabled {
		return
	}
	e.m.caret, e.m.anchor = spot{i, s.End}, spot{i, s.Start}
	if len(doc) == 0 {
		doc = richtext.Doc{{}}
	}
	e.insertDoc(doc)
}

// ResizePicture shows the picture at the caret at a width in pixels, 0: its own.
func (e *Editor) ResizePicture(width int) {
	s, i, ok := e.pictureSpan()
	if !ok {
		return
	}
	m := *s.Image
	m.Width, m.Height = width, 0
	if img := e.pictureOf(&m); img != nil && img.Bounds().Dx() > 0 {
		b := img.Bounds()
		if width == 0 || width > b.Dx() {
			m.Width = b.Dx()
		}
		m.Height = max(1, b.Dy()*m.Width/b.Dx())
	}
	if e.apply(i, i, func(_ int, p *editPara) {
		b, spans := p.look.parts()
		p.look = newLook(b, richtext.Change(spans, s.Start, s.End, func(a richtext.Attr) richtext.Attr { a.Image = &m; return a }))
	}) {
		e.told()
	}
}
