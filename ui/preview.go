package ui

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif" // decoders of the pictures that are shown
	_ "image/jpeg"
	_ "image/png"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	_ "golang.org/x/image/bmp"
	xdraw "golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"peyk/internal/mail"
	"peyk/internal/pdfview"
	"peyk/ui/kit"
)

// What is shown without leaving the window, at most.
const (
	maxPreviewImage = 20 << 20 // bytes
	maxPreviewBytes = pdfview.MaxBytes
	maxPreviewText  = 512 << 10
	maxPixels       = 40 << 20
	maxInline       = 20 // pictures in one message
	maxPictureWidth = 560
)

func canPreview(a mail.Attachment) bool {
	switch a.ContentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp":
		return a.Size <= maxPreviewImage
	case "application/pdf", "application/octet-stream":
		return isPDF(a) && a.Size <= maxPreviewBytes
	case "text/plain", "text/csv", "text/markdown", "text/x-log", "application/json", "text/calendar", "text/vcard", "text/x-vcard", "text/x-patch", "text/x-diff":
		return a.Size <= maxPreviewText
	}
	return false
}

func (f *files) bytes(ctx context.Context, id mail.MessageID, part string, limit int64) ([]byte, error) {
	in, err := f.reading.Part(ctx, id, part)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, limit))
}

// decodeImage decodes a picture after a look at its size: a few bytes can claim to be gigabytes of pixels.
func decodeImage(b []byte) (img image.Image, err error) {
	defer func() {
		if r := recover(); r != nil { // a decoder that fails on hostile bytes
			img, err = nil, fmt.Errorf("decode a picture: %v", r)
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width*c.Height > maxPixels {
		return nil, fmt.Errorf("a picture of %d × %d is too large to show", c.Width, c.Height)
	}
	img, _, err = image.Decode(bytes.NewReader(b))
	return img, err
}

// inlineImages are the pictures that belong to the text, shown below it.
type inlineImages struct {
	files   *files
	stop    func() // ends the reading
	box     *fyne.Container
	changed func()
}

func newInlineImages(e *env, reading mail.Opener) *inlineImages {
	i := &inlineImages{files: &files{env: e, reading: reading}, stop: func() {}, box: kit.VBox(10)}
	i.box.Hide()
	return i
}

// Clear takes the pictures away.
func (i *inlineImages) Clear() {
	i.stop()
	i.box.RemoveAll()
	i.box.Hide()
}

// Show reads the inline pictures of a message, one after another, and shows each when it is there.
func (i *inlineImages) Show(id mail.MessageID, as []mail.Attachment) {
	i.Clear()
	var list []mail.Attachment
	var places []*fyne.Container
	for _, a := range as {
		if !a.Inline || !canPreview(a) || !strings.HasPrefix(a.ContentType, "image/") || len(list) == maxInline {
			continue
		}
		list, places = append(list, a), append(places, kit.Stack())
		i.box.Add(places[len(places)-1])
		i.box.Show()
	}
	if len(list) > 0 {
		i.stop = i.files.env.loop.Cancellable(func(ctx context.Context) func() { i.read(ctx, id, list, places); return nil })
	}
}

// read reads pictures, each into its place. Only one at a time is in memory with all its pixels.
func (i *inlineImages) read(ctx context.Context, id mail.MessageID, list []mail.Attachment, places []*fyne.Container) {
	for n, a := range list {
		if ctx.Err() != nil {
			return
		}
		b, err := i.files.bytes(ctx, id, a.Part, maxPreviewImage)
		var img image.Image
		if err == nil {
			img, err = decodeImage(b)
		}
		if err != nil { // a broken picture leaves no trace
			continue
		}
		shown, size := reduced(img, 2*maxPictureWidth), img.Bounds().Size()
		i.files.env.loop.Post(func() {
			if ctx.Err() == nil {
				places[n].Add(newPicture(shown, size))
				i.changed()
			}
		})
	}
}

// reduced is a picture with at most so many pixels in a line: those of a camera take fifty times the memory of what is seen of them here.
func reduced(img image.Image, width int) image.Image {
	b := img.Bounds()
	if b.Dx() <= width {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, width, max(1, b.Dy()*width/b.Dx())))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, img, b, xdraw.Src, nil)
	return out
}

// newPicture shows an image of a size as large as that, or smaller where it is wider than a text is.
func newPicture(img image.Image, size image.Point) fyne.CanvasObject {
	p := canvas.NewImageFromImage(img)
	p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	w, h := float32(size.X), float32(size.Y)
	if w > maxPictureWidth {
		w, h = maxPictureWidth, h*maxPictureWidth/w
	}
	return kit.Start(kit.Fixed(w, h, p))
}
