package pdfout

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"
	"time"

	"peyk/internal/htmlview"
	"peyk/internal/text"
)

// Paper is a size of paper in points (1/72 inch).
type Paper struct{ Width, Height float32 }

// The papers of the world (ISO 216) and of North America.
var (
	A4     = Paper{595.28, 841.89}
	Letter = Paper{612, 792}
)

// Margin is the space around the content of a page, in points.
const Margin = 42

// footRoom is the height of the foot of a page, in points.
const footRoom = 24

// Pixels is the width in CSS pixels that the content of a page has on a paper: views are laid out for it.
func (p Paper) Pixels() float32 { return (p.Width - 2*Margin) / pointsPerPixel }

// pointsPerPixel is the size of a CSS pixel: 1/96 inch.
const pointsPerPixel = 0.75

// Document is what is written.
type Document struct {
	Title, Author string
	Language      string // BCP 47, "fa"; "": not said
	Created       time.Time
	Paper         Paper
	// Views stand below each other, each laid out for Paper.Pixels; wider ones are made smaller as a whole.
	Views []*htmlview.View
	// Foot is the foot of a page, counted from 1; nil: none. It is laid out for Paper.Pixels, one line high.
	Foot func(page, pages int) (*htmlview.View, error)
}

// mostPages bounds a document.
const mostPages = 5000

// writer writes one document.
type writer struct {
	file     *file
	doc      Document
	fonts    *fonts
	pictures *pictures
	colours  map[meaningKey]bool
	emojis   map[meaningKey]emojiPicture
	placed   []placed
}

type meaningKey struct {
	face text.Face
	gid  uint32
}

type emojiPicture struct {
	pic ref
	box image.Rectangle
}

// placed is a view with its place in the whole, in points.
type placed struct {
	view        *htmlview.View
	top, height float32
	scale       float32 // points to a unit
}

// Write writes a document. The error is that of the output, of ctx, or says that the document is too long.
func Write(ctx context.Context, out io.Writer, d Document) error {
	buf := bufio.NewWriterSize(out, 1<<16)
	f := newFile(buf)
	w := &writer{
		file: f, doc: d, fonts: &fonts{file: f, faces: map[text.Face][]*font{}}, pictures: &pictures{file: f, done: map[image.Image]ref{}},
		colours: map[meaningKey]bool{}, emojis: map[meaningKey]emojiPicture{},
	}
	total, whole := w.place()
	room := d.Paper.Height - 2*Margin
	if d.Foot != nil {
		room -= footRoom
	}
	starts := breaks(total, room, whole)
	if len(starts) > mostPages {
		return fmt.Errorf("the document has more than %d pages", mostPages)
	}
	tree := f.next()
	var kids []string
	for i, start := range starts {
		end := min(start+room, total)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		r, err := w.page(ctx, tree, start, end, i+1, len(starts))
		if err != nil {
			return err
		}
		kids = append(kids, r.String())
	}
	w.fonts.write()
	f.object(tree, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " ")))
	language := ""
	if d.Language != "" {
		language = " /Lang " + asciiString(d.Language)
	}
	root := f.add(fmt.Sprintf("<</Type /Catalog /Pages %v%s /ViewerPreferences <</DisplayDocTitle true>>>>", tree, language))
	info := f.add(fmt.Sprintf("<</Title %s /Author %s /Creator (Peyk) /Producer (Peyk) /CreationDate (D:%s)>>",
		textString(d.Title), textString(d.Author), d.Created.UTC().Format("20060102150405Z")))
	if err := f.end(root, info); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// place puts the views below each other and gathers what is not to be cut.
func (w *writer) place() (total float32, whole [][2]float32) {
	for _, v := range w.doc.Views {
		k := float32(pointsPerPixel)
		if e := v.Extent(); e*k > w.doc.Paper.Width-2*Margin {
			k = (w.doc.Paper.Width - 2*Margin) / e
		}
		p := placed{view: v, top: total, height: v.Height() * k, scale: k}
		for _, s := range v.Whole() {
			whole = append(whole, [2]float32{total + s[0]*k, total + s[1]*k})
		}
		w.placed = append(w.placed, p)
		total += p.height
	}
	return total, whole
}

// page writes the stretch from start to end as one page.
func (w *writer) page(ctx context.Context, tree ref, start, end float32, n, of int) (ref, error) {
	p := newPage(w)
	for _, v := range w.placed {
		from, to := max(start, v.top), min(end, v.top+v.height)
		if from >= to {
			continue
		}
		y := w.doc.Paper.Height - Margin - (from - start) // where the part begins on the page
		if err := w.part(ctx, p, v.view, v.scale, y, (from-v.top)/v.scale, (to-v.top)/v.scale); err != nil {
			return 0, err
		}
	}
	if w.doc.Foot != nil {
		v, err := w.doc.Foot(n, of)
		if err != nil {
			return 0, fmt.Errorf("the foot of page %d: %w", n, err)
		}
		if err := w.part(ctx, p, v, pointsPerPixel, Margin+footRoom-8, 0, v.Height()); err != nil {
			return 0, err
		}
	}
	content := w.file.next()
	w.file.stream(content, "", p.Bytes())
	annots := ""
	if len(p.links) > 0 {
		annots = " /Annots [" + strings.Join(p.links, " ") + "]"
	}
	return w.file.add(fmt.Sprintf("<</Type /Page /Parent %v /MediaBox [0 0 %s %s] /Resources %s /Contents %v%s>>",
		tree, num(w.doc.Paper.Width), num(w.doc.Paper.Height), p.resources(), content, annots)), nil
}

// part paints the heights from and to of a view with its upper edge at y of the page.
func (w *writer) part(ctx context.Context, p *page, v *htmlview.View, k, y, from, to float32) error {
	p.op("q\n%s %s %s %s re W n\n", num(Margin-2), num(y-(to-from)*k-0.5), num(w.doc.Paper.Width-2*Margin+4), num((to-from)*k+1))
	p.op("%s 0 0 %s %s %s cm\n", fine(k), fine(-k), num(Margin), num(y+from*k))
	if err := v.Play(ctx, p, from, to); err != nil {
		return err
	}
	p.op("Q\n")
	for _, l := range v.Links() {
		if mid := l.Y + l.H/2; mid < from || mid > to || len(p.links) > 5000 {
			continue
		}
		x0, y1 := Margin+l.X*k, y-(l.Y-from)*k
		p.links = append(p.links, fmt.Sprintf("<</Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%s %s %s %s] /A <</S /URI /URI %s>>>>",
			num(x0), num(y1-l.H*k), num(x0+l.W*k), num(y1), asciiString(l.URL)))
	}
	return nil
}

func fine(v float32) string { return fmt.Sprintf("%.6f", v) }

// coloured reports whether a glyph is a picture.
func (w *writer) coloured(face text.Face, gid uint32) bool {
	k := meaningKey{face, gid}
	yes, known := w.colours[k]
	if !known {
		yes = face.Coloured(gid)
		w.colours[k] = yes
	}
	return yes
}

// emoji paints a coloured glyph once; box is where its picture lies about the origin, in pixels.
func (w *writer) emoji(piece *text.Piece, g text.Glyph) (ref, image.Rectangle) {
	k := meaningKey{piece.Face(), g.ID}
	if e, ok := w.emojis[k]; ok {
		return e.pic, e.box
	}
	box := image.Rect(-emojiPixels/2, -2*emojiPixels, 3*emojiPixels, emojiPixels)
	img := image.NewRGBA(box)
	piece.DrawGlyph(img, g.ID, emojiPixels, color.NRGBA{A: 255})
	e := emojiPicture{box: used(img)}
	if !e.box.Empty() {
		e.pic = w.pictures.use(img.SubImage(e.box), false)
	}
	w.emojis[k] = e
	return e.pic, e.box
}

// used is the smallest rectangle of a picture outside of which it is clear.
func used(img *image.RGBA) (r image.Rectangle) {
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			if img.Pix[img.PixOffset(x, y)+3] != 0 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}
