package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
	mailsync "peyk/sync"
)

// ImportedFolder is where imported mail goes when no folder is named: on this computer only.
const ImportedFolder = mail.ImportedFolder

// Engine is what takes messages over; *mailsync.Engine.
type Engine interface {
	ImporterAgain(ctx context.Context, folder mail.FolderID, next mail.MessageID) (*mailsync.Importer, error)
	ImporterKnowing(ctx context.Context, folder mail.FolderID, there map[string]int) (*mailsync.Importer, error)
}

// Import takes the mail of files over. What was taken over is written down and stays also when ctx ends: then the report
// holds what was done so far with Resume set, and the same request with Resume goes on. What cannot be read is in the
// report. mail.ErrImportFinished says that there is nothing to go on with. One import of the same request at a time.
func Import(ctx context.Context, st *store.Store, e Engine, r mail.ImportRequest, progress func(mailbox.Progress)) (mailbox.Report, error) {
	a, err := Account(ctx, st, r.Account)
	if err != nil {
		return mailbox.Report{}, err
	}
	im := newImporting(context.WithoutCancel(ctx), st, e, a, r.Folder)
	im.key = importKey(a, r.Folder, r.Paths)
	im.again = r.Resume
	if r.New {
		im.there = map[mail.FolderID]map[string]int{}
	}
	o := mailbox.ImportOptions{Progress: progress}
	at := place{}
	if r.Resume {
		done := false
		if at, done, err = im.stopped(ctx); err != nil {
			return mailbox.Report{}, err
		}
		if done {
			return mailbox.Report{}, mail.ErrImportFinished
		}
	}
	if at.Source != "" {
		o.From = &at.Position
	}
	im.began, im.next = at.Began, at.Next
	if im.next == 0 {
		if im.began, err = st.NextMessage(ctx); err != nil {
			return mailbox.Report{}, err
		}
		if err := im.save(mailbox.Position{}); err != nil {
			return mailbox.Report{}, err
		}
	}
	im.saved = at.Position
	if im.first, err = st.NextMessage(ctx); err != nil {
		return mailbox.Report{}, err
	}
	rep, err := mailbox.Import(ctx, r.Paths, o, im.add)
	cerr := im.close()
	rep.Known = im.known
	if err == nil && cerr == nil {
		if err = st.SetSetting(im.keep, im.key, finished); err == nil {
			return rep, nil
		}
	}
	switch {
	case cerr == nil && rep.Resume != nil && im.save(*rep.Resume) == nil:
	default: // not all that was handed over is durable, or where it stopped cannot be noted
		rep.Resume = &im.saved
	}
	if cerr != nil {
		im.stored(&rep)
	}
	return rep, firstOf(err, cerr)
}

// stored brings the report of an import that broke to what the folders hold of it now: of what was read, the last batch is not there.
func (im *importing) stored(rep *mailbox.Report) {
	*rep = mailbox.Report{Failed: rep.Failed, Resume: rep.Resume, Folders: map[string]int{}}
	for name, id := range im.targets {
		there, err := im.st.HashesFrom(im.keep, id, im.first)
		if err != nil {
			rep.Fail(name, err)
			continue
		}
		for _, n := range there {
			rep.Folders[name] += n
			rep.Messages += n
		}
	}
}

// firstOf is the first error: what stops an import is often told a second time by what ends it.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Into takes files over into one folder, which is made when there is none, without remembering where it stopped.
func Into(ctx context.Context, st *store.Store, e Engine, a mail.Account, folder string, paths ...string) (mailbox.Report, error) {
	im := newImporting(ctx, st, e, a, folder)
	rep, err := mailbox.Import(ctx, paths, mailbox.ImportOptions{}, im.add)
	return rep, firstOf(err, im.close())
}

func newImporting(keep context.Context, st *store.Store, e Engine, a mail.Account, folder string) *importing {
	return &importing{st: st, e: e, account: a, folder: folder, open: map[box]*mailsync.Importer{}, formats: map[string]mail.MailboxFormat{}, others: map[box]map[string]int{}, targets: map[string]mail.FolderID{}, keep: keep}
}

// Account is the account that mail goes into: the one with id, for 0 the first one.
func Account(ctx context.Context, st *store.Store, id mail.AccountID) (mail.Account, error) {
	if id != 0 {
		return st.Account(ctx, id)
	}
	accts, err := st.Accounts(ctx)
	if err != nil {
		return mail.Account{}, err
	}
	if len(accts) > 0 {
		return accts[0], nil
	}
	// An archive may be read before there is any account: a place without servers holds it.
	a := accounts.Local()
	a.ID, err = st.SaveAccount(ctx, a)
	return a, err
}

// importKey is the setting that remembers where an import stopped.
func importKey(a mail.Account, folder string, paths []string) string {
	h := sha256.New()
	for _, p := range append([]string{a.Name, folder}, paths...) {
		fmt.Fprintf(h, "%q\n", p)
	}
	return fmt.Sprintf("import.%x", h.Sum(nil)[:12])
}

// checkpoint is how many messages are taken over before they are made durable and the place is remembered. When the process
// is killed, as many are read again, and those of them that are there already are known by their bytes.
const checkpoint = 1000

// place is where an import goes on.
type place struct {
	mailbox.Position // without Source: at the beginning
	// Next is the id that the next message was to get when the place was written down: those in the folders of the import with
	// that or a higher one came from behind the place.
	Next mail.MessageID `json:"next"`
	// Began is the id that the first message of the import was to get: those with a lower one were there before it.
	Began mail.MessageID `json:"began,omitempty"`
}

// importing hands found messages to one importer a folder.
type importing struct {
	st      *store.Store
	e       Engine
	account mail.Account
	folder  string
	open    map[box]*mailsync.Importer
	formats map[string]mail.MailboxFormat // by mailbox: the one that its first message was in
	keep    context.Context               // outlives an interrupt
	key     string                        // of the setting with the place; "": it is not remembered
	n       int
	again   bool           // it goes on with an earlier one
	began   mail.MessageID // of the place that it goes on at, as next
	next    mail.MessageID
	saved   mailbox.Position // that place
	lost    error            // why something that was handed over is not here: then the place does not move on
	// there counts by folder and hash what was there before; nil: it is taken over again. known is how many were left out for that.
	there map[mail.FolderID]map[string]int
	known int
	// others is there for the boxes of mailboxes that began in another format.
	others map[box]map[string]int
	// first is the id that the first message was to get, targets are the folders by their names in the files.
	first   mail.MessageID
	targets map[string]mail.FolderID
}

// finished stands in place of a Position when nothing is left.
const finished = "finished"

// stopped is where an earlier import was interrupted or killed, without Next when there was none; done when it went to its
// end.
func (im *importing) stopped(ctx context.Context) (at place, done bool, err error) {
	text, err := im.st.Setting(ctx, im.key)
	if err != nil || text == "" || text == finished {
		return place{}, text == finished, err
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return place{}, false, fmt.Errorf("where the import stopped cannot be read: %w", err)
	}
	return at, false, nil
}

// save writes down that everything before at is durable.
func (im *importing) save(at mailbox.Position) error {
	next, err := im.st.NextMessage(im.keep)
	if err != nil {
		return err
	}
	b, err := json.Marshal(place{at, next, im.began})
	if err != nil {
		return err
	}
	if err = im.st.SetSetting(im.keep, im.key, string(b)); err == nil {
		im.next, im.saved = next, at
	}
	return err
}

func (im *importing) add(f mailbox.Found) error {
	if im.key != "" && im.n > 0 && im.n%checkpoint == 0 {
		if err := im.close(); err != nil {
			return &mailbox.Stop{Err: err}
		}
		if err := im.save(f.At); err != nil {
			return &mailbox.Stop{Err: err}
		}
	}
	to, err := im.importer(im.keep, f.Folder, f.Format)
	if err != nil {
		return &mailbox.Stop{Err: err}
	}
	im.n++
	err = to.Add(f.Reader, f.Flags, f.Date)
	if own := (mailsync.Unreadable{}); err == nil || errors.As(err, &own) || errors.Is(err, mailsync.ErrTooLarge) {
		return err
	}
	return &mailbox.Stop{Err: err} // a full disk, most often: so it would be with every other message
}

// box is a mailbox of the files, with the format where it began in another one: the files hold it in both, as after two exports into one folder. Messages that are in each
// are the same, as those are that the folder held before.
type box struct {
	name   string
	format mail.MailboxFormat // "": it began so
}

func (im *importing) importer(ctx context.Context, name string, format mail.MailboxFormat) (*mailsync.Importer, error) {
	b := box{name: name}
	if first, ok := im.formats[name]; !ok {
		im.formats[name] = format
	} else if first != format && im.there != nil {
		b.format = format
	}
	if im.folder != "" {
		name = ""
		if b.format == "" {
			b.name = ""
		}
	}
	if to := im.open[b]; to != nil {
		return to, nil
	}
	id, err := im.target(ctx, name)
	if err != nil {
		return nil, err
	}
	im.targets[name] = id
	var to *mailsync.Importer
	if b.format == "" {
		to, err = im.begin(ctx, id)
	} else {
		to, err = im.beginOther(ctx, id, b)
	}
	if err == nil {
		im.open[b] = to
	}
	return to, err
}

// beginOther is begin for a mailbox that began in another format: what came from that is there.
func (im *importing) beginOther(ctx context.Context, id mail.FolderID, b box) (*mailsync.Importer, error) {
	if im.others[b] == nil {
		if err := im.close(); err != nil { // what it has taken over has no rows before
			return nil, err
		}
		there, err := im.st.HashesFrom(ctx, id, 1)
		if err != nil {
			return nil, err
		}
		im.others[b] = there
	}
	return im.e.ImporterKnowing(ctx, id, im.others[b])
}

func (im *importing) begin(ctx context.Context, id mail.FolderID) (*mailsync.Importer, error) {
	if im.there == nil {
		return im.e.ImporterAgain(ctx, id, im.next)
	}
	if im.there[id] == nil {
		there, err := im.thereBefore(ctx, id)
		if err != nil {
			return nil, err
		}
		im.there[id] = there // for all importers of this folder: what they take over is not among it
	}
	return im.e.ImporterKnowing(ctx, id, im.there[id])
}

// thereBefore counts by hash what a folder holds and is not taken over again. Where an import goes on that was killed, that is what came behind the place, and of
// what was there before all of it no message of which another copy was taken over since: then the source had more of them than the folder.
func (im *importing) thereBefore(ctx context.Context, id mail.FolderID) (map[string]int, error) {
	all, err := im.st.HashesFrom(ctx, id, 1)
	if err != nil || !im.again || im.began == 0 {
		return all, err
	}
	own, err := im.st.HashesFrom(ctx, id, im.began)
	if err != nil {
		return nil, err
	}
	behind, err := im.st.HashesFrom(ctx, id, im.next)
	for hash, n := range own {
		if n > behind[hash] {
			all[hash] = behind[hash]
		}
	}
	return all, err
}

func (im *importing) target(ctx context.Context, name string) (mail.FolderID, error) {
	if im.folder != "" {
		f, err := im.st.FolderByPath(ctx, im.account.ID, im.folder)
		if !errors.Is(err, store.ErrNotFound) {
			return f.ID, err
		}
		return im.st.EnsureLocalFolder(ctx, im.account.ID, im.folder, mail.RoleNone)
	}
	return im.st.EnsureLocalFolder(ctx, im.account.ID, importedPath(im.account.Name, name), mail.RoleNone)
}

// importedPath is the folder for what the files call name. An export of Peyk has the account's name above its folders, and folders of an earlier
// import in it ("Local/Imported/old"): they go where they came from, not one level deeper with every time. What another account had
// imported keeps the name of that account.
func importedPath(account, name string) string {
	levels := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
	switch {
	case len(levels) > 0 && levels[0] == ImportedFolder:
		levels = levels[1:]
	case len(levels) > 1 && levels[1] == ImportedFolder && levels[0] == mailbox.LevelName(account):
		levels = levels[2:]
	case len(levels) > 1 && levels[1] == ImportedFolder:
		levels = slices.Delete(levels, 1, 2)
	}
	return strings.Join(append([]string{ImportedFolder}, levels...), "/")
}

// close makes durable what was taken over.
func (im *importing) close() error {
	for name, to := range im.open {
		if _, err := to.Close(); err != nil && im.lost == nil {
			im.lost = err
		}
		if im.there != nil {
			im.known += to.Known()
		}
		delete(im.open, name)
	}
	return im.lost
}
