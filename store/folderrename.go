package store

import (
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// moved finds the folders that another client renamed, so that they keep their messages, their settings and their place in the window
// instead of being removed and fetched anew under another name. IMAP tells nobody of a rename; what gives it away is that one name went
// and another came with the same UIDVALIDITY, the same next UID and as many messages. RFC 9051 §2.3.1.1 asks for a UIDVALIDITY that no
// earlier mailbox of that name had, not for one of its own for every mailbox, so a value that several folders share proves nothing.
func (a *folderApply) moved(have []folderRow, listed []mail.RemoteFolder) error {
	uses := map[uint32]int{}
	for _, rf := range listed {
		uses[rf.UIDValidity]++
	}
	for i := range have {
		if f := &have[i]; !f.Local && a.listed[f.serverPath] {
			continue // counted as listed
		} else if !f.Local {
			uses[f.UIDValidity]++
		}
	}
	for i := range have {
		f := &have[i]
		if f.Local || a.listed[f.serverPath] || f.pending != 0 || f.Path != f.serverPath || f.UIDValidity == 0 || f.UIDNext == 0 || uses[f.UIDValidity] != 2 {
			continue
		}
		for _, rf := range listed {
			if rf.UIDValidity != f.UIDValidity || a.byServer[rf.Path] != nil || a.byPath[rf.Path] != nil {
				continue
			}
			same, err := a.sameContent(f, rf)
			if err != nil {
				return err
			}
			if same {
				if err := a.rename(f, rf.Path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// sameContent reports whether a listed folder holds what one of ours held when it was looked into last.
func (a *folderApply) sameContent(f *folderRow, rf mail.RemoteFolder) (bool, error) {
	if !rf.HasStatus || !rf.Selectable || rf.UIDNext != f.UIDNext || rf.HighestMod != 0 && rf.HighestMod < f.HighestMod {
		return false, nil
	}
	var known uint32
	_, err := a.t.get(`SELECT (SELECT count(*) FROM (SELECT uid FROM messages WHERE folder=?1 AND uid IS NOT NULL
 UNION SELECT uid FROM op_targets WHERE folder=?1 AND live=1 AND uid IS NOT NULL AND gone=0 UNION SELECT uid FROM quarantine WHERE folder=?1))`, []any{f.ID}, &known)
	return known == rf.Messages, err
}

func (a *folderApply) rename(f *folderRow, path string) error {
	delete(a.byServer, f.serverPath)
	delete(a.byPath, f.Path)
	f.Path, f.serverPath = path, path
	a.byServer[path], a.byPath[path] = f, f
	a.t.ch.Folders = append(a.t.ch.Folders, f.ID)
	a.t.ch.Accounts = union(a.t.ch.Accounts, []mail.AccountID{a.account})
	return a.t.do("UPDATE folders SET path=?1,server_path=?1 WHERE id=?2", path, f.ID)
}

// unrename takes the local effect of a rename back. Renames that were submitted after it still hold: of the same folder, which keeps the name
// it has, and of folders above, below whose new names the old one stands.
func (t *wtx) unrename(o opRow, f folderRow) error {
	back, later := o.oldName, mail.OpID(0)
	sep := f.Separator()
	err := t.each("SELECT id,folder,old_name,name FROM ops WHERE account=? AND kind=? AND id>? AND state IN ('pending','running') ORDER BY id",
		[]any{o.Account, string(mail.OpRename), o.ID}, func(r scanner) error {
			var id mail.OpID
			var folder mail.FolderID
			var from, to string
			err := r.Scan(&id, &folder, &from, &to)
			switch {
			case later != 0: // what comes after it is about the name that this one gives
			case folder == f.ID:
				later = id
			case sep != "" && strings.HasPrefix(back, from+sep):
				back = to + back[len(from):]
			}
			return err
		})
	if err != nil {
		return err
	}
	if later != 0 {
		return t.do("UPDATE ops SET old_name=? WHERE id=?", back, later)
	}
	all, err := t.folders(f.Account)
	if err != nil {
		return err
	}
	for _, g := range all {
		if below := sep != "" && strings.HasPrefix(g.Path, f.Path+sep); below || g.ID == f.ID {
			if err := t.clearName(g, back+g.Path[len(f.Path):], o); err != nil {
				return err
			}
		}
	}
	if err := t.renameTree(f, "path", f.Path, back); err != nil || !f.Local {
		return err
	}
	return t.renameTree(f, "server_path", f.serverPath, back)
}

// clearName makes sure that folder f can have a name back: what was to take it since cannot.
func (t *wtx) clearName(f folderRow, path string, why opRow) error {
	g, err := t.nameHolder(f, path)
	if err != nil || g == 0 {
		return err
	}
	var claims []mail.OpID
	if err := t.each("SELECT id FROM ops WHERE folder=? AND id>? AND kind IN (?,?) AND state IN ('pending','running') ORDER BY id DESC",
		[]any{g, why.ID, string(mail.OpCreate), string(mail.OpRename)}, takeID(&claims)); err != nil {
		return err
	}
	for _, id := range claims {
		o, err := t.op(id)
		if err != nil {
			return err
		}
		if err := t.revert(o, why.State, why.Error); err != nil {
			return err
		}
	}
	if g, err = t.nameHolder(f, path); err != nil || g == 0 {
		return err
	}
	// Messages are on their way into it, or it is of this computer.
	h, err := t.folder(g)
	if err != nil {
		return err
	}
	free := path
	for n := 2; t.pathFree(f.Account, free) != nil && n < 1000; n++ {
		free = fmt.Sprintf("%s %d", path, n)
	}
	t.ch.Folders = append(t.ch.Folders, g)
	if err := t.renameTree(h, "path", path, free); err != nil || !h.Local && h.serverPath != path {
		return err
	}
	return t.renameTree(h, "server_path", path, free)
}

// nameHolder is the folder other than f that has a name; 0: none has.
func (t *wtx) nameHolder(f folderRow, path string) (id mail.FolderID, err error) {
	_, err = t.get("SELECT id FROM folders WHERE account=? AND path=? AND id<>?", []any{f.Account, path, f.ID}, &id)
	return id, err
}
