package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"peyk/internal/mail"
)

// Check examines the profile: both databases, every stored message, the counts, the search index, and what rows say about each
// other. With repair it fixes what it can, and each problem says whether it was. What cannot be fixed while the profile is
// open (a damaged database file) is the job of Repair. The error is only set when the check itself could not go on.
//
// A check that only looks reads the two databases side by side: most of its time is spent in sums, of one core each.
func (s *Store) Check(ctx context.Context, repair bool) (Report, error) {
	if repair {
		c := &checker{s: s, ctx: ctx, repair: true}
		err := c.do(c.mailFile, c.blobFile, c.rows, c.unreadJSON, c.counts, c.index, c.blobs, c.bodyless, c.total)
		return c.rep, err
	}
	both, end := context.WithCancel(ctx)
	defer end()
	rows, bytes := &checker{s: s, ctx: both}, &checker{s: s, ctx: both}
	var errs [2]error
	var wg sync.WaitGroup
	run := func(err *error, c *checker, steps ...func() error) {
		wg.Go(func() {
			if *err = c.do(steps...); *err != nil {
				end()
			}
		})
	}
	run(&errs[0], rows, rows.mailFile, rows.rows, rows.unreadJSON, rows.counts, rows.index, rows.bodyless, rows.total)
	run(&errs[1], bytes, bytes.blobFile, bytes.blobs)
	wg.Wait()
	rep := rows.rep
	rep.Blobs, rep.BytesChecked, rep.Problems = bytes.rep.Blobs, bytes.rep.BytesChecked, append(rep.Problems, bytes.rep.Problems...)
	if errs[0] == nil || ctx.Err() == nil && errors.Is(errs[0], context.Canceled) && errs[1] != nil { // ended by the other
		return rep, errs[1]
	}
	return rep, errs[0]
}

// do takes steps one after another. A damaged file is a finding; any other error ends the check.
func (c *checker) do(steps ...func() error) error {
	for _, step := range steps {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			var ce *CorruptError
			if !errors.As(err, &ce) {
				return fmt.Errorf("checking the profile: %w", err)
			}
			c.add(Problem{Where: ce.File, What: ce.Err.Error()})
		}
	}
	return nil
}

type checker struct {
	s      *Store
	ctx    context.Context
	repair bool
	rep    Report
	fts    string // what SQLite's own check said of the search index; "" for nothing
	whole  bool   // that check of mail.db came to its end
	unsure bool   // mail.db is damaged, and rows may be missing
	absent bool   // something refers to bytes that are not here
}

func (c *checker) add(p Problem) { c.rep.Problems = append(c.rep.Problems, p) }

// fix runs a repair when repairs are wanted, and adds the problem.
func (c *checker) fix(p Problem, what string, fn func(*wtx) error) error {
	if c.repair && fn != nil {
		if err := c.s.write(c.ctx, what, fn); err != nil {
			return err
		}
		p.Repaired = true
	}
	c.add(p)
	return nil
}

func (c *checker) mailFile() error { return c.database(mailFile, c.s.w) }
func (c *checker) blobFile() error { return c.database(blobFile, c.s.blobs.w) }

// database runs SQLite's own check on a file.
func (c *checker) database(name string, w *writer) error {
	found, fts, err := integrity(c.ctx, w.path)
	if err != nil {
		c.unsure = c.unsure || name == mailFile
		return wrapErr(w.path, err)
	}
	if name == mailFile {
		c.fts, c.whole = fts, len(found) < maxFindings
	}
	if len(found) == 0 {
		return nil
	}
	fixed := false
	if c.repair {
		// Damaged indexes can be made again in place; anything else cannot.
		err := w.run(c.ctx, nil, func(t *wtx) error { return t.do("REINDEX") })
		if err == nil {
			again, _, err := integrity(c.ctx, w.path)
			fixed = err == nil && len(again) == 0
		}
	}
	c.unsure = c.unsure || name == mailFile && !fixed
	for _, f := range found {
		c.add(Problem{Where: name, What: f, Repaired: fixed})
	}
	return nil
}

// maxFindings is how much is told of what is wrong with a file.
const maxFindings = 50

// integrity runs SQLite's check of a file. What it says of the search index comes apart in fts, because that can be made again in place: it is FTS5's
// whole check of the index, which costs a quarter of all that is checked here. The check ends early when it has found maxFindings.
//
// It uses a connection of its own: on one that has searched before, FTS5 compares with a structure that it remembers
// from an older snapshot, and sees damage where there is none.
func integrity(ctx context.Context, path string) (found []string, fts string, err error) {
	db, err := openSQL(dsn(path, "_query_only=1"))
	if err != nil {
		return nil, "", err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", maxFindings))
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var line string
		err := r.Scan(&line)
		switch {
		case strings.HasPrefix(line, "fts5:") || strings.Contains(line, "FTS5 table"):
			fts = line
		case line != "ok":
			found = append(found, line)
		}
		return err
	})
	return found, fts, err
}

// rows looks for rows that contradict each other.
func (c *checker) rows() error {
	for _, k := range []struct {
		where, what, count string
		harmless           bool
		fix                []string
	}{
		{"messages", "%d rows have no details", "SELECT count(*) FROM messages m LEFT JOIN details d ON d.id=m.id WHERE d.id IS NULL", true, []string{
			"INSERT INTO details(id,cc,bcc,reply_to,in_reply_to,refs,list_id,attachments,warnings) SELECT m.id,'','','','','','','','' FROM messages m LEFT JOIN details d ON d.id=m.id WHERE d.id IS NULL"}},
		{"details", "%d details belong to no message", "SELECT count(*) FROM details WHERE id NOT IN (SELECT id FROM messages)", true, []string{
			"DELETE FROM details WHERE id NOT IN (SELECT id FROM messages)"}},
		{"messages", "%d rows have another role than their folder", "SELECT count(*) FROM messages m JOIN folders f ON f.id=m.folder WHERE m.role<>f.role", false, []string{
			"UPDATE messages SET role=(SELECT role FROM folders f WHERE f.id=messages.folder) WHERE id IN (SELECT m.id FROM messages m JOIN folders f ON f.id=m.folder WHERE m.role<>f.role)"}},
		{"messages", "%d rows are hidden or shown against their flags", "SELECT count(*) FROM messages WHERE (hidden&1<>0)<>(flags&8<>0)", false, []string{
			"UPDATE messages SET hidden=(hidden&~1)|(flags&8<>0) WHERE (hidden&1<>0)<>(flags&8<>0)"}},
		{"conversations", "%d messages do not know their place in their conversation", "SELECT count(*) FROM (" + wrongConvs + ")", true, []string{
			setConvs + wrongConvs + intoConvs}},
		{"snoozed messages", "%d messages are in the lists or out of them against what is to be", wrongSnoozes, true, []string{
			"UPDATE messages SET conv=iif(EXISTS(SELECT 1 FROM snoozes z WHERE z.message=messages.id AND z.folder=messages.folder),32,0) WHERE id IN (" + wrongSnoozed + ")"}},
		{"snoozed messages", "%d times are of messages that are gone", "SELECT count(*) FROM snoozes WHERE message NOT IN (SELECT id FROM messages)", true, []string{
			"DELETE FROM snoozes WHERE message NOT IN (SELECT id FROM messages)"}},
		{"operations", "%d operations are over but still laid over messages", "SELECT count(*) FROM op_targets WHERE live=1 AND op NOT IN (SELECT id FROM ops WHERE state IN ('pending','running'))", false, []string{
			"UPDATE op_targets SET live=0 WHERE live=1 AND op NOT IN (SELECT id FROM ops WHERE state IN ('pending','running'))"}},
		{"ledger", "%d ledger entries name messages that are gone", "SELECT count(*) FROM ledger WHERE message<>0 AND message NOT IN (SELECT id FROM messages)", true, []string{
			"UPDATE ledger SET message=0 WHERE message<>0 AND message NOT IN (SELECT id FROM messages)"}},
	} {
		var n int
		if _, err := c.s.read(c.ctx, k.count, nil, &n); err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		p := Problem{Where: k.where, What: fmt.Sprintf(k.what, n), Harmless: k.harmless}
		if err := c.fix(p, "repairing rows", func(t *wtx) error {
			for _, q := range k.fix {
				if err := t.do(q); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return c.strays()
}

// recoveredFolder is where messages go that no folder knows.
const recoveredFolder = "Recovered"

// strays are messages whose folder is not there.
func (c *checker) strays() error {
	var accounts []mail.AccountID
	if err := c.s.readAll(c.ctx, "SELECT DISTINCT account FROM messages WHERE folder NOT IN (SELECT id FROM folders)", nil, scanID(&accounts)); err != nil {
		return err
	}
	for _, a := range accounts {
		var n int
		if _, err := c.s.read(c.ctx, "SELECT count(*) FROM messages WHERE account=? AND folder NOT IN (SELECT id FROM folders)", []any{a}, &n); err != nil {
			return err
		}
		p := Problem{Where: "messages", What: fmt.Sprintf("%d messages of account %d are in a folder that is not there", n, a)}
		if !c.repair {
			c.add(p)
			continue
		}
		to, err := c.s.EnsureLocalFolder(c.ctx, a, recoveredFolder, mail.RoleNone)
		if err != nil {
			return err
		}
		if err := c.fix(p, "bringing stray messages back", func(t *wtx) error {
			return t.do("UPDATE messages SET folder=?,role=0,uid=NULL,await=0 WHERE account=? AND folder NOT IN (SELECT id FROM folders)", to, a)
		}); err != nil {
			return err
		}
	}
	return nil
}

const recountSQL = `SELECT f.id,f.path,f.total,f.unread,f.size,ifnull(c.n,0),ifnull(c.u,0),ifnull(c.s,0),f.convs,ifnull(c.c,0) FROM folders f
 LEFT JOIN (SELECT folder,count(*) n,sum(flags&1=0) u,sum(size) s,sum(conv&1=0) c FROM messages WHERE hidden=0 GROUP BY folder) c ON c.folder=f.id
 WHERE f.total<>ifnull(c.n,0) OR f.unread<>ifnull(c.u,0) OR f.size<>ifnull(c.s,0) OR f.convs<>ifnull(c.c,0)`

// total counts what there is, after a repair: that may have brought messages back.
func (c *checker) total() error {
	_, err := c.s.read(c.ctx, "SELECT (SELECT count(*) FROM messages),(SELECT count(*) FROM folders)", nil, &c.rep.Messages, &c.rep.Folders)
	return err
}

// counts compares the counts of folders with their messages.
func (c *checker) counts() error {
	type wrong struct {
		id         mail.FolderID
		path       string
		have, want [4]int64
	}
	var found []wrong
	err := c.s.readAll(c.ctx, recountSQL, nil, func(r *sql.Rows) error {
		var w wrong
		err := r.Scan(&w.id, &w.path, &w.have[0], &w.have[1], &w.have[2], &w.want[0], &w.want[1], &w.want[2], &w.have[3], &w.want[3])
		found = append(found, w)
		return err
	})
	for _, w := range found {
		if err != nil {
			break
		}
		p := Problem{Where: w.path, What: fmt.Sprintf("counted %d messages, %d unread, %d bytes, %d conversations; there are %d, %d, %d, %d",
			w.have[0], w.have[1], w.have[2], w.have[3], w.want[0], w.want[1], w.want[2], w.want[3])}
		err = c.fix(p, "counting again", func(t *wtx) error {
			t.ch.Folders = append(t.ch.Folders, w.id)
			return t.do(`UPDATE folders SET total=(SELECT count(*) FROM messages WHERE folder=?1 AND hidden=0),
 convs=(SELECT count(*) FROM messages WHERE folder=?1 AND hidden=0 AND conv&1=0),
 unread=(SELECT count(*) FROM messages WHERE folder=?1 AND hidden=0 AND flags&1=0),
 size=(SELECT ifnull(sum(size),0) FROM messages WHERE folder=?1 AND hidden=0) WHERE id=?1`, w.id)
		})
	}
	return err
}
