package store

import (
	"cmp"
	"context"
	"database/sql"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"peyk/internal/mail"
)

// Also are messages that servers say have the words of a search, beside what is found here: of those here by their header only, nobody
// else can tell. It does not change.
type Also struct {
	key string
	set *idSet
}

// NewAlso makes it of some messages.
func NewAlso(ids []mail.MessageID) *Also {
	a := &Also{set: newIDSet()}
	h := fnv.New128a()
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	for _, id := range slices.Compact(sorted) {
		a.set.add(id)
		h.Write(strconv.AppendInt(nil, int64(id), 36))
		h.Write([]byte{','})
	}
	a.key = string(h.Sum(nil))
	return a
}

// Len is how many there are, whether or not they are in a list.
func (a *Also) Len() int {
	if a == nil {
		return 0
	}
	return a.set.size()
}

// Has reports whether a message is one of them.
func (a *Also) Has(id mail.MessageID) bool { return a != nil && a.set.has(id) }

// ServerSearch is what servers are to be asked for a search: about the messages whose text is not here, that fulfil all that the search
// says beside words of its own, and that were not found here already.
type ServerSearch struct {
	Words   mail.Words
	Folders []ServerFolder // the inboxes first
	Total   int            // messages
}

// ServerFolder are the messages of one folder that its server is to be asked about, newest first.
type ServerFolder struct {
	Account     mail.AccountID
	Folder      mail.FolderID
	Path        string // as the server knows it
	UIDValidity uint32
	Messages    []ServerMessage
}

// ServerMessage is one of them.
type ServerMessage struct {
	ID  mail.MessageID
	UID mail.UID
}

// AskCount is how many messages servers would be asked about for a search; 0 when there is nothing to ask.
func (s *Store) AskCount(ctx context.Context, query string) (n int, err error) {
	err = s.withPlan(ctx, Query{Search: query}, "counting what servers could be asked about", func(sn *snapshot, p plan) error {
		set, err := sn.unsearched(p)
		n = set.size()
		return err
	})
	return n, err
}

// ServerSearch plans what servers are to be asked for a search. Without folders there is nothing to ask.
func (s *Store) ServerSearch(ctx context.Context, query string) (out ServerSearch, err error) {
	err = s.withPlan(ctx, Query{Search: query}, "planning a search on servers", func(sn *snapshot, p plan) error {
		set, err := sn.unsearched(p)
		if err != nil || set.size() == 0 {
			return err
		}
		ask, _, _ := p.search.root.serverParts()
		out.Words = serverWords(ask)
		folders := map[mail.FolderID]int{}
		rows, err := sn.tx.QueryContext(sn.ctx, `SELECT m.id,m.uid,m.folder,f.account,f.server_path,f.uidvalidity FROM json_each(?) j
 CROSS JOIN messages m ON m.id=j.value JOIN folders f ON f.id=m.folder
 WHERE m.uid IS NOT NULL ORDER BY f.role=1 DESC,m.folder,m.uid DESC`, idList(set.ids()))
		return eachRow(rows, err, func(r *sql.Rows) error {
			var m ServerMessage
			var f ServerFolder
			if err := r.Scan(&m.ID, &m.UID, &f.Folder, &f.Account, &f.Path, &f.UIDValidity); err != nil {
				return err
			}
			at, known := folders[f.Folder]
			if !known {
				at = len(out.Folders)
				folders[f.Folder] = at
				out.Folders = append(out.Folders, f)
			}
			out.Folders[at].Messages = append(out.Folders[at].Messages, m)
			out.Total++
			return nil
		})
	})
	return out, err
}

// headersHere are the messages on IMAP servers that are here by their header only. The index answers it alone.
var headersHere = rowCond{sql: `m.hasbody=0 AND m.folder IN (SELECT f.id FROM folders f JOIN accounts a ON a.id=f.account
 WHERE a.protocol='imap' AND f.local=0 AND f.missing=0 AND f.selectable=1)`, index: "m_nobody"}

// unsearched are the messages that only a server can search.
func (sn *snapshot) unsearched(p plan) (*idSet, error) {
	none := newIDSet()
	if p.search == nil {
		return none, nil
	}
	_, beside, ok := p.search.root.serverParts()
	if !ok {
		return none, nil
	}
	f := sn.finder(p)
	set, err := f.rows(headersHere, "")
	if err == nil {
		set, err = f.visible(set)
	}
	if err != nil || set.size() == 0 {
		return none, err
	}
	if set, err = f.fulfilling(set, beside); err != nil {
		return none, err
	}
	here, err := f.all()
	if err != nil {
		return none, err
	}
	return set.without(here), nil
}

// fulfilling keeps those of a set that fulfil every one of some parts of a query.
func (e *evaluator) fulfilling(set *idSet, parts []*node) (*idSet, error) {
	for _, k := range parts {
		s, err := e.node(k)
		if err != nil {
			return nil, err
		}
		set = set.and(s)
	}
	return set, nil
}

// withAlso adds what servers found to what is found here, as far as it fulfils what the query says beside words.
func (e *evaluator) withAlso(set *idSet) (*idSet, error) {
	if e.q.also == nil {
		return set, nil
	}
	_, beside, ok := e.q.root.serverParts()
	if !ok {
		return set, nil
	}
	more, err := e.fulfilling(e.q.also.set, beside)
	if err == nil {
		more, err = e.narrow(more, []rowCond{{sql: "1", index: "m_date"}}) // some may be gone by now
	}
	if err != nil {
		return nil, err
	}
	return set.or(more), nil
}

// serverParts divides a query, all of whose parts must be fulfilled, into those that only whole messages answer and those that headers and
// rows do. ok is false when it has none of the first kind, or one that is both.
func (n *node) serverParts() (ask, beside []*node, ok bool) {
	kids := []*node{n}
	if n.kind == nodeAnd {
		kids = n.kids
	}
	positive := false
	for _, k := range kids {
		free, other := k.leaves()
		switch {
		case free && other:
			return nil, nil, false
		case free:
			ask = append(ask, k)
			positive = positive || k.kind != nodeNot
		default:
			beside = append(beside, k)
		}
	}
	return ask, beside, positive
}

// leaves reports whether a part of a query has words that may stand anywhere, and whether it has anything else. A single Latin letter is
// something else: half of all texts have it.
func (n *node) leaves() (free, other bool) {
	switch {
	case n.kind == nodeText && n.field == "" && (utf8.RuneCountInString(n.value) > 1 || n.value[0] >= utf8.RuneSelf):
		return true, false
	case n.kind == nodeText, n.kind == nodeField:
		return false, true
	}
	for _, k := range n.kids {
		f, o := k.leaves()
		free, other = free || f, other || o
	}
	return free, other
}

// serverWords puts parts of a query into words for a server.
func serverWords(parts []*node) mail.Words {
	var all []mail.Words
	for _, n := range parts {
		all = append(all, n.serverWords())
	}
	return joined(all, func(ws []mail.Words) mail.Words { return mail.Words{All: ws} })
}

func (n *node) serverWords() mail.Words {
	switch n.kind {
	case nodeNot:
		w := n.kids[0].serverWords()
		return mail.Words{Not: &w}
	case nodeAnd:
		return serverWords(n.kids)
	case nodeOr:
		var any []mail.Words
		for _, k := range n.kids {
			any = append(any, k.serverWords())
		}
		return joined(any, func(ws []mail.Words) mail.Words { return mail.Words{Any: ws} })
	}
	var forms []mail.Words
	for _, f := range spellings(n.value) {
		forms = append(forms, mail.Words{Text: f})
	}
	return joined(forms, func(ws []mail.Words) mail.Words { return mail.Words{Any: ws} })
}

func joined(ws []mail.Words, join func([]mail.Words) mail.Words) mail.Words {
	if len(ws) == 1 {
		return ws[0]
	}
	return join(ws)
}

// spellings are the forms in which a word may stand in messages that are the same here and not to a server: Persian and Arabic ی and ک, with a
// half-space or without, and its digits in ASCII, Persian and Arabic where it is written in one of the last two.
func spellings(word string) []string {
	word = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c':
			return -1
		}
		return r
	}, word)
	word = strings.Join(strings.Fields(word), " ")
	persian := strings.NewReplacer("ي", "ی", "ى", "ی", "ك", "ک").Replace(word)
	out := []string{word}
	for _, f := range []string{persian, strings.NewReplacer("ی", "ي", "ک", "ك").Replace(persian)} {
		for _, f := range inDigits(f) {
			out = append(out, f, strings.ReplaceAll(f, "\u200c", ""), strings.ReplaceAll(f, "\u200c", " "))
		}
	}
	slices.SortFunc(out[1:], cmp.Compare[string])
	seen := map[string]bool{"": true}
	return slices.DeleteFunc(out, func(f string) bool {
		was := seen[f]
		seen[f] = true
		return was
	})
}

// inDigits are a word in each kind of digits that it may be written in.
func inDigits(word string) []string {
	if !strings.ContainsFunc(word, func(r rune) bool { return r >= '٠' && r <= '٩' || r >= '۰' && r <= '۹' }) {
		return []string{word}
	}
	plain := asciiDigits(word)
	out := []string{plain}
	for _, zero := range []rune{'۰', '٠'} {
		out = append(out, strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return zero + r - '0'
			}
			return r
		}, plain))
	}
	return out
}
