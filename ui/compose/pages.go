package compose

import (
	"context"
	"image"
	"math"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// Bounds of a page as a picture: a longer one is drawn with fewer pixels to a unit.
const (
	maxPageWidth  = 1200
	maxPagePixels = 8 << 20
	maxPageSharp  = 2 // pixels to a unit
)

// pageWork draws a message that is sent on as it was. list are the pictures that belong to the draft; of those on servers only what the user has
// seen is shown. It is drawn for the light, as most who get it will see it. then is not called when it cannot be drawn.
func pageWork(e Engine, page string, list []mail.DraftAttachment, remote func(string) image.Image, scale float32, then func(image.Image)) work {
	return func(ctx context.Context) func() {
		img, err := drawPage(ctx, page, func(url string) image.Image {
			if id, ok := strings.CutPrefix(url, "cid:"); ok {
				return attachedPicture(ctx, e, list, id)
			}
			if remote == nil {
				return nil
			}
			return remote(url)
		}, scale)
		if err != nil { // its words stand in its place, and it is sent all the same
			return nil
		}
		return func() { then(img) }
	}
}

func attachedPicture(ctx context.Context, e Engine, list []mail.DraftAttachment, id string) image.Image {
	for _, a := range list {
		if a.ContentID != id {
			continue
		}
		if img, err := readPicture(ctx, e, a); err == nil {
			return img
		}
	}
	return nil
}

func drawPage(ctx context.Context, page string, images func(string) image.Image, scale float32) (image.Image, error) {
	doc, err := htmlview.Parse(ctx, "<!DOCTYPE html><html><body style=\"margin:0\">"+page+"</body></html>", htmlview.Options{Images: images})
	if err != nil {
		return nil, err
	}
	v, err := doc.Layout(ctx, htmlview.EmbedWidth, htmlview.LayoutOptions{Whole: true})
	if err != nil {
		return nil, err
	}
	w, h := min(max(v.Extent(), htmlview.EmbedWidth), maxPageWidth), max(v.Height(), 1)
	s := min(max(scale, 1), maxPageSharp, float32(math.Sqrt(maxPagePixels/float64(w*h))))
	img := image.NewRGBA(image.Rect(0, 0, max(1, int(w*s+0.5)), max(1, int(h*s+0.5))))
	if err := v.Paint(img, 0, 0, s); err != nil {
		return nil, err
	}
	return img, nil
}

// pageMenu is what can be done with the message that stands in the text as it was.
func (w *Window) pageMenu(m richtext.Image) []*kit.MenuItem {
	return []*kit.MenuItem{
		kit.Item(lang.T("compose.page.text"), icons.Type, func() {
			w.body.ReplacePicture(m.Text())
			w.body.Focus()
		}),
		kit.Item(lang.T("compose.page.remove"), icons.Trash2, func() {
			w.body.ReplacePicture(nil)
			w.body.Focus()
		}),
	}
}
