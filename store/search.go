package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// searchQuery is a parsed search with what is needed to evaluate it.
type searchQuery struct {
	root  *node
	words *fieldWords
	scope []rowCond // the other conditions of the Query
	walk  rowCond   // what is walked in the order of dates to list a large result
	ranks []string  // what the best matches fulfil, best first, in the language of the index
	also  *Also     // what servers found; nil: nobody asked them
	pure  bool      // whatever fulfils one of ranks is a match of the words
}

// planSearch adds a search to a plan, unless its words say nothing.
func (s *Store) planSearch(ctx context.Context, q Query, scope []rowCond, p *plan) error {
	n := parseQuery(q.Search)
	if n == nil {
		return nil
	}
	sq := &searchQuery{root: n, words: &fieldWords{now: s.now().Local()}, scope: scope, walk: walkOf(q), also: q.Also}
	if n.hasField("before", "after", "since", "on") { // what "yesterday" is changes without a commit
		p.key += sq.words.now.Format("/0601021504")
	}
	if n.hasField("in", "folder", "account") {
		var err error
		if sq.words.folders, err = s.Folders(ctx, 0); err != nil {
			return err
		}
		if sq.words.accounts, err = s.Accounts(ctx); err != nil {
			return err
		}
	}
	if n.hasField("tag") {
		var err error
		if sq.words.tags, err = s.Tags(ctx); err != nil {
			return err
		}
	}
	p.key += sq.words.meaning(n)
	if q.Sort == SortRank {
		sq.ranks, sq.pure = rankings(n)
	}
	p.search = sq
	return nil
}

// walkOf is the smallest part of an index by date that holds all of a query's scope.
func walkOf(q Query) rowCond {
	switch {
	case q.Folder != 0:
		return rowCond{sql: "m.folder=?", args: []any{q.Folder}, index: "m_folder"}
	case q.Role != mail.RoleNone:
		return rowCond{sql: "m.role=? AND m.role<>0", args: []any{roleNumber(q.Role)}, index: "m_role"}
	}
	return rowCond{sql: "1", index: "m_date"}
}

// rankings says in the language of the index what the best matches of a query fulfil, best first; nothing when the query has no words of its
// own. pure: the query asks for nothing but these words.
func rankings(root *node) (ranks []string, pure bool) {
	kids := []*node{root}
	if root.kind == nodeAnd {
		kids = root.kids
	}
	core := &node{kind: nodeAnd}
	var free []*node // words that stand for themselves
	for _, k := range kids {
		if _, ok := ftsExpr(k); !ok {
			continue
		}
		core.kids = append(core.kids, k)
		if k.standsAlone() {
			free = append(free, k)
		}
	}
	if !core.hasFree() {
		return nil, false
	}
	add := func(n *node) {
		if e, ok := ftsExpr(n); ok {
			ranks = append(ranks, e)
		}
	}
	together := core.together(free)
	if together != nil {
		add(together.within("subject"))
	}
	add(core.within("subject"))
	add(core.within("subject sender names"))
	if together != nil {
		add(together)
	}
	return ranks, len(core.kids) == len(kids)
}

// hasFree reports whether there are words without an operator in a part of a query.
func (n *node) hasFree() bool {
	if n.kind == nodeText {
		return n.field == ""
	}
	if n.kind != nodeNot {
		for _, k := range n.kids {
			if k.hasFree() {
				return true
			}
		}
	}
	return false
}

// standsAlone reports whether a part of a query is words without an operator, as they were typed in value.
func (n *node) standsAlone() bool {
	return n.kind == nodeText && n.field == "" || n.kind == nodeOr && n.value != ""
}

// within is a part of a query whose words without an operator must stand in some columns.
func (n *node) within(columns string) *node {
	if n.kind == nodeNot || n.kind == nodeText && n.field != "" {
		return n
	}
	c := *n
	if c.kind == nodeText {
		c.field = columns
		return &c
	}
	c.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = k.within(columns)
	}
	return &c
}

// together is a part of a query with some of its words made one phrase; nil when there is nothing to join. Written in another way the phrase may
// have none of the words (12 500 and 12500): then they are asked for as well.
func (n *node) together(words []*node) *node {
	if len(words) < 2 {
		return nil
	}
	phrase := &node{kind: nodeText, prefix: words[len(words)-1].prefix}
	out := &node{kind: nodeAnd, kids: []*node{phrase}}
	for _, k := range n.kids {
		if k.standsAlone() {
			phrase.value += " " + k.value
		} else {
			out.kids = append(out.kids, k)
		}
	}
	if len(fold.Query(phrase.value).Others) > 0 {
		out.kids = append(out.kids, words...)
	}
	return out
}

// split takes from a query what the index can answer in one go, and leaves the conditions that remain.
func split(n *node) (match string, rest []*node) {
	kids := []*node{n}
	if n.kind == nodeAnd {
		kids = n.kids
	}
	var text []*node
	positive := false
	for _, k := range kids {
		if _, ok := ftsExpr(k); ok {
			text = append(text, k)
			positive = true
		} else if k.kind == nodeNot {
			if _, ok := ftsExpr(k.kids[0]); ok {
				text = append(text, k)
				continue
			}
			rest = append(rest, k)
		} else {
			rest = append(rest, k)
		}
	}
	if !positive {
		return "", append(rest, text...)
	}
	match, _ = ftsExpr(&node{kind: nodeAnd, kids: text})
	return match, rest
}

// ftsExpr writes a part of a query in FTS5's language; ok is false when the index alone cannot answer it.
func ftsExpr(n *node) (string, bool) {
	switch n.kind {
	case nodeText:
		return ftsTerm(n), true
	case nodeOr:
		var parts []string
		for _, k := range n.kids {
			e, ok := ftsExpr(k)
			if !ok {
				return "", false
			}
			parts = append(parts, e)
		}
		return "(" + strings.Join(parts, " OR ") + ")", true
	case nodeAnd:
		var pos, neg []string
		for _, k := range n.kids {
			to, x := &pos, k
			if k.kind == nodeNot {
				to, x = &neg, k.kids[0]
			}
			e, ok := ftsExpr(x)
			if !ok {
				return "", false
			}
			*to = append(*to, e)
		}
		if len(pos) == 0 {
			return "", false
		}
		e := "(" + strings.Join(pos, " AND ") + ")"
		if len(neg) > 0 { // flat: FTS5 reads no deep nesting
			e = "(" + e + " NOT (" + strings.Join(neg, " OR ") + "))"
		}
		return e, true
	}
	return "", false
}

// headColumns are the columns of the index for what stands above a text.
const headColumns = "subject sender recipients names"

// ftsTerm writes one word or phrase, in all its spellings. Folded words hold no quotes, so nothing needs escaping.
func ftsTerm(n *node) string {
	t := fold.Query(n.value)
	last := t.Words[len(t.Words)-1]
	short := utf8.RuneCountInString(last) < 2
	goes := t.Partial || n.prefix && (!short || n.field != "" && len(t.Words) == 1)
	e := ftsPhrase(t.Words, goes)
	if len(t.Others) > 0 {
		for _, o := range t.Others {
			e += " OR " + ftsPhrase(o.Words, n.prefix && !o.Whole) // a single letter behind a half-space is more than a letter here
		}
		e = "(" + e + ")"
	}
	if n.prefix && !goes && n.field == "" && len(t.Words) == 1 && len(t.Others) == 0 {
		// Most messages have some word that begins with a letter. What somebody means who has typed no more is a name or a subject.
		return "(" + e + " OR ({" + headColumns + "} : " + e + "*))"
	}
	if n.field != "" {
		return "({" + n.field + "} : " + e + ")"
	}
	return e
}

// ftsPhrase writes words that stand together; goes: the last may go on.
func ftsPhrase(words []string, goes bool) string {
	return `"` + strings.Join(words, " ") + `"` + pick(goes, "*", "")
}

// hasField reports whether one of some operators is in a part of a query.
func (n *node) hasField(names ...string) bool {
	return n.kind == nodeField && slices.Contains(names, n.field) || slices.ContainsFunc(n.kids, func(k *node) bool { return k.hasField(names...) })
}

// wordsIn collects the words that a query wants to be at a place, and which of them may go on.
func (n *node) wordsIn(in Place, out []fold.Term, prefixes []bool) ([]fold.Term, []bool) {
	if n == nil || n.kind == nodeNot {
		return out, prefixes
	}
	if n.kind == nodeText {
		if n.field != "" && n.field != string(in) {
			return out, prefixes
		}
		return append(out, fold.Query(n.value)), append(prefixes, n.prefix)
	}
	for _, k := range n.kids {
		out, prefixes = k.wordsIn(in, out, prefixes)
	}
	return out, prefixes
}
