package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"peyk/internal/mail"
	"peyk/store/fts5"
)

// index compares the search index with the messages.
func (c *checker) index() error {
	what, err := c.indexDamage()
	if err != nil {
		return err
	}
	if what != "" {
		p := Problem{Where: "search index", What: what}
		if !c.repair {
			c.add(p)
			return nil
		}
		if err := c.fix(p, "emptying the search index", func(t *wtx) error { return t.do("INSERT INTO fts(fts) VALUES('delete-all')") }); err != nil {
			return err
		}
	}
	if err := c.reindexAll("%d messages are not in the search index", false,
		"SELECT id FROM messages WHERE id NOT IN (SELECT id FROM fts_docsize) ORDER BY id DESC"); err != nil {
		return err
	}
	if c.s.opts.Parse != nil {
		if err := c.reindexAll("%d messages are searchable by their header only", true, "SELECT id FROM messages WHERE hasbody=1 AND indexed<2 ORDER BY id DESC"); err != nil {
			return err
		}
	}
	var stale []mail.MessageID
	if err := c.s.readAll(c.ctx, "SELECT id FROM fts_docsize WHERE id NOT IN (SELECT id FROM messages)", nil, scanID(&stale)); err != nil || len(stale) == 0 {
		return err
	}
	return c.fix(Problem{Where: "search index", What: fmt.Sprintf("%d entries belong to no message", len(stale)), Harmless: true}, "cleaning the search index", func(t *wtx) error {
		for _, id := range stale {
			if err := t.do("DELETE FROM fts WHERE rowid=?", id); err != nil {
				return err
			}
		}
		return nil
	})
}

// reindexAll indexes the messages that a query finds, some hundred in one transaction: whoever searches meanwhile finds more and more, the
// newest first.
func (c *checker) reindexAll(what string, harmless bool, q string) error {
	var ids []mail.MessageID
	if err := c.s.readAll(c.ctx, q, nil, scanID(&ids)); err != nil || len(ids) == 0 {
		return err
	}
	p := Problem{Where: "search index", What: fmt.Sprintf(what, len(ids)), Harmless: harmless, Repaired: c.repair}
	for c.repair && len(ids) > 0 {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		n := min(len(ids), 200)
		slices.Sort(ids[:n]) // FTS5 writes what is not in its order piece by piece
		if err := c.s.write(c.ctx, "indexing", func(t *wtx) error {
			for _, id := range ids[:n] {
				if _, err := t.reindex(id); err != nil {
					return fmt.Errorf("message %d: %w", id, err)
				}
			}
			return nil
		}); err != nil {
			return err
		}
		ids = ids[n:]
	}
	c.add(p)
	return nil
}

// indexDamage says what is wrong with the search index in itself, "" when nothing is. FTS5 looks whether it can find its way in it,
// and each message's words are compared with the sum of those that were put in.
func (c *checker) indexDamage() (string, error) {
	if c.fts != "" {
		return "it is damaged: " + c.fts, nil
	}
	if !c.whole { // SQLite did not come to the index
		var ce *CorruptError
		err := c.s.w.run(c.ctx, nil, func(t *wtx) error { return t.do("INSERT INTO fts(fts) VALUES('integrity-check')") })
		if errors.As(err, &ce) {
			return "it is damaged: " + ce.Err.Error(), nil
		}
		if err != nil {
			return "", err
		}
	}
	wrong, err := c.wrongWords()
	switch {
	case errors.Is(err, fts5.ErrDamaged):
		return err.Error(), nil
	case err != nil || wrong == 0:
		return "", err
	}
	return fmt.Sprintf("it is damaged: of %d messages it has other words than it was given", wrong), nil
}

// wrongWords counts the messages whose words in the index are not those that were put in. All is read in one transaction, while a
// sync pass may go on.
func (c *checker) wrongWords() (wrong int, err error) {
	tx, err := c.s.r.BeginTx(c.ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return 0, c.s.readErr(err)
	}
	defer func() { _ = tx.Rollback() }()
	w, err := expectedWords(c.ctx, tx)
	if err != nil {
		return 0, c.s.readErr(err)
	}
	blocks, err := tx.PrepareContext(c.ctx, "SELECT block FROM fts_data WHERE id=?")
	if err != nil {
		return 0, c.s.readErr(err)
	}
	defer blocks.Close()
	r := fts5.Reader{
		Block: func(id int64) ([]byte, error) {
			var b []byte
			_, err := scanned(blocks.QueryRowContext(c.ctx, id).Scan(&b))
			return b, c.s.readErr(err)
		},
		Leaves: func(segment int64) ([]fts5.Leaf, error) {
			var out []fts5.Leaf
			rows, err := tx.QueryContext(c.ctx, "SELECT term,pgno>>1 FROM fts_idx WHERE segid=? ORDER BY term", segment)
			err = eachRow(rows, err, func(r *sql.Rows) error {
				var l fts5.Leaf
				err := r.Scan(&l.Term, &l.Page)
				out = append(out, l)
				return err
			})
			return out, c.s.readErr(err)
		},
		Term: w.nextWord, Place: w.found,
	}
	if err := r.Read(c.ctx); err != nil {
		return 0, err
	}
	return w.wrong(), nil
}

// wordCheck is what is still to be found of each message in the index: of its sum, or, where it has none, of the number of its words.
type wordCheck struct {
	sums, counts map[int64]uint64
	word         wordHash // that is being read
	row          int64    // the message that is being read
	sum, n       uint64   // of its places of this word
}

func expectedWords(ctx context.Context, tx *sql.Tx) (*wordCheck, error) {
	w := &wordCheck{sums: map[int64]uint64{}, counts: map[int64]uint64{}}
	rows, err := tx.QueryContext(ctx, "SELECT d.id,m.indexsum,iif(m.indexsum IS NULL,d.sz,NULL) FROM fts_docsize d LEFT JOIN messages m ON m.id=d.id")
	return w, eachRow(rows, err, func(r *sql.Rows) error {
		var id int64
		var sum sql.NullInt64
		var sizes []byte
		err := r.Scan(&id, &sum, &sizes)
		if sum.Valid {
			w.sums[id] = uint64(sum.Int64)
		} else {
			w.counts[id] = fts5.Words(sizes)
		}
		return err
	})
}

func (w *wordCheck) nextWord(term []byte) {
	w.settle()
	w.word = hashOf(term)
}

func (w *wordCheck) found(row int64, column, offset int) {
	if row != w.row {
		w.settle()
		w.row = row
	}
	w.sum += w.word.at(placeOf(column, offset))
	w.n++
}

// settle takes what was found of a message from what is to be found.
func (w *wordCheck) settle() {
	if w.n == 0 {
		return
	}
	if s, ok := w.sums[w.row]; ok {
		w.sums[w.row] = s - w.sum
	} else if n, ok := w.counts[w.row]; ok {
		w.counts[w.row] = n - w.n
	} else {
		w.counts[w.row] = -w.n // it was deleted, and is back
	}
	w.sum, w.n = 0, 0
}

func (w *wordCheck) wrong() (n int) {
	w.settle()
	for _, s := range w.sums {
		if s&(1<<sumBits-1) != 0 {
			n++
		}
	}
	for _, k := range w.counts {
		if k != 0 {
			n++
		}
	}
	return n
}
