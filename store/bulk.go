package store

import "strings"

// bulk adds rows to a table, many with one statement. What is added counts when flush returns.
//
// The statements say OR ROLLBACK, because an error in a batch ends its transaction anyway. For an error that takes back one
// statement SQLite has to keep every page as it was before each.
type bulk struct {
	t    *wtx
	into string // the table with its columns, as in "t(a,b)"
	cols int
	args []any  // of the rows that wait
	or   string // what an error does
}

// bulkRows is how many rows one statement adds; what remains at the end goes by fours and singly, so that few statements have
// to be prepared.
const bulkRows = 16

func newBulk(t *wtx, into string) bulk {
	return bulk{t: t, into: into, cols: strings.Count(into, ",") + 1, or: "ROLLBACK"}
}

// add adds a row, or keeps it for the next statement.
func (b *bulk) add(row ...any) error {
	b.args = append(b.args, row...)
	if len(b.args) < bulkRows*b.cols {
		return nil
	}
	return b.flush()
}

// flush writes what waits.
func (b *bulk) flush() error {
	for rest := b.args; len(rest) > 0; {
		n := len(rest) / b.cols
		switch {
		case n >= bulkRows:
			n = bulkRows
		case n >= 4:
			n = 4
		default:
			n = 1
		}
		one := "(?" + strings.Repeat(",?", b.cols-1) + ")"
		if err := b.t.do("INSERT OR "+b.or+" INTO "+b.into+" VALUES"+one+strings.Repeat(","+one, n-1), rest[:n*b.cols]...); err != nil {
			return err
		}
		rest = rest[n*b.cols:]
	}
	clear(b.args)
	b.args = b.args[:0]
	return nil
}

// places is a list of n question marks.
func places(n int) string { return "?" + strings.Repeat(",?", n-1) }

// lookup reads what a table knows of keys: q ends in "IN (" and is completed; each row that is found goes to fn.
func (t *wtx) lookup(q string, first []any, keys []any, fn func(scanner) error) error {
	for len(keys) > 0 {
		n := 1
		if len(keys) >= 4 {
			n = 32
		}
		args := append(make([]any, 0, len(first)+n), first...)
		take := keys[:min(n, len(keys))]
		args = append(args, take...)
		for len(args) < len(first)+n {
			args = append(args, take[0]) // asked twice, answered once
		}
		if err := t.each(q+places(n)+")", args, fn); err != nil {
			return err
		}
		keys = keys[len(take):]
	}
	return nil
}
