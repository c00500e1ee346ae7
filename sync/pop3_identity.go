package mailsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// sort finds which messages of the listing are not known, and divides them into those to fetch whole and those above the
// account's limit. A UIDL that the server gives to several messages (RFC 1939 §7 allows it for equal ones, some servers do it
// for any) counts as known only when the ledger knows as many of them.
func (s *dropSync) sort(ctx context.Context) (whole, big []remote.Drop, err error) {
	for _, d := range s.drops {
		if d.UIDL == "" {
			if err := s.makeKey(ctx, d); err != nil {
				return nil, nil, err
			}
		}
	}
	s.countKeys()
	if len(s.ledger.Entries) == 0 {
		whole = make([]remote.Drop, 0, len(s.drops)) // nearly all
	}
	if s.exact, err = s.exactSizes(ctx); err != nil {
		return nil, nil, err
	}
	limit := int64(s.acct.POP3.HeadersOnlyAboveKB) << 10
	for _, d := range s.drops {
		key := s.key(d)
		switch {
		case s.bad[key] && key != "", !s.asked(key):
		case key != "" && s.known(key, d.Size, s.exact) >= s.times(key):
		case limit > 0 && d.Size > limit && key != "" && s.times(key) == 1 && s.md.Capabilities().Top:
			big = append(big, d)
		default:
			whole = append(whole, d)
		}
	}
	return whole, big, nil
}

// asked reports whether the session is about a message at all.
func (s *dropSync) asked(key string) bool {
	_, again := s.retry[key]
	return s.retry == nil || again
}

// known is the number of the ledger's entries that the message of a UIDL and size may be, twins included. An entry of a message that we
// removed does not count: the server has used the UIDL again, or did not commit; the bytes will tell. Where the server's sizes
// are right, an entry of another size does not count either: such a server has renumbered its UIDLs.
func (s *dropSync) known(uidl string, size int64, exact bool) (count int) {
	for name, n := uidl, 2; ; n++ {
		found := 0
		for e := range s.ledger.WithUIDL(name) {
			if found++; here(*e) && (!exact || e.Hash == "" || e.Size == size) {
				count++
			}
		}
		if found == 0 || !s.twins {
			return count
		}
		name = twinKey(uidl, n)
	}
}

// here reports whether an entry's message may still be on the server. One that an earlier listing no longer showed may come
// back: servers have bad days.
func here(e store.LedgerEntry) bool { return e.Removed.IsZero() || e.Reason == store.ReasonGone }

// sizesKey is the setting that remembers of an account's server whether the sizes it lists are those of the bytes it sends.
func (s *dropSync) sizesKey() string { return ofMailbox("pop3.sizes", s.acct) }

// ofMailbox is the name of a setting that remembers something of the mailbox that an account has now.
func ofMailbox(what string, a mail.Account) string {
	if a.Mailbox == 0 {
		return fmt.Sprintf("%s.%d", what, a.ID)
	}
	return fmt.Sprintf("%s.%d.%d", what, a.ID, a.Mailbox)
}

// learnSizes notes what whole messages have shown about the server's sizes.
func (s *dropSync) learnSizes(ctx context.Context) error {
	if s.sizesRight+s.sizesWrong == 0 {
		return nil
	}
	what := "exact"
	if s.sizesWrong*10 > s.sizesRight {
		what = "loose"
	}
	if have, err := s.st.Setting(ctx, s.sizesKey()); err != nil || have == what {
		return err
	}
	return s.st.SetSetting(ctx, s.sizesKey(), what)
}

// exactSizes reports whether the sizes that the server lists are those of the bytes it sends: as earlier downloads have shown, else
// when nearly all known ones are. Only such sizes tell that a UIDL stands for another message than before, as with servers that
// number by position.
func (s *dropSync) exactSizes(ctx context.Context) (bool, error) {
	what, err := s.st.Setting(ctx, s.sizesKey())
	if err != nil || what != "" {
		return what == "exact", err
	}
	right, all := 0, 0
	for _, d := range s.drops {
		for e := range s.ledger.WithUIDL(s.key(d)) {
			if e.Hash != "" && here(*e) {
				all++
				if e.Size == d.Size {
					right++
				}
			}
		}
	}
	return all >= 10 && right*10 >= all*9, nil
}

// lists reports whether the listing shows an entry's message: under its name and, where sizes are exact, with its size.
func (s *dropSync) lists(e store.LedgerEntry) bool {
	if s.byKey == nil {
		s.byKey = map[string][]remote.Drop{}
		for _, d := range s.drops {
			s.byKey[s.key(d)] = append(s.byKey[s.key(d)], d)
		}
	}
	base, _, _ := strings.Cut(e.UIDL, twinMark)
	is := func(d remote.Drop) bool { return s.mayBe(e, d) }
	return slices.ContainsFunc(s.byKey[e.UIDL], is) || slices.ContainsFunc(s.byKey[base], is)
}

// mayBe reports whether the sizes allow that d is the message of e.
func (s *dropSync) mayBe(e store.LedgerEntry, d remote.Drop) bool {
	return !s.exact || e.Hash == "" || e.Size == d.Size
}

// twinKey is the ledger's name of the nth message with the same UIDL and the same bytes. A UIDL never holds a space (RFC
// 1939 §7), so nothing else is called so.
func twinKey(uidl string, n int) string { return fmt.Sprintf("%s%s%d", uidl, twinMark, n) }

const twinMark = " twin "

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
	if err != nil && !closed(err) && ctx.Err() == nil {
		return nil // refused: its bytes will name it
	}
	if err != nil {
		return err
	}
	if message.ParseHeader(head).Summary().HeaderID == "" {
		return nil
	}
	sum := sha256.Sum256(head)
	s.rename(d, fmt.Sprintf("%s%s %d", topKey, hex.EncodeToString(sum[:]), d.Size))
	return nil
}

// dropIdentity decides, message by message, whether bytes that were fetched are new here.
type dropIdentity struct {
	s      *dropSync
	seen   map[string]int // UIDL + hash → how often in this session
	reused map[store.LedgerID]bool
	stray  bool // the ledger has entries that the listing does not show: a new UIDL may be a new name for one of them
}

func newIdentity(s *dropSync) *dropIdentity {
	id := &dropIdentity{s: s, seen: map[string]int{}, reused: map[store.LedgerID]bool{}}
	for i := range s.ledger.Entries {
		if e := &s.ledger.Entries[i]; id.mayBeRenamed(e) {
			id.stray = true
			break
		}
	}
	return id
}

// plain reports whether a key can only be that of a message that was never here, whatever its bytes are.
func (id *dropIdentity) plain(key string) bool {
	if key == "" || id.stray || id.s.times(key) != 1 {
		return false
	}
	for range id.s.ledger.WithUIDL(key) {
		return false
	}
	return true
}

// settle gives m its key and reports whether it is to be stored.
func (id *dropIdentity) settle(ctx context.Context, d remote.Drop, m *raw) (bool, error) {
	if id.plain(id.s.key(d)) {
		return true, nil // the usual case, without hashing what is hashed again when it is stored
	}
	hash := m.hash()
	key := id.s.key(d)
	if key == "" {
		key = hashKey + hash
		id.s.rename(d, key)
		m.in.UIDL = key
	}
	pair := key + "\x00" + hash
	id.seen[pair]++
	if id.seen[pair] > 1 {
		return id.twin(ctx, d, m, key, hash)
	}
	if same := id.withHash(key, hash); same != nil {
		return false, id.s.revive(ctx, *same)
	}
	if err := id.replaced(ctx, key); err != nil {
		return false, err
	}
	if old := id.renamed(hash); old != nil {
		return false, id.adopt(ctx, old, key)
	}
	return true, nil
}

// revive notes that a message is (still) on the server although the ledger has it as removed.
func (s *dropSync) revive(ctx context.Context, e store.LedgerEntry) error {
	if e.Removed.IsZero() {
		return nil
	}
	e.Removed, e.Reason = time.Time{}, ""
	_, err := s.st.LedgerAdd(ctx, e)
	return err
}

// replaced notes that a UIDL stands for another message now: what it stood for is gone from the server, and no rule may take
// the new message for the old one.
func (id *dropIdentity) replaced(ctx context.Context, key string) error {
	if id.s.times(key) > 1 {
		return nil
	}
	var gone []store.LedgerID
	for e := range id.s.ledger.WithUIDL(key) {
		if e.Removed.IsZero() && e.Hash != "" {
			gone = append(gone, e.ID)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return id.s.st.LedgerRemoved(ctx, gone, store.ReasonGone)
}

// withHash is the ledger's entry of exactly this message.
func (id *dropIdentity) withHash(key, hash string) *store.LedgerEntry {
	for e := range id.s.ledger.WithUIDL(key) {
		if e.Hash == hash {
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
		id.s.rename(d, name)
		m.in.UIDL = name
		return id.withHash(name, hash) == nil, nil
	}
	for range id.s.ledger.WithUIDL(name) {
		return false, nil
	}
	now := id.s.e.opt.Now()
	_, err := id.s.st.LedgerAdd(ctx, store.LedgerEntry{Account: id.s.acct.ID, UIDL: name, Hash: hash, Size: m.size(), Saved: now, Verified: now})
	return false, err
}

// renamed finds a message with these bytes that the ledger knows under a name the server no longer lists: the server
// renumbered its UIDLs. Each entry answers for one message only. What we removed ourselves is not looked at: the same bytes
// under a new name are then a message that was delivered again.
func (id *dropIdentity) renamed(hash string) *store.LedgerEntry {
	for e := range id.s.ledger.WithHash(hash) {
		if id.mayBeRenamed(e) && !id.reused[e.ID] {
			id.reused[e.ID] = true
			return e
		}
	}
	return nil
}

func (id *dropIdentity) mayBeRenamed(e *store.LedgerEntry) bool {
	return e.UIDL != "" && e.Hash != "" && here(*e) && !id.s.lists(*e) && !strings.Contains(e.UIDL, twinMark)
}

// adopt notes the new name of a known message. Its clock goes on: the rule counts from the first verified save.
func (id *dropIdentity) adopt(ctx context.Context, old *store.LedgerEntry, key string) error {
	e := *old
	e.ID, e.UIDL, e.Removed, e.Reason = 0, key, time.Time{}, ""
	_, err := id.s.st.LedgerAdd(ctx, e)
	return err
}
