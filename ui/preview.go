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
func decodeImage(b []byte) (image.Image, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width*c.Height > maxPixels {
		return nil, fmt.Errorf("a picture of %d × %d is too large to show", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	return img, err
}

// inlineImages are the pictures that belong to the text, shown below it.
type inlineImages struct {
	files   *files
	gen     int
	box     *fyne.Container
	changed func()
}

func newInlineImages(e *env, reading mail.Opener) *inlineImages {
	i := &inlineImages{files: &files{env: e, reading: reading}, box: kit.VBox(10)}
	i.box.Hide()
	return i
}

// Clear takes the pictures away.
func (i *inlineImages) Clear() {
	i.gen++
	i.box.RemoveAll()
	i.box.Hide()
}

// Show reads the inline pictures of a message, one after another, and shows each when it is there.
func (i *inlineImages) Show(id mail.MessageID, as []mail.Attachment) {
	i.Clear()
	gen, n := i.gen, 0
	for _, a := range as {
		if !a.Inline || !canPreview(a) || !strings.HasPrefix(a.ContentType, "image/") || n == maxInline {
			continue
		}
		n++
		place := kit.Stack()
		i.box.Add(place)
		i.box.Show()
		i.files.env.loop.Go(func(ctx context.Context) func() {
			b, err := i.files.bytes(ctx, id, a.Part, maxPreviewImage)
			var img image.Image
			if err == nil {
				img, err = decodeImage(b)
			}
			return func() {
				if gen != i.gen || err != nil { // a broken picture leaves no trace
					return
				}
				place.Add(newPicture(img))
				i.changed()
			}
		})
	}
}

// newPicture shows an image at its own size, or smaller where it is wider than a text is.
func newPicture(img image.Image) fyne.CanvasObject {
	p := canvas.NewImageFromImage(img)
	p.FillMode, p.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	w, h := float32(img.Bounds().Dx()), float32(img.Bounds().Dy())
	if w > maxPictureWidth {
		w, h = maxPictureWidth, h*maxPictureWidth/w
	}
	return kit.Start(kit.Fixed(w, h, p))
}
