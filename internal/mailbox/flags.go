package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

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
	// Empty: the file is a message without a byte. Any other empty file is one that nobody has written yet, or has lost.
	Empty bool `json:"empty,omitempty"`
}

// FlagsFile is the name of the file with the flags of an mbox.
func FlagsFile(mbox string) string { return mbox + flagsSuffix }

// FlagWriter writes the flags of messages.
type FlagWriter struct{ enc *json.Encoder }

// NewFlagWriter writes to w.
func NewFlagWriter(w io.Writer) *FlagWriter {
	return &FlagWriter{newFlagEncoder(w)}
}

func newFlagEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// Write notes the flags of the message at (an offset in decimal, or a file name); none are not written.
func (w *FlagWriter) Write(at string, flags mail.Flags) error {
	if len(flags) == 0 {
		return nil
	}
	return w.enc.Encode(keptFlags{At: at, Flags: flags})
}

// EMLFlagFile keeps the flags of the EML files of a folder, for one goroutine at a time. Close it.
type EMLFlagFile struct {
	f    *os.File
	enc  *json.Encoder
	kept map[string]keptFlags
}

// OpenEMLFlags begins with the flags of the EML files in dir. With resume those that are kept there stay, of files that are not written again, too; without,
// a file that is there is an error (fs.ErrExist).
func OpenEMLFlags(ctx context.Context, dir string, resume bool) (*EMLFlagFile, error) {
	path := filepath.Join(dir, EMLFlags)
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	var kept map[string]keptFlags
	if resume {
		mode = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		var err error
		kept, err = readFlags(ctx, path)
		if err != nil && !errors.Is(err, errBrokenLine) {
			return nil, err
		}
		if err != nil { // whoever wrote it was killed in the middle of a line
			var b bytes.Buffer
			w := &EMLFlagFile{enc: newFlagEncoder(&b)}
			for _, name := range slices.Sorted(maps.Keys(kept)) {
				if err := w.enc.Encode(kept[name]); err != nil {
					return nil, err
				}
			}
			if err := replaceFile(path, b.Bytes()); err != nil {
				return nil, err
			}
		}
	}
	f, err := os.OpenFile(path, mode, 0o666)
	if err != nil {
		return nil, err
	}
	return &EMLFlagFile{f, newFlagEncoder(f), kept}, nil
}

// Write notes the flags of a file of size bytes, and that it is a message where it is empty. Of two lines about a file the later one counts.
func (w *EMLFlagFile) Write(name string, flags mail.Flags, size int64) error {
	k, was := w.kept[name]
	if k.Empty == (size == 0) && slices.Equal(k.Flags, flags) || !was && len(flags) == 0 && size > 0 {
		return nil
	}
	return w.enc.Encode(keptFlags{name, append(mail.Flags{}, flags...), size == 0})
}

// Close makes it durable.
func (w *EMLFlagFile) Close() error { return errors.Join(w.f.Sync(), w.f.Close()) }

// errBrokenLine: a line of a file that an export kept is none of its lines.
var errBrokenLine = errors.New("this is no line of an export")

// readFlags reads a file of flags; one that is not there holds none. What comes before a broken line is kept.
func readFlags(ctx context.Context, path string) (map[string]keptFlags, error) {
	f, err := openFile(ctx, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]keptFlags{}
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		var k keptFlags
		if err := json.Unmarshal(sc.Bytes(), &k); err != nil {
			return out, fmt.Errorf("line %d: %w: %w", n, errBrokenLine, err)
		}
		out[k.At] = k
	}
	return out, sc.Err()
}
