package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/internal/transfer"
	"peyk/store"
	mailsync "peyk/sync"
)

func exportCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	format := fs.String("format", "", "`mbox`, eml or maildir")
	account := fs.String("account", "", "only this account's `NAME`")
	var folders nameFlag
	fs.Var(&folders, "folder", "only this `FOLDER`: its path, last name or role (may be repeated)")
	resume := fs.Bool("resume", false, "go on with an export that was interrupted: what is there already stays")
	asJSON := fs.Bool("json", false, "print the report as one JSON object")
	rest, err := c.wants(fs, 1, 1)
	if err != nil {
		return err
	}
	if rest[0] == "" { // a variable of a script that is not set; "." says this folder
		return usage("peyk export: the DIR to write into is empty")
	}
	r := mail.ExportRequest{Dir: rest[0], Format: mail.MailboxFormat(*format), Resume: *resume}
	if r.Format != mail.MailboxMBox && r.Format != mail.MailboxEML && r.Format != mail.MailboxMaildir {
		return usage("peyk export: say --format mbox, --format eml or --format maildir")
	}
	c.goesOn = "the same command with --resume goes on"
	return c.withStore(ctx, func(st *store.Store) error {
		list, err := foldersToExport(ctx, st, *account, folders)
		if err != nil {
			return err
		}
		for _, f := range list {
			r.Folders = append(r.Folders, f.ID)
		}
		bar := newFileProgress(c.Stderr)
		rep, err := transfer.Export(ctx, st, r, bar.show)
		bar.end()
		if errors.Is(err, os.ErrExist) {
			return fmt.Errorf("%s; name a new folder, or go on there with --resume", strings.TrimSuffix(err.Error(), ".")) // Windows ends its sentences
		}
		if err != nil {
			return err
		}
		if *asJSON {
			err = c.encodeReport(rep)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "exported %d messages of %d folders to %s\n", rep.Messages, len(list), r.Dir)
		}
		told := c.tellFailures(rep)
		if err != nil {
			return err
		}
		if rep.Partial > 0 {
			return fmt.Errorf("%d messages are not here whole and were not exported; fetch them first (offline_days = 0, then peyk sync)", rep.Partial)
		}
		return told
	})
}

// nameFlag is a flag that may be repeated; unlike listFlag it takes commas as part of a name.
type nameFlag []string

func (n *nameFlag) String() string { return strings.Join(*n, ",") }
func (n *nameFlag) Set(s string) error {
	*n = append(*n, s)
	return nil
}

func foldersToExport(ctx context.Context, st *store.Store, account string, names []string) ([]mail.Folder, error) {
	var id mail.AccountID
	if account != "" {
		a, err := accountNamed(ctx, st, account)
		if err != nil {
			return nil, err
		}
		id = a.ID
	}
	if len(names) == 0 {
		return st.Folders(ctx, id)
	}
	var out []mail.Folder
	for _, n := range names {
		found, err := findFolders(ctx, st, id, n)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if !slices.ContainsFunc(out, func(have mail.Folder) bool { return have.ID == f.ID }) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// encodeReport prints a report as JSON: lists are lists, also empty ones.
func (c *call) encodeReport(rep mailbox.Report) error {
	if rep.Failed == nil {
		rep.Failed = []mailbox.Failure{}
	}
	if rep.Folders == nil {
		rep.Folders = map[string]int{}
	}
	return jsonLines(c.Stdout).Encode(rep)
}

// tellFailures lists what could not be read or written; errTold when there is any.
func (c *call) tellFailures(rep mailbox.Report) error {
	for _, f := range rep.Failed {
		fmt.Fprintf(c.Stderr, "peyk: %s: %s\n", plain(f.Where), oneLine(f.Reason))
	}
	if len(rep.Failed) > 0 {
		return errTold
	}
	return nil
}

func importCommand(ctx context.Context, c *call) error {
	fs := c.flags()
	account := fs.String("account", "", "the account's `NAME`; else the first one")
	folder := fs.String("folder", "", "put everything into this `FOLDER`; else into "+transfer.ImportedFolder+" with the files' own folder names")
	resume := fs.Bool("resume", false, "go on where an earlier import of the same paths stopped")
	fresh := fs.Bool("new", true, "leave out messages that their folder holds already; =false: take them over again")
	asJSON := fs.Bool("json", false, "print the report as one JSON object")
	rest, err := c.wants(fs, 1, -1)
	if err != nil {
		return err
	}
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		a, err := accountToImportInto(ctx, st, *account)
		if err != nil {
			return err
		}
		r := mail.ImportRequest{Account: a.ID, Folder: *folder, Paths: rest, New: *fresh, Resume: *resume}
		if *folder != "" {
			if found, err := findFolders(ctx, st, a.ID, *folder); err == nil { // else it is made
				r.Folder = found[0].Path
			}
		}
		bar := newFileProgress(c.Stderr)
		rep, err := transfer.Import(ctx, st, e, r, bar.show)
		bar.end()
		if errors.Is(err, mail.ErrImportFinished) && *asJSON {
			return c.encodeReport(rep) // of nothing
		}
		if errors.Is(err, mail.ErrImportFinished) {
			_, err := fmt.Fprintln(c.Stdout, err)
			return err
		}
		if err != nil {
			if rep.Messages == 0 && (rep.Resume == nil || errors.Is(err, os.ErrNotExist)) {
				return err // what is not there will not be the next time, either
			}
			c.goesOn = rep.String() + " so far, the same command with --resume goes on"
			return fmt.Errorf("%w; %s", err, c.goesOn)
		}
		if *asJSON {
			err = c.encodeReport(rep)
		} else {
			_, err = fmt.Fprintf(c.Stdout, "imported into %s: %s\n", a.Name, rep.String())
		}
		if told := c.tellFailures(rep); err == nil {
			err = told
		}
		return err
	})
}

func accountToImportInto(ctx context.Context, st *store.Store, name string) (mail.Account, error) {
	if name != "" {
		return accountNamed(ctx, st, name)
	}
	return transfer.Account(ctx, st, 0)
}
