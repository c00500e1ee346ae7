package clipimage

import (
	"context"
	"encoding/hex"
	"errors"
	"os/exec"
	"strings"
)

// read lets AppleScript write the picture out: «data PNGf8950…» in hexadecimal.
func read(ctx context.Context) ([]byte, error) {
	out, err := exec.CommandContext(ctx, "/usr/bin/osascript", "-e", "the clipboard as «class PNGf»").Output()
	if err != nil {
		return nil, errors.Join(ErrNone, ctx.Err())
	}
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(out)), "«data PNGf"), "»")
	if len(text) > 2*Max {
		return nil, ErrTooLarge
	}
	data, err := hex.DecodeString(text)
	if err != nil {
		return nil, errors.Join(ErrNone, err)
	}
	return data, nil
}
