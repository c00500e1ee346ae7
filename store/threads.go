package store

import (
	"database/sql"
	"strings"
	"time"

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

// thread returns the thread of a new message, merging and making threads as needed. onServer is the server's name for it, or "".
func (t *wtx) thread(account mail.AccountID, sum *mail.Summary, onServer string) (mail.ThreadID, error) {
	ids := append(cleanIDs(sum.References), cleanIDs(sum.InReplyTo)...)
	if own := cleanHeaderID(sum.HeaderID); own != "" {
		ids = append(ids, own)
	}
	if onServer != "" {
		ids = append(ids, serverThread(onServer))
	}
	var unknown []int64
	var found []mail.ThreadID
	done := map[int64]bool{}
	for _, id := range ids {
		r := refHash(id)
		if done[r] {
			continue
		}
		done[r] = true
		var th mail.ThreadID
		ok, err := t.get("SELECT thread FROM thread_refs WHERE ref=? AND account=?", []any{r, account}, &th)
		if err != nil {
			return 0, err
		}
		if !ok {
			unknown = append(unknown, r)
		} else if !hasThread(found, th) {
			found = append(found, th)
		}
	}
	var th mail.ThreadID
	if len(found) == 0 {
		n, err := t.insert("INSERT INTO threads(account) VALUES(?)", account)
		if err != nil {
			return 0, err
		}
		th = mail.ThreadID(n)
	} else {
		th = found[0]
		for _, x := range found[1:] {
			th = min(th, x)
		}
		for _, x := range found {
			if x != th {
				if err := t.mergeThreads(x, th); err != nil {
					return 0, err
				}
			}
		}
	}
	for _, r := range unknown {
		if err := t.do("INSERT INTO thread_refs(account,ref,thread) VALUES(?,?,?)", account, r, th); err != nil {
			return 0, err
		}
	}
	return th, nil
}

func hasThread(l []mail.ThreadID, th mail.ThreadID) bool {
	for _, x := range l {
		if x == th {
			return true
		}
	}
	return false
}

func (t *wtx) mergeThreads(from, to mail.ThreadID) error {
	for _, q := range []string{
		"UPDATE messages SET thread=?2 WHERE thread=?1",
		"UPDATE thread_refs SET thread=?2 WHERE thread=?1",
		"DELETE FROM threads WHERE id=?1 AND ?2<>0",
	} {
		if err := t.do(q, from, to); err != nil {
			return err
		}
	}
	return nil
}

// noteTags remembers the user's keywords for completion.
func (t *wtx) noteTags(kw string, now time.Time) error {
	for _, k := range splitKeywords(kw) {
		if !mail.Flag(k).IsTag() {
			continue
		}
		if err := t.do("INSERT INTO tags(name,used) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET used=max(used,excluded.used)", k, now.Unix()); err != nil {
			return err
		}
	}
	return nil
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
