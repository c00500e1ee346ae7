package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// folderOrder is the order in which folders are looked into: what people look at first comes first.
var folderOrder = map[mail.Role]int{
	mail.RoleInbox: 0, mail.RoleDrafts: 1, mail.RoleSent: 2, mail.RoleNone: 3, mail.RoleArchive: 4, mail.RoleJunk: 5, mail.RoleTrash: 6, mail.RoleAll: 7,
}

// listFolders asks for the folders, gives them their roles by the user's choice and writes them into the store. A folder that
// a listing leaves out is asked for a second time at once, because the store forgets a folder's mail only after two listings
// without it: a folder that another client removed is gone after one pass, and one wrong answer still removes nothing.
func (p *pass) listFolders(ctx context.Context, mb remote.Mailboxes) ([]mail.RemoteFolder, error) {
	p.report(mail.Progress{Phase: mail.PhaseFolders})
	list, err := p.takeFolders(ctx, mb)
	if err != nil {
		return nil, err
	}
	have, err := p.st.Folders(ctx, p.acct.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(have, func(f mail.Folder) bool { return f.Missing && !f.Local }) {
		return p.takeFolders(ctx, mb)
	}
	return list, nil
}

// takeFolders takes over one listing.
func (p *pass) takeFolders(ctx context.Context, mb remote.Mailboxes) ([]mail.RemoteFolder, error) {
	list, err := mb.List(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		// Every user has an INBOX (RFC 9051 §5.1): a list without any folder would make all of them look deleted.
		return nil, &remote.Error{Host: p.acct.Incoming.Host, Step: "list folders", Kind: mail.ProblemProtocol,
			Err: errors.New("the server lists no folders at all, not even the inbox")}
	}
	if err := p.noteNamespace(ctx, mb); err != nil {
		return nil, err
	}
	list = shapeFolders(p.acct.IMAP, list)
	if err := p.st.ApplyFolders(ctx, p.acct.ID, list); err != nil {
		return nil, err
	}
	return list, nil
}

// noteNamespace remembers where the server wants new folders: on Courier and older Cyrus everything lies below INBOX, also
// while there is nothing to see that from yet.
func (p *pass) noteNamespace(ctx context.Context, mb remote.Mailboxes) error {
	n, ok := mb.(remote.Namespaced)
	if !ok {
		return nil
	}
	prefix, delim := n.Namespace()
	if len(delim) != 1 {
		return nil
	}
	key := namespaceKey(p.acct.ID)
	if have, err := p.st.Setting(ctx, key); err != nil || have == delim+prefix {
		return err
	}
	return p.st.SetSetting(ctx, key, delim+prefix)
}

// namespaceKey is the setting that holds the delimiter, one character, and the prefix of an account's personal namespace.
func namespaceKey(id mail.AccountID) string { return fmt.Sprintf("imap.namespace.%d", id) }

// shapeFolders applies the account's settings to a listing: the mapping of roles, one folder a role, root folder and
// subscriptions. The inbox always stays.
func shapeFolders(o mail.IMAPOptions, list []mail.RemoteFolder) []mail.RemoteFolder {
	out := slices.Clone(list)
	for role, path := range o.Roles {
		i := slices.IndexFunc(out, func(f mail.RemoteFolder) bool { return f.Path == path && f.Selectable })
		if i < 0 || role == mail.RoleNone {
			continue
		}
		for j := range out {
			if out[j].Role == role {
				out[j].Role = mail.RoleNone
			}
		}
		out[i].Role, out[i].RoleGuessed = role, false
	}
	onePerRole(out)
	return slices.DeleteFunc(out, func(f mail.RemoteFolder) bool {
		if f.Role != mail.RoleNone {
			return false
		}
		return (o.SubscribedOnly && !f.Subscribed && f.Selectable) || outsideRoot(o.RootFolder, f)
	})
}

func outsideRoot(root string, f mail.RemoteFolder) bool {
	root = strings.TrimSuffix(root, f.Delimiter)
	return root != "" && f.Path != root && !strings.HasPrefix(f.Path, root+f.Delimiter)
}

// onePerRole leaves each role to one folder: what the server says goes before what a name suggests, then the shortest path.
func onePerRole(list []mail.RemoteFolder) {
	best := map[mail.Role]int{}
	for i, f := range list {
		if f.Role == mail.RoleNone {
			continue
		}
		j, taken := best[f.Role]
		if !taken {
			best[f.Role] = i
			continue
		}
		g := list[j]
		if (g.RoleGuessed && !f.RoleGuessed) || (g.RoleGuessed == f.RoleGuessed && len(f.Path) < len(g.Path)) {
			list[j].Role = mail.RoleNone
			best[f.Role] = i
			continue
		}
		list[i].Role = mail.RoleNone
	}
}
