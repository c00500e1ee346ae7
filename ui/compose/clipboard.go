package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"peyk/internal/clipimage"
	"peyk/internal/htmlview"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// pastePicture puts the picture of the clipboard into the text; what is written as text alone has it attached. Where there is none, other is inserted:
// what the clipboard gave for text, and is none.
func (w *Window) pastePicture(other string) {
	read := w.opt.Clipboard
	if read == nil {
		read = clipimage.Read
	}
	w.opt.Loop.Go(pasteWork(read, func(raw []byte, ext string, err error) {
		if w.finished {
			return
		}
		if errors.Is(err, clipimage.ErrNone) {
			w.body.Insert(other)
			return
		}
		var path string
		if err == nil {
			path, err = w.keepPasted(raw, ext)
		}
		if err != nil {
			w.tell(kit.LevelWarning, lang.T("compose.paste.failed", pasteWords(err)))
			return
		}
		w.insertPictures([]string{path})
	}))
}

func pasteWords(err error) string {
	switch {
	case errors.Is(err, clipimage.ErrTooLarge):
		return lang.T("compose.paste.large")
	case errors.Is(err, errNoPicture):
		return lang.T("compose.paste.unknown")
	case errors.Is(err, context.DeadlineExceeded):
		return lang.T("compose.paste.silent")
	}
	return lang.ErrorWords(err)
}

// keepPasted writes a picture into a file, which is read when the draft is stored.
func (w *Window) keepPasted(raw []byte, ext string) (string, error) {
	dir, err := w.opt.Folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "image."+ext)
	return path, os.WriteFile(path, raw, 0o600)
}

// pasteWork reads the clipboard.
func pasteWork(read func(context.Context) ([]byte, error), then func(raw []byte, ext string, err error)) work {
	return func(ctx context.Context) func() {
		raw, err := read(ctx)
		if ctx.Err() != nil {
			return nil
		}
		ext := ""
		if err == nil {
			raw, ext, err = sendable(raw)
		}
		return func() { then(raw, ext, err) }
	}
}

// sendable is a picture in a form that every mail program shows.
func sendable(raw []byte) (_ []byte, ext string, err error) {
	_, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errNoPicture, err)
	}
	switch kind {
	case "png", "gif":
		return raw, kind, nil
	case "jpeg":
		return raw, "jpg", nil
	}
	img := htmlview.DecodeImage(raw, maxPicturePixels)
	if img == nil {
		return nil, "", errNoPicture
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, "", err
	}
	return b.Bytes(), "png", nil
}
