package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
)

// saveUnreadable writes what is left of damaged outgoing messages and drafts into a folder, and removes each when all of it is there: the row as it is, and the bytes that it names. A draft
// that has a readable version is not among them once a repair has looked: so that comes first.
func saveUnreadable(ctx context.Context, st *store.Store, dir string) ([]store.Problem, error) {
	list, err := st.Unreadable(ctx)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var told []store.Problem
	for i, u := range list {
		base := filepath.Join(dir, fmt.Sprintf("%s-%d-%d", strings.ReplaceAll(u.Table, "_", "-"), u.ID, i+1))
		if err := writeOnce(base+".json", strings.NewReader(u.Text)); err != nil {
			return told, err
		}
		for n, ref := range u.Blobs {
			if err := saveBlob(ctx, st, ref, fmt.Sprintf("%s-%d", base, n+1)); err != nil {
				return told, err
			}
		}
		if err := st.DropUnreadable(ctx, u); err != nil {
			return told, err
		}
		told = append(told, store.Problem{Where: u.Table, Repaired: true,
			What: fmt.Sprintf("%s could not be read; what is left of it, with %d files that it names, is in %s.json and beside", u.Name, len(u.Blobs), base)})
	}
	return told, nil
}

// saveBlob writes stored bytes under a name that says whether they are a message.
func saveBlob(ctx context.Context, st *store.Store, ref mail.BlobRef, base string) error {
	is, err := st.IsMail(ctx, ref)
	if err != nil {
		return err
	}
	b, err := st.OpenBlob(ctx, ref.Hash)
	if err != nil {
		return err
	}
	defer b.Close()
	ext := ".bin"
	if is {
		ext = ".eml"
	}
	return writeOnce(base+ext, io.NewSectionReader(b, 0, b.Size()))
}

// writeOnce writes a new file; one that is there is never written over.
func writeOnce(path string, r io.Reader) error {
	_, err := mailbox.WriteEML(path, r)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w; name an empty folder", err)
	}
	return err
}
