package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"peyk/internal/mailbox"
)

// earlier are the messages that an export before this one has written into one place: the names of their files by the hash of their bytes. By these they
// are known, whatever has come into the folder, or left it, since.
type earlier map[string][]string

// take reports a file with these bytes, each once.
func (e earlier) take(hash string) (name string, ok bool) {
	list := e[hash]
	if len(list) == 0 {
		return "", false
	}
	e[hash] = list[1:]
	return list[0], true
}

// add notes a file.
func (e earlier) add(ctx context.Context, name, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	e[hash] = append(e[hash], name)
	return nil
}

// earlierFiles reads the messages that are files of a directory, which need not be there.
func earlierFiles(ctx context.Context, dir string, is func(name string) bool) (earlier, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := earlier{}
	for _, e := range list {
		if !e.Type().IsRegular() || !is(e.Name()) {
			continue
		}
		if err := out.add(ctx, e.Name(), filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// earlierMbox reads those of an mbox.
func earlierMbox(ctx context.Context, path string) (earlier, error) {
	out := earlier{}
	rep, err := mailbox.Import(ctx, []string{path}, mailbox.ImportOptions{}, func(f mailbox.Found) error {
		sum := sha256.New()
		if _, err := io.Copy(sum, f.Reader); err != nil {
			return err
		}
		hash := hex.EncodeToString(sum.Sum(nil))
		out[hash] = append(out[hash], path)
		return nil
	})
	if err == nil && len(rep.Failed) > 0 {
		err = fmt.Errorf("%s: %s", rep.Failed[0].Where, rep.Failed[0].Reason)
	}
	return out, err
}
