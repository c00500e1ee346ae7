package mailsync

import (
	"context"
	"fmt"
	"strings"

	"peyk/internal/mail"
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
		if err := validPath(pl.action.Name); err != nil {
			return err
		}
		if f.Role == mail.RoleInbox {
			return fmt.Errorf("the inbox cannot be renamed")
		}
		op.Kind, op.Name = mail.OpRename, pl.action.Name
	case mail.ActDropFolder:
		if f.Role == mail.RoleInbox {
			return fmt.Errorf("the inbox cannot be deleted")
		}
		op.Kind = mail.OpDropFolder
	case mail.ActSubscribe:
		op.Kind = mail.OpSubscribe
	case mail.ActUnsubscribe:
		op.Kind = mail.OpUnsubscribe
	}
	pl.add(op)
	return nil
}

func (pl *planner) newFolder(ctx context.Context) error {
	name := strings.TrimSpace(pl.action.Name)
	if err := validPath(name); err != nil {
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
		return fmt.Errorf("%s cannot hold other folders", parent.Path)
	}
	if pl.action.Folder == 0 && a.Protocol != mail.POP3 {
		if path, err = topLevel(ctx, pl.st, a, name); err != nil {
			return err
		}
	}
	if _, err := pl.st.FolderByPath(ctx, id, path); err == nil {
		return fmt.Errorf("there is a folder %s already", path)
	}
	pl.add(mail.Op{Account: id, Kind: mail.OpCreate, Name: path})
	return nil
}

// validPath keeps out of folder names what no server keeps and what could be taken for a command.
func validPath(name string) error {
	if strings.TrimSpace(name) == "" {
		return fmt.Errorf("name the folder")
	}
	if len(name) > 500 {
		return fmt.Errorf("the name is too long")
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f {
			return fmt.Errorf("the name must not contain control characters")
		}
	}
	return nil
}
