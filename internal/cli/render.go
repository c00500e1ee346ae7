package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/mailpage"
	"peyk/internal/message"
)

// renderOptions are the flags of render.
type renderOptions struct {
	out         string
	width       int     // of the page, in units (CSS pixels)
	sized       bool    // it was said
	scale       float64 // pixels per unit
	dark        bool
	allowRemote bool
	headers     bool
	pdf         bool // out is a PDF
	paper       string
	// allowPrivate lets --allow-remote reach the own network too. told is where is said what was not fetched.
	allowPrivate bool
	told         io.Writer
	cut          bool // the end of the message was not drawn
}

// Bounds of a picture: a width that people use, and at most 256 MB of pixels.
const (
	minWidth, maxWidth = 100, 4000
	maxPixels          = 64 << 20
	pageMargin         = 16 // units, around a text
)

func renderCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	o := renderOptions{told: c.Stderr}
	fs.StringVar(&o.out, "o", "", "the `OUT.png` or OUT.pdf to write")
	fs.Var((*numberFlag)(&o.width), "width", "width of the page, `N` pixels at scale 1 (800; in a PDF that of the paper)")
	fs.StringVar(&o.paper, "paper", "", "`PAPER` of a PDF: a4 or letter (by the locale)")
	fs.Float64Var(&o.scale, "scale", 1, "`N` pixels per unit")
	fs.BoolVar(&o.dark, "dark", false, "dark colours (a PDF is always light)")
	fs.BoolVar(&o.allowRemote, "allow-remote", false, "fetch the pictures that the message refers to, but no trackers")
	fs.BoolVar(&o.allowPrivate, "allow-private", false, "with --allow-remote: also from loopback and private networks")
	fs.BoolVar(&o.headers, "with-headers", false, "also the header: Subject, From, To, Date")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	fs.Visit(func(f *flag.Flag) { o.sized = o.sized || f.Name == "width" })
	if err := o.check(); err != nil {
		return err
	}
	raw, err := c.readFile(rest[0])
	if err != nil {
		return err
	}
	body := o.load(rest[0], raw)
	if err := o.draw(ctx, body); err != nil {
		return fmt.Errorf("%s: %w", rest[0], err)
	}
	if o.cut {
		fmt.Fprintf(c.Stderr, "peyk: %s: the end of the message is not drawn: it is too long for a page; peyk inspect has all of its text\n", plain(rest[0]))
	}
	return nil
}

// draw writes what was asked for, whole or not at all.
func (o *renderOptions) draw(ctx context.Context, p page) error {
	if o.pdf {
		return writeWhole(o.out, func(w io.Writer) error { return o.print(ctx, p, w) })
	}
	img, err := o.paint(ctx, p)
	if err != nil {
		return err
	}
	return writeWhole(o.out, func(w io.Writer) error { return png.Encode(w, img) })
}

func (o *renderOptions) check() error {
	switch ext := strings.ToLower(filepath.Ext(o.out)); {
	case o.out == "":
		return usage("peyk render: say where to write with -o OUT.png")
	case ext != ".png" && ext != ".pdf":
		return usage("peyk render: %s: PNG and PDF are written; name a file that ends in .png or .pdf", o.out)
	case o.paper != "" && o.paper != "a4" && o.paper != "letter":
		return usage("peyk render: --paper is a4 or letter")
	case o.sized && (o.width < minWidth || o.width > maxWidth):
		return usage("peyk render: --width must be between %d and %d", minWidth, maxWidth)
	case !(o.scale >= 0.25 && o.scale <= 8): // nor NaN
		return usage("peyk render: --scale must be between 0.25 and 8")
	}
	o.pdf = strings.EqualFold(filepath.Ext(o.out), ".pdf")
	switch {
	case o.sized:
	case o.pdf:
		o.width = int(o.sheet().Pixels())
	default:
		o.width = 800
	}
	o.dark = o.dark && !o.pdf
	return nil
}

// page is what is drawn.
type page struct {
	heading *mailpage.Heading // nil: not asked for
	title   string
	author  string
	body    string
	html    string // the body as HTML; "": there is none
	parts   *message.Message
}

func (o *renderOptions) load(path string, raw []byte) page {
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".html" || ext == ".htm" {
		return page{title: filepath.Base(path), body: message.HTMLToText(string(raw)), html: string(raw)}
	}
	m := message.ParseBytes(raw)
	p := page{body: m.Text(), html: m.HTML(), parts: m}
	s := m.Summary()
	p.title, p.author = plain(s.Subject), plain(addresses(s.From))
	if o.headers {
		p.heading = headingOf(s)
	}
	return p
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

// writeWhole writes a file whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".peyk-*")
	if err != nil {
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err // the temporary name means nothing to anybody
		}
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = write(tmp)
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
