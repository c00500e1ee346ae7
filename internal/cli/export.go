package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
)

// exporter writes folders into files: DIR/ACCOUNT/FOLDER.mbox, or DIR/ACCOUNT/FOLDER/NUMBER SUBJECT.eml.
type exporter struct {
	st      *store.Store
	dir     string
	eml     bool
	names   names
	done    int
	partial int // only the header is here
}

func exportCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	format := fs.String("format", "", "`mbox` or eml")
	account := fs.String("account", "", "only this account's `NAME`")
	folder := fs.String("folder", "", "only this folder: its path, last name or role")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	if *format != "mbox" && *format != "eml" {
		return usage("peyk export: say --format mbox or --format eml")
	}
	return c.withStore(ctx, func(st *store.Store) error {
		n, err := loadNames(ctx, st)
		if err != nil {
			return err
		}
		x := &exporter{st: st, dir: rest[0], eml: *format == "eml", names: n}
		list, err := x.folders(ctx, *account, *folder)
		if err != nil {
			return err
		}
		for _, f := range list {
			if err := x.folder(ctx, f); err != nil {
				return fmt.Errorf("export %s of %s: %w", f.Path, n.accounts[f.Account], err)
			}
		}
		fmt.Fprintf(c.Stdout, "exported %d messages of %d folders to %s\n", x.done, len(list), x.dir)
		if x.partial > 0 {
			return fmt.Errorf("%d messages are not here whole and were not exported; fetch them first (offline_days = 0, then peyk sync)", x.partial)
		}
		return nil
	})
}

func (x *exporter) folders(ctx context.Context, account, folder string) ([]mail.Folder, error) {
	var id mail.AccountID
	if account != "" {
		a, err := accountNamed(ctx, x.st, account)
		if err != nil {
			return nil, err
		}
		id = a.ID
	}
	if folder != "" {
		return findFolders(ctx, x.st, id, folder)
	}
	return x.st.Folders(ctx, id)
}

// place is the path of a folder's file or directory, every level a safe name.
func (x *exporter) place(f mail.Folder) string {
	parts := []string{x.dir, mailbox.FolderFile(x.names.accounts[f.Account])}
	levels := []string{f.Path}
	if f.Delimiter != "" {
		levels = strings.Split(f.Path, f.Delimiter)
	}
	for _, l := range levels {
		parts = append(parts, mailbox.FolderFile(l))
	}
	return filepath.Join(parts...)
}

func (x *exporter) folder(ctx context.Context, f mail.Folder) error {
	if f.Total == 0 {
		return nil
	}
	path := x.place(f)
	if x.eml {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		return x.each(ctx, f, func(n int, d store.Details, b store.Blob) error {
			_, err := mailbox.WriteEML(filepath.Join(path, mailbox.EMLName(n, d.Subject)), b)
			return err
		})
	}
	path += ".mbox"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// Never over a file that is there: it may be the only copy of an earlier export.
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	buf := bufio.NewWriterSize(out, 256<<10)
	w := mailbox.NewWriter(buf)
	err = x.each(ctx, f, func(_ int, d store.Details, b store.Blob) error {
		from := ""
		if len(d.From) > 0 {
			from = d.From[0].Addr
		}
		_, err := w.Write(from, d.Received, b, b.Size())
		return err
	})
	return errors.Join(err, w.Flush(), buf.Flush(), out.Sync(), out.Close())
}

// each opens every message of a folder, oldest first.
func (x *exporter) each(ctx context.Context, f mail.Folder, fn func(n int, d store.Details, b store.Blob) error) error {
	q := store.Query{Folder: f.ID, Reverse: true}
	n := 0
	_, err := eachRow(0, func(offset, limit int) ([]mail.Row, error) { return x.st.Page(ctx, q, offset, limit) }, func(r mail.Row) error {
		d, err := x.st.Details(ctx, r.ID)
		if err != nil {
			return err
		}
		if d.Blob == nil {
			x.partial++
			return nil
		}
		b, err := x.st.OpenBlob(ctx, d.Blob.Hash)
		if err != nil {
			return err
		}
		defer b.Close()
		n++
		if err := fn(n, d, b); err != nil {
			return err
		}
		x.done++
		return nil
	})
	return err
}
