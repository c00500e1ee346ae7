package store

import "peyk/internal/mail"

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
 UNION SELECT uid FROM op_targets WHERE folder=?1 AND live=1 AND uid IS NOT NULL AND gone=0)) + (SELECT count(*) FROM quarantine WHERE folder=?1)`, []any{f.ID}, &known)
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
