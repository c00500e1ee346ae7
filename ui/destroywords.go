package ui

import (
	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// What is said before messages go for good is where they go from. What a POP3 server has of them follows the rule of the account.

// destroyID is the question about messages of a folder: ".local" where no server has them, ".pop" where the copy on the server stays, "" where they go from
// there as well.
func destroyID(a mail.Account, f mail.Folder) string {
	rule := a.POP3
	switch {
	case a.Local(), f.Local && a.Protocol == mail.IMAP:
		return "destroy.ask.local"
	case a.Protocol == mail.POP3 && rule.LeaveOnServer && !rule.RemoveWhenDeleted:
		return "destroy.ask.pop"
	}
	return "destroy.ask"
}

// destroyWords asks about n messages; rows are those that are known of them. Where they are of several kinds the most is said: that servers lose them, too.
func destroyWords(t *model.Tree, rows []mail.Row, n int) string {
	id := ""
	for _, r := range rows {
		a, _ := t.Account(r.Account)
		f, _ := t.Folder(r.Folder)
		if one := destroyID(a, f); id == "" || id == one {
			id = one
		} else {
			id = "destroy.ask"
		}
	}
	if id == "" || len(rows) < n && len(rows) < maxSelectedRows {
		id = "destroy.ask"
	}
	return lang.N(id, n)
}
