package mailbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"peyk/internal/mail"
)

// An mbox has no place for flags outside of the messages, and Status fields in them would change their bytes. So an export
// writes the flags into a file beside: FOLDER.mbox.flags, one JSON object a line with the offset of the message; for
// EML files flags.jsonl in their folder, with the file's name. Import reads them when they are there.
const (
	flagsSuffix = ".flags"
	// EMLFlags is the file with the flags of the EML files of a folder.
	EMLFlags = "flags.jsonl"
)

// keptFlags is one line. At is an offset in decimal or a file name.
type keptFlags struct {
	At    string     `json:"at"`
	Flags mail.Flags `json:"flags"`
}

// FlagsFile is the name of the file with the flags of an mbox.
func FlagsFile(mbox string) string { return mbox + flagsSuffix }

// FlagWriter writes the flags of messages.
type FlagWriter struct{ enc *json.Encoder }

// NewFlagWriter writes to w.
func NewFlagWriter(w io.Writer) *FlagWriter {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &FlagWriter{e}
}

// Write notes the flags of the message at (an offset in decimal, or a file name); none are not written.
func (w *FlagWriter) Write(at string, flags mail.Flags) error {
	if len(flags) == 0 {
		return nil
	}
	return w.enc.Encode(keptFlags{at, flags})
}

// readFlags reads a file of flags; one that is not there holds none. What comes before a broken line is kept.
func readFlags(ctx context.Context, path string) (map[string]mail.Flags, error) {
	f, err := openFile(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]mail.Flags{}
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		var k keptFlags
		if err := json.Unmarshal(sc.Bytes(), &k); err != nil {
			return out, fmt.Errorf("line %d: %w", n, err)
		}
		out[k.At] = k.Flags
	}
	return out, sc.Err()
}
