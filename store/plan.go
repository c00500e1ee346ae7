package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"peyk/internal/mail"
)

// plan is how a Query is answered. An indexed plan walks an index in the order of dates; the pages of
// a million rows are reached through anchors (pages.go). A listed plan makes the whole list of ids once, keeps it until
// something relevant changes, and serves pages from it: for orders that have no index. A search has a way of its own (found.go).
type plan struct {
	key    string // names the plan in the caches
	index  string // INDEXED BY, for indexed plans
	where  string
	args   []any
	asc    bool
	listed bool
	order  string // ORDER BY of a listed plan or a small result of a search
	marks  bool   // the result depends on flags
	conv   bool   // rows are conversations
	// threads: rows are the conversations of what a search found
	threads bool
	sort    Sort
	search  *searchQuery
	// What an indexed plan is limited to, to apply deltas: 0 is anything.
	account mail.AccountID
	folder  mail.FolderID
	role    int
	empty   bool
}

// messageDate is the date of a message, which its place in lists is not once it was snoozed (snooze.go).
const messageDate = "iif(m.sent=0,m.date,m.sent)"

// sortKey is a place in the order of dates.
type sortKey struct {
	date int64
	id   mail.MessageID
}

func (a sortKey) less(b sortKey) bool { return a.date < b.date || a.date == b.date && a.id < b.id }

// planFor turns a Query into a plan. It may read folders for a search's in: and account:.
func (s *Store) planFor(ctx context.Context, q Query) (plan, error) {
	p := plan{asc: q.Reverse, sort: q.Sort, account: q.Account, folder: q.Folder, role: roleNumber(q.Role)}
	p.conv = q.grouped()
	p.key = fmt.Sprintf("%d/%d/%d/%d/%t%t%t%t%d/%q/%d/%t/%q", q.Account, q.Folder, p.role, q.Thread, q.Unread, q.Starred,
		q.WithAttachment, p.conv, q.Snoozed, strings.ToLower(string(q.Tag)), q.Sort, q.Reverse, q.Search)
	if q.Also != nil {
		p.key += "/" + q.Also.key
	}
	scope := scopeOf(q)
	conds := []string{"m.hidden=0"}
	for _, c := range scope {
		conds = append(conds, c.sql)
		p.args = append(p.args, c.args...)
		p.marks = p.marks || c.marks
	}
	p.where = strings.Join(conds, " AND ")
	p.index = dateIndex(q)
	if q.Search != "" {
		if err := s.planSearch(ctx, q, scope, &p); err != nil {
			return p, err
		}
	}
	if p.threads = p.search != nil && q.threaded(); p.threads {
		p.key += "/threads"
	}
	p.listed = q.Thread != 0 || q.Snoozed == SnoozedOnly || (q.Sort != SortDate && q.Sort != SortRank)
	p.setOrder(q)
	return p, nil
}

// The conditions of the partial indexes: they hold the messages that a filter is about, and the heads of conversations with
// such a message.
const (
	anyUnread   = "(m.flags&1=0 OR m.conv&2<>0)"
	anyStarred  = "(m.flags&4<>0 OR m.conv&4<>0)"
	anyAttached = "(m.attachments>0 OR m.conv&8<>0)"
)

// scopeOf puts the conditions of a Query, without its search, into SQL.
// A conversation meets a filter when any of its messages does.
func scopeOf(q Query) []rowCond {
	var out []rowCond
	add := func(c rowCond, args ...any) {
		c.args = append(c.args, args...)
		out = append(out, c)
	}
	if q.Folder != 0 {
		add(rowCond{sql: "m.folder=?", index: "m_folder"}, q.Folder)
	}
	if q.Role != mail.RoleNone {
		add(rowCond{sql: "m.role=? AND m.role<>0", index: "m_role"}, roleNumber(q.Role))
	}
	if q.Account != 0 {
		add(rowCond{sql: "m.account=?", index: "m_date"}, q.Account)
	}
	if q.Thread != 0 {
		add(rowCond{sql: "m.thread=?", index: "m_thread"}, q.Thread)
	}
	for _, c := range []struct {
		on  bool
		any string // with the heads of conversations in which any message is so
		one rowCond
	}{{q.Unread, anyUnread, isCond("unread")}, {q.Starred, anyStarred, isCond("starred")}, {q.WithAttachment, anyAttached, attachedCond}} {
		if c.on && q.grouped() {
			c.one.sql = c.any
		}
		if c.on {
			add(c.one)
		}
	}
	if q.grouped() {
		add(rowCond{sql: "m.conv&1=0"})
	}
	if q.Tag != "" {
		add(tagCond(q.Tag))
	}
	if c, ok := snoozedCond(q.Snoozed); ok {
		add(c)
	}
	return out
}

// dateIndex names the index whose order is by date for this query.
func dateIndex(q Query) string {
	switch {
	case q.Folder != 0 && q.Unread:
		return "m_unread"
	case q.Starred:
		return "m_starred"
	case q.Tag != "" && flagBit(q.Tag) == 0:
		return "m_tagged"
	case q.Folder != 0 && q.WithAttachment:
		return "m_attached"
	case q.Folder != 0:
		return "m_folder"
	case q.Role != mail.RoleNone && q.Unread:
		return "m_role_unread"
	case q.Role != mail.RoleNone:
		return "m_role"
	}
	return "m_date"
}

func (p *plan) setOrder(q Query) {
	dir, inv := "", " DESC"
	if q.Reverse {
		dir, inv = " DESC", ""
	}
	switch q.Sort {
	case SortSender:
		p.order = "peyk_sender(m.sender)" + dir + ",m.date DESC,m.id DESC"
	case SortSubject:
		p.order = "peyk_base(m.subject)" + dir + ",m.date DESC,m.id DESC"
	case SortSize:
		p.order = sizeOf(q) + dir + ",m.date DESC,m.id DESC"
	case SortAttached:
		with := "m.attachments>0"
		if q.grouped() {
			with = anyAttached
		}
		p.order = "iif(" + with + ",0,1)" + dir + ",m.date DESC,m.id DESC"
	default:
		at := "m.date"
		switch {
		case q.Thread != 0:
			at = messageDate // a conversation is read in its order
		case q.Snoozed == SnoozedOnly:
			at, inv = "(SELECT until FROM snoozes WHERE message=m.id)", dir
		}
		p.order = at + inv + ",m.id" + inv
	}
}

// tagCond is true for rows that have one of some keywords, whatever its case.
func tagCond(tags ...mail.Flag) rowCond {
	if b := flagBit(tags[0]); b != 0 {
		return rowCond{sql: fmt.Sprintf("m.flags&%d<>0", b), marks: true}
	}
	c := rowCond{index: "m_tagged", marks: true}
	for i, tag := range tags {
		c.sql += pick(i > 0, " OR ", "") + `char(10)||m.keywords||char(10) LIKE ? ESCAPE '\'`
		c.args = append(c.args, "%\n"+escapeLike(string(tag))+"\n%")
	}
	c.sql = "m.keywords<>'' AND (" + c.sql + ")"
	return c
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func escapeLike(s string) string { return likeEscaper.Replace(s) }

// ago is a helper of relative dates in searches.
func ago(now time.Time, n int, unit byte) time.Time {
	switch unit {
	case 'd':
		return now.AddDate(0, 0, -n)
	case 'w':
		return now.AddDate(0, 0, -7*n)
	case 'm':
		return now.AddDate(0, -n, 0)
	case 'y':
		return now.AddDate(-n, 0, 0)
	}
	return now.Add(-time.Duration(n) * time.Hour)
}
