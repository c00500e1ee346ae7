package mailsync

import (
	"hash/maphash"
	"slices"

	"peyk/accounts/remote"
)

// A maildrop may hold a million messages, each with a name of seventy bytes: what a pass holds of each is counted in bytes here.

// key is what the ledger knows a message by: its UIDL, or one made from its bytes; "" while it has neither.
func (s *dropSync) key(d remote.Drop) string {
	if k, made := s.made[d.Number]; made {
		return k
	}
	return d.UIDL
}

// rename gives a message the key that was made for it.
func (s *dropSync) rename(d remote.Drop, key string) {
	s.made[d.Number], s.byKey = key, nil
}

// countKeys finds the keys that several messages of the listing have.
func (s *dropSync) countKeys() {
	seed := maphash.MakeSeed()
	sums := make([]uint64, 0, len(s.drops))
	for _, d := range s.drops {
		sums = append(sums, maphash.String(seed, s.key(d)))
	}
	slices.Sort(sums)
	several := map[uint64]bool{}
	for i := 1; i < len(sums); i++ {
		if sums[i] == sums[i-1] {
			several[sums[i]] = true
		}
	}
	s.often = map[string]int{}
	if len(several) == 0 {
		return
	}
	for _, d := range s.drops {
		if k := s.key(d); several[maphash.String(seed, k)] {
			s.often[k]++
		}
	}
}

// times is how many messages of the listing have a key, which is one of it.
func (s *dropSync) times(key string) int { return max(1, s.often[key]) }

// numbers is a set of message numbers, a bit each.
type numbers []uint64

func (s *numbers) add(n int) {
	if i := n / 64; i >= len(*s) {
		*s = append(*s, make([]uint64, i+1-len(*s))...)
	}
	(*s)[n/64] |= 1 << (n % 64)
}

func (s numbers) has(n int) bool { return n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0 }
