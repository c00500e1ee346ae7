package ui

import (
	"bytes"
	"context"
	"image"
	"io"
	"strings"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
)

// maxPicture bounds an inline picture: bytes read, and pixels decoded.
const (
	maxPicture       = 20 << 20
	maxPicturePixels = 40 << 20
)

// asHTML reports whether a message is to be shown by its HTML.
func (r *readerPane) asHTML(c mail.Content) bool {
	return c.HTML != "" && !r.textOnly && rich.MatchString(c.HTML)
}

// showHTML draws the HTML of a message; until it is ready nothing is shown, and when it cannot be drawn its text is.
func (r *readerPane) showHTML(c mail.Content) {
	gen, zoom, dark := r.gen, r.html.zoom, isDark()
	r.links.Read(c.HTML)
	width := r.scroll.Size().Width - 52 // the space around the text
	if width < 50 {
		width = leastWidth
	}
	r.env.loop.Go(func(ctx context.Context) func() {
		p, err := prepareHTML(ctx, c.HTML, r.pictures(ctx, c), width, zoom, dark)
		return func() {
			if gen != r.gen || r.id != c.Row.ID {
				return
			}
			if err != nil {
				r.showText(c)
			} else {
				r.html.Set(p)
			}
			r.relayout()
			r.exposeHTML()
		}
	})
}

// showText shows the text of a message.
func (r *readerPane) showText(c mail.Content) {
	r.html.Clear()
	r.links.Read("")
	r.body.Show(c.Text)
	r.images.Show(c.Row.ID, c.Attachments)
}

// exposeHTML paints what is in view.
func (r *readerPane) exposeHTML() { r.html.expose(r.scroll.Offset()-22, r.scroll.Size().Height) }

// toggleHTML switches between the HTML and the text of messages.
func (r *readerPane) toggleHTML() {
	r.textOnly = !r.textOnly
	r.showContent(r.content, false)
}

// pictures gives the pictures that a message brings along (cid:); nothing is ever fetched.
func (r *readerPane) pictures(ctx context.Context, c mail.Content) func(string) image.Image {
	return func(url string) image.Image {
		id, ok := strings.CutPrefix(url, "cid:")
		if !ok {
			return nil
		}
		for _, a := range c.Attachments {
			if a.ContentID != id || !strings.HasPrefix(a.ContentType, "image/") {
				continue
			}
			part, err := r.env.engine.Part(ctx, c.Row.ID, a.Part)
			if err != nil {
				return nil
			}
			defer part.Close()
			var b bytes.Buffer
			if _, err := io.Copy(&b, io.LimitReader(part, maxPicture)); err != nil {
				return nil
			}
			return htmlview.DecodeImage(b.Bytes(), maxPicturePixels)
		}
		return nil
	}
}

// Zoom makes the open message larger or smaller by steps of a tenth; 0 goes back to 100 %.
func (r *readerPane) Zoom(step int) {
	r.body.Zoom(step)
	r.html.Zoom(r.body.zoom)
}
