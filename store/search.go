package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// Search finds messages, best match first: matches in subject and names count more than in the text, and newer ones a
// little more than older ones. total is the number of all matches. Of more than 20,000 matches the newest 20,000 are
// ranked; the others follow, newest first.
func (s *Store) Search(ctx context.Context, query string, offset, limit int) (rows []mail.Row, total int, err error) {
	q := Query{Search: query, Sort: SortRank}
	err = s.withPlan(ctx, q, "searching", func(sn *snapshot, p plan) error {
		p.listed = true
		if p.order == "" {
			p.setOrder(q)
		}
		if total, _, err = sn.countListed(p); err != nil {
			return err
		}
		ids, err := sn.ids(p, offset, limit)
		if err != nil {
			return err
		}
		rows, err = s.rowsOn(ctx, sn.tx, ids)
		return err
	})
	return rows, total, err
}

// Column weights of bm25: subject, sender, recipients, names, body.
const rankExpr = "bm25(fts,8.0,6.0,3.0,4.0,1.0)"

// planSearch adds a search to a plan.
func (s *Store) planSearch(ctx context.Context, q Query, p *plan) error {
	n := parseQuery(q.Search)
	p.listed = true
	if n == nil {
		return nil
	}
	b := &searchBuilder{p: p}
	if n.needsFolders() {
		var err error
		if b.folders, err = s.Folders(ctx, 0); err != nil {
			return err
		}
		if b.accounts, err = s.Accounts(ctx); err != nil {
			return err
		}
	}
	b.now = func() time.Time { return s.now().Local() }
	match, rest := split(n)
	args := p.args
	p.args = nil
	var conds []string
	if match != "" {
		// The index leads, and each of its rows is looked up: CROSS JOIN keeps SQLite from turning that around.
		p.from = "fts CROSS JOIN messages m ON m.id=fts.rowid"
		conds = append(conds, "fts MATCH ?")
		p.args = append(p.args, match)
	}
	p.args = append(p.args, args...)
	conds = append(conds, p.where)
	for _, r := range rest {
		conds = append(conds, b.sql(r))
	}
	p.where = strings.Join(conds, " AND ")
	if match != "" {
		p.match, p.filter = match, strings.Join(conds[1:], " AND ")
	}
	if match != "" && q.Sort == SortRank {
		// bm25 is better the lower it is (below zero). The last months get up to twice the weight.
		p.order = fmt.Sprintf("%s*(1.0+1.0/(1.0+max(0,%d-m.date)/7776000.0)), m.date DESC, m.id DESC", rankExpr, s.now().Unix())
	}
	return nil
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
		for _, x := range neg {
			e = "(" + e + " NOT " + x + ")"
		}
		return e, true
	}
	return "", false
}

// ftsTerm writes one word or phrase. Folded words hold no quotes, so nothing needs escaping.
func ftsTerm(n *node) string {
	t := fold.Query(n.value)
	last := t.Words[len(t.Words)-1]
	star := ""
	if t.Partial || n.prefix && utf8.RuneCountInString(last) >= 2 {
		star = "*"
	}
	e := `"` + strings.Join(t.Words, " ") + `"` + star
	if t.Joined != "" {
		e = "(" + e + ` OR "` + t.Joined + `"` + star + ")"
	}
	if n.field != "" {
		return "({" + n.field + "} : " + e + ")"
	}
	return e
}

func (n *node) needsFolders() bool {
	if n.kind == nodeField && (n.field == "in" || n.field == "folder" || n.field == "account") {
		return true
	}
	for _, k := range n.kids {
		if k.needsFolders() {
			return true
		}
	}
	return false
}

// Highlightable parts of a query are its positive words.
func (n *node) words(out []fold.Term, prefixes []bool) ([]fold.Term, []bool) {
	if n == nil || n.kind == nodeNot {
		return out, prefixes
	}
	if n.kind == nodeText {
		return append(out, fold.Query(n.value)), append(prefixes, n.prefix)
	}
	for _, k := range n.kids {
		out, prefixes = k.words(out, prefixes)
	}
	return out, prefixes
}
