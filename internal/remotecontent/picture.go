package remotecontent

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // sizes of what is fetched
	_ "image/jpeg"
	_ "image/png"
	"mime"
	"strings"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

// maxSVG bounds a drawing in text: it is parsed as a whole.
const maxSVG = 1 << 20

var errForeignType = errors.New("it is not a picture")

// declared refuses answers that do not even claim to be pictures. Servers that do not know say octet-stream or nothing.
func declared(contentType string) error {
	if contentType == "" {
		return nil
	}
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		t, _, _ = strings.Cut(strings.ToLower(contentType), ";")
	}
	if t = strings.TrimSpace(t); strings.HasPrefix(t, "image/") || t == "application/octet-stream" || t == "binary/octet-stream" {
		return nil
	}
	return fmt.Errorf("%w but %.60s", errForeignType, t)
}

// check looks at the first bytes and at the size in pixels, without decoding.
func check(data []byte, pixels int) error {
	if isSVG(data) {
		if len(data) > maxSVG {
			return fmt.Errorf("a drawing of %d bytes", len(data))
		}
		return nil
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return errForeignType
	}
	const side = 1 << 15
	if c.Width <= 0 || c.Height <= 0 || c.Width > side || c.Height > side || c.Width*c.Height > pixels {
		return fmt.Errorf("%d × %d pixels", c.Width, c.Height)
	}
	return nil
}

// isSVG recognises an SVG document; one with a document type is none to us: entities expand.
func isSVG(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 2048)])
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<svg")) && !bytes.HasPrefix(head, []byte("<?xml")) && !bytes.HasPrefix(head, []byte("<!--")) {
		return false
	}
	return bytes.Contains(head, []byte("<svg")) && !bytes.Contains(bytes.ToLower(data), []byte("<!entity"))
}
