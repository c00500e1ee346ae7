package store

import (
	"math/bits"
	"slices"

	"peyk/internal/mail"
)

// idSet is a set of message ids as a bitmap in pieces of 65,536 ids: what a search combines. All matches of a word that a million
// messages hold are 128 KB, and two such sets are joined or intersected in some microseconds. A set is not changed any more once
// others have it.
type idSet struct {
	chunks map[int64]*idChunk
	n      int
}

const chunkBits = 16

type idChunk [1 << chunkBits / 64]uint64

func newIDSet() *idSet { return &idSet{chunks: map[int64]*idChunk{}} }

// size is how many ids are in the set.
func (s *idSet) size() int { return s.n }

func (s *idSet) add(id mail.MessageID) {
	c := s.chunks[int64(id)>>chunkBits]
	if c == nil {
		c = &idChunk{}
		s.chunks[int64(id)>>chunkBits] = c
	}
	at, bit := id&(1<<chunkBits-1)>>6, uint64(1)<<(id&63)
	if c[at]&bit == 0 {
		c[at] |= bit
		s.n++
	}
}

func (s *idSet) has(id mail.MessageID) bool {
	c := s.chunks[int64(id)>>chunkBits]
	return c != nil && c[id&(1<<chunkBits-1)>>6]&(1<<(id&63)) != 0
}

// ids lists the set, lowest first.
func (s *idSet) ids() []mail.MessageID {
	keys := make([]int64, 0, len(s.chunks))
	for k := range s.chunks {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]mail.MessageID, 0, s.n)
	for _, k := range keys {
		for i, w := range s.chunks[k] {
			for ; w != 0; w &= w - 1 {
				out = append(out, mail.MessageID(k<<chunkBits|int64(i)<<6|int64(bits.TrailingZeros64(w))))
			}
		}
	}
	return out
}

// and is what is in both sets.
func (s *idSet) and(o *idSet) *idSet {
	return s.merge(o, func(a, b uint64) uint64 { return a & b })
}

// or is what is in one of the sets.
func (s *idSet) or(o *idSet) *idSet {
	out := s.merge(o, func(a, b uint64) uint64 { return a | b })
	for k, c := range o.chunks {
		if s.chunks[k] == nil {
			out.take(k, c)
		}
	}
	return out
}

// without is what is in s and not in o.
func (s *idSet) without(o *idSet) *idSet {
	return s.merge(o, func(a, b uint64) uint64 { return a &^ b })
}

var noIDs idChunk

// merge combines the chunks of s with those of o at the same place.
func (s *idSet) merge(o *idSet, op func(a, b uint64) uint64) *idSet {
	out := newIDSet()
	for k, a := range s.chunks {
		b := o.chunks[k]
		if b == nil {
			b = &noIDs
		}
		var c idChunk
		for i := range c {
			c[i] = op(a[i], b[i])
		}
		out.take(k, &c)
	}
	return out
}

func (s *idSet) take(k int64, c *idChunk) {
	n := 0
	for _, w := range c {
		n += bits.OnesCount64(w)
	}
	if n > 0 {
		s.chunks[k] = c
		s.n += n
	}
}

// eachID calls fn for the numbers of a list as group_concat writes it, "12,7,9", until fn is done.
//
// A row through the driver costs a hundred times what SQLite needs to find it, so ids come as one text.
func eachID(list []byte, fn func(id mail.MessageID) (more bool)) {
	var id mail.MessageID
	for i, c := range list {
		if c != ',' {
			id = id*10 + mail.MessageID(c-'0')
			if i < len(list)-1 {
				continue
			}
		}
		if !fn(id) {
			return
		}
		id = 0
	}
}
