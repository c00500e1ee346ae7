package mailbox

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"peyk/internal/mail"
)

// Found is a message that Import came upon.
type Found struct {
	Source string // file
	Offset int64  // in an mbox
	// At is where an Import goes on that has taken everything before this message.
	At Position
	// Folder is the name of the mailbox it is in, levels separated by "/": from the path below what was imported.
	Folder string
	Flags  mail.Flags         // as far as the source knows them
	Date   time.Time          // of arrival, zero when not known
	Format mail.MailboxFormat // of what it is in; a file of its own is EML, whoever wrote it
	Reader io.Reader          // the message; valid during the call
}

// source is one file or Maildir to read.
type source struct {
	path, folder string
	kind         kind
	size         int64
}

type kind int

const (
	kindEML kind = iota
	kindMbox
	kindMaildir
	kindEmlx
)

// ImportOptions are given to Import; the zero value is fine.
type ImportOptions struct {
	// From goes on where an earlier Import stopped (Report.Resume).
	From *Position
	// Progress is called after every message, on the caller's goroutine; nil: not at all.
	Progress func(Progress)
}

// Import finds every message under paths (EML files, mboxes, Maildirs, Thunderbird profiles, messages of Apple Mail, and folders of these) and
// hands each to add. An error of add is counted as that message's failure, except when it is a Stop, or ctx is done: then Import ends and
// Report.Resume says where. What cannot be read is in the report; the error is only for paths that are not there, for a Stop and for
// the context.
func Import(ctx context.Context, paths []string, o ImportOptions, add func(Found) error) (Report, error) {
	var rep Report
	var list []source
	kept := newBeside(ctx)
	for _, p := range paths {
		found, err := discover(ctx, p, kept, &rep)
		if err != nil {
			return rep, fmt.Errorf("import: %w", err)
		}
		list = append(list, found...)
	}
	im := importer{ctx: ctx, o: o, add: add, rep: &rep, kept: newBeside(ctx)}
	for _, s := range list {
		im.prog.TotalBytes += s.size
	}
	skip := o.From != nil
	for _, s := range list {
		start := int64(0)
		if skip {
			if s.path != o.From.Source {
				continue
			}
			skip, start = false, o.From.Offset
		}
		if err := im.source(s, start); err != nil {
			return rep, fmt.Errorf("import: %w", err)
		}
	}
	return rep, nil
}

// Stop is an error of an add that has nothing to do with the message: no other could be taken over, either.
type Stop struct{ Err error }

func (s *Stop) Error() string { return s.Err.Error() }

// Unwrap gives the cause.
func (s *Stop) Unwrap() error { return s.Err }

// importer holds the state of one Import.
type importer struct {
	ctx  context.Context
	o    ImportOptions
	add  func(Found) error
	rep  *Report
	prog Progress
	kept *beside
	// moved are the files of the Maildir at hand by their names without flags, listed again when one was not where it had been.
	moved  map[string]string
	listed int
}

func (im *importer) source(s source, start int64) error {
	switch s.kind {
	case kindMbox:
		return im.mbox(s, start)
	case kindEmlx:
		return im.emlx(s)
	case kindMaildir:
		files, err := maildirFiles(s.path)
		if err != nil {
			im.rep.fail(s.path, err)
			return nil
		}
		tags, err := maildirTags(im.ctx, s.path)
		if err != nil {
			im.rep.fail(s.path, err)
		}
		im.moved, im.listed = nil, 0
		for i, f := range files[min(int(start), len(files)):] {
			at := Position{Source: s.path, Offset: start + int64(i)}
			f = im.found(s.path, f)
			if err := im.file(f, s.folder, flagsOfName(filepath.Base(f)).With(tags.of(filepath.Base(f))...), at); err != nil {
				return err
			}
		}
		return nil
	}
	return im.file(s.path, s.folder, im.kept.eml(s.path, im.rep).Flags, Position{Source: s.path})
}

// maxListed is how often a Maildir is listed again.
const maxListed = 20

// found is where a message of a Maildir is now: whoever marks it as read meanwhile gives its file another name.
func (im *importer) found(dir, path string) string {
	if _, err := os.Lstat(path); err == nil || !errors.Is(err, os.ErrNotExist) {
		return path
	}
	name := maildirUnique(path)
	at := im.moved[name]
	if _, err := os.Lstat(at); err != nil && im.listed < maxListed {
		im.listed++
		im.moved = map[string]string{}
		files, _ := maildirFiles(dir) // what is wrong with it is told about the message
		for _, f := range files {
			im.moved[maildirUnique(f)] = f
		}
		at = im.moved[name]
	}
	if at == "" {
		return path
	}
	return at
}

// maildirUnique is the part of a file's name that stays.
func maildirUnique(path string) string {
	name := filepath.Base(path)
	if letters := maildirLetters(name); len(letters) < len(name) && strings.HasSuffix(name, "2,"+letters) {
		return name[:len(name)-len(letters)-3]
	}
	return name
}

// file hands over a message that is a file of its own.
func (im *importer) file(path, folder string, flags mail.Flags, at Position) error {
	f, err := openFile(im.ctx, path)
	if err != nil {
		im.rep.fail(path, err)
		return nil
	}
	defer f.Close()
	found := Found{Source: path, Folder: folder, Flags: flags, Format: mail.MailboxEML}
	if at.Source != path {
		found.Format = mail.MailboxMaildir
	}
	var r io.Reader = f
	if st, err := f.Stat(); err == nil && at.Source != path {
		found.Date = st.ModTime() // a Maildir keeps the time of delivery there
		br := bufio.NewReaderSize(f, 16<<10)
		more, expunged := statusFlags(br) // Thunderbird's Maildirs have the flags in the header
		if expunged {
			return nil
		}
		found.Flags, r = flags.With(more...), br
	}
	return im.one(found, r, at)
}

func (im *importer) mbox(s source, start int64) error {
	f, err := openFile(im.ctx, s.path)
	if err != nil {
		im.rep.fail(s.path, err)
		return nil
	}
	defer f.Close()
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		im.rep.fail(s.path, err)
		return nil
	}
	kept, err := readFlags(im.ctx, s.path+flagsSuffix)
	if err != nil {
		im.rep.fail(s.path+flagsSuffix, err)
	}
	r := newReader(f)
	last := Position{s.path, start}
	for {
		e, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if cerr := im.ctx.Err(); err != nil && cerr != nil {
			im.rep.Resume = &last // what was left of it was not wanted, so it was not taken over
			return cerr
		}
		if err != nil {
			im.rep.fail(s.path, err)
			return nil
		}
		found := Found{Source: s.path, Offset: start + e.Offset, Folder: s.folder, Date: e.Date, Format: mail.MailboxMBox}
		br := bufio.NewReaderSize(e.Reader, 16<<10)
		flags, expunged := statusFlags(br)
		last.Offset = found.Offset
		if expunged {
			continue
		}
		found.Flags = flags
		if k, ok := kept[strconv.FormatInt(found.Offset, 10)]; ok {
			found.Flags = k.Flags
		}
		if err := im.one(found, br, Position{s.path, start + e.Offset}); err != nil {
			return err
		}
	}
}

type countReader struct {
	r io.Reader
	n int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// one hands a message to add and counts it; at is where to resume when the context ends.
func (im *importer) one(found Found, r io.Reader, at Position) error {
	if err := im.ctx.Err(); err != nil {
		im.rep.Resume = &at
		return err
	}
	sum := sha256.New()
	c := &countReader{r: io.TeeReader(r, sum)}
	found.Reader, found.At = c, at
	if err := im.add(found); err != nil {
		if cerr := im.ctx.Err(); cerr != nil {
			im.rep.Resume = &at
			return errors.Join(cerr, err)
		}
		if stop := (*Stop)(nil); errors.As(err, &stop) {
			im.rep.Resume = &at
			return stop
		}
		im.rep.failAt(found.Source, found.Offset, err)
	} else {
		io.Copy(io.Discard, c) // what add did not want to read is counted too
		im.rep.Count(found.Folder, c.n, [sha256.Size]byte(sum.Sum(nil)))
	}
	im.prog.Source, im.prog.Done = found.Source, im.prog.Done+1
	im.prog.Bytes += c.n
	if im.o.Progress != nil {
		im.o.Progress(im.prog)
	}
	return nil
}
