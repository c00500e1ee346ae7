package mail

import (
	"fmt"
	"strings"
)

// Within reports whether f lies below g, at any depth, or is g.
func (f Folder) Within(g Folder) bool {
	if f.Account != g.Account || f.Local != g.Local {
		return false
	}
	sep := g.Separator()
	return f.Path == g.Path || sep != "" && strings.HasPrefix(f.Path, g.Path+sep)
}

// AllBelowInbox reports whether a server has every folder but the inbox below it, as Courier and older Cyrus do: what lies right below INBOX is
// the top level then. all are the folders of one account.
func AllBelowInbox(all []Folder) bool {
	others := 0
	for _, f := range all {
		if f.Local || f.Missing || strings.EqualFold(f.Path, "INBOX") {
			continue
		}
		if others++; len(f.Path) < 6 || f.Delimiter == "" || !strings.EqualFold(f.Path[:5], "INBOX") || !strings.HasPrefix(f.Path[5:], f.Delimiter) {
			return false
		}
	}
	return others > 0
}

// TrashPath is where a deleted folder goes with all that lies in it: below the account's Trash, under a name that is free there. It is ""
// where deleting a folder means deleting it for good: in Trash itself, in an account that deletes messages for good, too, where
// Trash cannot hold folders, and at Gmail, whose folders are labels: their messages stay in All Mail. all are the folders of the account.
func TrashPath(a Account, all []Folder, f Folder) string {
	if a.Protocol == IMAP && a.IMAP.DeleteModel != DeleteToTrash && a.IMAP.DeleteModel != "" {
		return ""
	}
	var trash Folder
	taken := map[string]bool{}
	for _, g := range all {
		taken[g.Path] = true
		if g.Role == RoleTrash && !g.Missing {
			trash = g
		}
	}
	sep := trash.Separator()
	if trash.ID == 0 || sep == "" || trash.Local != f.Local || f.Within(trash) || trash.Within(f) || strings.HasPrefix(trash.Path, "[G") {
		return ""
	}
	path := trash.Path + sep + f.Name()
	for n, base := 2, path; taken[path]; n++ {
		path = fmt.Sprintf("%s %d", base, n)
	}
	return path
}
