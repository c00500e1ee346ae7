package fts5

import (
	"bytes"
	"context"
	"encoding/binary"
)

// walker reads one segment from its first leaf to its last. Terms are never cut by the end of a leaf; lists of rows and lists of
// places are.
type walker struct {
	*Reader
	segment segment
	gone    gone
	leaves  []Leaf // that are to come
	page    int64
	leaf    leaf
	term    []byte
	spare   []byte // the term before
	rows    bool   // the term had a row
	row     int64  // the one read last
	list    []byte // places of that row, as far as they stand on earlier leaves
	missing int    // bytes of list that follow on the next leaf
}

// leaf is a page: a header of four bytes (where the first row stands that belongs to a term of an earlier leaf, and where the footer
// begins), terms with their rows, and in the footer where each term begins.
type leaf struct {
	cursor        // over header and terms, to the footer
	row    int    // where the header says that the first row stands; 0: nowhere
	foot   cursor // over the footer
	next   int    // where the next term begins; where the footer begins, when there is none
	terms  int    // that were read
}

func (w *walker) damaged(what string) error {
	return damaged("%s on page %d of segment %d", what, w.page, w.segment.id)
}

func (w *walker) walk(ctx context.Context) (err error) {
	if w.segment.first == 0 {
		return nil
	}
	if w.gone, err = w.Reader.gone(w.segment); err != nil {
		return err
	}
	if w.leaves, err = w.Leaves(w.segment.id); err != nil {
		return err
	}
	for len(w.leaves) > 0 && w.leaves[0].Page < w.segment.first { // what a merge under way has done with already
		w.leaves = w.leaves[1:]
	}
	for w.page = w.segment.first; w.page <= w.segment.last; w.page++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.open(); err != nil {
			return err
		}
		if err := w.carriedOver(); err != nil {
			return err
		}
		for w.leaf.next < len(w.leaf.b) {
			if err := w.readTerm(); err != nil {
				return err
			}
			if err := w.readRows(); err != nil {
				return err
			}
		}
	}
	if w.missing > 0 || !w.rows || len(w.leaves) > 0 {
		return damaged("segment %d has no end", w.segment.id)
	}
	return nil
}

// open reads the next leaf.
func (w *walker) open() error {
	b, err := w.Block(block(w.segment.id, w.page))
	if err != nil {
		return err
	}
	if len(b) < 4 {
		return w.damaged("nothing stands")
	}
	end := int(binary.BigEndian.Uint16(b[2:]))
	if end < 4 || end > len(b) {
		return w.damaged("the footer begins at a wrong place")
	}
	w.leaf = leaf{cursor: cursor{b: b[:end], at: 4}, row: int(binary.BigEndian.Uint16(b)), foot: cursor{b: b[end:]}}
	return w.advance()
}

// advance finds in the footer where the next term begins.
func (w *walker) advance() error {
	l := &w.leaf
	if l.foot.at >= len(l.foot.b) {
		l.next = len(l.b)
		return nil
	}
	d := l.foot.varint()
	if l.foot.short || d == 0 || d >= uint64(len(l.b)-l.next) || l.next+int(d) < l.at {
		return w.damaged("the footer names a wrong place")
	}
	l.next += int(d)
	return nil
}

// carriedOver reads what stands before the first term of a leaf: the rest of a list of places, then rows.
func (w *walker) carriedOver() error {
	l := &w.leaf
	if w.missing > 0 {
		n := min(w.missing, l.next-l.at)
		w.list = append(w.list, l.b[l.at:l.at+n]...)
		l.at += n
		if w.missing -= n; w.missing == 0 {
			if err := w.places(w.list); err != nil {
				return err
			}
		} else if l.next < len(l.b) {
			return w.damaged("a list of places is cut")
		}
	}
	switch {
	case l.at == l.next && l.row == 0:
		return nil
	case l.at == l.next || l.row != l.at || len(w.term) == 0:
		return w.damaged("the first row does not stand where the header says")
	}
	return w.readRows()
}

// readTerm reads a term: the first one of each leaf stands there whole, of the others what is not in common with the one before.
func (w *walker) readTerm() error {
	l := &w.leaf
	if l.at != l.next || w.term != nil && !w.rows {
		return w.damaged("a list of rows does not end where the next term begins")
	}
	keep := uint64(0)
	if l.terms > 0 {
		keep = l.varint()
	}
	n := l.varint()
	if l.short || n == 0 || n > uint64(len(l.b)-l.at) || keep > uint64(len(w.term)) {
		return w.damaged("a term is cut")
	}
	term := append(append(w.spare[:0], w.term[:keep]...), l.b[l.at:l.at+int(n)]...)
	if bytes.Compare(term, w.term) <= 0 {
		return w.damaged("a term is out of order")
	}
	if term[0] != mainTerms {
		return w.damaged("a term is of no known kind")
	}
	if l.terms == 0 && !w.findable(term) {
		return w.damaged("terms stand that nothing leads to")
	}
	w.spare, w.term, w.rows = w.term, term, false
	l.at += int(n)
	l.terms++
	if err := w.advance(); err != nil {
		return err
	}
	w.Term(term[1:])
	return nil
}

// findable reports whether a search for the first term of a leaf, or for one between it and the term before, comes to this leaf.
func (w *walker) findable(term []byte) bool {
	if len(w.leaves) == 0 {
		return false
	}
	l := w.leaves[0]
	w.leaves = w.leaves[1:]
	return l.Page == w.page && bytes.Compare(l.Term, term) <= 0 && (w.term == nil || bytes.Compare(l.Term, w.term) > 0)
}

// readRows reads rows with their places to the next term or the end of the leaf. The first one stands there whole, the others as the
// distance to the one before.
func (w *walker) readRows() error {
	l := &w.leaf
	for first := true; l.at < l.next; first = false {
		row := int64(l.varint())
		if !first {
			row += w.row
		}
		size := l.varint() // and one bit that says "deleted", which a table with tombstones has no use for
		n := size >> 1
		if l.short || l.at > l.next || size&1 != 0 || n > maxList {
			return w.damaged("a row is cut")
		}
		if w.rows && row <= w.row {
			return w.damaged("a row is out of order")
		}
		w.row, w.rows = row, true
		if room := l.next - l.at; int(n) > room {
			if l.next < len(l.b) {
				return w.damaged("a list of places runs into the next term")
			}
			w.list = append(w.list[:0], l.b[l.at:l.next]...)
			w.missing = int(n) - room
			l.at = l.next
			return nil
		}
		if err := w.places(l.b[l.at : l.at+int(n)]); err != nil {
			return err
		}
		l.at += int(n)
	}
	return nil
}

// places reads where a term stands in a row: offsets within columns, each as the distance to the one before and 2, and 1 before
// the number of another column.
func (w *walker) places(list []byte) error {
	if w.gone.has(w.row) {
		return nil
	}
	c := cursor{b: list}
	column, offset := uint64(0), uint64(0)
	for c.at < len(list) {
		v := c.varint()
		if v == 1 {
			n := c.varint()
			if n <= column || n >= 1<<15 {
				return w.damaged("a place is in a wrong column")
			}
			column, offset = n, 0
			v = c.varint()
		}
		if offset += v - 2; v < 2 || c.short || offset >= 1<<31 {
			return w.damaged("a list of places is cut")
		}
		w.Place(w.row, int(column), int(offset))
	}
	return nil
}
