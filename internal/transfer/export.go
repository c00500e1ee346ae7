package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
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
	format mail.MailboxFormat
	// resume: what is there already was written by an earlier export of this kind.
	resume   bool
	accounts map[mail.AccountID]string // their names
	places   map[mail.FolderID]string  // paths of files and directories, without ".mbox"
	names    map[string]*mailbox.Names // by directory: what the mailboxes of files in it are called
	rep      mailbox.Report
	prog     mailbox.Progress
	progress func(mailbox.Progress) // nil: nobody asks
}

// Export writes folders to files. The report holds what was written also when there is an error: of the disk, of ctx, or
// (without Resume) that a file is there already. Messages that cannot be read are in the report and left out. Several
// exports may run at once, into different directories.
func Export(ctx context.Context, st *store.Store, r mail.ExportRequest, progress func(mailbox.Progress)) (mailbox.Report, error) {
	accts, err := st.Accounts(ctx)
	if err != nil {
		return mailbox.Report{}, err
	}
	x := &exporter{st: st, dir: r.Dir, format: r.Format, resume: r.Resume, accounts: map[mail.AccountID]string{}, progress: progress}
	for _, a := range accts {
		x.accounts[a.ID] = a.Name
	}
	if len(r.Messages) > 0 {
		if err := x.messages(ctx, r.Messages); err != nil {
			return x.rep, fmt.Errorf("export messages: %w", err)
		}
		return x.rep, nil
	}
	var list []mail.Folder
	for _, id := range r.Folders {
		f, err := st.Folder(ctx, id)
		if err != nil {
			return mailbox.Report{}, fmt.Errorf("export: %w", err)
		}
		list, x.prog.Total = append(list, f), x.prog.Total+f.Total
	}
	if err := x.assign(ctx, list); err != nil {
		return x.rep, fmt.Errorf("export: %w", err)
	}
	if !x.resume {
		if err := x.free(list); err != nil {
			return x.rep, err
		}
	}
	if err := x.keepNames(); err != nil {
		return x.rep, fmt.Errorf("export: %w", err)
	}
	for _, f := range list {
		if err := x.folder(ctx, f); err != nil {
			return x.rep, fmt.Errorf("export %s of %s: %w", f.Path, x.accounts[f.Account], err)
		}
	}
	return x.rep, nil
}

// messages writes single messages into the directory.
func (x *exporter) messages(ctx context.Context, ids []mail.MessageID) error {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return err
	}
	x.prog.Total = len(ids)
	n := 0
	for _, id := range ids {
		row, err := x.st.Row(ctx, id)
		var f mail.Folder
		if err == nil {
			f, err = x.st.Folder(ctx, row.Folder)
		}
		if errors.Is(err, store.ErrNotFound) { // it was deleted meanwhile
			x.rep.Fail(fmt.Sprintf("message %d", id), err)
			continue
		}
		if err == nil {
			err = x.one(ctx, f, row, &n, x.single)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// single writes one of them, under a name that is free. With Resume one that is there with the same bytes was written before.
func (x *exporter) single(n int, d store.Details, r io.ReaderAt, size int64) error {
	_, err := writeEML(x.dir, n, d.Subject, r, size, x.resume)
	return err
}

// writeEML writes message n under a name that is free, or, where same is set, leaves a file of its name with the same bytes as it is.
func writeEML(dir string, n int, subject string, r io.ReaderAt, size int64, same bool) (name string, err error) {
	name = mailbox.EMLName(n, subject)
	for i := 2; ; i++ {
		path := filepath.Join(dir, name)
		_, err := mailbox.WriteEML(path, io.NewSectionReader(r, 0, size))
		if !errors.Is(err, os.ErrExist) || i > maxNames {
			return name, err
		}
		if same && holds(path, r, size) {
			return name, nil
		}
		name = strings.TrimSuffix(mailbox.EMLName(n, subject), ".eml") + fmt.Sprintf(" (%d).eml", i)
	}
}

// holds reports whether a file has these bytes.
func holds(path string, r io.ReaderAt, size int64) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() || st.Size() != size {
		return false
	}
	there, here := sha256.New(), sha256.New()
	_, ferr := io.Copy(there, f)
	_, rerr := io.Copy(here, io.NewSectionReader(r, 0, size))
	return ferr == nil && rerr == nil && bytes.Equal(there.Sum(nil), here.Sum(nil))
}

// maxNames is how many names are tried for one message.
const maxNames = 1000

func (x *exporter) folder(ctx context.Context, f mail.Folder) error {
	if f.Total == 0 {
		return nil
	}
	path := x.places[f.ID]
	switch x.format {
	case mail.MailboxEML:
		return x.emls(ctx, f, path)
	case mail.MailboxMaildir:
		return x.maildir(ctx, f, path)
	}
	return x.mbox(ctx, f, path+".mbox")
}

func (x *exporter) emls(ctx context.Context, f mail.Folder, path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	var before earlier
	if x.resume {
		var err error
		if before, err = earlierFiles(ctx, path, func(name string) bool { return strings.HasSuffix(name, ".eml") }); err != nil {
			return err
		}
	}
	flags, err := mailbox.OpenEMLFlags(ctx, path, x.resume)
	if err != nil {
		return err
	}
	err = x.each(ctx, f, func(n int, d store.Details, r io.ReaderAt, size int64) error {
		name, there := before.take(d.Blob.Hash)
		if !there {
			var err error
			if name, err = writeEML(path, n, d.Subject, r, size, false); err != nil {
				return err
			}
		}
		return flags.Write(name, d.Flags, size)
	})
	return errors.Join(err, flags.Close())
}

func (x *exporter) maildir(ctx context.Context, f mail.Folder, path string) error {
	before := earlier{}
	for _, s := range []string{"cur", "new"} {
		there, err := earlierFiles(ctx, filepath.Join(path, s), func(string) bool { return x.resume })
		if err != nil {
			return err
		}
		for hash, names := range there {
			before[hash] = append(before[hash], names...)
		}
	}
	w, err := mailbox.NewMaildirWriter(ctx, path)
	if err != nil {
		return err
	}
	return x.each(ctx, f, func(n int, d store.Details, r io.ReaderAt, size int64) error {
		if _, there := before.take(d.Blob.Hash); there {
			return nil
		}
		unique := fmt.Sprintf("%08d", n)
		for i := 2; ; i++ {
			_, _, err := w.Write(unique, d.Flags, d.Received, io.NewSectionReader(r, 0, size))
			if !errors.Is(err, os.ErrExist) || i > maxNames {
				return err
			}
			unique = fmt.Sprintf("%08d-%d", n, i) // another one has left the folder that had this number
		}
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
			return x.compareMbox(ctx, f, path)
		}
		return fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	// A file that is not finished goes: then its messages do not count either.
	before := x.rep
	before.Folders = maps.Clone(x.rep.Folders)
	part := path + partSuffix
	if strayFlags(path) {
		return fmt.Errorf("%s: %w", mailbox.FlagsFile(path), os.ErrExist)
	}
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
	err = errors.Join(firstOf(err, w.Flush()), side.Sync(), side.Close(), out.Sync(), out.Close())
	if err != nil {
		x.rep = before
		return errors.Join(err, os.Remove(part), os.Remove(mailbox.FlagsFile(path)))
	}
	return os.Rename(part, path)
}

// partSuffix ends the name of an mbox that is being written.
const partSuffix = ".part"

// compareMbox counts what an earlier export has written of a folder into an mbox, which stays as it is; what came since is told.
func (x *exporter) compareMbox(ctx context.Context, f mail.Folder, path string) error {
	before, err := earlierMbox(ctx, path)
	if err != nil {
		return err
	}
	missing := 0
	err = x.each(ctx, f, func(_ int, d store.Details, _ io.ReaderAt, _ int64) error {
		if _, there := before.take(d.Blob.Hash); !there {
			missing++
			return errLeftOut
		}
		return nil
	})
	if missing > 0 {
		x.rep.Fail(path, mailbox.OlderError{Missing: missing})
	}
	return err
}

// errLeftOut: a message is not written, and counts for nothing.
var errLeftOut = errors.New("left out")

// each opens every message of a folder, oldest first. A message that is damaged on disk is reported and left out.
func (x *exporter) each(ctx context.Context, f mail.Folder, fn func(n int, d store.Details, r io.ReaderAt, size int64) error) error {
	q := store.Query{Folder: f.ID, Reverse: true}
	n := 0
	for at := 0; ; at += pageSize {
		rows, err := x.st.Page(ctx, q, at, pageSize)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := x.one(ctx, f, r, &n, fn); err != nil {
				return err
			}
		}
		if len(rows) < pageSize {
			return nil
		}
	}
}

// pageSize is how many rows are read at once.
const pageSize = 500

// one hands a message that is here whole to fn and counts it; n numbers those of its folder.
func (x *exporter) one(ctx context.Context, f mail.Folder, r mail.Row, n *int, fn func(n int, d store.Details, r io.ReaderAt, size int64) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := x.st.Details(ctx, r.ID)
	if err != nil {
		return err
	}
	x.prog.Source, x.prog.Done = f.Path, x.prog.Done+1
	if d.Blob == nil {
		x.rep.Partial++
		return nil
	}
	*n++
	where := fmt.Sprintf("message %d (%s)", r.ID, strings.Join(strings.Fields(d.Subject), " "))
	b, err := x.st.OpenBlob(ctx, d.Blob.Hash)
	if err != nil {
		x.rep.Fail(where, err)
		return nil
	}
	defer b.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(b, 0, b.Size())); err != nil || hex.EncodeToString(sum.Sum(nil)) != d.Blob.Hash {
		x.rep.Fail(where, errors.Join(errors.New("its bytes are damaged on disk"), err))
		return nil
	}
	if err := fn(*n, d, b, b.Size()); errors.Is(err, errLeftOut) {
		return nil
	} else if err != nil {
		return err
	}
	x.rep.Count(f.Path, b.Size(), [sha256.Size]byte(sum.Sum(nil)))
	x.prog.Bytes += b.Size()
	if x.progress != nil {
		x.progress(x.prog)
	}
	return nil
}
