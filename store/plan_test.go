package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// TestPlansUseIndexes asks SQLite how it answers the queries that a million rows depend on: never a scan of the table, never a
// sort.
func TestPlansUseIndexes(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	for _, q := range []Query{{}, {Account: 1}, {Folder: 1}, {Folder: 1, Reverse: true}, {Folder: 1, Unread: true}, {Folder: 1, WithAttachment: true}, {Folder: 1, Starred: true},
		{Role: mail.RoleInbox}, {Role: mail.RoleInbox, Unread: true}, {Role: mail.RoleInbox, Account: 1}, {Starred: true}, {Tag: "work"},
		{Folder: 1, Conversations: true}, {Folder: 1, Conversations: true, Reverse: true}, {Folder: 1, Conversations: true, Unread: true},
		{Folder: 1, Conversations: true, WithAttachment: true}, {Folder: 1, Conversations: true, Starred: true},
		{Role: mail.RoleInbox, Conversations: true}, {Role: mail.RoleInbox, Conversations: true, Unread: true}} {
		p := got(s.planFor(ctx, q))(t)
		for _, from := range []bool{false, true} {
			args := append([]any(nil), p.args...)
			if from {
				args = append(args, 5, 5)
			}
			checkPlan(t, s, walkSQL(p, from)+" LIMIT ? OFFSET ?", append(args, 10, 10)...)
		}
	}
	for _, q := range []Query{{Folder: 1}, {Folder: 1, Unread: true}, {Folder: 1, WithAttachment: true}, {Role: mail.RoleInbox}, {Role: mail.RoleInbox, Unread: true}} {
		for _, q.Conversations = range []bool{false, true} {
			// Skipping to a page far down must stay in the index.
			p := got(s.planFor(ctx, q))(t)
			checkPlan(t, s, walkSQL(p, true)+" LIMIT ? OFFSET ?", append(append([]any(nil), p.args...), 5, 5, 10, 10)...)
			if !strings.Contains(planOf(t, s, walkSQL(p, false), p.args...), "COVERING") {
				t.Errorf("%+v is not answered by its index alone", q)
			}
		}
	}
	for _, q := range []string{
		"SELECT id FROM messages WHERE folder=1 AND uid=5",
		"SELECT id FROM messages m WHERE m.folder=1 AND m.await<>0 AND m.uid IS NULL AND m.header_id='x' AND m.size=5",
		"SELECT message FROM op_targets WHERE folder=1 AND uid=5 AND live=1",
		"SELECT id FROM ops WHERE account=1 AND state IN ('pending','running') ORDER BY id LIMIT 1",
		"SELECT id,message,hash,removed FROM ledger WHERE account=1 AND uidl='x' AND (hash=x'00' OR hash=x'')",
		"SELECT message,saved,verified,deleted FROM ledger WHERE account=1 AND hash=x'00' AND removed<>0 AND reason='x' AND substr(uidl,1,1)<>' '",
		"SELECT count(*) FROM ledger WHERE account=1 AND hash=x'00' AND saved=1 AND verified=1",
		"SELECT count(*) FROM ledger WHERE verified<0",
		"SELECT thread FROM thread_refs WHERE ref=5 AND account=1",
		"SELECT id FROM messages WHERE folder=1 AND hasbody=0 AND received>=0 ORDER BY received DESC LIMIT 10",
	} {
		checkPlan(t, s, q)
	}
}

// planOf is how SQLite answers a statement.
func planOf(t *testing.T, s *Store, q string, args ...any) string {
	t.Helper()
	var out strings.Builder
	rows, err := s.r.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+q, args...)
	must(t, eachRow(rows, err, func(r *sql.Rows) error {
		var id, parent, x int
		var detail string
		err := r.Scan(&id, &parent, &x, &detail)
		out.WriteString(detail + "\n")
		return err
	}))
	return out.String()
}

func checkPlan(t *testing.T, s *Store, q string, args ...any) {
	t.Helper()
	rows, err := s.r.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+q, args...)
	must(t, eachRow(rows, err, func(r *sql.Rows) error {
		var id, parent, x int
		var detail string
		if err := r.Scan(&id, &parent, &x, &detail); err != nil {
			return err
		}
		ordered := strings.Contains(detail, "USING COVERING INDEX m_date") || strings.Contains(detail, "INDEX m_starred") || strings.Contains(detail, "INDEX m_tagged")
		if strings.Contains(detail, "TEMP B-TREE") || strings.HasPrefix(detail, "SCAN") && !ordered {
			t.Errorf("%s\n  %s", q, detail)
		}
		return nil
	}))
}
