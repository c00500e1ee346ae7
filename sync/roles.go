package mailsync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/internal/mail"
	"peyk/store"
)

// roleNames are the folders made when an account has none for a role.
var roleNames = map[mail.Role]string{
	mail.RoleArchive: "Archive", mail.RoleTrash: "Trash", mail.RoleJunk: "Junk", mail.RoleSent: "Sent", mail.RoleDrafts: "Drafts",
	mail.RoleInbox: defaultDropFolder,
}

// ensureRole is the account's folder of a role; when it has none, one is made: here at once, on the server with the next
// pass.
func ensureRole(ctx context.Context, st *store.Store, a mail.Account, role mail.Role) (mail.Folder, error) {
	f, err := st.FolderByRole(ctx, a.ID, role)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return f, err
	}
	name := roleNames[role]
	if name == "" {
		return f, fmt.Errorf("account %s has no folder for %s", a.Name, role)
	}
	if a.Protocol == mail.POP3 {
		id, err := st.EnsureLocalFolder(ctx, a.ID, name, role)
		if err != nil {
			return f, err
		}
		return st.Folder(ctx, id)
	}
	path, err := topLevel(ctx, st, a, name)
	if err != nil {
		return f, err
	}
	if f, err = st.FolderByPath(ctx, a.ID, path); err == nil {
		return f, nil
	}
	ops := []mail.Op{{Account: a.ID, Kind: mail.OpCreate, Name: path}}
	if _, err := st.Submit(ctx, ops); err != nil {
		return f, fmt.Errorf("make the folder %s: %w", path, err)
	}
	return st.Folder(ctx, ops[0].Folder)
}

// topLevel is the path of a folder beside the account's other ones: below the root folder of the settings, or where the server's
// NAMESPACE says (RFC 2342), or below INBOX where everything else is, else at the top.
func topLevel(ctx context.Context, st *store.Store, a mail.Account, name string) (string, error) {
	folders, err := st.Folders(ctx, a.ID)
	if err != nil {
		return "", err
	}
	delim := "/"
	for _, f := range folders {
		if !f.Local && f.Delimiter != "" {
			delim = f.Delimiter
		}
	}
	if root := strings.TrimSuffix(a.IMAP.RootFolder, delim); root != "" {
		return root + delim + name, nil
	}
	if ns, err := st.Setting(ctx, namespaceKey(a.ID)); err != nil {
		return "", err
	} else if len(ns) > 0 {
		return ns[1:] + name, nil
	}
	if mail.AllBelowInbox(folders) {
		return "INBOX" + delim + name, nil
	}
	return name, nil
}
