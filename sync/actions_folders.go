package mailsync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
)

// folderAction plans the actions about folders themselves.
func (pl *planner) folderAction(ctx context.Context) error {
	if pl.action.Kind == mail.ActNewFolder {
		return pl.newFolder(ctx)
	}
	f, err := pl.st.Folder(ctx, pl.action.Folder)
	if err != nil {
		return err
	}
	op := mail.Op{Account: f.Account, Folder: f.ID}
	switch pl.action.Kind {
	case mail.ActRename:
		if err := validPath(pl.action.Name, f.Separator()); err != nil {
			return err
		}
		if f.Role == mail.RoleInbox {
			return fmt.Errorf("the inbox cannot be renamed")
		}
		op.Kind, op.Name = mail.OpRename, pl.action.Name
	case mail.ActTopFolder:
		return pl.topFolder(ctx, f)
	case mail.ActDropFolder, mail.ActDestroyFolder:
		return pl.dropFolder(ctx, f)
	case mail.ActSubscribe:
		op.Kind = mail.OpSubscribe
	case mail.ActUnsubscribe:
		op.Kind = mail.OpUnsubscribe
	}
	pl.add(op)
	return nil
}

// topFolder moves a folder, with what lies in it, to where new folders are made that lie in none: on servers that have everything below INBOX
// that is not the top of their names.
func (pl *planner) topFolder(ctx context.Context, f mail.Folder) error {
	if f.Role == mail.RoleInbox {
		return fmt.Errorf("the inbox cannot be renamed")
	}
	a, err := pl.account(ctx, f.Account)
	if err != nil {
		return err
	}
	path := f.Name()
	if !f.Local {
		if path, err = topLevel(ctx, pl.st, a, path); err != nil {
			return err
		}
	}
	if path != f.Path {
		pl.add(mail.Op{Account: f.Account, Kind: mail.OpRename, Folder: f.ID, Name: path})
	}
	return nil
}

// dropFolder moves a folder into Trash, with what lies in it; where it cannot go there, or is not to, it is deleted for good, what lies in it
// first: a server would leave that, and the folder as its level.
func (pl *planner) dropFolder(ctx context.Context, f mail.Folder) error {
	if f.Role == mail.RoleInbox {
		return fmt.Errorf("the inbox cannot be deleted")
	}
	a, err := pl.account(ctx, f.Account)
	if err != nil {
		return err
	}
	all, err := pl.st.Folders(ctx, f.Account)
	if err != nil {
		return err
	}
	if path := mail.TrashPath(a, all, f); path != "" && pl.action.Kind != mail.ActDestroyFolder {
		pl.add(mail.Op{Account: f.Account, Kind: mail.OpRename, Folder: f.ID, Name: path})
		return nil
	}
	pl.dropTree(all, f)
	return nil
}

// dropTree deletes f and the folders below it for good, the deepest first.
func (pl *planner) dropTree(all []mail.Folder, f mail.Folder) {
	for _, g := range below(all, f) {
		pl.add(mail.Op{Account: g.Account, Kind: mail.OpDropFolder, Folder: g.ID})
	}
	pl.add(mail.Op{Account: f.Account, Kind: mail.OpDropFolder, Folder: f.ID})
}

// below are the folders in f, those without folders in them before those that hold them.
func below(all []mail.Folder, f mail.Folder) []mail.Folder {
	var out []mail.Folder
	for _, g := range all {
		if g.ID != f.ID && g.Within(f) && !g.Missing {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b mail.Folder) int { return cmp.Compare(len(b.Path), len(a.Path)) })
	return out
}

func (pl *planner) newFolder(ctx context.Context) error {
	name := strings.TrimSpace(pl.action.Name)
	if err := validPath(name, ""); err != nil {
		return err
	}
	id := pl.action.Account
	path := name
	var parent mail.Folder
	if pl.action.Folder != 0 {
		var err error
		if parent, err = pl.st.Folder(ctx, pl.action.Folder); err != nil {
			return err
		}
		id = parent.Account
		path = parent.Path + parent.Separator() + name
	}
	a, err := pl.account(ctx, id)
	if err != nil {
		return err
	}
	if parent.ID != 0 && (parent.Separator() == "" || parent.Local && a.Protocol != mail.POP3) { // a new folder would be made on the server
		return &mail.Refusal{Code: mail.CodeFlat, Args: []string{parent.Path}, Text: parent.Path + " cannot hold other folders"}
	}
	if pl.action.Folder == 0 && a.Protocol != mail.POP3 {
		if path, err = topLevel(ctx, pl.st, a, name); err != nil {
			return err
		}
	}
	sep, err := separator(ctx, pl.st, a)
	if err != nil {
		return err
	}
	if err := validPath(path, sep); err != nil {
		return err
	}
	if _, err := pl.st.FolderByPath(ctx, id, path); err == nil {
		return &mail.Refusal{Code: mail.CodeExists, Text: fmt.Sprintf("there is a folder %s already", path)}
	}
	pl.add(mail.Op{Account: id, Kind: mail.OpCreate, Name: path})
	return nil
}

func badName(text string) error { return &mail.Refusal{Code: mail.CodeFolderName, Text: text} }

// separator is what stands between the levels of an account's folders, "" where that is not known.
func separator(ctx context.Context, st *store.Store, a mail.Account) (string, error) {
	folders, err := st.Folders(ctx, a.ID)
	for _, f := range folders {
		if f.Local == (a.Protocol == mail.POP3) && f.Separator() != "" {
			return f.Separator(), err
		}
	}
	return "", err
}

// validPath keeps out of folder names what no server keeps and what could be taken for a command. sep stands between levels, "" where that is not known: a level without
// a name is left out by servers, and the folder would be another one than here.
func validPath(name, sep string) error {
	if strings.TrimSpace(name) == "" {
		return badName("name the folder")
	}
	if len(name) > 500 {
		return badName("the name is too long")
	}
	if sep != "" {
		for _, level := range strings.Split(name, sep) {
			if strings.TrimSpace(level) == "" {
				return badName("a level of the name is empty")
			}
		}
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f {
			return badName("the name must not contain control characters")
		}
	}
	return nil
}
