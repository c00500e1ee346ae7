package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
	mailsync "peyk/sync"
)

// importedFolder is where imported mail goes when no folder is named: on this computer only.
const importedFolder = "Imported"

// localAccount is the account that holds imported mail in a profile without any other. It has no servers and is never synchronised.
const localAccount = "Local"

func importCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "the account's `NAME`; else the first one")
	folder := fs.String("folder", "", "put everything into this folder; else into "+importedFolder+" with the files' own folder names")
	resume := fs.Bool("resume", false, "go on where an earlier import of the same paths stopped")
	asJSON := fs.Bool("json", false, "print the report as one JSON object")
	rest, err := c.wants(fs, 1, -1)
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		a, err := importAccount(ctx, st, *account)
		if err != nil {
			return err
		}
		// What was taken over is written down even when the command is interrupted.
		im := &importing{st: st, e: e, account: a, folder: *folder, open: map[string]*mailsync.Importer{}, keep: context.WithoutCancel(ctx)}
		im.key = importKey(a, *folder, rest)
		o := mailbox.ImportOptions{}
		at := place{}
		if *resume {
			done := false
			if at, done, err = im.stopped(ctx); err != nil {
				return err
			}
			if done {
				_, err := fmt.Fprintln(c.Stdout, "the import was finished before; nothing is left to do")
				return err
			}
		}
		if at.Source != "" {
			o.From = &at.Position
		}
		if im.next = at.Next; im.next == 0 {
			if err := im.save(mailbox.Position{}); err != nil {
				return err
			}
		}
		bar := newFileProgress(c.Stderr)
		o.Progress = bar.show
		rep, err := mailbox.Import(ctx, rest, o, im.add)
		bar.end()
		if err = errors.Join(err, im.close()); err != nil {
			if rep.Resume != nil && im.save(*rep.Resume) == nil {
				fmt.Fprintf(c.Stderr, "peyk: %s so far; the same command with --resume goes on\n", rep.String())
			}
			return err
		}
		if err := st.SetSetting(ctx, im.key, finished); err != nil {
			return err
		}
		if *asJSON {
			err = jsonLines(c.Stdout).Encode(rep)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "imported into %s: %s\n", a.Name, rep.String())
		}
		for _, f := range rep.Failed {
			fmt.Fprintf(c.Stderr, "peyk: %s: %s\n", plain(f.Where), oneLine(f.Reason))
		}
		if err == nil && len(rep.Failed) > 0 {
			err = errTold
		}
		return err
	})
}

func importAccount(ctx context.Context, st *store.Store, name string) (mail.Account, error) {
	if name != "" {
		return accountNamed(ctx, st, name)
	}
	accts, err := st.Accounts(ctx)
	if err != nil {
		return mail.Account{}, err
	}
	if len(accts) > 0 {
		return accts[0], nil
	}
	// An archive may be read before there is any account: a place without servers holds it.
	a := accounts.Defaults(mail.Account{Name: localAccount, Email: "local@localhost", Protocol: mail.POP3, Disabled: true})
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
}

// importing hands found messages to one importer a folder.
type importing struct {
	st      *store.Store
	e       *mailsync.Engine
	account mail.Account
	folder  string
	open    map[string]*mailsync.Importer
	keep    context.Context // outlives an interrupt
	key     string          // of the setting with the place; "": it is not remembered
	n       int
	next    mail.MessageID // of the place that the import goes on at
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
	im.next = next
	b, err := json.Marshal(place{at, next})
	if err != nil {
		return err
	}
	return im.st.SetSetting(im.keep, im.key, string(b))
}

func (im *importing) add(f mailbox.Found) error {
	if im.key != "" && im.n > 0 && im.n%checkpoint == 0 {
		if err := im.close(); err != nil {
			return err
		}
		if err := im.save(f.At); err != nil {
			return err
		}
	}
	to, err := im.importer(im.keep, f.Folder)
	if err != nil {
		return err
	}
	im.n++
	return to.Add(f.Reader, f.Flags, f.Date)
}

func (im *importing) importer(ctx context.Context, name string) (*mailsync.Importer, error) {
	if im.folder != "" {
		name = ""
	}
	if to := im.open[name]; to != nil {
		return to, nil
	}
	id, err := im.target(ctx, name)
	if err != nil {
		return nil, err
	}
	to, err := im.e.ImporterAgain(ctx, id, im.next)
	if err == nil {
		im.open[name] = to
	}
	return to, err
}

func (im *importing) target(ctx context.Context, name string) (mail.FolderID, error) {
	if im.folder != "" {
		fs, err := findFolders(ctx, im.st, im.account.ID, im.folder)
		if err == nil {
			return fs[0].ID, nil
		}
		return im.st.EnsureLocalFolder(ctx, im.account.ID, im.folder, mail.RoleNone)
	}
	path := importedFolder
	if name = strings.Trim(name, "/"); name != "" {
		path += "/" + name
	}
	return im.st.EnsureLocalFolder(ctx, im.account.ID, path, mail.RoleNone)
}

func (im *importing) close() error {
	var errs []error
	for name, to := range im.open {
		_, err := to.Close()
		errs = append(errs, err)
		delete(im.open, name)
	}
	return errors.Join(errs...)
}
