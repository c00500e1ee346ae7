package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
)

// exporter writes folders into files: DIR/ACCOUNT/FOLDER.mbox, DIR/ACCOUNT/FOLDER/NUMBER SUBJECT.eml, or a Maildir
// DIR/ACCOUNT/FOLDER. The flags of mbox and EML are in files beside.
type exporter struct {
	st     *store.Store
	dir    string
	format string
	// resume: what is there already was written by an earlier export of this kind.
	resume  bool
	names   names
	rep     mailbox.Report
	prog    mailbox.Progress
	bar     *fileProgress
	partial int // only the header is here
}

func exportCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	format := fs.String("format", "", "`mbox`, eml or maildir")
	account := fs.String("account", "", "only this account's `NAME`")
	folder := fs.String("folder", "", "only this folder: its path, last name or role")
	resume := fs.Bool("resume", false, "go on with an export that was interrupted: what is there already stays")
	asJSON := fs.Bool("json", false, "print the report as one JSON object")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	if *format != "mbox" && *format != "eml" && *format != "maildir" {
		return usage("peyk export: say --format mbox, --format eml or --format maildir")
	}
	return c.withStore(ctx, func(st *store.Store) error {
		n, err := loadNames(ctx, st)
		if err != nil {
			return err
		}
		x := &exporter{st: st, dir: rest[0], format: *format, resume: *resume, names: n, bar: newFileProgress(c.Stderr)}
		list, err := x.folders(ctx, *account, *folder)
		if err != nil {
			return err
		}
		for _, f := range list {
			x.prog.Total += f.Total
		}
		for _, f := range list {
			if err := x.folder(ctx, f); err != nil {
				x.bar.end()
				return fmt.Errorf("export %s of %s: %w", f.Path, n.accounts[f.Account], err)
			}
		}
		x.bar.end()
		if *asJSON {
			err = jsonLines(c.Stdout).Encode(x.rep)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "exported %d messages of %d folders to %s\n", x.rep.Messages, len(list), x.dir)
		}
		for _, f := range x.rep.Failed {
			fmt.Fprintf(c.Stderr, "peyk: %s: %s\n", plain(f.Where), oneLine(f.Reason))
		}
		if err != nil {
			return err
		}
		if x.partial > 0 {
			return fmt.Errorf("%d messages are not here whole and were not exported; fetch them first (offline_days = 0, then peyk sync)", x.partial)
		}
		if len(x.rep.Failed) > 0 {
			return errTold
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
	switch x.format {
	case "eml":
		return x.emls(ctx, f, path)
	case "maildir":
		return x.maildir(ctx, f, path)
	}
	return x.mbox(ctx, f, path+".mbox")
}

func (x *exporter) emls(ctx context.Context, f mail.Folder, path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	// Written anew each time: the messages before are gone through again on --resume.
	out, err := os.Create(filepath.Join(path, mailbox.EMLFlags))
	if err != nil {
		return err
	}
	flags := mailbox.NewFlagWriter(out)
	err = x.each(ctx, f, func(n int, d store.Details, r io.ReaderAt, size int64) error {
		name := mailbox.EMLName(n, d.Subject)
		_, err := mailbox.WriteEML(filepath.Join(path, name), io.NewSectionReader(r, 0, size))
		if x.resume && errors.Is(err, os.ErrExist) {
			err = nil
		}
		return errors.Join(err, flags.Write(name, d.Flags))
	})
	return errors.Join(err, out.Sync(), out.Close())
}

func (x *exporter) maildir(ctx context.Context, f mail.Folder, path string) error {
	if err := mailbox.CreateMaildir(path); err != nil {
		return err
	}
	return x.each(ctx, f, func(n int, d store.Details, r io.ReaderAt, size int64) error {
		_, _, err := mailbox.WriteMaildirAs(path, fmt.Sprintf("%08d", n), d.Flags, d.Received, io.NewSectionReader(r, 0, size))
		if x.resume && errors.Is(err, os.ErrExist) {
			err = nil
		}
		return err
	})
}

// mbox writes under a name of its own until the file is whole, so that a file with the real name is a finished one.
func (x *exporter) mbox(ctx context.Context, f mail.Folder, path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// Never over a file that is there: it may be the only copy of an earlier export.
	if _, err := os.Lstat(path); err == nil {
		if x.resume {
			x.prog.Done += f.Total
			return nil
		}
		return fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	part := path + ".part"
	out, err := os.Create(part)
	if err != nil {
		return err
	}
	side, err := os.Create(mailbox.FlagsFile(path))
	if err != nil {
		return errors.Join(err, out.Close())
	}
	w, flags := mailbox.NewWriter(out), mailbox.NewFlagWriter(side)
	err = x.each(ctx, f, func(_ int, d store.Details, r io.ReaderAt, size int64) error {
		from := ""
		if len(d.From) > 0 {
			from = d.From[0].Addr
		}
		if err := flags.Write(strconv.FormatInt(w.Offset(), 10), d.Flags); err != nil {
			return err
		}
		_, err := w.Write(from, d.Received, r, size)
		return err
	})
	err = errors.Join(err, w.Flush(), side.Sync(), side.Close(), out.Sync(), out.Close())
	if err != nil {
		return errors.Join(err, os.Remove(part), os.Remove(mailbox.FlagsFile(path)))
	}
	return os.Rename(part, path)
}

// each opens every message of a folder, oldest first. A message that is damaged on disk is reported and left out.
func (x *exporter) each(ctx context.Context, f mail.Folder, fn func(n int, d store.Details, r io.ReaderAt, size int64) error) error {
	q := store.Query{Folder: f.ID, Reverse: true}
	n := 0
	_, err := eachRow(0, func(offset, limit int) ([]mail.Row, error) { return x.st.Page(ctx, q, offset, limit) }, func(r mail.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := x.st.Details(ctx, r.ID)
		if err != nil {
			return err
		}
		x.prog.Source, x.prog.Done = f.Path, x.prog.Done+1
		if d.Blob == nil {
			x.partial++
			return nil
		}
		n++
		b, err := x.st.OpenBlob(ctx, d.Blob.Hash)
		if err != nil {
			x.rep.Fail(fmt.Sprintf("message %d (%s)", r.ID, oneLine(d.Subject)), err)
			return nil
		}
		defer b.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, io.NewSectionReader(b, 0, b.Size())); err != nil || hex.EncodeToString(sum.Sum(nil)) != d.Blob.Hash {
			x.rep.Fail(fmt.Sprintf("message %d (%s)", r.ID, oneLine(d.Subject)), errors.Join(errors.New("its bytes are damaged on disk"), err))
			return nil
		}
		if err := fn(n, d, b, b.Size()); err != nil {
			return err
		}
		x.rep.Count(f.Path, b.Size(), [sha256.Size]byte(sum.Sum(nil)))
		x.prog.Bytes += b.Size()
		x.bar.show(x.prog)
		return nil
	})
	return err
}
