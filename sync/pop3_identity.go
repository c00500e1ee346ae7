package mailsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/message"
	"peyk/store"
)

// sort finds which messages of the listing are not known, and divides them into those to fetch whole and those above the
// account's limit. A UIDL that the server gives to several messages (RFC 1939 §7 allows it for equal ones, some servers do it
// for any) counts as known only when the ledger knows as many of them.
func (s *dropSync) sort(ctx context.Context) (whole, big []remote.Drop, err error) {
	times := map[string]int{}
	for _, d := range s.drops {
		if d.UIDL == "" {
			if err := s.makeKey(ctx, d); err != nil {
				return nil, nil, err
			}
		}
		times[s.keys[d.Number]]++
	}
	limit := int64(s.acct.POP3.HeadersOnlyAboveKB) << 10
	for _, d := range s.drops {
		key := s.keys[d.Number]
		switch {
		case s.bad[key] && key != "":
		case key != "" && s.knownTimes(key) >= times[key]:
		case limit > 0 && d.Size > limit && key != "" && times[key] == 1 && s.md.Capabilities().Top:
			big = append(big, d)
		default:
			whole = append(whole, d)
		}
	}
	return whole, big, nil
}

// knownTimes counts the ledger's entries of a UIDL, twins included.
func (s *dropSync) knownTimes(uidl string) int {
	n := len(s.ledger.ByUIDL[uidl])
	for i := 2; n > 0 && len(s.ledger.ByUIDL[twinKey(uidl, i)]) > 0; i++ {
		n++
	}
	return n
}

// twinKey is the ledger's name of the nth message with the same UIDL and the same bytes. A UIDL never holds a space (RFC
// 1939 §7), so nothing else is called so.
func twinKey(uidl string, n int) string { return fmt.Sprintf("%s twin %d", uidl, n) }

const (
	topKey  = "top "
	hashKey = "sha256 "
)

// makeKey names a message of a server without UIDL by its header and size, which costs one TOP instead of the whole message.
// A header without Message-ID may belong to several messages; such a message gets its name from its bytes, once they are here.
func (s *dropSync) makeKey(ctx context.Context, d remote.Drop) error {
	if !s.md.Capabilities().Top {
		return nil
	}
	head, err := s.md.Top(ctx, d, 0)
	if err != nil {
		return err
	}
	if message.ParseHeader(head).Summary().HeaderID == "" {
		return nil
	}
	sum := sha256.Sum256(head)
	s.keys[d.Number] = fmt.Sprintf("%s%s %d", topKey, hex.EncodeToString(sum[:]), d.Size)
	return nil
}

// dropIdentity decides, message by message, whether bytes that were fetched are new here.
type dropIdentity struct {
	s      *dropSync
	listed map[string]bool // UIDLs of this session
	seen   map[string]int  // UIDL + hash → how often in this session
	reused map[store.LedgerID]bool
}

func newIdentity(s *dropSync) *dropIdentity {
	id := &dropIdentity{s: s, listed: map[string]bool{}, seen: map[string]int{}, reused: map[store.LedgerID]bool{}}
	for _, d := range s.drops {
		id.listed[s.keys[d.Number]] = true
	}
	return id
}

// settle gives m its key and reports whether it is to be stored.
func (id *dropIdentity) settle(ctx context.Context, d remote.Drop, m *raw) (bool, error) {
	hash := ""
	if m.in.Blob != nil {
		hash = m.in.Blob.Hash
	} else {
		sum := sha256.Sum256(m.body)
		hash = hex.EncodeToString(sum[:])
	}
	key := id.s.keys[d.Number]
	if key == "" {
		key = hashKey + hash
		id.s.keys[d.Number] = key
		m.in.UIDL = key
	}
	pair := key + "\x00" + hash
	id.seen[pair]++
	same := id.withHash(key, hash)
	switch {
	case id.seen[pair] > 1:
		return id.twin(ctx, d, m, key, hash)
	case same != nil:
		return false, nil
	}
	if old := id.renamed(hash); old != nil {
		return false, id.adopt(ctx, old, key)
	}
	return true, nil
}

// withHash is the ledger's entry of exactly this message.
func (id *dropIdentity) withHash(key, hash string) *store.LedgerEntry {
	for _, i := range id.s.ledger.ByUIDL[key] {
		if e := &id.s.ledger.Entries[i]; e.Hash == hash {
			return e
		}
	}
	return nil
}

// twin settles a second message with the same UIDL and the same bytes in one listing. Under a server's own UIDL it is the
// same message listed twice. Without UIDL it is a message of its own, whose name is made unique.
func (id *dropIdentity) twin(ctx context.Context, d remote.Drop, m *raw, key, hash string) (bool, error) {
	name := twinKey(key, id.seen[key+"\x00"+hash])
	if d.UIDL == "" {
		id.s.keys[d.Number] = name
		m.in.UIDL = name
		return id.withHash(name, hash) == nil, nil
	}
	if len(id.s.ledger.ByUIDL[name]) > 0 {
		return false, nil
	}
	now := id.s.e.opt.Now()
	_, err := id.s.st.LedgerAdd(ctx, store.LedgerEntry{Account: id.s.acct.ID, UIDL: name, Hash: hash, Size: m.size(), Saved: now, Verified: now})
	return false, err
}

// renamed finds a message with these bytes that the ledger knows under a name the server no longer lists: the server
// renumbered its UIDLs. Each entry answers for one message only.
func (id *dropIdentity) renamed(hash string) *store.LedgerEntry {
	for _, i := range id.s.ledger.ByHash[hash] {
		e := &id.s.ledger.Entries[i]
		if !id.listed[e.UIDL] && !id.reused[e.ID] && !strings.Contains(e.UIDL, " twin ") {
			id.reused[e.ID] = true
			return e
		}
	}
	return nil
}

// adopt notes the new name of a known message. Its clock goes on: the rule counts from the first verified save.
func (id *dropIdentity) adopt(ctx context.Context, old *store.LedgerEntry, key string) error {
	e := *old
	e.ID, e.UIDL, e.Removed, e.Reason = 0, key, time.Time{}, ""
	_, err := id.s.st.LedgerAdd(ctx, e)
	return err
}
