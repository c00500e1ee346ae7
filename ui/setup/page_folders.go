package setup

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// mappedRoles are the roles that a user can give to a folder.
var mappedRoles = []mail.Role{mail.RoleSent, mail.RoleDrafts, mail.RoleTrash, mail.RoleJunk, mail.RoleArchive}

// folderPage is which folder is for what. The names come from the store once they are read.
func (f *Settings) folderPage() fyne.CanvasObject {
	saveSent := f.check("setup.sent.save", f.account.Outgoing.SaveSent, func(a *mail.Account, v bool) { a.Outgoing.SaveSent = v })
	if f.account.Protocol == mail.POP3 {
		inbox := f.text(f.account.POP3.Folder, false, func(a *mail.Account, v string) { a.POP3.Folder = v })
		inbox.SetPlaceholder(lang.RoleName(mail.RoleInbox))
		return kit.VBox(22,
			section("setup.folders.deliver", row("setup.folders.local", inbox), hint("setup.folders.local.hint")),
			section("setup.folders.sent", saveSent, hint("setup.sent.hint.pop3")))
	}
	opts := f.account.IMAP
	roles := kit.VBox(10)
	f.roleRows(roles)
	if f.account.ID != 0 && f.opt.Folders != nil {
		f.opt.Loop.Go(foldersWork(f.opt.Folders, f.account.ID, func(list []mail.Folder, err error) {
			if err == nil {
				f.folders = list
				f.roleRows(roles)
			}
		}))
	}
	chosen := f.account.IMAP.Roles
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		a.IMAP.Roles = copyRoles(chosen)
		if len(a.IMAP.Roles) == 0 {
			a.IMAP.Roles = nil
		}
		return nil
	})
	root := f.text(opts.RootFolder, true, func(a *mail.Account, v string) { a.IMAP.RootFolder = v })
	root.SetPlaceholder("INBOX")
	subscribed := f.check("setup.subscribed", opts.SubscribedOnly, func(a *mail.Account, v bool) { a.IMAP.SubscribedOnly = v })
	return kit.VBox(22,
		section("setup.folders.roles", roles, hint("setup.folders.roles.hint")),
		section("setup.folders.sent", saveSent),
		section("setup.folders.list", row("setup.root", root), hint("setup.root.hint"), subscribed))
}

// roleRows shows one choice a role: by the server, or a folder of the account.
func (f *Settings) roleRows(box *fyne.Container) {
	box.RemoveAll()
	if f.account.IMAP.Roles == nil {
		f.account.IMAP.Roles = map[mail.Role]string{}
	}
	chosen := f.account.IMAP.Roles
	for _, role := range mappedRoles {
		names, paths := []string{f.byServer(role)}, []string{""}
		for _, folder := range f.folders {
			if folder.Selectable && folder.Role != mail.RoleOutbox && !folder.Local {
				names, paths = append(names, folder.Path), append(paths, folder.Path)
			}
		}
		if p := chosen[role]; p != "" && !contains(paths, p) {
			names, paths = append(names, p), append(paths, p)
		}
		s := kit.NewSelect(names, func(i int) {
			if i == 0 {
				delete(chosen, role)
				return
			}
			chosen[role] = paths[i]
		})
		for i, p := range paths {
			if p == chosen[role] {
				s.Choose(i)
			}
		}
		box.Add(kit.FormRow(lang.RoleName(role), labelWidth, s))
	}
	box.Refresh()
}

// byServer names the folder that the server (or its name) makes the one for a role.
func (f *Settings) byServer(role mail.Role) string {
	for _, folder := range f.folders {
		if folder.Role == role {
			return lang.T("setup.role.server.is", folder.Path)
		}
	}
	return lang.T("setup.role.server")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
