package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// fieldWords puts the operators of a query that are not about words into conditions on rows.
type fieldWords struct {
	folders  []mail.Folder
	accounts []mail.Account
	tags     []mail.Flag
	now      time.Time
}

// cond writes one operator; parsing has made sure that its value makes sense.
func (b *fieldWords) cond(n *node) rowCond {
	switch n.field {
	case "is":
		return isCond(strings.ToLower(n.value))
	case "has":
		return attachedCond
	case "tag":
		if f := mail.Flag(n.value); flagBit(f) != 0 {
			return tagCond(f)
		}
		return b.tagged(n.value)
	case "before", "after", "since", "on":
		from, to, _ := parseDay(n.value, b.now)
		switch n.field {
		case "before":
			return rowCond{sql: "m.date<?", args: []any{from.Unix()}, index: "m_date", dated: true}
		case "on":
			if day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location()); day.Before(from) { // "on:2d" is a whole day, too
				from, to = day, day.AddDate(0, 0, 1)
			}
			return rowCond{sql: "m.date>=? AND m.date<?", args: []any{from.Unix(), to.Unix()}, index: "m_date", dated: true}
		}
		return rowCond{sql: "m.date>=?", args: []any{from.Unix()}, index: "m_date", dated: true}
	case "larger", "smaller":
		size, _ := parseSize(n.value)
		return rowCond{sql: pick(n.field == "larger", "m.size>?", "m.size<?"), args: []any{size}}
	case "in", "folder":
		return oneOf("m.folder", b.folderIDs(n.value), "m_folder")
	case "account":
		return oneOf("m.account", b.accountIDs(n.value), "m_date")
	}
	return rowCond{sql: "1", index: "m_date"}
}

// meaning is what the names of folders, accounts and tags in a query stand for at the moment: that changes without a message changing.
func (b *fieldWords) meaning(n *node) (out string) {
	if n.kind == nodeField && slices.Contains([]string{"in", "folder", "account", "tag"}, n.field) {
		c := b.cond(n)
		return fmt.Sprintf("/%s%q", c.sql, c.args)
	}
	for _, k := range n.kids {
		out += b.meaning(k)
	}
	return out
}

// tagged is the condition that a message has a tag, in whatever forms of its letters it was typed.
func (b *fieldWords) tagged(name string) rowCond {
	named := mail.TagNamed(name)
	want := fold.Name(named.TagName())
	all := []mail.Flag{named}
	for _, f := range b.tags {
		if !strings.EqualFold(string(f), string(named)) && fold.Name(f.TagName()) == want {
			all = append(all, f)
		}
	}
	return tagCond(all...)
}

// oneOf is the condition that a column has one of some values; without any nothing has.
func oneOf(column, ids, index string) rowCond {
	if ids == "" {
		return rowCond{sql: "0"}
	}
	return rowCond{sql: column + " IN (" + ids + ")", index: index}
}

func pick[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}

func isCond(value string) rowCond {
	c := rowCond{sql: isConds[value], marks: true}
	switch value {
	case "unread":
		c.index, c.sql = "m_unread", anyUnread+" AND "+c.sql
	case "starred", "flagged":
		c.index, c.sql = "m_starred", anyStarred+" AND "+c.sql
	}
	return c
}

var attachedCond = rowCond{sql: anyAttached + " AND m.attachments>0", index: "m_attached", marks: true}

// folderIDs lists the folders that a name means: in each account the one whose path is written so, else that of the role; where no account has
// either, by whole path, by last level, or by a part of the path, whatever the spelling.
func (b *fieldWords) folderIDs(name string) string {
	want := fold.String(name)
	written := map[mail.AccountID]bool{}
	for _, f := range b.folders {
		written[f.Account] = written[f.Account] || f.Path == name
	}
	tests := []func(mail.Folder) bool{
		func(f mail.Folder) bool {
			return f.Path == name || !written[f.Account] && f.Role != mail.RoleNone && string(f.Role) == want
		},
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

func (b *fieldWords) accountIDs(name string) string {
	want := fold.String(name)
	var ids []string
	for _, a := range b.accounts {
		if fold.String(a.Name) == want || fold.String(a.Email) == want || want != "" && strings.Contains(fold.String(a.Name+" "+a.Email), want) {
			ids = append(ids, fmt.Sprint(a.ID))
		}
	}
	return strings.Join(ids, ",")
}
