// Package mailsync is the engine between the store and the servers: one worker an account executes pending operations,
// receives mail, sends the outbox and keeps a schedule. It implements what the window asks of an engine and what the
// command line runs.
//
// The store is the single source of truth. A user's action is one local transaction (the effect and a row in the
// operation log); a worker tells the server later, in order. A transient failure stops that account's queue until the
// next try; a permanent one is undone and told. What the server says is written in batches that are each complete, so a
// crash at any byte leaves either the old or the new state, and the next pass completes it.
//
// A pass is: operations → folders → receive → outbox → copies of what was sent; a worker sends beside that (sender.go). IMAP (RFC 9051, with RFC 7162 CONDSTORE
// and QRESYNC, RFC 4315 UIDPLUS, RFC 6851 MOVE, RFC 2177 IDLE where offered) works by UIDVALIDITY and UID only. POP3
// (RFC 1939, RFC 2449) works by a ledger of UIDLs and hashes: a message is stored durably and read back before it may be
// deleted on the server, and the server's list never deletes anything here.
package mailsync
