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
	done := w.coming.begin()
	w.opt.Loop.Go(pasteWork(read, w.opt.Folder, func(path string, err error) {
		defer func() { done(err == nil || errors.Is(err, clipimage.ErrNone)) }()
		switch {
		case w.finished:
		case errors.Is(err, clipimage.ErrNone):
			w.body.Insert(other)
		case err != nil:
			w.tell(kit.LevelWarning, lang.T("compose.paste.failed", pasteWords(err)))
		default:
			w.insertPictures([]string{path})
		}
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

// pasteWork writes the picture of the clipboard into a file, which is read again when the draft is stored.
func pasteWork(read func(context.Context) ([]byte, error), folder func() (string, error), then func(path string, err error)) work {
	return func(ctx context.Context) func() {
		path, err := keepPasted(ctx, read, folder)
		if ctx.Err() != nil {
			return nil
		}
		return func() { then(path, err) }
	}
}

func keepPasted(ctx context.Context, read func(context.Context) ([]byte, error), folder func() (string, error)) (string, error) {
	raw, err := read(ctx)
	if err != nil {
		return "", err
	}
	raw, ext, err := sendable(raw)
	if err != nil {
		return "", err
	}
	dir, err := folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "image."+ext)
	return path, os.WriteFile(path, raw, 0o600)
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
