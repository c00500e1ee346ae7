package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/mailpage"
	"peyk/internal/pdfout"
	"peyk/internal/text"
)

// dark is the look of a page of our own in the dark.
var dark = mailpage.Look{
	FG: color.NRGBA{0xe6, 0xe9, 0xef, 255}, Muted: color.NRGBA{0x94, 0x9c, 0xab, 255}, Accent: color.NRGBA{0x4f, 0xd1, 0xc0, 255},
	Paper: color.NRGBA{0x16, 0x19, 0x1f, 255},
	Quote: [3]color.NRGBA{{0x94, 0x9c, 0xab, 255}, {0x8a, 0xb8, 0xf0, 255}, {0xe0, 0xa8, 0x72, 255}},
}

func (o *renderOptions) look() mailpage.Look {
	l := mailpage.Light
	if o.dark {
		l = dark
	}
	if !o.pdf { // paper has margins of its own
		l.Margin = pageMargin
	}
	return l
}

// headingOf is the header of a message as it is drawn above it.
func headingOf(s mail.Summary) *mailpage.Heading {
	h := &mailpage.Heading{Subject: plain(s.Subject)}
	if h.Subject == "" {
		h.Subject = "(no subject)"
	}
	add := func(label, value string) {
		if value != "" {
			h.Fields = append(h.Fields, mailpage.Field{Label: label, Value: plain(value)})
		}
	}
	add("From", addresses(s.From))
	add("To", addresses(s.To))
	add("Cc", addresses(s.Cc))
	if !s.Date.IsZero() {
		add("Date", s.Date.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	return h
}

// views are the pages to be drawn below each other: the heading, the body. A body that is too complex gives errTooComplex.
func (o *renderOptions) views(ctx context.Context, p page) (out []*htmlview.View, err error) {
	lay := func(src string, opts htmlview.Options, dark bool) error {
		doc, err := htmlview.Parse(ctx, src, opts)
		if err != nil {
			return err
		}
		o.cut = o.cut || doc.Cut()
		v, err := doc.Layout(ctx, float32(o.width), htmlview.LayoutOptions{Dark: dark})
		out = append(out, v)
		return err
	}
	if p.heading != nil {
		if err := lay(mailpage.Header(*p.heading, o.look()), htmlview.Options{}, false); err != nil {
			return nil, err
		}
	}
	if p.html != "" {
		err = lay(p.html, htmlview.Options{Images: o.pictures(ctx, p)}, o.dark)
	} else {
		err = lay(mailpage.Text(strings.TrimRight(p.body, "\n"), o.look()), htmlview.Options{}, false)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// paint draws the page as one picture as high as it is.
func (o *renderOptions) paint(ctx context.Context, p page) (*image.RGBA, error) {
	vs, err := o.views(ctx, p)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var img *image.RGBA
	if err == nil {
		img, err = o.stack(vs)
	}
	if err != nil && (p.html != "" || !errors.Is(err, errTooLong)) {
		return o.plainText(p)
	}
	return img, err
}

// errTooLong says that a picture would be too large.
var errTooLong = errors.New("the message is too long for one picture at this size; choose a smaller --scale, or write a PDF")

// stack paints views below each other.
func (o *renderOptions) stack(vs []*htmlview.View) (*image.RGBA, error) {
	w, h := int(float64(o.width)*o.scale+0.5), 0
	heights := make([]int, len(vs))
	for i, v := range vs {
		heights[i] = max(1, int(float64(v.Height())*o.scale+0.5))
		h += heights[i]
	}
	if w*h > maxPixels {
		return nil, errTooLong
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	y := 0
	for i, v := range vs {
		part := img.SubImage(image.Rect(0, y, w, y+heights[i])).(*image.RGBA)
		if err := v.Paint(part, 0, 0, float32(o.scale)); err != nil {
			return nil, err
		}
		y += heights[i]
	}
	return img, nil
}

// plainText draws the text as it is, where the engine cannot draw the message.
func (o *renderOptions) plainText(p page) (*image.RGBA, error) {
	o.cut = false
	params := text.Params{Width: float32(o.width - 2*pageMargin), Wrap: text.WrapWord}
	body := strings.TrimRight(p.body, "\n")
	if p.heading != nil {
		lines := []string{p.heading.Subject}
		for _, f := range p.heading.Fields {
			lines = append(lines, f.Label+": "+text.Isolate(f.Value))
		}
		body = strings.Join(lines, "\n") + "\n\n" + body
	}
	l := text.Default().Layout(body, nil, params)
	w, h := int(float64(o.width)*o.scale+0.5), int((float64(l.Height())+2*pageMargin)*o.scale+0.999)
	if w*h > maxPixels {
		return nil, errTooLong
	}
	look, s := o.look(), float32(o.scale)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(look.Paper), image.Point{}, draw.Src)
	l.Draw(img, pageMargin*s, pageMargin*s, text.Paint{Scale: s, Color: look.FG})
	return img, nil
}

// sheet is the paper of a PDF.
func (o *renderOptions) sheet() pdfout.Paper {
	switch o.paper {
	case "a4":
		return pdfout.A4
	case "letter":
		return pdfout.Letter
	}
	return pdfout.PaperFor(os.Getenv)
}

// print writes the page as a PDF.
func (o *renderOptions) print(ctx context.Context, p page, w io.Writer) error {
	vs, err := o.views(ctx, p)
	if err != nil && ctx.Err() == nil && p.html != "" { // the text of what cannot be drawn
		p.html, o.cut = "", false
		vs, err = o.views(ctx, p)
	}
	if err != nil {
		return err
	}
	return pdfout.Write(ctx, w, pdfout.Document{
		Title: p.title, Author: p.author, Language: "", Created: Now(), Paper: o.sheet(), Views: vs,
		Foot: func(n, of int) (*htmlview.View, error) {
			doc, err := htmlview.Parse(ctx, mailpage.Foot(p.title, fmt.Sprintf("%d / %d", n, of), mailpage.Light), htmlview.Options{})
			if err != nil {
				return nil, err
			}
			return doc.Layout(ctx, o.sheet().Pixels(), htmlview.LayoutOptions{Whole: true})
		},
	})
}
