package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// Submit writes operations with their local effect in one transaction; together they are one group, which Undo takes back
// as a whole. It fills ID, Group and State of each op (and Folder, for a new folder; Messages, for an append). An op that would
// change nothing gets no id. Operations on local folders are done at once. All messages of one op belong to its account.
func (s *Store) Submit(ctx context.Context, ops []mail.Op) (mail.GroupID, error) {
	var group mail.GroupID
	if len(ops) == 0 {
		return 0, nil
	}
	err := s.write(ctx, "submitting "+string(ops[0].Kind), func(t *wtx) (err error) {
		group, err = t.submit(ops, false)
		return err
	})
	return group, err
}

func (t *wtx) submit(ops []mail.Op, inverse bool) (mail.GroupID, error) {
	return t.submitInto(0, ops, inverse)
}

// submitInto submits operations as more of a group; 0: as a group of their own.
func (t *wtx) submitInto(group mail.GroupID, ops []mail.Op, inverse bool) (mail.GroupID, error) {
	for i := range ops {
		sub := &submission{t: t, op: &ops[i], inverse: inverse, group: group}
		if err := sub.run(); err != nil {
			return 0, err
		}
		if group == 0 {
			group = sub.group
		}
	}
	t.ch.Ops = true
	return group, t.trim()
}

// submission is one op on its way into the log.
type submission struct {
	t       *wtx
	op      *mail.Op
	inverse bool
	group   mail.GroupID
	oldName string
	dest    folderRow
}

// opMessage is what a submission needs to know of a message.
type opMessage struct {
	id     mail.MessageID
	folder folderRow
	uid    any // nil or int64
	fl     flagSet
	hidden int
	await  int64
	until  int64 // it is snoozed, Unix seconds; 0: it is not
}

func (t *wtx) opMessage(id mail.MessageID) (opMessage, bool, error) {
	m := opMessage{id: id}
	var folder mail.FolderID
	ok, err := t.get("SELECT folder,uid,flags,keywords,hidden,await,ifnull((SELECT until FROM snoozes WHERE message=?1),0) FROM messages WHERE id=?1", []any{id},
		&folder, &m.uid, &m.fl.bits, &m.fl.kw, &m.hidden, &m.await, &m.until)
	if err != nil || !ok {
		return m, false, err
	}
	m.folder, err = t.folder(folder)
	return m, err == nil, err
}

func (s *submission) run() error {
	op := s.op
	var err error
	if op.Folder != 0 && op.Kind != mail.OpCreate {
		if s.dest, err = s.t.folder(op.Folder); err != nil {
			return err
		}
		if op.Account == 0 {
			op.Account = s.dest.Account
		}
	}
	switch op.Kind {
	case mail.OpFlags, mail.OpMove, mail.OpCopy, mail.OpExpunge, mail.OpSnooze:
		return s.onMessages()
	case mail.OpAppend:
		return s.append()
	case mail.OpCreate:
		return s.create()
	case mail.OpRename, mail.OpDropFolder, mail.OpSubscribe, mail.OpUnsubscribe:
		return s.onFolder()
	}
	return fmt.Errorf("unknown operation %q", op.Kind)
}

// onMessages submits an operation on messages that are here.
func (s *submission) onMessages() error {
	op := s.op
	if (op.Kind == mail.OpMove || op.Kind == mail.OpCopy) && op.Folder == 0 {
		return errors.New("no destination folder")
	}
	var ms []opMessage
	local, remote := 0, 0
	for _, id := range op.Messages {
		m, ok, err := s.t.opMessage(id)
		if err != nil {
			return err
		}
		if !ok || m.hidden&(hideExpunged|hideDropped) != 0 || !s.changes(m) {
			continue // gone meanwhile, by itself or with its folder, or nothing to do
		}
		if op.Account == 0 {
			op.Account = m.folder.Account
		}
		if m.folder.Account != op.Account && !(m.folder.Local && (op.Folder == 0 || s.dest.Local)) {
			return fmt.Errorf("message %d belongs to another account", id)
		}
		if m.folder.Local || op.Kind == mail.OpSnooze { // no server is told
			local++
		} else {
			remote++
		}
		ms = append(ms, m)
	}
	if len(ms) == 0 {
		return nil
	}
	placing := op.Kind == mail.OpMove || op.Kind == mail.OpCopy
	if local > 0 && remote > 0 || placing && s.dest.Local != (local > 0) {
		return errors.New("one operation cannot mix messages on this computer with messages on a server: copy them there and delete the originals")
	}
	if err := s.log(local > 0); err != nil {
		return err
	}
	op.Messages = op.Messages[:0:0]
	for _, m := range ms {
		op.Messages = append(op.Messages, m.id)
		if err := s.effect(m, local > 0); err != nil {
			return fmt.Errorf("message %d: %w", m.id, err)
		}
	}
	return nil
}

// changes reports whether the operation would change anything about a message.
func (s *submission) changes(m opMessage) bool {
	switch s.op.Kind {
	case mail.OpFlags:
		return m.fl.apply(packFlags(s.op.Add), packFlags(s.op.Remove)) != m.fl
	case mail.OpMove:
		return m.folder.ID != s.op.Folder
	case mail.OpSnooze:
		return m.until != unix(s.op.Date)
	}
	return true
}

// log writes the row of the operation log.
func (s *submission) log(local bool) error {
	op := s.op
	op.State = mail.OpPending
	now := s.t.s.now()
	if local {
		op.State = mail.OpDone
	}
	op.Created = now
	var blob []byte
	var blobSize int64
	if op.Blob != nil {
		var err error
		if blob, err = packHash(op.Blob.Hash); err != nil {
			return err
		}
		blobSize = op.Blob.Size
	}
	finished := int64(0)
	if local {
		finished = millis(now)
	}
	id, err := s.t.insert(`INSERT INTO ops(grp,account,kind,folder,add_flags,remove_flags,name,old_name,blob,blob_size,date,title,state,created,local,inverse,finished)
 VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, s.group, op.Account, string(op.Kind), op.Folder, packFlagList(op.Add), packFlagList(op.Remove), op.Name, s.oldName,
		blob, blobSize, millis(op.Date), op.Title, string(op.State), millis(now), local, s.inverse, finished)
	if err != nil {
		return err
	}
	op.ID = mail.OpID(id)
	if s.group == 0 {
		s.group = mail.GroupID(id)
		if err := s.t.do("UPDATE ops SET grp=? WHERE id=?", s.group, id); err != nil {
			return err
		}
	}
	op.Group = s.group
	return nil
}

// target records what the operation is about on the server, and what undo needs.
func (s *submission) target(m opMessage, copyID mail.MessageID, local bool) error {
	return s.t.do("INSERT OR REPLACE INTO op_targets(op,message,copy,folder,uidvalidity,uid,flags,keywords,live,until) VALUES(?,?,?,?,?,?,?,?,?,?)",
		s.op.ID, m.id, copyID, m.folder.ID, m.folder.UIDValidity, m.uid, m.fl.bits, m.fl.kw, !local, m.until)
}

// effect does the local part of an operation on one message.
func (s *submission) effect(m opMessage, local bool) error {
	t := s.t
	var copyID mail.MessageID
	switch s.op.Kind {
	case mail.OpFlags:
		add := packFlags(s.op.Add)
		fl := m.fl.apply(add, packFlags(s.op.Remove))
		if err := t.noteTags(add.kw, maxTags); err != nil {
			return err
		}
		if err := t.do("UPDATE messages SET flags=?,keywords=?,hidden=? WHERE id=?", fl.bits, fl.kw, hiddenBy(fl.bits, m.hidden), m.id); err != nil {
			return err
		}
		if local {
			if err := t.do("UPDATE messages SET sflags=flags,skeywords=keywords WHERE id=?", m.id); err != nil {
				return err
			}
		}
	case mail.OpMove:
		if err := t.place(m.id, s.dest, nil, s.await(local)); err != nil {
			return err
		}
	case mail.OpCopy:
		var err error
		if copyID, err = t.copyRow(m.id, s.dest, s.await(local)); err != nil {
			return err
		}
	case mail.OpSnooze:
		if err := t.snooze(m.id, m.folder.ID, unix(s.op.Date)); err != nil {
			return err
		}
	case mail.OpExpunge:
		if err := t.do("UPDATE messages SET hidden=hidden|? WHERE id=?", hideExpunged, m.id); err != nil {
			return err
		}
		if err := t.do("UPDATE ledger SET deleted=? WHERE message=? AND message<>0 AND deleted=0", millis(t.s.now()), m.id); err != nil {
			return err
		}
	}
	return s.target(m, copyID, local)
}

func (s *submission) await(local bool) int64 {
	if local {
		return 0
	}
	return int64(s.op.ID)
}

// place puts a message into a folder. Elsewhere it stands by its own date, also when it had come back from being snoozed; and it is shown, though it
// was hidden with the folder that it comes from.
func (t *wtx) place(id mail.MessageID, f folderRow, uid any, await int64) error {
	return t.do(`UPDATE messages SET folder=?1,role=?2,account=?3,uid=?4,await=?5,modseq=0,hidden=(hidden&~?7)|?8,
 date=iif(sent<>0 AND folder<>?1,sent,date),sent=iif(folder<>?1,0,sent) WHERE id=?6`, f.ID, roleNumber(f.Role), f.Account, uid, await, id,
		hideDropped, f.hides())
}

// copyRow makes a second placement of a message.
func (t *wtx) copyRow(id mail.MessageID, f folderRow, await int64) (mail.MessageID, error) {
	var n int64
	p := placed{account: f.Account, folder: f.ID, role: roleNumber(f.Role)}
	var thread mail.ThreadID
	var size int64
	var seen bool
	ok, err := t.get(`INSERT INTO messages(account,folder,role,thread,uid,await,date,sent,received,size,flags,hidden,sflags,attachments,hasbody,indexed,
 keywords,skeywords,header_id,subject,sender,recipients,snippet,blob,blob_size)
 SELECT ?2,?3,?4,thread,NULL,?5,date,sent,received,size,flags,0,flags,attachments,hasbody,1,
 keywords,keywords,header_id,subject,sender,recipients,snippet,blob,blob_size FROM messages WHERE id=?1 RETURNING id,date,thread,size,flags&1`,
		[]any{id, p.account, p.folder, p.role, await}, &n, &p.key.date, &thread, &size, &seen)
	if err == nil && !ok {
		err = fmt.Errorf("message %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return 0, err
	}
	p.key.id = mail.MessageID(n)
	t.added(p, !seen, size)
	if err := errors.Join(t.countAdded(), t.join(p.folder, []mail.ThreadID{thread})); err != nil {
		return 0, err
	}
	err = t.do(`INSERT INTO details(id,cc,bcc,reply_to,in_reply_to,refs,list_id,attachments,warnings,header)
 SELECT ?2,cc,bcc,reply_to,in_reply_to,refs,list_id,attachments,warnings,header FROM details WHERE id=?1`, id, n)
	if err == nil {
		_, err = t.reindex(mail.MessageID(n))
	}
	return mail.MessageID(n), err
}

// append submits a message for a server's folder, or puts it into a local one.
func (s *submission) append() error {
	op, t := s.op, s.t
	if op.Folder == 0 {
		return errors.New("no folder to append to")
	}
	if op.Blob == nil && len(op.Messages) != 1 {
		return errors.New("an append needs the bytes of a message")
	}
	if len(op.Messages) == 0 && t.s.opts.Parse != nil {
		if err := s.placeAppend(); err != nil {
			return err
		}
	}
	if len(op.Messages) == 1 && op.Blob == nil {
		d, err := t.blobOf(op.Messages[0])
		if err != nil {
			return err
		}
		op.Blob = &d
	}
	if err := s.log(s.dest.Local); err != nil {
		return err
	}
	if len(op.Messages) == 0 {
		if s.dest.Local {
			return errors.New("a message cannot be put into a local folder without a parser")
		}
		return nil // it shows when the server shows it
	}
	m, ok, err := t.opMessage(op.Messages[0])
	if err != nil || !ok {
		return err
	}
	if err := t.do("UPDATE messages SET await=? WHERE id=?", s.await(s.dest.Local), m.id); err != nil {
		return err
	}
	return s.target(m, 0, s.dest.Local)
}

// placeAppend makes the row of an appended message from its bytes.
func (s *submission) placeAppend() error {
	sum, err := s.t.s.summary(s.t.ctx, s.op.Blob.Hash)
	if err != nil {
		return err
	}
	g := newIngester(s.t, s.dest, []mail.Incoming{{Flags: s.op.Add, Received: s.op.Date, Size: s.op.Blob.Size, Summary: sum, Blob: s.op.Blob}})
	id, err := g.insert(0, entryOf(&sum))
	if err != nil {
		return err
	}
	s.op.Messages = []mail.MessageID{id}
	return g.finish()
}

// create submits a new folder: Name is its whole path, or its last level when Folder is the parent.
func (s *submission) create() error {
	op, t := s.op, s.t
	path, delim := op.Name, ""
	local := false
	if op.Folder != 0 {
		parent, err := t.folder(op.Folder)
		if err != nil {
			return err
		}
		op.Account, delim, local = parent.Account, parent.Delimiter, parent.Local
		if delim == "" {
			return &mail.Refusal{Code: mail.CodeFlat, Args: []string{parent.Path}, Text: parent.Path + " cannot hold other folders"}
		}
		path = parent.Path + delim + op.Name
	} else {
		var n int
		if _, err := t.get("SELECT count(*) FROM accounts WHERE id=? AND protocol='pop3'", []any{op.Account}, &n); err != nil {
			return err
		}
		local = n > 0
		if _, err := t.get("SELECT delimiter FROM folders WHERE account=? AND delimiter<>'' LIMIT 1", []any{op.Account}, &delim); err != nil {
			return err
		}
	}
	if strings.TrimSpace(op.Name) == "" {
		return errors.New("a folder needs a name")
	}
	if err := t.pathFree(op.Account, path); err != nil {
		return err
	}
	id, err := t.insert("INSERT INTO folders(account,path,server_path,delimiter,selectable,subscribed,local,pending) VALUES(?,?,?,?,1,1,?,?)",
		op.Account, path, path, delim, local, b2i(!local)*folderCreating)
	if err != nil {
		return err
	}
	op.Folder, op.Name = mail.FolderID(id), path
	t.ch.Folders = append(t.ch.Folders, op.Folder)
	t.ch.Accounts = append(t.ch.Accounts, op.Account)
	return s.log(local)
}

func (t *wtx) pathFree(account mail.AccountID, path string) error {
	var n int
	if _, err := t.get("SELECT count(*) FROM folders WHERE account=? AND path=?", []any{account, path}, &n); err != nil {
		return err
	}
	if n > 0 {
		return &mail.Refusal{Code: mail.CodeExists, Text: "there is already a folder " + path}
	}
	return nil
}

// treeFree makes sure that a folder can have a name, and the folders below it those that they get with it.
func (t *wtx) treeFree(f folderRow, path string) error {
	all, err := t.folders(f.Account)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, g := range all {
		taken[g.Path] = g.ID != f.ID && !g.Within(f.Folder)
	}
	for _, g := range all {
		if to := path + g.Path[min(len(f.Path), len(g.Path)):]; (g.ID == f.ID || g.Within(f.Folder)) && taken[to] {
			return &mail.Refusal{Code: mail.CodeExists, Text: "there is already a folder " + to}
		}
	}
	return nil
}

// onFolder submits an operation on a folder that is here.
func (s *submission) onFolder() error {
	op, t, f := s.op, s.t, s.dest
	if op.Folder == 0 {
		return errors.New("no folder given")
	}
	t.ch.Folders = append(t.ch.Folders, f.ID)
	t.ch.Accounts = append(t.ch.Accounts, f.Account)
	switch op.Kind {
	case mail.OpRename:
		if op.Name == f.Path {
			return nil
		}
		if strings.TrimSpace(op.Name) == "" {
			return errors.New("a folder needs a name")
		}
		if sep := f.Separator(); sep != "" && strings.HasPrefix(op.Name, f.Path+sep) {
			return &mail.Refusal{Code: mail.CodeFolderName, Text: f.Path + " cannot lie in itself"}
		}
		if err := t.treeFree(f, op.Name); err != nil {
			return err
		}
		s.oldName = f.Path
		if err := t.renameTree(f, "path", f.Path, op.Name); err != nil {
			return err
		}
		if f.Local {
			if err := t.renameTree(f, "server_path", f.serverPath, op.Name); err != nil {
				return err
			}
		}
	case mail.OpDropFolder:
		if err := t.do("UPDATE folders SET pending=? WHERE id=?", folderDropping, f.ID); err != nil {
			return err
		}
		if f.Local { // its name is free at once; what is on a server keeps its own until it is deleted there
			s.oldName = f.Path
			aside := fmt.Sprintf("%s\x1f%d", f.Path, f.ID)
			if err := t.do("UPDATE folders SET path=?,server_path=? WHERE id=?", aside, aside, f.ID); err != nil {
				return err
			}
		}
		if err := t.do("UPDATE messages SET hidden=hidden|?2 WHERE id IN ("+inFolder+")", f.ID, hideDropped); err != nil {
			return err
		}
		if err := t.do("UPDATE ledger SET deleted=?2 WHERE deleted=0 AND message<>0 AND message IN ("+inFolder+")", f.ID, millis(t.s.now())); err != nil {
			return err
		}
	case mail.OpSubscribe, mail.OpUnsubscribe:
		on := op.Kind == mail.OpSubscribe
		if f.Subscribed == on {
			return nil
		}
		if err := t.do("UPDATE folders SET subscribed=? WHERE id=?", on, f.ID); err != nil {
			return err
		}
	}
	return s.log(f.Local)
}

// renameTree changes a folder's path (or server_path) and that of the folders below it.
func (t *wtx) renameTree(f folderRow, col, from, to string) error {
	if err := t.do("UPDATE folders SET "+col+"=? WHERE id=?", to, f.ID); err != nil {
		return err
	}
	sep := f.Separator()
	if sep == "" {
		return nil
	}
	prefix := from + sep
	return t.do("UPDATE folders SET "+col+"=?||substr("+col+",?) WHERE account=? AND local=? AND id<>? AND substr("+col+",1,?)=?",
		to+sep, len([]rune(prefix))+1, f.Account, f.Local, f.ID, len([]rune(prefix)), prefix)
}
