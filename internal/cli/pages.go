package cli

import (
	"cmp"
	"slices"

	"peyk/internal/mail"
)

// pageSize is how many rows are read at a time.
const pageSize = 500

// pages reads a list page by page.
type pages func(offset, limit int) ([]mail.Row, error)

// rows gives the rows of a list one after another; ok is false at its end.
type rows func() (r mail.Row, ok bool, err error)

// inOrder gives the rows of a list as it has them; limit is how many are wanted, 0 for all.
func inOrder(list pages, limit int) rows {
	size := pageSize
	if limit > 0 {
		size = min(size, limit)
	}
	var page []mail.Row
	at, more := 0, true
	return func() (mail.Row, bool, error) {
		if len(page) == 0 && more {
			var err error
			if page, err = list(at, size); err != nil {
				return mail.Row{}, false, err
			}
			at += len(page)
			more = len(page) == size
		}
		if len(page) == 0 {
			return mail.Row{}, false, nil
		}
		r := page[0]
		page = page[1:]
		return r, true, nil
	}
}

// newestFirst merges lists that have their newest message first into one that has it so, too.
func newestFirst(lists []pages, limit int) rows {
	type source struct {
		next rows
		head mail.Row
	}
	var open []*source
	for _, l := range lists {
		open = append(open, &source{next: inOrder(l, limit)})
	}
	taken := slices.Clone(open) // those whose head is to be read before the next choice
	return func() (mail.Row, bool, error) {
		for _, s := range taken {
			r, ok, err := s.next()
			if err != nil {
				return mail.Row{}, false, err
			}
			if s.head = r; !ok {
				open = slices.DeleteFunc(open, func(o *source) bool { return o == s })
			}
		}
		if taken = nil; len(open) == 0 {
			return mail.Row{}, false, nil
		}
		newest := slices.MaxFunc(open, func(a, b *source) int {
			return cmp.Or(a.head.Date.Compare(b.head.Date), cmp.Compare(a.head.ID, b.head.ID))
		})
		taken = []*source{newest}
		return newest.head, true, nil
	}
}

// eachRow calls fn for at most limit rows (0: all).
func eachRow(limit int, next rows, fn func(mail.Row) error) error {
	for n := 0; limit == 0 || n < limit; n++ {
		r, ok, err := next()
		if err != nil || !ok {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

func checkLimit(n int) error {
	if n < 0 {
		return usage("--limit %d: it is how many messages at most, 0 for all", n)
	}
	return nil
}
