// Package fts5 reads an index of SQLite's FTS5 as it lies in its %_data table, word for word, without FTS5. A check of its own over
// everything that is indexed is then a matter of a few seconds, where FTS5's table of instances takes minutes; and it sees damage
// that FTS5's integrity-check passes over, because nothing in the index says what should be there.
//
// The format is described in SQLite's ext/fts5/fts5_index.c ("Overview" and "Details"). Read is what Peyk makes: tables with
// detail=full, without prefix indexes and secure-delete, with or without contentless_delete.
package fts5

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrDamaged is wrapped by every error that is about what an index says.
var ErrDamaged = errors.New("the index is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}

// Reader reads one index.
type Reader struct {
	// Block returns a row of the %_data table, nil when there is none. Its bytes belong to the Reader.
	Block func(id int64) ([]byte, error)
	// Leaves returns the rows of a segment in the %_idx table, which say on which page a search for a term begins, in the order of terms.
	Leaves func(segment int64) ([]Leaf, error)
	// Term is called for each term of each segment; the places that follow are of this one. term is valid during the call.
	Term func(term []byte)
	// Place is called for each occurrence in a row that is not deleted: offset counts the words of a column from 0.
	Place func(row int64, column, offset int)
}

// Leaf is a row of the %_idx table: the page, and what its first term does not come before. The column pgno is the page and a bit more.
type Leaf struct {
	Term []byte
	Page int64
}

const (
	structureBlock = 10
	maxSegments    = 2000    // FTS5_MAX_SEGMENT
	maxList        = 8 << 20 // bytes that the places of one term in one row may take
	mainTerms      = '0'     // what the terms of the main index begin with
)

// block is the id of a leaf (or, with tombs, of a page of deleted rows) of a segment.
func block(segment, page int64) int64 { return segment<<37 + page }

const tombs = 1 << 16

// Read reads the whole index, a page at a time. The error wraps ErrDamaged where the index contradicts itself, and ends the
// reading; otherwise it is one of Block or of ctx.
func (r *Reader) Read(ctx context.Context) error {
	b, err := r.Block(structureBlock)
	if err != nil {
		return err
	}
	segments, err := structure(b)
	if err != nil {
		return err
	}
	for _, s := range segments {
		w := walker{Reader: r, segment: s}
		if err := w.walk(ctx); err != nil {
			return err
		}
	}
	return nil
}

// segment is one of the sorted lists that make up an index.
type segment struct {
	id, first, last int64 // first 0: it is empty
	tombs           int64 // pages of deleted rows
}

// structure decodes the record that lists the segments.
func structure(b []byte) ([]segment, error) {
	if len(b) < 4 {
		return nil, damaged("the list of its segments is missing")
	}
	rest, deletes := bytes.CutPrefix(b[4:], []byte{0xff, 0, 0, 1})
	c := cursor{b: rest}
	levels, total, _ := c.varint(), c.varint(), c.varint()
	if levels > maxSegments || total > maxSegments {
		return nil, damaged("it claims %d segments on %d levels", total, levels)
	}
	var out []segment
	for range levels {
		c.varint() // segments in a merge under way
		for n := c.varint(); n > 0 && !c.short && uint64(len(out)) < total; n-- {
			s := segment{id: int64(c.varint()), first: int64(c.varint()), last: int64(c.varint())}
			if deletes {
				c.varint()
				c.varint()
				s.tombs = int64(c.varint())
				c.varint()
				c.varint()
			}
			if s.id <= 0 || s.id >= tombs || s.first < 0 || s.last < s.first || s.last >= 1<<31 || s.tombs < 0 || s.tombs >= 1<<31 {
				return nil, damaged("its segment %d claims the pages %d to %d and %d of deleted rows", s.id, s.first, s.last, s.tombs)
			}
			out = append(out, s)
		}
	}
	if c.short || uint64(len(out)) != total {
		return nil, damaged("the list of its segments is cut")
	}
	return out, nil
}

// cursor reads varints of SQLite: 7 bits a byte, the highest first, at most nine bytes of which the last has 8 bits.
type cursor struct {
	b     []byte
	at    int
	short bool // something was to be read behind the end
}

func (c *cursor) varint() uint64 {
	if c.at < len(c.b) && c.b[c.at] < 0x80 {
		c.at++
		return uint64(c.b[c.at-1])
	}
	return c.long()
}

func (c *cursor) long() uint64 {
	var v uint64
	for i := 0; c.at < len(c.b); i++ {
		x := c.b[c.at]
		c.at++
		if i == 8 {
			return v<<8 | uint64(x)
		}
		v = v<<7 | uint64(x&0x7f)
		if x < 0x80 {
			return v
		}
	}
	c.short = true
	return 0
}

// Words is the number of words of a row, from the sz column of its row in the %_docsize table.
func Words(sizes []byte) (n uint64) {
	for c := (cursor{b: sizes}); c.at < len(sizes); {
		n += c.varint()
	}
	return n
}

// gone is the table of deleted rows of a segment: pages of a hash table, asked the way FTS5 asks them.
type gone [][]byte

func (r *Reader) gone(s segment) (gone, error) {
	var g gone
	for i := range s.tombs {
		b, err := r.Block(block(s.id+tombs, i))
		if err != nil {
			return nil, err
		}
		if len(b) < 16 {
			return nil, damaged("page %d of the deleted rows of segment %d is missing", i, s.id)
		}
		g = append(g, b)
	}
	return g, nil
}

func (g gone) has(row int64) bool {
	if len(g) == 0 {
		return false
	}
	n := uint64(len(g))
	p := g[uint64(row)%n]
	if row == 0 {
		return p[1] != 0
	}
	size := uint64(8)
	if p[0] == 4 {
		size = 4
	}
	slots := uint64(1)
	if len(p) > 16 {
		slots = uint64(len(p)-8) / size
	}
	for i, left := uint64(row)/n%slots, slots; left > 0; i, left = (i+1)%slots, left-1 {
		var key uint64
		if size == 4 {
			key = uint64(binary.BigEndian.Uint32(p[8+4*i:]))
		} else {
			key = binary.BigEndian.Uint64(p[8+8*i:])
		}
		if key == 0 {
			return false
		}
		if key == uint64(row) {
			return true
		}
	}
	return false
}
