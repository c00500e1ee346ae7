package store

import (
	"context"
	"database/sql"
	"fmt"

	"peyk/internal/mail"
)

const folderCols = "id,account,path,server_path,delimiter,role,selectable,subscribed,local,missing,pending,uidvalidity,uidnext,highestmod,total,unread,size,listen"

// folderRow is a folder with what only the store needs.
type folderRow struct {
	mail.Folder
	serverPath string
	missing    int // passes in a row that did not list it
	pending    int
}

// Values of folders.pending.
const (
	folderCreating = 1
	folderDropping = 2
)

// hides is why messages of the folder are not shown, as bits of messages.hidden.
func (f folderRow) hides() int {
	if f.pending == folderDropping {
		return hideDropped
	}
	return 0
}

func scanFolder(sc scanner) (folderRow, error) {
	var f folderRow
	var role int
	var mod int64
	err := sc.Scan(&f.ID, &f.Account, &f.Path, &f.serverPath, &f.Delimiter, &role, &f.Selectable, &f.Subscribed, &f.Local,
		&f.missing, &f.pending, &f.UIDValidity, &f.UIDNext, &mod, &f.Total, &f.Unread, &f.Size, &f.Listen)
	f.HighestMod = uint64(max(mod, 0)) // a profile may hold what an earlier version believed a server
	f.Role = roleName(role)
	f.Missing = f.missing > 0
	return f, err
}

// Folders returns the folders of an account, or of all when account is 0, by path; folders being dropped are left out.
func (s *Store) Folders(ctx context.Context, account mail.AccountID) ([]mail.Folder, error) {
	var out []mail.Folder
	err := s.readAll(ctx, "SELECT "+folderCols+" FROM folders WHERE (?1=0 OR account=?1) AND pending<>2 ORDER BY account,path",
		[]any{account}, func(r *sql.Rows) error {
			f, err := scanFolder(r)
			out = append(out, f.Folder)
			return err
		})
	return out, err
}

// Folder returns one folder, or an error that wraps ErrNotFound.
func (s *Store) Folder(ctx context.Context, id mail.FolderID) (mail.Folder, error) {
	return s.oneFolder(ctx, fmt.Sprintf("folder %d", id), "WHERE id=?", id)
}

// FolderByPath finds a folder by the path that users see, or wraps ErrNotFound.
func (s *Store) FolderByPath(ctx context.Context, account mail.AccountID, path string) (mail.Folder, error) {
	return s.oneFolder(ctx, fmt.Sprintf("folder %q", path), "WHERE account=? AND path=? AND pending<>2", account, path)
}

// FolderByRole finds the folder of an account for a role, or wraps ErrNotFound.
func (s *Store) FolderByRole(ctx context.Context, account mail.AccountID, role mail.Role) (mail.Folder, error) {
	return s.oneFolder(ctx, fmt.Sprintf("folder for %s", role),
		"WHERE account=? AND role=? AND pending<>2 ORDER BY missing, selectable DESC, id LIMIT 1", account, roleNumber(role))
}

func (s *Store) oneFolder(ctx context.Context, what, where string, args ...any) (mail.Folder, error) {
	var f folderRow
	found := false
	err := s.readAll(ctx, "SELECT "+folderCols+" FROM folders "+where, args, func(r *sql.Rows) (err error) {
		found = true
		f, err = scanFolder(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return f.Folder, err
}

// folder reads a folder inside a transaction.
func (t *wtx) folder(id mail.FolderID) (folderRow, error) {
	var f folderRow
	found := false
	err := t.each("SELECT "+folderCols+" FROM folders WHERE id=?", []any{id}, func(r scanner) (err error) {
		found = true
		f, err = scanFolder(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("folder %d: %w", id, ErrNotFound)
	}
	return f, err
}

func (t *wtx) folders(account mail.AccountID) ([]folderRow, error) {
	var out []folderRow
	err := t.each("SELECT "+folderCols+" FROM folders WHERE account=? ORDER BY id", []any{account}, func(r scanner) error {
		f, err := scanFolder(r)
		out = append(out, f)
		return err
	})
	return out, err
}

// SetListen remembers whether the user wants to hear of new mail in a folder at once.
func (s *Store) SetListen(ctx context.Context, id mail.FolderID, on bool) error {
	return s.write(ctx, fmt.Sprintf("listening to folder %d", id), func(t *wtx) error {
		f, err := t.folder(id)
		if err != nil || f.Listen == on {
			return err
		}
		t.ch.Folders = append(t.ch.Folders, id)
		return t.do("UPDATE folders SET listen=? WHERE id=?", on, id)
	})
}

// EnsureLocalFolder returns the local folder of that path and makes it when it is not there.
func (s *Store) EnsureLocalFolder(ctx context.Context, account mail.AccountID, path string, role mail.Role) (mail.FolderID, error) {
	var id mail.FolderID
	err := s.write(ctx, "making the folder "+path, func(t *wtx) error {
		ok, err := t.get("SELECT id FROM folders WHERE account=? AND path=?", []any{account, path}, &id)
		if err != nil || ok {
			return err
		}
		n, err := t.insert("INSERT INTO folders(account,path,server_path,role,selectable,subscribed,local) VALUES(?,?,?,?,1,1,1)",
			account, path, path, roleNumber(role))
		id = mail.FolderID(n)
		t.ch.Folders = append(t.ch.Folders, id)
		t.ch.Accounts = append(t.ch.Accounts, account)
		return err
	})
	return id, err
}

// BeginFolder notes, before a folder is downloaded for the first time or anew, which UIDVALIDITY its rows will have, and that what has a UID
// from next on is news, though the rest is not; 0: nothing is, until SetFolderSync names a UIDNEXT.
func (s *Store) BeginFolder(ctx context.Context, id mail.FolderID, uidValidity uint32, next mail.UID) error {
	return s.write(ctx, fmt.Sprintf("beginning with folder %d", id), func(t *wtx) error {
		return t.do("UPDATE folders SET uidvalidity=?,uidnext=0,highestmod=0,news=? WHERE id=?", uidValidity, next, id)
	})
}

// SetFolderSync records how far a folder is synchronised. A changed UIDVALIDITY must go through ResetFolder instead when
// the folder had one.
func (s *Store) SetFolderSync(ctx context.Context, id mail.FolderID, uidValidity uint32, uidNext mail.UID, highestMod uint64) error {
	return s.SetFolderSyncs(ctx, FolderSync{id, uidValidity, uidNext, highestMod})
}

// FolderSync is how far a folder is synchronised.
type FolderSync struct {
	ID          mail.FolderID
	UIDValidity uint32
	UIDNext     mail.UID
	HighestMod  uint64
}

// SetFolderSyncs is SetFolderSync for several folders, in one transaction.
func (s *Store) SetFolderSyncs(ctx context.Context, list ...FolderSync) error {
	if len(list) == 0 {
		return nil
	}
	return s.write(ctx, fmt.Sprintf("recording the state of folder %d and %d more", list[0].ID, len(list)-1), func(t *wtx) error {
		for _, fs := range list {
			if err := t.setFolderSync(fs); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *wtx) setFolderSync(fs FolderSync) error {
	f, err := t.folder(fs.ID)
	if err != nil {
		return err
	}
	if f.UIDValidity == fs.UIDValidity && f.UIDNext == fs.UIDNext && f.HighestMod == fs.HighestMod {
		return nil
	}
	if f.UIDValidity != 0 && f.UIDValidity != fs.UIDValidity {
		return fmt.Errorf("folder %s: UIDVALIDITY changed from %d to %d without a reset", f.Path, f.UIDValidity, fs.UIDValidity)
	}
	if f.UIDNext == 0 && fs.UIDNext != 0 {
		t.ch.Folders = append(t.ch.Folders, fs.ID) // from now on an empty folder is really empty
	}
	return t.do("UPDATE folders SET uidvalidity=?,uidnext=?,highestmod=? WHERE id=?", fs.UIDValidity, fs.UIDNext, int64(fs.HighestMod), fs.ID)
}

// roleChooser decides which listed folder gets which role: the user's choice first, then what the server says, then
// guesses by name; one folder a role.
func roleChooser(a mail.Account, listed []mail.RemoteFolder) map[string]mail.Role {
	out := map[string]mail.Role{}
	taken := map[mail.Role]bool{}
	give := func(path string, r mail.Role) {
		if r == mail.RoleNone || taken[r] || out[path] != mail.RoleNone {
			return
		}
		out[path], taken[r] = r, true
	}
	exists := map[string]bool{}
	for _, f := range listed {
		exists[f.Path] = true
	}
	for r, path := range a.IMAP.Roles {
		if exists[path] {
			give(path, r)
		}
	}
	for _, guessed := range []bool{false, true} {
		for _, f := range listed {
			if f.RoleGuessed == guessed && f.Selectable {
				give(f.Path, f.Role)
			}
		}
	}
	return out
}

// ApplyFolders takes over what the server lists: new folders are added, others updated. A folder that is no longer listed
// is marked Missing, unless it is found under another name (moved), and removed with its messages when the next call does not list it either and no operation or message
// on its way needs it. Pending creations, renames and removals are laid over.
func (s *Store) ApplyFolders(ctx context.Context, account mail.AccountID, listed []mail.RemoteFolder) error {
	return s.write(ctx, "taking over the folder list", func(t *wtx) error {
		var acct mail.Account
		if err := t.each("SELECT id,config FROM accounts WHERE id=?", []any{account}, func(r scanner) (err error) {
			acct, err = scanAccount(r)
			return err
		}); err != nil {
			return err
		}
		have, err := t.folders(account)
		if err != nil {
			return err
		}
		a := folderApply{t: t, account: account, roles: roleChooser(acct, listed), byServer: map[string]*folderRow{}, byPath: map[string]*folderRow{},
			listed: map[string]bool{}, seen: map[mail.FolderID]bool{}}
		for i := range have {
			f := &have[i]
			a.byPath[f.Path] = f
			if !f.Local {
				a.byServer[f.serverPath] = f
			}
		}
		for _, rf := range listed {
			a.listed[rf.Path] = true
		}
		if err := a.moved(have, listed); err != nil {
			return fmt.Errorf("finding folders that were renamed: %w", err)
		}
		// Roles move between folders: take them away before they are given.
		for _, f := range a.byServer {
			if f.Role != mail.RoleNone && a.roles[f.serverPath] != f.Role && a.listed[f.serverPath] {
				if err := t.do("UPDATE folders SET role=0 WHERE id=?", f.ID); err != nil {
					return err
				}
			}
		}
		for _, rf := range listed {
			if err := a.one(rf); err != nil {
				return fmt.Errorf("folder %s: %w", rf.Path, err)
			}
		}
		for i := range have {
			if f := &have[i]; !f.Local && !a.seen[f.ID] {
				if err := a.missing(f); err != nil {
					return fmt.Errorf("folder %s: %w", f.Path, err)
				}
			}
		}
		return a.settleNames(have)
	})
}

// settleNames gives folders the names that their server lists, where no rename that waits says otherwise: of several that
// hang together some may have been refused.
func (a *folderApply) settleNames(have []folderRow) error {
	var waiting bool
	if _, err := a.t.get("SELECT EXISTS(SELECT 1 FROM ops WHERE account=? AND kind='rename_folder' AND state IN ('pending','running'))", []any{a.account}, &waiting); err != nil || waiting {
		return err
	}
	for i := range have {
		f := &have[i]
		if f.Local || f.pending != 0 || f.Path == f.serverPath || !a.seen[f.ID] || !a.listed[f.serverPath] || a.byPath[f.serverPath] != nil {
			continue
		}
		if err := a.rename(f, f.serverPath); err != nil {
			return err
		}
	}
	return nil
}

type folderApply struct {
	t        *wtx
	account  mail.AccountID
	roles    map[string]mail.Role
	byServer map[string]*folderRow
	byPath   map[string]*folderRow
	listed   map[string]bool
	seen     map[mail.FolderID]bool
}

func (a *folderApply) one(rf mail.RemoteFolder) error {
	f := a.byServer[rf.Path]
	if f == nil {
		// A rename that was executed although we never heard the answer.
		if g := a.byPath[rf.Path]; g != nil && !g.Local && !a.listed[g.serverPath] {
			f = g
			if err := a.t.do("UPDATE folders SET server_path=path WHERE id=?", g.ID); err != nil {
				return err
			}
		}
	}
	role := roleNumber(a.roles[rf.Path])
	if f == nil {
		if g := a.byPath[rf.Path]; g != nil {
			return nil // another folder is about to be renamed to this: the operation will fail and say so
		}
		n, err := a.t.insert("INSERT INTO folders(account,path,server_path,delimiter,role,selectable,subscribed) VALUES(?,?,?,?,?,?,?)",
			a.account, rf.Path, rf.Path, rf.Delimiter, role, rf.Selectable, rf.Subscribed)
		a.t.ch.Folders = append(a.t.ch.Folders, mail.FolderID(n))
		a.t.ch.Accounts = union(a.t.ch.Accounts, []mail.AccountID{a.account})
		return err
	}
	a.seen[f.ID] = true
	if !rf.Selectable && !f.Selectable { // for the second time: a level, in which there are no messages any more
		if err := a.t.clearFolder(f); err != nil {
			return err
		}
	}
	same := f.Delimiter == rf.Delimiter && roleNumber(f.Role) == role && f.Selectable == rf.Selectable && f.missing == 0
	pendingSub, err := a.t.hasLiveFolderOp(f.ID, mail.OpSubscribe, mail.OpUnsubscribe)
	if err != nil {
		return err
	}
	sub := rf.Subscribed
	if pendingSub {
		sub = f.Subscribed
	}
	if same && sub == f.Subscribed {
		return nil
	}
	a.t.ch.Folders = append(a.t.ch.Folders, f.ID)
	a.t.ch.Accounts = union(a.t.ch.Accounts, []mail.AccountID{a.account})
	return a.t.do("UPDATE folders SET delimiter=?,role=?,selectable=?,subscribed=?,missing=0 WHERE id=?",
		rf.Delimiter, role, rf.Selectable, sub, f.ID)
}

func (a *folderApply) missing(f *folderRow) error {
	if f.pending != 0 {
		return nil
	}
	a.t.ch.Folders = append(a.t.ch.Folders, f.ID)
	a.t.ch.Accounts = union(a.t.ch.Accounts, []mail.AccountID{a.account})
	if f.missing > 0 {
		needed, err := a.t.folderNeeded(f.ID)
		if err != nil {
			return err
		}
		if !needed {
			return a.t.dropFolder(f.ID)
		}
	}
	return a.t.do("UPDATE folders SET missing=missing+1 WHERE id=?", f.ID)
}

// ClearFolder forgets the messages of a folder which its server does not have any more, although it lists the folder; when they come back they
// are fetched again. Where an operation needs the folder nothing happens.
func (s *Store) ClearFolder(ctx context.Context, id mail.FolderID) error {
	return s.write(ctx, fmt.Sprintf("forgetting the messages of folder %d", id), func(t *wtx) error {
		f, err := t.folder(id)
		if err != nil {
			return err
		}
		return t.clearFolder(&f)
	})
}

func (t *wtx) clearFolder(f *folderRow) error {
	if f.UIDValidity == 0 || f.Local {
		return nil // there is nothing in it
	}
	if needed, err := t.folderNeeded(f.ID); err != nil || needed {
		return err
	}
	var ids []mail.MessageID
	if err := t.each(inFolder, []any{f.ID}, takeID(&ids)); err != nil {
		return err
	}
	for _, m := range ids {
		if err := t.deleteRow(m); err != nil {
			return err
		}
	}
	t.ch.Folders = append(t.ch.Folders, f.ID)
	if err := t.do("DELETE FROM quarantine WHERE folder=?", f.ID); err != nil {
		return err
	}
	return t.do("UPDATE folders SET uidvalidity=0,uidnext=0,highestmod=0,news=0 WHERE id=?", f.ID)
}

func (t *wtx) hasLiveFolderOp(id mail.FolderID, kinds ...mail.OpKind) (bool, error) {
	for _, k := range kinds {
		var n int
		if _, err := t.get("SELECT count(*) FROM ops WHERE folder=? AND kind=? AND state IN ('pending','running')", []any{id, string(k)}, &n); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// folderNeeded reports whether operations or messages on their way still need a folder. What an operation has brought there, whose UID nobody has told, is not on its way
// any more: where the server has no such folder, nobody will ever tell.
func (t *wtx) folderNeeded(id mail.FolderID) (bool, error) {
	var n int
	_, err := t.get(`SELECT (SELECT count(*) FROM ops WHERE folder=?1 AND state IN ('pending','running'))
 + (SELECT count(*) FROM op_targets WHERE folder=?1 AND live=1) + (SELECT count(*) FROM messages m INDEXED BY m_await CROSS JOIN ops o ON o.id=m.await
  WHERE m.folder=?1 AND m.await<>0 AND o.state IN ('pending','running'))`, []any{id}, &n)
	return n > 0, err
}

// inFolder selects the messages of a folder (?1). Its two halves have an index each; none has all messages of a folder.
const inFolder = "SELECT id FROM messages WHERE folder=?1 AND hidden=0 UNION ALL SELECT id FROM messages WHERE folder=?1 AND hidden<>0"

// dropFolder removes a folder with its messages.
func (t *wtx) dropFolder(id mail.FolderID) error {
	if err := t.writeIndex(); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE ledger SET message=0 WHERE message<>0 AND message IN (" + inFolder + ")",
		"DELETE FROM fts WHERE rowid IN (" + inFolder + ")",
		"DELETE FROM details WHERE id IN (" + inFolder + ")",
		"DELETE FROM snoozes WHERE message IN (" + inFolder + ")",
		"DELETE FROM messages WHERE id IN (" + inFolder + ")",
		"DELETE FROM quarantine WHERE folder=?",
		"DELETE FROM folders WHERE id=?",
	} {
		if err := t.do(q, id); err != nil {
			return err
		}
	}
	t.ch.Folders = append(t.ch.Folders, id)
	return nil
}
