// Package clipimage reads what the window's toolkit cannot out of the clipboard of the system: pictures (a screenshot, or one copied in a
// browser), and text with its formatting. X11 (and XWayland) is asked by its selections (ICCCM §2), Windows by its clipboard functions, macOS by a script.
//
// Only who is asked to paste calls it, off the goroutine of the window: another program has to answer. Safe for concurrent use.
package clipimage

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Max bounds a picture, in bytes as it comes from the clipboard.
const Max = 64 << 20

// patience is how long another program may take to hand a picture over.
const (
	patience     = 10 * time.Second
	htmlPatience = 2 * time.Second
)

// maxHTML bounds formatted text, in bytes.
const maxHTML = 8 << 20

// Errors of Read.
var (
	// ErrNone: there is no picture in the clipboard, or nobody can tell.
	ErrNone = errors.New("there is no picture in the clipboard")
	// ErrTooLarge: it is larger than Max.
	ErrTooLarge = errors.New("the picture in the clipboard is too large")
)

// Read gives the bytes of the picture in the clipboard: a PNG, JPEG, GIF, WebP or BMP file. It takes ten seconds at most.
func Read(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return read(ctx)
}

// ReadHTML gives the formatted text in the clipboard as HTML that another program wrote: it may hold anything. Where there is none, the error wraps ErrNone. It takes two
// seconds at most: the words alone are at hand anyway.
func ReadHTML(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, htmlPatience)
	defer cancel()
	raw, err := readHTML(ctx)
	if err != nil {
		return "", err
	}
	if len(raw) > maxHTML {
		return "", fmt.Errorf("the formatted text in the clipboard has %d MB: %w", len(raw)>>20, ErrNone)
	}
	src := fragment(decode(raw))
	if src == "" {
		return "", ErrNone
	}
	return src, nil
}
