package ui

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// TestWhereMessagesGoFrom: the question before something goes for good says whether the server loses it, by the rule of the account.
func TestWhereMessagesGoFrom(t *testing.T) {
	lang.Set("en")
	tree := model.NewTree(nil)
	pop := func(id mail.AccountID, o mail.POP3Options) mail.Account {
		return mail.Account{ID: id, Protocol: mail.POP3, POP3: o, Incoming: mail.Server{Host: "pop.example"}}
	}
	data := model.TreeData{Accounts: []mail.Account{
		{ID: 1, Protocol: mail.IMAP, Incoming: mail.Server{Host: "imap.example"}},
		pop(2, mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14}),
		pop(3, mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}),
		pop(4, mail.POP3Options{}),
		{ID: 5, Disabled: true, Protocol: mail.IMAP},
	}}
	for i := mail.FolderID(1); i <= 5; i++ {
		data.Folders = append(data.Folders, mail.Folder{ID: i, Account: mail.AccountID(i), Path: "Trash", Role: mail.RoleTrash, Local: i != 1, Selectable: true})
	}
	data.Folders = append(data.Folders, mail.Folder{ID: 6, Account: 1, Path: "Imported", Local: true, Selectable: true})
	tree.Set(data)
	row := func(account mail.AccountID, folder mail.FolderID) mail.Row {
		return mail.Row{Account: account, Folder: folder}
	}
	const server, stays, here = "here and on the server", "stays there", "from this computer"
	for _, c := range []struct {
		rows []mail.Row
		n    int
		want string
	}{
		{[]mail.Row{row(1, 1)}, 1, server},
		{[]mail.Row{row(2, 2), row(2, 2)}, 2, stays},
		{[]mail.Row{row(3, 3)}, 1, server},
		{[]mail.Row{row(4, 4)}, 1, server},
		{[]mail.Row{row(5, 5)}, 1, here},
		{[]mail.Row{row(1, 6)}, 1, here},
		{[]mail.Row{row(2, 2), row(1, 1)}, 2, server},
		{[]mail.Row{row(2, 2)}, 9, server}, // who knows what the others are
	} {
		if got := destroyWords(tree, c.rows, c.n); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.rows, got, c.want)
		}
	}
}
