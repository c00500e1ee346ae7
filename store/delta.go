package store

import (
	"fmt"

	"peyk/internal/mail"
)

// What a transaction changed is found by temporary triggers on the writer's connection, so that no writing function can
// forget to say it: placements that became visible or invisible, and rows whose shown content changed. heads counts the rows of
// lists of conversations that came or went; thread names the conversations that are to be looked at again (regroup), 0 none.
//
// New rows have no trigger: many come at once, and then it costs more to look at each than to write it. Who inserts one tells added.
const watchSQL = `
CREATE TEMP TABLE IF NOT EXISTS seen_delta(account INT, folder INT, role INT, date INT, id INT, n INT, heads INT, thread INT);
CREATE TEMP TABLE IF NOT EXISTS seen_touch(id INT, folder INT, thread INT);
CREATE TEMP TABLE IF NOT EXISTS seen_join(folder INT, thread INT);
CREATE TEMP TRIGGER IF NOT EXISTS watch_del AFTER DELETE ON main.messages WHEN OLD.hidden=0 BEGIN
  INSERT INTO seen_delta VALUES(OLD.account,OLD.folder,OLD.role,OLD.date,OLD.id,-1,-(OLD.conv&1=0),OLD.thread);
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_move AFTER UPDATE OF folder,role,date,hidden ON main.messages
 WHEN OLD.folder<>NEW.folder OR OLD.role<>NEW.role OR OLD.date<>NEW.date OR (OLD.hidden=0)<>(NEW.hidden=0) BEGIN
  INSERT INTO seen_delta SELECT OLD.account,OLD.folder,OLD.role,OLD.date,OLD.id,-1,-(OLD.conv&1=0),OLD.thread WHERE OLD.hidden=0;
  INSERT INTO seen_delta SELECT NEW.account,NEW.folder,NEW.role,NEW.date,NEW.id,1,NEW.conv&1=0,NEW.thread WHERE NEW.hidden=0;
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_conv AFTER UPDATE OF conv ON main.messages WHEN NEW.hidden=0 AND OLD.conv<>NEW.conv BEGIN
  INSERT INTO seen_delta SELECT NEW.account,NEW.folder,NEW.role,NEW.date,NEW.id,0,(OLD.conv&1)-(NEW.conv&1),0 WHERE (OLD.conv&1)<>(NEW.conv&1);
  INSERT INTO seen_touch VALUES(NEW.id,NEW.folder,0);
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_touch AFTER UPDATE OF flags,keywords,hasbody,subject,sender,snippet,attachments,thread ON main.messages
 WHEN OLD.flags<>NEW.flags OR OLD.keywords<>NEW.keywords OR OLD.hasbody<>NEW.hasbody OR OLD.subject<>NEW.subject
  OR OLD.sender<>NEW.sender OR OLD.snippet<>NEW.snippet OR OLD.attachments<>NEW.attachments OR OLD.thread<>NEW.thread BEGIN
  INSERT INTO seen_touch VALUES(NEW.id,NEW.folder,
    iif((OLD.flags&5)<>(NEW.flags&5) OR (OLD.attachments>0)<>(NEW.attachments>0) OR OLD.thread<>NEW.thread,NEW.thread,0));
  INSERT INTO seen_touch SELECT NEW.id,NEW.folder,OLD.thread WHERE OLD.thread<>NEW.thread;
END;`

func (w *writer) watch() error { return w.conn.script(watchSQL + shelfSQL) }

// A change that names more messages than this says Reload instead.
const maxChangeIDs = 2000

// Page caches are adjusted row by row up to this many placements in one transaction; above they are dropped.
const maxDelta = 20000

// placed is one placement that came (n = 1) or went (n = -1), or that only lists of conversations show or hide (n = 0).
type placed struct {
	account mail.AccountID
	folder  mail.FolderID
	role    int
	key     sortKey
	n       int
	heads   int // the same in lists of conversations
}

// delta is what one transaction changed for readers, with the generations it led to.
type delta struct {
	layout, marks int64 // generations after the commit
	placements    bool
	touched       bool
	all           bool // too much to list: drop caches
	rows          []placed
}

// added notes a shown row that was inserted, a conversation of its own; countAdded must follow, and join when it is not.
func (t *wtx) added(p placed, unread bool, size int64) {
	p.n, p.heads = 1, 1
	t.come = append(t.come, p)
	c := t.comeTo[p.folder]
	c.n++
	c.unread += b2i(unread)
	c.size += size
	if t.comeTo == nil {
		t.comeTo = map[mail.FolderID]folderSum{}
	}
	t.comeTo[p.folder] = c
}

// folderSum is what rows add to the counts of their folder.
type folderSum struct {
	n, unread int
	size      int64
}

// countAdded counts added rows into their folders.
func (t *wtx) countAdded() error {
	for f, c := range t.comeTo {
		if err := t.do("UPDATE folders SET total=total+?1,unread=unread+?2,size=size+?3,convs=convs+?1 WHERE id=?4", c.n, c.unread, c.size, f); err != nil {
			return err
		}
	}
	t.comeTo = nil
	return nil
}

// join says that rows of a folder were added to conversations that may have others.
func (t *wtx) join(f mail.FolderID, threads []mail.ThreadID) error {
	if len(threads) == 0 {
		return nil
	}
	t.joined = true
	return t.do("INSERT INTO temp.seen_join SELECT ?1,value FROM json_each(?2)", f, idList(threads))
}

// collect reads what the triggers saw, completes the change and moves the generations on.
func (t *wtx) collect() (delta, error) {
	var d delta
	var nd, nt, ns int
	const seen = "SELECT (SELECT count(*) FROM temp.seen_delta),(SELECT count(*) FROM temp.seen_touch),(SELECT count(*) FROM temp.seen_shelf)"
	if _, err := t.get(seen, nil, &nd, &nt, &ns); err != nil {
		return d, err
	}
	if nd == 0 && nt == 0 && len(t.come) == 0 && !t.reindexed {
		return d, nil
	}
	if nd > 0 || nt > 0 || t.joined {
		if err := t.regroup(); err != nil {
			return d, fmt.Errorf("grouping by conversation: %w", err)
		}
		if _, err := t.get(seen, nil, &nd, &nt, &ns); err != nil {
			return d, err
		}
	}
	// A new entry in the search index changes what searches find, as a new message does.
	d.placements, d.touched, d.all = nd+len(t.come)+ns > 0 || t.reindexed, nt > 0, nd+len(t.come) > maxDelta || ns > 0
	folders := map[mail.FolderID]bool{}
	messages := map[mail.MessageID]bool{}
	for _, f := range t.ch.Folders {
		folders[f] = true
	}
	for _, m := range t.ch.Messages {
		messages[m] = true
	}
	if nd+nt+len(t.come) > maxChangeIDs {
		t.ch.Reload = true
	}
	for _, p := range t.come {
		folders[p.folder] = true
		if !t.ch.Reload {
			messages[p.key.id] = true
		}
	}
	if !d.all {
		d.rows = t.come
	}
	if err := t.collectSeen(&d, nd+nt > 0, folders, messages); err != nil {
		return d, err
	}
	t.ch.Folders, t.ch.Messages = keys(folders), keys(messages)
	if _, err := t.get("UPDATE gens SET layout=layout+?, marks=marks+? RETURNING layout,marks",
		[]any{b2i(d.placements), b2i(d.touched)}, &d.layout, &d.marks); err != nil {
		return d, err
	}
	return d, nil
}

// collectSeen reads and empties what the triggers wrote, if they did.
func (t *wtx) collectSeen(d *delta, any bool, folders map[mail.FolderID]bool, messages map[mail.MessageID]bool) error {
	if !any {
		return nil
	}
	err := t.each("SELECT DISTINCT folder FROM temp.seen_delta UNION SELECT DISTINCT folder FROM temp.seen_touch", nil, func(r scanner) error {
		var f mail.FolderID
		err := r.Scan(&f)
		folders[f] = true
		return err
	})
	if err == nil && !t.ch.Reload {
		err = t.each("SELECT id FROM temp.seen_delta UNION SELECT id FROM temp.seen_touch", nil, func(r scanner) error {
			var m mail.MessageID
			err := r.Scan(&m)
			messages[m] = true
			return err
		})
	}
	if err == nil && !d.all {
		err = t.each("SELECT account,folder,role,date,id,n,heads FROM temp.seen_delta", nil, func(r scanner) error {
			var p placed
			err := r.Scan(&p.account, &p.folder, &p.role, &p.key.date, &p.key.id, &p.n, &p.heads)
			d.rows = append(d.rows, p)
			return err
		})
	}
	if err != nil {
		return err
	}
	for _, q := range []string{"DELETE FROM temp.seen_delta", "DELETE FROM temp.seen_touch", "DELETE FROM temp.seen_shelf"} {
		if err := t.do(q); err != nil {
			return err
		}
	}
	return nil
}

func keys[K comparable, V any](m map[K]V) []K {
	if len(m) == 0 {
		return nil
	}
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
