package store

import (
	"database/sql"
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// A search is evaluated with sets of ids: the index gives one for all that is said about words, the indexes of messages one for each
// other condition, and they are combined as the query says. So the whole result is known exactly, with its size, before any row is
// read. Where few messages are left, their rows are asked instead.

// matchLimits say when sets are small; tests lower them.
type matchLimits struct {
	few   int // up to so many ids rows are asked one by one, and a list is sorted whole
	block int // ids that are read at once from the index of dates
}

var usualLimits = matchLimits{few: 5000, block: 8192}

// rowCond is a condition on the columns of messages.
type rowCond struct {
	sql   string
	args  []any
	index string // finds all rows of it without reading them; "": none does
	marks bool   // depends on flags
	dated bool   // sql asks m.date for the date of messages, which it is not of those that came back (snooze.go)
}

// evaluator answers the parts of one query in a snapshot.
type evaluator struct {
	sn *snapshot
	q  *searchQuery
}

// matches is the set of visible messages of a whole query, within its scope.
func (e *evaluator) matches() (*idSet, error) {
	set, err := e.node(e.q.root)
	if err == nil {
		set, err = e.withAlso(set)
	}
	if err != nil {
		return nil, err
	}
	return e.visible(set)
}

// visible takes from a set what is hidden or out of the query's scope.
func (e *evaluator) visible(set *idSet) (*idSet, error) {
	if set.size() == 0 {
		return set, nil
	}
	hidden, err := e.rows(rowCond{sql: "m.hidden<>0", index: "m_hidden"}, "")
	if err != nil {
		return nil, err
	}
	return e.narrow(set.without(hidden), e.q.scope)
}

// narrow keeps those of a set that fulfil all conditions.
func (e *evaluator) narrow(set *idSet, conds []rowCond) (*idSet, error) {
	if len(conds) == 0 || set.size() == 0 {
		return set, nil
	}
	if set.size() <= e.sn.s.limits.few {
		return e.askRows(set, conds)
	}
	for _, c := range conds {
		s, err := e.rows(c, "m.hidden=0 AND ")
		if err != nil {
			return nil, err
		}
		set = set.and(s)
	}
	return set, nil
}

// node is the set of a part of the query. It may hold hidden messages.
func (e *evaluator) node(n *node) (*idSet, error) {
	if expr, ok := ftsExpr(n); ok {
		return e.text(expr)
	}
	switch n.kind {
	case nodeAnd:
		return e.all(n.kids)
	case nodeOr:
		out := newIDSet()
		for _, k := range n.kids {
			s, err := e.node(k)
			if err != nil {
				return nil, err
			}
			out = out.or(s)
		}
		return out, nil
	case nodeNot:
		return e.all([]*node{n})
	}
	if opposite, ok := n.opposite(); ok {
		return e.all([]*node{{kind: nodeNot, kids: []*node{opposite}}})
	}
	return e.rows(e.q.words.cond(n), "m.hidden=0 AND ")
}

// all is what fulfils every one of some parts: words first, then conditions on rows, then what must not be.
func (e *evaluator) all(kids []*node) (set *idSet, err error) {
	match, rest := split(&node{kind: nodeAnd, kids: kids})
	if match != "" {
		if set, err = e.text(match); err != nil {
			return nil, err
		}
	}
	var conds []rowCond
	var not []*node
	for _, k := range rest {
		switch {
		case k.kind == nodeNot:
			not = append(not, k.kids[0])
			continue
		case k.kind == nodeField && set != nil && set.size() <= e.sn.s.limits.few:
			conds = append(conds, e.q.words.cond(k))
			continue
		}
		s, err := e.node(k)
		if err != nil {
			return nil, err
		}
		if set == nil {
			set = s
		} else {
			set = set.and(s)
		}
	}
	if set == nil { // only what must not be
		if set, err = e.rows(rowCond{sql: "1", index: "m_date"}, "m.hidden=0 AND "); err != nil {
			return nil, err
		}
	}
	if set, err = e.narrow(set, conds); err != nil {
		return nil, err
	}
	for _, k := range not {
		s, err := e.node(k)
		if err != nil {
			return nil, err
		}
		set = set.without(s)
	}
	return set, nil
}

// text is what the index finds.
func (e *evaluator) text(expr string) (*idSet, error) {
	return e.cached("fts "+expr, false, "SELECT group_concat(rowid) FROM fts WHERE fts MATCH ?", expr)
}

// rows is the set of all rows that fulfil a condition.
func (e *evaluator) rows(c rowCond, and string) (*idSet, error) {
	if c.dated {
		return e.datedRows(c, and)
	}
	from := "messages m"
	if c.index != "" {
		from += " INDEXED BY " + c.index
	}
	return e.cached(fmt.Sprint("rows ", c.sql, c.args), c.marks, "SELECT group_concat(m.id) FROM "+from+" WHERE "+and+c.sql, c.args...)
}

// datedRows is rows for a condition on the date of messages, of which an index has only their place in lists.
func (e *evaluator) datedRows(c rowCond, and string) (*idSet, error) {
	c.dated = false
	set, err := e.rows(c, and)
	if err != nil {
		return nil, err
	}
	back, err := e.rows(rowCond{sql: "m.sent<>0", index: "m_sent"}, and)
	if err != nil || back.size() == 0 {
		return set, err
	}
	right, err := e.rows(rowCond{sql: "m.sent<>0 AND " + strings.ReplaceAll(c.sql, "m.date", "m.sent"), args: c.args, index: "m_sent"}, and)
	if err != nil {
		return nil, err
	}
	return set.without(back).or(right), nil
}

// askRows keeps those of a few ids whose rows fulfil all conditions.
func (e *evaluator) askRows(set *idSet, conds []rowCond) (*idSet, error) {
	q := "SELECT group_concat(m.id) FROM json_each(?) j CROSS JOIN messages m ON m.id=j.value WHERE m.hidden=0"
	args := []any{idList(set.ids())}
	for _, c := range conds {
		if c.dated {
			c.sql = strings.ReplaceAll(c.sql, "m.date", messageDate)
		}
		q += " AND (" + c.sql + ")"
		args = append(args, c.args...)
	}
	return e.read(q, args...)
}

// cached answers from an earlier set of the same generations, else from the database.
func (e *evaluator) cached(key string, marks bool, q string, args ...any) (*idSet, error) {
	c := &e.sn.s.found
	if s := c.set(key, e.sn.layout, e.sn.marks, marks); s != nil {
		return s, nil
	}
	s, err := e.read(q, args...)
	if err == nil {
		c.keepSet(key, e.sn.layout, e.sn.marks, s)
	}
	return s, err
}

func (e *evaluator) read(q string, args ...any) (*idSet, error) {
	set := newIDSet()
	rows, err := e.sn.tx.QueryContext(e.sn.ctx, q, args...)
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var list sql.RawBytes
		err := r.Scan(&list)
		eachID(list, func(id mail.MessageID) bool { set.add(id); return true })
		return err
	})
	return set, err
}

// opposite gives for a condition that no index finds the one that is its contrary and that an index finds.
func (n *node) opposite() (*node, bool) {
	if n.kind != nodeField || n.field != "is" {
		return nil, false
	}
	switch strings.ToLower(n.value) {
	case "read", "seen":
		return &node{kind: nodeField, field: "is", value: "unread"}, true
	case "unstarred":
		return &node{kind: nodeField, field: "is", value: "starred"}, true
	}
	return nil, false
}
