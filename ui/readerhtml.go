package ui

import (
	"bytes"
	"context"
	"image"
	"io"
	"regexp"
	"strings"
	"sync"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// maxPicture bounds an inline picture: bytes read, and pixels decoded.
const (
	maxPicture       = 20 << 20
	maxPicturePixels = 40 << 20
)

// rich finds HTML that is more than marked-up text: what is not reads better as text, with its quotations folded.
var rich = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<(table|img|style|h[1-6]|font|center|ul|ol|hr)\b|<[a-z]+[^>]*\s(style|bgcolor|background)\s*=`)
})

// pictures gives the pictures that a message brings along (cid:), and those on the web that were fetched already. It is called
// on the UI thread; what it returns is for a layout elsewhere.
func (m *messageView) pictures(c mail.Content) pictureSource {
	gate, reading := m.remote, m.pane.reading
	return func(ctx context.Context) func(string) image.Image {
		return func(url string) image.Image {
			if weblink.Remote(url) {
				return gate.picture(url)
			}
			return embedded(ctx, reading, c, url)
		}
	}
}

// pictureSource gives the pictures of a page to a layout that runs under ctx.
type pictureSource func(ctx context.Context) func(url string) image.Image

// embedded is a picture that a message brings along, by its Content-ID.
func embedded(ctx context.Context, reading mail.Opener, c mail.Content, url string) image.Image {
	id, ok := strings.CutPrefix(url, "cid:")
	if !ok {
		return nil
	}
	for _, a := range c.Attachments {
		if a.ContentID != id || !strings.HasPrefix(a.ContentType, "image/") {
			continue
		}
		part, err := reading.Part(ctx, c.Row.ID, a.Part)
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
