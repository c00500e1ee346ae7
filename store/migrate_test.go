package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

// schemaCounts is the schema since which the program counts what it adds, and no trigger does.
const schemaCounts = 10

// oldProfile makes a profile as a schema of old was, with one message.
func oldProfile(t *testing.T, version int) string {
	t.Helper()
	dir := t.TempDir()
	ctx := context.Background()
	w := got(openWriter(ctx, filepath.Join(dir, mailFile), mailMigrations[:version]))(t)
	for _, q := range []string{
		`INSERT INTO accounts(name,protocol,config) VALUES('old','imap','{"name":"old","email":"old@example.org","protocol":"imap"}')`,
		`INSERT INTO folders(account,path,server_path,delimiter,role,uidvalidity,uidnext) VALUES(1,'INBOX','INBOX','/',1,7,2)`,
		`INSERT INTO messages(account,folder,role,thread,uid,date,received,size,flags,hidden,sflags,attachments,hasbody,keywords,skeywords,header_id,subject,sender,recipients,snippet)
 VALUES(1,1,1,1,1,100,100,5,0,0,0,0,0,'Work','Work','x@y','Subject old','','','')`,
		`INSERT INTO details VALUES(1,'','','','','','','','',NULL)`,
		`INSERT INTO fts(rowid,subject,sender,recipients,names,body) VALUES(1,'subject old','','','','')`,
	} {
		must(t, w.conn.script(q))
	}
	if version >= schemaCounts {
		must(t, w.conn.script("UPDATE folders SET total=1,unread=1,size=5,convs=1"))
	}
	must(t, w.close())
	return dir
}

// Every schema that was ever published becomes the newest, with a backup of what it was beside, and everything in it works: search,
// blobs in pages of the old size, tables that came later.
func TestUpgradeFromEverySchema(t *testing.T) {
	ctx := context.Background()
	for v := 1; v < len(mailMigrations); v++ {
		dir := oldProfile(t, v)
		b := got(openWriter(ctx, filepath.Join(dir, blobFile), blobMigrations, "page_size=4096"))(t) // as blobs.db was made
		must(t, b.close())
		earlier := backupName(filepath.Join(dir, mailFile), v)
		must(t, os.WriteFile(earlier, nil, 0o600)) // what an upgrade left that was broken off, or one long ago
		if v%2 == 0 {
			must(t, os.Chtimes(earlier, time.Now(), time.Now().AddDate(0, -2, 0)))
		}
		s := got(Open(ctx, dir, Options{}))(t)
		wantPage(t, s, Query{Folder: 1}, "old")
		if n, _, err := s.Count(ctx, Query{Search: "old"}); err != nil || n != 1 {
			t.Errorf("from schema %d: %d found, %v", v, n, err)
		}
		got(s.Ingest(ctx, 1, []mail.Incoming{withBody(t, s, message(2))}))(t)
		must(t, s.NotePass(ctx, Pass{Account: 1, Result: mail.PassResult{New: 1}}))
		wantCount(t, s, Query{}, 2, 2)
		clean(t, s)
		must(t, s.write(ctx, "test", func(t *wtx) error { return t.do("DELETE FROM messages") }))
		if l := got(s.released(ctx))(t); len(l) != 1 {
			t.Errorf("from schema %d: the bytes of %d messages are let go of", v, len(l))
		}
		must(t, s.Close())
		if _, err := os.Stat(earlier); os.IsNotExist(err) != (v%2 == 0) {
			t.Errorf("from schema %d: the earlier backup: %v", v, err)
		}
		must(t, os.RemoveAll(earlier))
		if found := got(filepath.Glob(filepath.Join(dir, "*.before-*")))(t); len(found) != 1 || filepath.Base(found[0]) != fmt.Sprintf("%s.before-v%d", mailFile, v+1) {
			t.Errorf("from schema %d: backups %s", v, found)
		}
	}
}

func TestUpgradeFromFirstSchema(t *testing.T) {
	dir := oldProfile(t, 1)
	ctx := context.Background()
	back := filepath.Join(dir, mailFile+".before-v2")
	must(t, os.WriteFile(back+".tmp", []byte("half of a backup that was broken off"), 0o600))
	s := got(Open(ctx, dir, Options{}))(t)
	wantPage(t, s, Query{Folder: 1}, "old")
	wantPage(t, s, Query{Tag: "work"}, "old")
	wantCount(t, s, Query{Folder: 1}, 1, 1)
	must(t, s.Quarantine(ctx, Quarantined{Folder: 1, UID: 9, Reason: "x"})) // a table of the second schema
	clean(t, s)
	must(t, s.Close())

	// The backup is the profile as it was, and opens like one.
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, mailFile), got(os.ReadFile(back))(t), 0o600))
	s = got(Open(ctx, other, Options{}))(t)
	wantPage(t, s, Query{Folder: 1}, "old")
	must(t, s.Close())
	// Opening again migrates nothing.
	st := got(os.Stat(back))(t)
	must(t, got(Open(ctx, dir, Options{}))(t).Close())
	if again := got(os.Stat(back))(t); !again.ModTime().Equal(st.ModTime()) {
		t.Error("a second backup was written")
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	dir := oldProfile(t, 1)
	ctx := context.Background()
	bad := append(append([]migration(nil), mailMigrations[:1]...), migration{name: "bad", sql: "CREATE TABLE half(x); SELECT nonsense FROM nowhere;"})
	if _, err := openWriter(ctx, filepath.Join(dir, mailFile), bad); err == nil || !strings.Contains(err.Error(), "schema 2 (bad)") {
		t.Fatalf("error %v", err)
	}
	s := got(Open(ctx, dir, Options{}))(t)
	defer s.Close()
	wantPage(t, s, Query{Folder: 1}, "old")
	clean(t, s)
}

// An upgrade that ends behind any of its transactions goes on from there: no step is done a second time, and none is left out.
func TestUpgradeBrokenOffAnywhere(t *testing.T) {
	ctx := context.Background()
	for commits, done := 0, false; !done; commits++ {
		dir := oldProfile(t, len(mailMigrations)-3)
		path := filepath.Join(dir, mailFile)
		w := got(openWriter(ctx, path, mailMigrations[:len(mailMigrations)-3]))(t)
		w.newest = len(mailMigrations)
		n := 0
		w.conn.c.RegisterCommitHook(func() int {
			if n++; n > commits {
				return 1 // no more is written
			}
			return 0
		})
		done = migrate(ctx, w, mailMigrations) == nil
		must(t, w.close())
		s := got(Open(ctx, dir, Options{}))(t)
		wantPage(t, s, Query{Folder: 1}, "old")
		clean(t, s)
		must(t, s.Close())
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	s := got(Open(ctx, dir, Options{}))(t)
	must(t, s.w.conn.script("PRAGMA user_version=999"))
	must(t, s.Close())
	_, err := Open(ctx, dir, Options{})
	var se *SchemaError
	if !errors.As(err, &se) || se.Have != 999 {
		t.Fatalf("error %v", err)
	}
}

func TestAccountsAndSettings(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a := mail.Account{Name: "دفتر", Email: "o@example.org", Protocol: mail.POP3, POP3: mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 3},
		Incoming: mail.Server{Host: "h", PasswordCommand: []string{"cat", "x"}}, Identities: []mail.Identity{{Name: "n", Addr: "o@example.org"}}}
	a.ID = got(s.SaveAccount(ctx, a))(t)
	b := got(s.AccountByName(ctx, "دفتر"))(t)
	if b.ID != a.ID || b.POP3 != a.POP3 || b.Incoming.PasswordCommand[1] != "x" || len(b.Identities) != 1 {
		t.Errorf("account %+v", b)
	}
	if _, err := s.SaveAccount(ctx, mail.Account{Name: "دفتر"}); err == nil {
		t.Error("two accounts of one name")
	}
	b.Name = "office"
	got(s.SaveAccount(ctx, b))(t)
	if _, err := s.AccountByName(ctx, "دفتر"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if v := got(s.Setting(ctx, "x"))(t); v != "" {
		t.Errorf("setting %q", v)
	}
	must(t, s.SetSetting(ctx, "x", "1"))
	must(t, s.SetSetting(ctx, "x", "2"))
	if v := got(s.Setting(ctx, "x"))(t); v != "2" {
		t.Errorf("setting %q", v)
	}
	f := got(s.EnsureLocalFolder(ctx, a.ID, "Inbox", mail.RoleInbox))(t)
	got(s.Ingest(ctx, f, []mail.Incoming{drop(t, s, 1, "u1")}))(t)
	got(s.Enqueue(ctx, mail.OutboxItem{Account: a.ID}))(t)
	must(t, s.RemoveAccount(ctx, a.ID))
	wantCount(t, s, Query{}, 0, 0)
	if l := got(s.Accounts(ctx))(t); len(l) != 0 {
		t.Errorf("accounts %+v", l)
	}
	if l := got(s.OutboxItems(ctx))(t); len(l) != 0 {
		t.Errorf("outbox %+v", l)
	}
	if err := s.RemoveAccount(ctx, a.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
}
