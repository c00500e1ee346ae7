package store

import "iter"

// Ledger is the ledger of one account, indexed for a pass over the maildrop. Its methods are for one goroutine at a time.
type Ledger struct {
	Entries []LedgerEntry // oldest first

	uidls, hashes *chains // made when they are asked for: most passes find nothing new and need no hashes
}

// WithUIDL are the entries of a UIDL, oldest first.
func (l *Ledger) WithUIDL(uidl string) iter.Seq[*LedgerEntry] {
	if l.uidls == nil {
		l.uidls = chain(l.Entries, func(e *LedgerEntry) string { return e.UIDL })
	}
	return l.along(l.uidls, uidl)
}

// WithHash are the entries of a message's bytes, oldest first.
func (l *Ledger) WithHash(hash string) iter.Seq[*LedgerEntry] {
	if l.hashes == nil {
		l.hashes = chain(l.Entries, func(e *LedgerEntry) string { return e.Hash })
	}
	return l.along(l.hashes, hash)
}

// chains are the entries that have something in common, without a slice for each: nearly all stand alone.
type chains struct {
	first map[string]int32
	next  []int32 // by entry; 0: none, because entry 0 follows no other
}

// chain links the entries that have the same key; those without one are left out.
func chain(entries []LedgerEntry, key func(*LedgerEntry) string) *chains {
	c := &chains{first: make(map[string]int32, len(entries)), next: make([]int32, len(entries))}
	for i := len(entries) - 1; i >= 0; i-- {
		k := key(&entries[i])
		if k == "" {
			continue
		}
		c.next[i] = c.first[k]
		c.first[k] = int32(i)
	}
	return c
}

func (l *Ledger) along(c *chains, key string) iter.Seq[*LedgerEntry] {
	return func(yield func(*LedgerEntry) bool) {
		i, ok := c.first[key]
		for ok && yield(&l.Entries[i]) {
			i = c.next[i]
			ok = i != 0
		}
	}
}
