package clipimage

import (
	"context"
	"encoding/hex"
	"errors"
	"os/exec"
	"strings"
)

func read(ctx context.Context) ([]byte, error) { return ask(ctx, "PNGf") }

func readHTML(ctx context.Context) ([]byte, error) { return ask(ctx, "HTML") }

// ask lets AppleScript write out what the clipboard holds of a class: «data PNGf8950…» in hexadecimal.
func ask(ctx context.Context, class string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, "/usr/bin/osascript", "-e", "the clipboard as «class "+class+"»").Output()
	if err != nil {
		return nil, errors.Join(ErrNone, ctx.Err())
	}
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(out)), "«data "+class), "»")
	if len(text) > 2*Max {
		return nil, ErrTooLarge
	}
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, errors.Join(ErrNone, err)
	}
	return data, nil
}
