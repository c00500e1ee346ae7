package store

import (
	"fmt"

	"peyk/internal/mail"
)

// What a transaction changed is found by temporary triggers on the writer's connection, so that no writing function can
// forget to say it: placements that became visible or invisible, and rows whose shown content changed. heads counts the rows of
// lists of conversations that came or went; thread names the conversations that are to be looked at again (regroup), 0 none.
const watchSQL = `
CREATE TEMP TABLE IF NOT EXISTS seen_delta(account INT, folder INT, role INT, date INT, id INT, n INT, heads INT, thread INT);
CREATE TEMP TABLE IF NOT EXISTS seen_touch(id INT, folder INT, thread INT);
CREATE TEMP TRIGGER IF NOT EXISTS watch_ins AFTER INSERT ON main.messages WHEN NEW.hidden=0 BEGIN
  INSERT INTO seen_delta VALUES(NEW.account,NEW.folder,NEW.role,NEW.date,NEW.id,1,NEW.conv&1=0,NEW.thread);
END;
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

func (w *writer) watch() error { return w.conn.script(watchSQL) }

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

// collect reads what the triggers saw, completes the change and moves the generations on.
func (t *wtx) collect() (delta, error) {
	var d delta
	var nd, nt int
	const seen = "SELECT (SELECT count(*) FROM temp.seen_delta),(SELECT count(*) FROM temp.seen_touch)"
	if _, err := t.get(seen, nil, &nd, &nt); err != nil {
		return d, err
	}
	if nd == 0 && nt == 0 && !t.reindexed {
		return d, nil
	}
	if err := t.regroup(); err != nil {
		return d, fmt.Errorf("grouping by conversation: %w", err)
	}
	if _, err := t.get(seen, nil, &nd, &nt); err != nil {
		return d, err
	}
	// A new entry in the search index changes what searches find, as a new message does.
	d.placements, d.touched, d.all = nd > 0 || t.reindexed, nt > 0, nd > maxDelta
	folders := map[mail.FolderID]bool{}
	messages := map[mail.MessageID]bool{}
	for _, f := range t.ch.Folders {
		folders[f] = true
	}
	for _, m := range t.ch.Messages {
		messages[m] = true
	}
	if nd+nt > maxChangeIDs {
		t.ch.Reload = true
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
		return d, err
	}
	t.ch.Folders, t.ch.Messages = keys(folders), keys(messages)
	for _, q := range []string{"DELETE FROM temp.seen_delta", "DELETE FROM temp.seen_touch"} {
		if err := t.do(q); err != nil {
			return d, err
		}
	}
	if _, err := t.get("UPDATE gens SET layout=layout+?, marks=marks+? RETURNING layout,marks",
		[]any{b2i(d.placements), b2i(d.touched)}, &d.layout, &d.marks); err != nil {
		return d, err
	}
	return d, nil
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
