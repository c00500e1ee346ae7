// Package clipimage reads pictures out of the clipboard of the system, which the window's toolkit cannot: a screenshot, or a picture copied in a
// browser. X11 (and XWayland) is asked by its selections (ICCCM §2), Windows by its clipboard functions, macOS by a script.
//
// Only who is asked to paste calls it, off the goroutine of the window: another program has to answer. Safe for concurrent use.
package clipimage

import (
	"context"
	"errors"
	"time"
)

// Max bounds a picture, in bytes as it comes from the clipboard.
const Max = 64 << 20

// patience is how long another program may take to hand a picture over.
const patience = 10 * time.Second

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
