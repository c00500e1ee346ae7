package cli

import (
	"context"
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
		im := &importing{st: st, e: e, account: a, folder: *folder, open: map[string]*mailsync.Importer{}}
		rep, err := mailbox.Import(ctx, rest, mailbox.ImportOptions{}, func(f mailbox.Found) error { return im.add(ctx, f) })
		if err = errors.Join(err, im.close()); err != nil {
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

// importing hands found messages to one importer a folder.
type importing struct {
	st      *store.Store
	e       *mailsync.Engine
	account mail.Account
	folder  string
	open    map[string]*mailsync.Importer
}

func (im *importing) add(ctx context.Context, f mailbox.Found) error {
	to, err := im.importer(ctx, f.Folder)
	if err != nil {
		return err
	}
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
	to, err := im.e.Importer(ctx, id)
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
	for _, to := range im.open {
		_, err := to.Close()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
