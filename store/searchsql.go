package store

import (
	"fmt"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// searchBuilder writes the conditions of a query that the index alone cannot answer.
type searchBuilder struct {
	p        *plan
	folders  []mail.Folder
	accounts []mail.Account
	now      func() time.Time
}

func (b *searchBuilder) arg(v any) string {
	b.p.args = append(b.p.args, v)
	return "?"
}

func (b *searchBuilder) sql(n *node) string {
	if e, ok := ftsExpr(n); ok {
		return "m.id IN (SELECT rowid FROM fts WHERE fts MATCH " + b.arg(e) + ")"
	}
	switch n.kind {
	case nodeNot:
		return "NOT " + b.sql(n.kids[0])
	case nodeAnd, nodeOr:
		op := " AND "
		if n.kind == nodeOr {
			op = " OR "
		}
		parts := make([]string, len(n.kids))
		for i, k := range n.kids {
			parts[i] = b.sql(k)
		}
		return "(" + strings.Join(parts, op) + ")"
	}
	return "(" + b.cond(n) + ")"
}

// cond writes one operator; parsing has made sure that its value makes sense.
func (b *searchBuilder) cond(n *node) string {
	switch n.field {
	case "is":
		b.p.marks = true
		return isConds[strings.ToLower(n.value)]
	case "has":
		return "m.attachments>0"
	case "tag":
		b.p.marks = true
		return tagCond(mail.Flag(n.value), &b.p.args)
	case "before", "after", "since", "on":
		from, to, _ := parseDay(n.value, b.now())
		switch n.field {
		case "before":
			return "m.date<" + b.arg(from.Unix())
		case "on":
			return "m.date>=" + b.arg(from.Unix()) + " AND m.date<" + b.arg(to.Unix())
		}
		return "m.date>=" + b.arg(from.Unix())
	case "larger", "smaller":
		size, _ := parseSize(n.value)
		if n.field == "larger" {
			return "m.size>" + b.arg(size)
		}
		return "m.size<" + b.arg(size)
	case "in", "folder":
		return "m.folder IN (" + b.folderIDs(n.value) + ")"
	case "account":
		return "m.account IN (" + b.accountIDs(n.value) + ")"
	}
	return "1"
}

// folderIDs lists the folders that a name means: by role, by whole path, by last level, or by a part of the path.
func (b *searchBuilder) folderIDs(name string) string {
	want := fold.String(name)
	tests := []func(mail.Folder) bool{
		func(f mail.Folder) bool { return f.Role != mail.RoleNone && string(f.Role) == want },
		func(f mail.Folder) bool { return fold.String(f.Path) == want },
		func(f mail.Folder) bool { return fold.String(f.Name()) == want },
		func(f mail.Folder) bool { return want != "" && strings.Contains(fold.String(f.Path), want) },
	}
	var ids []string
	for _, match := range tests {
		for _, f := range b.folders {
			if match(f) {
				ids = append(ids, fmt.Sprint(f.ID))
			}
		}
		if len(ids) > 0 {
			break
		}
	}
	return strings.Join(ids, ",")
}

func (b *searchBuilder) accountIDs(name string) string {
	want := fold.String(name)
	var ids []string
	for _, a := range b.accounts {
		if fold.String(a.Name) == want || fold.String(a.Email) == want || want != "" && strings.Contains(fold.String(a.Name+" "+a.Email), want) {
			ids = append(ids, fmt.Sprint(a.ID))
		}
	}
	return strings.Join(ids, ",")
}
