package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
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
	// The doctor asks for each message what the ledger knows of it.
	for _, q := range []string{bodylessSQL, blobsOfSQL} {
		if plan := planOf(t, s, q); strings.Contains(plan, "SCAN l") {
			t.Errorf("the whole ledger is read for each message: %s", plan)
		}
	}
	// What is still to come to another account is gathered once, and not looked for among all that was moved with a message.
	if plan := planOf(t, s, waitsSQL, 1); strings.Contains(plan, "o_group") || strings.Contains(plan, "CORRELATED LIST") {
		t.Errorf("all of a move is read for each message: %s", plan)
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

// TestNoStatementScansALargeTable: whatever is done to messages and folders, no statement of it reads all messages, all of the ledger or all targets
// of operations.
func TestNoStatementScansALargeTable(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	_, p := popAccount(t, s, "drop")
	in := messages(1, 9)
	in[8].Summary.References = []string{in[0].Summary.HeaderID}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	drop := withBody(t, s, message(20))
	drop.UID, drop.UIDL = 0, "u1"
	dropped := got(s.Ingest(ctx, p[mail.RoleInbox], []mail.Incoming{drop}))(t)
	undone := []mail.Op{
		submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:2], Add: mail.Flags{mail.FlagSeen}}),
		submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleArchive]}),
		submit(t, s, mail.Op{Kind: mail.OpCopy, Messages: ids[1:2], Folder: f[mail.RoleArchive]}),
		submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[2:3]}),
		submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[3:4], Date: t0.AddDate(1, 0, 0)}),
		submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f[mail.RoleSent]}),
		submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: dropped}),
		submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: p[mail.RoleArchive]}),
	}
	for i := len(undone) - 1; i >= 0; i-- {
		got(s.UndoGroup(ctx, undone[i].Group))(t)
	}
	move := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleArchive]})
	next(t, s, a)
	got(s.Ingest(ctx, f[mail.RoleArchive], []mail.Incoming{message(1)}))(t)
	must(t, s.FinishOp(ctx, move.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 1}}))
	submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: dropped})
	submit(t, s, mail.Op{Kind: mail.OpSnooze, Messages: ids[3:4], Date: t0.AddDate(0, 0, -1)})
	got(s.WakeSnoozed(ctx))(t)
	got(s.UpdateFlags(ctx, f[mail.RoleInbox], []mail.FlagState{{UID: 5, Flags: mail.Flags{mail.FlagFlagged}}}))(t)
	got(s.RemoveUIDs(ctx, f[mail.RoleInbox], []mail.UID{6}))(t)
	must(t, s.ResetFolder(ctx, f[mail.RoleInbox], 8))
	got(s.EndReset(ctx, f[mail.RoleInbox]))(t)
	must(t, s.ClearFolder(ctx, f[mail.RoleArchive]))
	gone := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f[mail.RoleArchive]})
	next(t, s, a)
	must(t, s.FinishOp(ctx, gone.ID, OpResult{}))
	got(s.Snoozed(ctx))(t)
	for _, q := range []Query{{Folder: f[mail.RoleInbox]}, {Folder: f[mail.RoleInbox], Conversations: true, Snoozed: SnoozedLeftOut}, {Folder: f[mail.RoleInbox], Snoozed: SnoozedLeftOut}} {
		wantCount(t, s, q, 0, 0)
	}
	check := func(q string) {
		if strings.HasPrefix(q, "PRAGMA") || strings.HasPrefix(q, "BEGIN") || q == "COMMIT" || q == "ROLLBACK" {
			return
		}
		rows, err := s.w.conn.c.Query("EXPLAIN QUERY PLAN "+q, make([]driver.Value, strings.Count(q, "?")))
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		defer rows.Close()
		row := make([]driver.Value, len(rows.Columns()))
		for rows.Next(row) == nil {
			step := fmt.Sprint(row[3])
			for _, table := range []string{"messages", "m", "ledger", "op_targets", "t", "details", "thread_refs", "threads"} {
				if step == "SCAN "+table || strings.HasPrefix(step, "SCAN "+table+" USING") {
					t.Errorf("%s: %s", q, step)
				}
			}
		}
	}
	for q := range s.w.conn.stmts {
		check(q)
	}
	s.rstmt.mu.Lock()
	defer s.rstmt.mu.Unlock()
	for q := range s.rstmt.m {
		check(q)
	}
}
