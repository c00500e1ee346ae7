package store

// The schema of mail.db as numbered migrations: migration n brings version n-1 to n. A published migration is never
// changed; new ones are appended.
//
// Conventions: times are Unix seconds UTC (outbox, drafts, ledger and operations: milliseconds); flags are bits of flag.go
// plus keywords joined by "\n"; addresses are coded by codec.go; hashes are 32 raw bytes.
//
// messages.hidden says why a row is not shown: 0 shown, 1 \Deleted, 2 being or just expunged, 4 its folder is being dropped.
// messages.conv: see conversations.go.
// ops.newest is the newest message when the operation was first tried, -1 before: see store/tried.go.
// messages.sflags/skeywords are the server's view, flags/keywords the local one. messages.await is the operation that put
// the message where it is while its UID there is unknown.
var mailMigrations = []migration{
	{name: "base", sql: schemaBase + schemaTriggers + schemaWork},
	{name: "tags and quarantine", sql: schemaTags},
	{name: "ledger by bytes", sql: schemaLedger},
	{name: "remote images, signatures and invitations", sql: schemaPrivacy},
	{name: "merge the index later", sql: schemaMerge},
	{name: "history of passes", sql: schemaPasses},
	{name: "the server's names of messages", sql: schemaContent},
	{name: "lists of conversations", sql: schemaConversations},
	{name: "folders that are listened to", sql: "ALTER TABLE folders ADD COLUMN listen INTEGER NOT NULL DEFAULT 0"},
	{name: "operations that were tried, what was set aside, sums of the index", sql: schemaTried},
	{name: "names of what was set aside", sql: schemaAsked},
	{name: "another try of what was set aside, news during a first download", sql: schemaAgain},
	{name: "snoozed messages", sql: schemaSnooze},
	{name: "bytes that nothing refers to any more", sql: schemaReleased},
}

const schemaBase = `
CREATE TABLE gens(layout INTEGER NOT NULL, marks INTEGER NOT NULL);
INSERT INTO gens VALUES(1,1);
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE accounts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, protocol TEXT NOT NULL, config TEXT NOT NULL);
CREATE TABLE folders(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL,
  path TEXT NOT NULL, server_path TEXT NOT NULL, delimiter TEXT NOT NULL DEFAULT '',
  role INTEGER NOT NULL DEFAULT 0, selectable INTEGER NOT NULL DEFAULT 1, subscribed INTEGER NOT NULL DEFAULT 0,
  local INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0, -- 1: creation not confirmed, 2: being dropped
  uidvalidity INTEGER NOT NULL DEFAULT 0, uidnext INTEGER NOT NULL DEFAULT 0, highestmod INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0,
  UNIQUE(account, path));
CREATE TABLE messages(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL, folder INTEGER NOT NULL, role INTEGER NOT NULL, thread INTEGER NOT NULL,
  uid INTEGER, await INTEGER NOT NULL DEFAULT 0,
  date INTEGER NOT NULL, received INTEGER NOT NULL, size INTEGER NOT NULL,
  flags INTEGER NOT NULL, hidden INTEGER NOT NULL, sflags INTEGER NOT NULL, modseq INTEGER NOT NULL DEFAULT 0,
  attachments INTEGER NOT NULL, hasbody INTEGER NOT NULL, indexed INTEGER NOT NULL DEFAULT 0,
  keywords TEXT NOT NULL, skeywords TEXT NOT NULL,
  header_id TEXT NOT NULL, subject TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL, snippet TEXT NOT NULL,
  blob BLOB, blob_size INTEGER NOT NULL DEFAULT 0, uidl TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX m_uid ON messages(folder, uid) WHERE uid IS NOT NULL;
CREATE INDEX m_folder ON messages(folder, date, id) WHERE hidden=0;
CREATE INDEX m_role ON messages(role, date, id, account) WHERE hidden=0 AND role<>0;
CREATE INDEX m_date ON messages(date, id, account) WHERE hidden=0;
CREATE INDEX m_unread ON messages(folder, date, id) WHERE hidden=0 AND flags&1=0;
CREATE INDEX m_role_unread ON messages(role, date, id, account) WHERE hidden=0 AND flags&1=0 AND role<>0;
CREATE INDEX m_starred ON messages(date, id, folder, account) WHERE hidden=0 AND flags&4<>0;
CREATE INDEX m_attached ON messages(folder, date, id) WHERE hidden=0 AND attachments>0;
CREATE INDEX m_thread ON messages(thread);
CREATE INDEX m_await ON messages(folder, header_id) WHERE await<>0;
CREATE INDEX m_hidden ON messages(folder, hidden) WHERE hidden<>0;
CREATE INDEX m_nobody ON messages(folder, received) WHERE hasbody=0;
CREATE TABLE details(
  id INTEGER PRIMARY KEY, cc TEXT NOT NULL, bcc TEXT NOT NULL, reply_to TEXT NOT NULL, in_reply_to TEXT NOT NULL,
  refs TEXT NOT NULL, list_id TEXT NOT NULL, attachments TEXT NOT NULL, warnings TEXT NOT NULL, header BLOB);
CREATE TABLE threads(id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL);
CREATE TABLE thread_refs(account INTEGER NOT NULL, ref INTEGER NOT NULL, thread INTEGER NOT NULL,
  PRIMARY KEY(ref, account)) WITHOUT ROWID;
CREATE INDEX tr_thread ON thread_refs(thread);
CREATE VIRTUAL TABLE fts USING fts5(subject, sender, recipients, names, body,
  content='', contentless_delete=1, tokenize='ascii');
CREATE TABLE people(
  id INTEGER PRIMARY KEY, addr TEXT NOT NULL UNIQUE, shown TEXT NOT NULL, name TEXT NOT NULL,
  seen INTEGER NOT NULL, sent INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE people_words(word TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY(word, person)) WITHOUT ROWID;
`

// The counts of folders are kept by these triggers, inside whatever transaction changes a row.
const schemaTriggers = `
CREATE TRIGGER count_ins AFTER INSERT ON messages WHEN NEW.hidden=0 BEGIN
  UPDATE folders SET total=total+1, unread=unread+(NEW.flags&1=0), size=size+NEW.size WHERE id=NEW.folder;
END;
CREATE TRIGGER count_del AFTER DELETE ON messages WHEN OLD.hidden=0 BEGIN
  UPDATE folders SET total=total-1, unread=unread-(OLD.flags&1=0), size=size-OLD.size WHERE id=OLD.folder;
END;
CREATE TRIGGER count_upd AFTER UPDATE OF folder,hidden,flags,size ON messages
 WHEN OLD.folder<>NEW.folder OR (OLD.hidden=0)<>(NEW.hidden=0) OR (OLD.flags&1)<>(NEW.flags&1) OR OLD.size<>NEW.size BEGIN
  UPDATE folders SET total=total-1, unread=unread-(OLD.flags&1=0), size=size-OLD.size WHERE id=OLD.folder AND OLD.hidden=0;
  UPDATE folders SET total=total+1, unread=unread+(NEW.flags&1=0), size=size+NEW.size WHERE id=NEW.folder AND NEW.hidden=0;
END;
CREATE TRIGGER role_upd AFTER UPDATE OF role ON folders WHEN OLD.role<>NEW.role BEGIN
  UPDATE messages SET role=NEW.role WHERE folder=NEW.id;
END;
`

const schemaWork = `
CREATE TABLE ops(
  id INTEGER PRIMARY KEY AUTOINCREMENT, grp INTEGER NOT NULL, account INTEGER NOT NULL, kind TEXT NOT NULL,
  folder INTEGER NOT NULL, add_flags TEXT NOT NULL, remove_flags TEXT NOT NULL, name TEXT NOT NULL, old_name TEXT NOT NULL,
  blob BLOB, blob_size INTEGER NOT NULL, date INTEGER NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL,
  local INTEGER NOT NULL DEFAULT 0,    -- done at once: no server takes part
  inverse INTEGER NOT NULL DEFAULT 0,  -- 1: made by an undo
  finished INTEGER NOT NULL DEFAULT 0);
CREATE INDEX o_live ON ops(account, id) WHERE state IN ('pending','running');
CREATE INDEX o_group ON ops(grp);
CREATE TABLE op_targets(
  op INTEGER NOT NULL, message INTEGER NOT NULL, copy INTEGER NOT NULL DEFAULT 0,
  folder INTEGER NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER,
  flags INTEGER NOT NULL, keywords TEXT NOT NULL, -- before the operation
  live INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(op, message)) WITHOUT ROWID;
CREATE INDEX t_live_msg ON op_targets(message, op) WHERE live=1;
CREATE INDEX t_live_uid ON op_targets(folder, uid) WHERE live=1;
CREATE TABLE ledger(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, uidl TEXT NOT NULL, hash BLOB NOT NULL,
  size INTEGER NOT NULL, saved INTEGER NOT NULL, verified INTEGER NOT NULL, removed INTEGER NOT NULL,
  reason TEXT NOT NULL, message INTEGER NOT NULL, deleted INTEGER NOT NULL, UNIQUE(account, uidl, hash));
CREATE INDEX l_message ON ledger(message) WHERE message<>0;
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, state TEXT NOT NULL, not_before INTEGER NOT NULL,
  item TEXT NOT NULL);
CREATE TABLE drafts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, modified INTEGER NOT NULL, header_id TEXT NOT NULL,
  draft TEXT NOT NULL);
CREATE TABLE draft_versions(
  draft INTEGER NOT NULL, n INTEGER NOT NULL, saved INTEGER NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY(draft, n)) WITHOUT ROWID;
`

const schemaTags = `
CREATE TABLE tags(name TEXT PRIMARY KEY COLLATE NOCASE, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX m_tagged ON messages(date, id) WHERE hidden=0 AND keywords<>'';
CREATE TABLE quarantine(
  folder INTEGER NOT NULL, uid INTEGER NOT NULL, uidl TEXT NOT NULL, reason TEXT NOT NULL, tries INTEGER NOT NULL,
  since INTEGER NOT NULL, PRIMARY KEY(folder, uid, uidl)) WITHOUT ROWID;
`

// One step, for a profile is copied before each. countAdded does what the trigger did.
const schemaTried = schemaIndexSum + ";" + schemaSetAside + schemaMergeIdle + `
ALTER TABLE ops ADD COLUMN newest INTEGER NOT NULL DEFAULT -1; -- the newest message before the first try; -1: not tried
DROP TRIGGER count_ins;
`

const schemaSetAside = `
ALTER TABLE quarantine ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0; -- the user does not want to be told of it any more
`

const schemaAsked = `
ALTER TABLE quarantine ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN asked INTEGER NOT NULL DEFAULT 0; -- how often the server was asked what the message is
`

// What an older Peyk has set aside is asked for again at once.
const schemaAgain = `
ALTER TABLE quarantine ADD COLUMN cause INTEGER NOT NULL DEFAULT 0; -- AsideCause
ALTER TABLE quarantine ADD COLUMN due INTEGER NOT NULL DEFAULT 1; -- when it is asked for again by itself; 0: never
ALTER TABLE folders ADD COLUMN news INTEGER NOT NULL DEFAULT 0; -- the least UID that is news while the folder is downloaded for the first time; 0: none is
`

// Every message that POP3 brings is looked up by its bytes: without an index that reads the whole ledger each time.
const schemaLedger = `
CREATE INDEX l_hash ON ledger(hash, account);
CREATE INDEX l_unsure ON ledger(verified) WHERE verified<0;
`

const schemaPasses = `
CREATE TABLE passes(id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, at INTEGER NOT NULL, times INTEGER NOT NULL, what TEXT NOT NULL);
CREATE INDEX p_account ON passes(account);
`

// Settings of the writing connections, sizes in KB when negative. A page of blobs.db holds most messages whole; the page size
// counts only for a file that is made anew.
var (
	mailPragmas = []string{"cache_size=-3500", "wal_autocheckpoint=2000"}
	blobPragmas = []string{"page_size=16384", "cache_size=-2000", "wal_autocheckpoint=1000"}
)

// A batch of messages becomes one segment of the index (hashsize, in bytes, holds one), and 16 segments are merged at a time,
// little by little as new ones are written: with SQLite's own 4 every word is written twice as often.
const schemaMerge = `
INSERT INTO fts(fts, rank) VALUES('automerge', 16);
INSERT INTO fts(fts, rank) VALUES('crisismerge', 64);
INSERT INTO fts(fts, rank) VALUES('hashsize', 4194304);
`

// While much is written, 64 segments are merged at a time, so that a download of the usual size merges nothing; 16 by MergeIndex, which
// is asked when there is time.
const schemaMergeIdle = `
INSERT INTO fts(fts, rank) VALUES('automerge', 64);
INSERT INTO fts(fts, rank) VALUES('crisismerge', 256);
INSERT INTO fts(fts, rank) VALUES('usermerge', 16);
`

// The schema of blobs.db.
var blobMigrations = []migration{
	{name: "base", sql: `CREATE TABLE blobs(
  id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, enc INTEGER NOT NULL, data BLOB NOT NULL);`},
}
