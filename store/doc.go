// Package store keeps everything Peyk knows, in one folder on disk: accounts, folders, messages, flags, threads, people,
// pending operations, the POP3 ledger, the outbox and drafts in mail.db; the bytes of messages in blobs.db (small ones,
// zstd) and in files named by hash (large ones). It is the single source of truth: the engine writes what servers say
// and what users do, the window reads pages and subscribes to changes.
//
// Durability. Both databases run in WAL mode with synchronous=FULL, so a call that returned without error survives a power
// loss. Bytes are committed before the row that names them; a crash between the two leaves an unreferenced blob, which
// only Check collects. Every exported writing method is one transaction.
//
// Concurrency. A Store is safe for any number of goroutines: there is one writer connection, used in turn, and a pool of
// read-only connections which never wait for it. Several processes may open the same profile (the command line while the
// window is open); only its upgrade and some repairs want to be alone with it.
//
// Two views of flags and placement exist. The server's view is what the last sync pass heard; the local view has the
// pending operations laid over it (architecture.md) and is the only one that readers see.
//
// IMAP terms follow RFC 9051 (UID, UIDVALIDITY §2.3.1.1, flags §2.3.2), CONDSTORE RFC 7162, UIDPLUS RFC 4315; POP3
// unique ids RFC 1939 §7; threads are built from References and In-Reply-To (RFC 5322 §3.6.4).
package store
