package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"peyk/internal/mail"
)

// Threads are kept incrementally, in the spirit of JWZ's algorithm (RFC 5256 describes it) but without subjects: every
// Message-ID that was seen, as a message's own or as a reference, points to a thread. A message joins the thread that its
// ids point to; when they point to several, those become one. So it does not matter in which order messages come. The name that a
// server has for a conversation (THREADID of RFC 8474, Gmail's X-GM-THRID) is one more such id.

// maxRefs bounds how many references of one message are looked at: the first and the last ones.
const maxRefs = 40

// refHash is the key of a Message-ID in thread_refs: FNV-1a, 64 bit.
func refHash(id string) int64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(id); i++ {
		h ^= uint64(id[i])
		h *= 1099511628211
	}
	return int64(h)
}

// cleanHeaderID strips angle brackets and what could not be in an id.
func cleanHeaderID(id string) string {
	id = strings.TrimSpace(id)
	id = strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">")
	return cleanText(id, maxHeaderID)
}

func cleanIDs(ids []string) []string {
	if len(ids) > maxRefs {
		ids = append(append([]string(nil), ids[0]), ids[len(ids)-maxRefs+1:]...)
	}
	var out []string
	for _, id := range ids {
		if id = cleanHeaderID(id); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// serverThread makes the server's name of a conversation an id beside Message-IDs, as which nobody can write it: those are cleaned of
// control characters.
func serverThread(name string) string { return "\x01" + name }

// threadKeys are the keys in thread_refs of all ids that a message has to do with. onServer is the server's name for its thread, or "".
func threadKeys(sum *mail.Summary, onServer string) []int64 {
	keys := make([]int64, 0, 4)
	add := func(id string) {
		if r := refHash(id); !slices.Contains(keys, r) {
			keys = append(keys, r)
		}
	}
	for _, l := range [][]string{cleanIDs(sum.References), cleanIDs(sum.InReplyTo)} {
		for _, id := range l {
			add(id)
		}
	}
	if own := cleanHeaderID(sum.HeaderID); own != "" {
		add(own)
	}
	if onServer != "" {
		add(serverThread(onServer))
	}
	return keys
}

// threader finds the threads of the messages that come in one transaction, and makes and merges them as needed. New threads and
// references wait in memory until flush.
type threader struct {
	t       *wtx
	account mail.AccountID
	known   map[int64]mail.ThreadID // by key; 0: nobody has it
	made    map[mail.ThreadID]bool  // in this transaction
	next    mail.ThreadID           // the id of the next one; 0: not asked yet
	threads bulk
	refs    bulk
	before  func() error // writes the messages that wait, before threads become one
}

func newThreader(t *wtx, account mail.AccountID) *threader {
	return &threader{t: t, account: account, known: map[int64]mail.ThreadID{}, made: map[mail.ThreadID]bool{},
		threads: newBulk(t, "threads(id,account)"), refs: newBulk(t, "thread_refs(account,ref,thread)")}
}

// look finds out what is known of keys.
func (h *threader) look(keys []int64) error {
	var ask []any
	for _, k := range keys {
		if _, ok := h.known[k]; !ok {
			h.known[k] = 0
			ask = append(ask, k)
		}
	}
	return h.t.lookup("SELECT ref,thread FROM thread_refs WHERE account=? AND ref IN (", []any{h.account}, ask, func(r scanner) error {
		var k int64
		var th mail.ThreadID
		err := r.Scan(&k, &th)
		h.known[k] = th
		return err
	})
}

// thread returns the thread of a new message. Its keys must have been looked for.
func (h *threader) thread(keys []int64) (th mail.ThreadID, err error) {
	for _, k := range keys {
		if x := h.known[k]; x != 0 && (th == 0 || x < th) {
			th = x
		}
	}
	if th == 0 {
		if th, err = h.create(); err != nil {
			return 0, err
		}
	}
	for _, k := range keys {
		switch x := h.known[k]; x {
		case th:
		case 0:
			h.known[k] = th
			err = h.refs.add(h.account, k, th)
		default:
			err = h.merge(x, th)
		}
		if err != nil {
			return 0, err
		}
	}
	return th, nil
}

func (h *threader) create() (mail.ThreadID, error) {
	if h.next == 0 {
		// Where something was lost and salvaged, messages may name threads that have no row.
		if _, err := h.t.get(`SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name='threads'),0),
 ifnull((SELECT max(thread) FROM messages),0),ifnull((SELECT max(thread) FROM thread_refs),0))+1`, nil, &h.next); err != nil {
			return 0, err
		}
	}
	th := h.next
	h.next++
	h.made[th] = true
	return th, h.threads.add(th, h.account)
}

// flush writes what waits.
func (h *threader) flush() error {
	if err := h.threads.flush(); err != nil {
		return err
	}
	return h.refs.flush()
}

func (h *threader) merge(from, to mail.ThreadID) error {
	if err := h.before(); err != nil {
		return err
	}
	if err := h.flush(); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE messages SET thread=?2 WHERE thread=?1",
		"UPDATE thread_refs SET thread=?2 WHERE thread=?1",
		"DELETE FROM threads WHERE id=?1 AND ?2<>0",
	} {
		if err := h.t.do(q, from, to); err != nil {
			return err
		}
	}
	for k, x := range h.known {
		if x == from {
			h.known[k] = to
		}
	}
	return nil
}

// trimBatch is how many threads are removed in one transaction.
const trimBatch = 1000

// trimThreads removes threads of which no message is left, with the ids that point to them. What answers one of their messages begins a new one.
func (s *Store) trimThreads(ctx context.Context) error {
	for after := mail.ThreadID(0); ; {
		var empty []mail.ThreadID
		if err := s.readAll(ctx, "SELECT id FROM threads t WHERE id>? AND NOT EXISTS(SELECT 1 FROM messages WHERE thread=t.id) ORDER BY id LIMIT ?", []any{after, trimBatch},
			scanID(&empty)); err != nil || len(empty) == 0 {
			return err
		}
		if err := s.write(ctx, "forgetting conversations that are gone", func(t *wtx) error {
			for _, th := range empty { // something may have joined it meanwhile
				for _, q := range []string{"DELETE FROM thread_refs WHERE thread=?1", "DELETE FROM threads WHERE id=?1"} {
					if err := t.do(q+" AND NOT EXISTS(SELECT 1 FROM messages WHERE thread=?1)", th); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			return err
		}
		after = empty[len(empty)-1]
	}
}

func scanID[T ~int64 | ~uint32](out *[]T) func(*sql.Rows) error {
	take := takeID(out)
	return func(r *sql.Rows) error { return take(r) }
}

// takeID is scanID for rows of the writing connection.
func takeID[T ~int64 | ~uint32](out *[]T) func(scanner) error {
	return func(r scanner) error {
		var id T
		err := r.Scan(&id)
		*out = append(*out, id)
		return err
	}
}
