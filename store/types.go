package store

import (
	"io"
	"slices"
	"time"

	"peyk/internal/mail"
)

// Options adjust a Store; the zero value is right for the programs.
type Options struct {
	// Now replaces the clock, for tests over simulated days. Times are stored in UTC.
	Now func() time.Time
	// Parse summarises the bytes of a message. The store never parses by itself; it needs this to show an append at once
	// (OpAppend without Messages) and to rebuild the search index or lost rows in repairs. nil: those parts are left out.
	Parse func(r io.ReaderAt, size int64) mail.Summary
	// Home is the account that a repair makes for the mail it finds where there is no account any more. nil: that mail waits until there is one.
	Home func() mail.Account
	// PollEvery is how often a subscribed Store looks for changes made by other processes. 0: one second.
	PollEvery time.Duration
}

// Sort is the order of a Query.
type Sort int

// The orders. Ties are broken by message id, so that an order is always total.
const (
	SortDate     Sort = iota // newest first: the default, quick at any offset
	SortSender               // A to Z, in the order of each alphabet
	SortSubject              // likewise, reply prefixes ignored
	SortSize                 // smallest first
	SortAttached             // those with attachments first
	SortRank                 // best match first; only with Search, else like SortDate
)

// Query selects messages. All set conditions must hold. Messages marked \Deleted are never shown.
type Query struct {
	Account mail.AccountID
	Folder  mail.FolderID
	Role    mail.Role // every folder of that role: the unified inbox
	// Thread limits to one conversation, oldest last like any other query.
	Thread         mail.ThreadID
	Unread         bool
	Starred        bool
	WithAttachment bool
	Tag            mail.Flag
	Snoozed        SnoozedScope
	// Search is text in the query language (query.go); "" matches everything.
	Search string
	// Also are messages that fulfil the words of Search although nothing here says so; nil: none.
	Also *Also
	Sort Sort
	// Conversations makes a row of each conversation of a folder: its newest message there (by Date), with what Group says
	// about all of them. Filters hold when any of its messages meets them. Searches, tags and Thread list messages all the same:
	// what was looked for is one message.
	Conversations bool
	// Threads makes a row of each conversation in which Search found something: the newest message found, with what Group says about those
	// that were found of it, in all folders. Not with SortRank, whose order is one of messages.
	Threads bool
	// Reverse turns the order around (SortDate: oldest first).
	Reverse bool
}

// Details is everything stored about one message besides its bytes.
type Details struct {
	mail.Row
	Cc, Bcc, ReplyTo []mail.Address
	InReplyTo        []string
	References       []string
	ListID           string
	Attachments      []mail.Attachment // inline ones included
	Warnings         []string
	Blob             *mail.BlobRef // nil: only Header is here
	Header           []byte        // the header block as received when there is no Blob
	UIDL             string        // POP3
	UIDValidity      uint32        // of the folder, IMAP
	FolderPath       string        // as the server knows it now
	FolderRole       mail.Role
	Local            bool // the folder exists on this computer only
}

// BodyWant names a message whose body is not here.
type BodyWant struct {
	ID       mail.MessageID
	UID      mail.UID
	UIDL     string
	Size     int64
	Received time.Time
}

// Blob is the bytes of a stored message, open for reading. Read and ReadAt may be mixed; one goroutine at a time for Read,
// any for ReadAt.
type Blob interface {
	io.Reader
	io.ReaderAt
	io.Closer
	Size() int64
}

// OpTarget is what one operation is about on the server: one message, or the folder itself for folder operations.
type OpTarget struct {
	Message mail.MessageID // key of OpResult.UIDs; 0 for a folder operation
	Folder  mail.FolderID  // where the message is on the server (its source)
	Path    string         // server path of Folder (of the folder itself for folder operations: its old path)
	// UIDValidity and UID name the message there. UID is 0 when it is not known (an earlier move was answered without
	// COPYUID, or UIDVALIDITY changed): find it by HeaderID and Size.
	UIDValidity uint32
	UID         mail.UID
	HeaderID    string
	Size        int64
	// Dest is the server path of Op.Folder for move, copy and append; the new path for a rename.
	Dest string
}

// OpResult is the server's answer to an operation.
type OpResult struct {
	// UIDs holds the new UIDs by OpTarget.Message where the server told (COPYUID, APPENDUID). Messages without an entry
	// are adopted by the next Ingest of the destination that shows the same Message-ID and size.
	UIDs map[mail.MessageID]mail.UID
	// Gone lists targets that were no longer on the server; their rows are removed.
	Gone []mail.MessageID
	// Kept says of an expunge that the messages could only be marked \Deleted (no UIDPLUS): they stay hidden here until
	// the server drops them.
	Kept bool
}

// Awaiting is a message that was moved, copied or appended, but whose UID in its folder is not known yet.
type Awaiting struct {
	ID       mail.MessageID
	HeaderID string
	Size     int64
	Blob     *mail.BlobRef
	Since    time.Time
	Done     bool // the operation is done; otherwise it is still pending
}

// LedgerID names a row of the POP3 ledger.
type LedgerID int64

// LedgerEntry is what is known about one message of a POP3 maildrop. It outlives the message. Times are UTC; zero means
// "not yet".
type LedgerEntry struct {
	ID       LedgerID
	Account  mail.AccountID
	UIDL     string         // "" when the server has none
	Hash     string         // SHA-256 of the bytes, lower-case hex; "" while only the header is here
	Size     int64          // bytes
	Saved    time.Time      // the whole message was committed durably
	Verified time.Time      // it was read back and its hash was right; the rule's clock starts here
	Removed  time.Time      // it was removed from the server, by whomever
	Reason   string         // why it was removed, or in LedgerDue why it is to be
	Message  mail.MessageID // 0 once the message was destroyed
	Deleted  time.Time      // it was destroyed here (Trash emptied)

	ageUnknown bool // verified while the clock was behind
}

// Reasons of LedgerEntry.Reason that the store itself gives.
const (
	ReasonAtOnce  = "at once"
	ReasonAge     = "after days"
	ReasonDeleted = "deleted here"
	ReasonGone    = "gone from the server"
	// ReasonElsewhere: the account gets its mail from another server or as somebody else. Its UIDLs say nothing of those that are listed there.
	ReasonElsewhere = "another mailbox"
)

// AsideCause is why a message was set aside, as far as it says when to ask for it again.
type AsideCause int

// Causes of a message being set aside.
const (
	AsideRefused AsideCause = iota // the server does not give it, or nobody can read what it sends
	AsideNetwork                   // the connection ended at it: most often it is not the message's fault
	AsideLarge                     // it is too large: it will be the next time, too
)

// Quarantined is a message that could not be understood or stored; the pass skips it.
type Quarantined struct {
	Folder mail.FolderID
	UID    mail.UID
	UIDL   string
	Reason string // StoredProblem reads it
	Cause  AsideCause
	Tries  int // how often it was asked for
	Since  time.Time
	Due    time.Time // when it is asked for again by itself; zero: never
	// What is known of the message; empty where not even its header could be read.
	Subject string
	From    []mail.Address
	Sent    time.Time // as its Date header says; zero: not known
	Size    int64     // in bytes, as the server says; 0: not known
	Asked   int       // how often the server was asked what the message is
}

// ID names it.
func (q Quarantined) ID() mail.SetAsideID {
	return mail.SetAsideID{Folder: q.Folder, UID: q.UID, UIDL: q.UIDL}
}

// Problem is one thing that Check found.
type Problem struct {
	Where    string // "mail.db", "blobs.db", a blob's hash, a folder's path …
	What     string // one sentence
	Repaired bool
	// Harmless problems cost space or speed only, never mail.
	Harmless bool
	// Lost is something that nobody can bring back any more, also where the rest was repaired.
	Lost bool
}

// Report is the result of Check or Repair.
type Report struct {
	Messages, Blobs, Folders int
	BytesChecked             int64
	Problems                 []Problem
	// Broken is the name of the file that a repair put aside; "" when none.
	Broken string
}

// Clean reports that nothing is wrong any more.
func (r Report) Clean() bool {
	for _, p := range r.Problems {
		if !p.Repaired && !p.Harmless {
			return false
		}
	}
	return true
}

// Lost reports that something is gone for good that was here before.
func (r Report) Lost() bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Lost })
}
