package cli

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/message"
	"peyk/internal/text"
)

// renderOptions are the flags of render.
type renderOptions struct {
	out         string
	width       int     // of the page, in units (CSS pixels)
	scale       float64 // pixels per unit
	dark        bool
	allowRemote bool
	headers     bool
	// allowPrivate lets --allow-remote reach the own network too. told is where is said what was not fetched.
	allowPrivate bool
	told         io.Writer
}

// Bounds of a picture: a width that people use, and at most 256 MB of pixels.
const (
	minWidth, maxWidth = 100, 4000
	maxPixels          = 64 << 20
	pageMargin         = 16 // units
	bodySize           = 14 // units
)

func renderCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	o := renderOptions{told: c.Stderr}
	fs.StringVar(&o.out, "o", "", "the `OUT.png` to write")
	fs.IntVar(&o.width, "width", 800, "width of the page in pixels at scale 1")
	fs.Float64Var(&o.scale, "scale", 1, "pixels per unit")
	fs.BoolVar(&o.dark, "dark", false, "dark colours")
	fs.BoolVar(&o.allowRemote, "allow-remote", false, "fetch the pictures that the message refers to, but no trackers")
	fs.BoolVar(&o.allowPrivate, "allow-private", false, "with --allow-remote: also from loopback and private networks")
	fs.BoolVar(&o.headers, "with-headers", false, "also From, To, Date and Subject")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	body, err := o.load(rest[0])
	if err != nil {
		return err
	}
	img, err := o.paintHTML(ctx, body)
	if img == nil && err == nil {
		img, err = o.paint(body)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", rest[0], err)
	}
	return writePNG(o.out, img)
}

func (o *renderOptions) check() error {
	switch ext := strings.ToLower(filepath.Ext(o.out)); {
	case o.out == "":
		return usage("peyk render: say where to write with -o OUT.png")
	case ext != ".png":
		return usage("peyk render: %s: only PNG is written for now; name a file that ends in .png", o.out)
	case o.width < minWidth || o.width > maxWidth:
		return usage("peyk render: --width must be between %d and %d", minWidth, maxWidth)
	case o.scale < 0.25 || o.scale > 8:
		return usage("peyk render: --scale must be between 0.25 and 8")
	}
	return nil
}

// page is what is drawn.
type page struct {
	header string
	body   string
	html   string // the body as HTML; "": there is none
	parts  *message.Message
}

func (o *renderOptions) load(path string) (page, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return page{}, err
	}
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".html" || ext == ".htm" {
		return page{body: message.HTMLToText(string(raw)), html: string(raw)}, nil
	}
	m := message.ParseBytes(raw)
	p := page{body: m.Text(), html: m.HTML(), parts: m}
	if o.headers {
		s := m.Summary()
		var b strings.Builder
		for _, l := range []struct{ name, value string }{
			{"From", addresses(s.From)}, {"To", addresses(s.To)}, {"Cc", addresses(s.Cc)}, {"Date", rfc3339(s.Date)}, {"Subject", s.Subject},
		} {
			if l.value != "" {
				fmt.Fprintf(&b, "%s: %s\n", l.name, text.Isolate(plain(l.value)))
			}
		}
		p.header = strings.TrimSuffix(b.String(), "\n")
	}
	return p, nil
}

var (
	lightPaper, lightInk = color.NRGBA{255, 255, 255, 255}, color.NRGBA{0x1a, 0x1a, 0x1a, 255}
	darkPaper, darkInk   = color.NRGBA{0x1e, 0x1f, 0x22, 255}, color.NRGBA{0xe6, 0xe6, 0xe6, 255}
)

// paint lays the page out at its width and draws it as high as it is.
func (o *renderOptions) paint(p page) (*image.RGBA, error) {
	eng := text.Default()
	params := text.Params{Style: text.Style{Size: bodySize}, Width: float32(o.width - 2*pageMargin), Wrap: text.WrapWord}
	var blocks []*text.Layout
	if p.header != "" {
		hp := params
		hp.Weight = text.Medium
		blocks = append(blocks, eng.Layout(p.header, nil, hp))
	}
	blocks = append(blocks, eng.Layout(strings.TrimRight(p.body, "\n"), nil, params))
	height := float32(pageMargin)
	for _, b := range blocks {
		height += b.Height() + pageMargin
	}
	w, h := int(float64(o.width)*o.scale+0.5), int(float64(height)*o.scale+0.999)
	if w*h > maxPixels {
		return nil, fmt.Errorf("the message is too long for one picture at this size (%d × %d pixels); choose a smaller --scale or --width", w, h)
	}
	paper, ink := lightPaper, lightInk
	if o.dark {
		paper, ink = darkPaper, darkInk
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	s, y := float32(o.scale), float32(pageMargin)
	for _, b := range blocks {
		b.Draw(img, pageMargin*s, y*s, text.Paint{Scale: s, Color: ink})
		y += b.Height() + pageMargin
	}
	return img, nil
}

// paintHTML draws an HTML body alone: no picture when there is none, or when it cannot be drawn and its text must do.
func (o *renderOptions) paintHTML(ctx context.Context, p page) (*image.RGBA, error) {
	if p.html == "" || o.headers {
		return nil, nil
	}
	doc, err := htmlview.Parse(ctx, p.html, htmlview.Options{Images: o.pictures(ctx, p)})
	if err != nil {
		return nil, ctx.Err()
	}
	v, err := doc.Layout(ctx, float32(o.width), htmlview.LayoutOptions{Dark: o.dark})
	if err != nil {
		return nil, ctx.Err()
	}
	w, h := int(float64(o.width)*o.scale+0.5), max(1, int(float64(v.Height())*o.scale+0.999))
	if w*h > maxPixels {
		return nil, nil
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	if err := v.Paint(img, 0, 0, float32(o.scale)); err != nil {
		return nil, ctx.Err()
	}
	return img, nil
}

// picture finds a part of the message by its Content-ID.
func (p page) picture(url string) image.Image {
	id, ok := strings.CutPrefix(url, "cid:")
	if !ok || p.parts == nil {
		return nil
	}
	for _, a := range p.parts.Attachments() {
		if strings.Trim(a.ContentID, "<>") != id {
			continue
		}
		r, err := p.parts.OpenPart(a.Part)
		if err != nil {
			return nil
		}
		raw, err := io.ReadAll(io.LimitReader(r, 16<<20))
		if err != nil {
			return nil
		}
		return htmlview.DecodeImage(raw, maxPixels/2)
	}
	return nil
}

// writePNG writes the picture whole or not at all.
func writePNG(path string, img image.Image) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".peyk-*.png")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = png.Encode(tmp, img)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
