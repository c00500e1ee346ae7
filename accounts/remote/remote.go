// Package remote declares what the engine may ask of a mail server, whatever protocol stands behind it. The protocol
// packages accounts/imap, accounts/pop3 and accounts/smtp implement it; package accounts opens them.
//
// Two models of receiving exist and neither pretends to be the other: Mailboxes (mail lives on the server, IMAP) and
// Maildrop (mail is fetched and the drop is then emptied by rule, POP3). A Remote is one of them; callers assert the
// interface, never the protocol. A value is used by one goroutine at a time, except where a method says otherwise.
package remote

import (
	"context"
	"errors"
	"io"
	"time"

	"peyk/internal/mail"
)

// Remote is one authenticated session with the receiving server.
type Remote interface {
	Capabilities() mail.Capabilities
	// BytesIn is the number of bytes read from the network so far (after TLS, before decompression). Any goroutine.
	BytesIn() int64
	// Close ends the session politely within a short deadline. For a Maildrop it does NOT commit deletions: Quit does.
	// Any goroutine, more than once.
	Close() error
}

// MailboxState is what SELECT said (RFC 9051 §6.3.2).
type MailboxState struct {
	Path        string
	Exists      uint32
	UIDValidity uint32
	UIDNext     mail.UID
	HighestMod  uint64 // 0: no CONDSTORE for this mailbox
	ReadOnly    bool
	// Keywords is false when the mailbox cannot store new keywords (no \* in PERMANENTFLAGS).
	Keywords bool
}

// UIDRange is an inclusive range; Last == 0 means up to the newest.
type UIDRange struct{ First, Last mail.UID }

// Since is a moment of a mailbox that a client remembers: after it everything is news.
type Since struct {
	UIDValidity uint32
	ModSeq      uint64
	// Next, which may be empty, is what the caller will most likely fetch next, as Want: messages that came since. A session asks
	// for them in the same round trip where it can; a Fetch of any of them right after finds the answers on their way.
	Next []UIDRange
	// Newest, where not nil, stands in for Next: it is not known which UIDs the messages have.
	Newest *Newest
	Want   Want
	// Then, which may be empty, are the mailboxes whose changes the caller will most likely ask for after this one, in that order. A
	// session asks about them in the same round trip where it can; a call for the first of them that asks the same finds its answers
	// on their way.
	Then []Visit
	// Sample, which may be nil, is told where that costs no round trip.
	Sample *Sample
}

// Sample asks along with something else when a few messages came and how large they are, as the server says. Told is called while the
// answer is read; a message that is gone, or of which the server does not say it, is left out.
type Sample struct {
	Of   []mail.UID
	Told func(uid mail.UID, received time.Time, size int64)
}

// Newest are the newest messages of a mailbox, whatever their UIDs.
type Newest struct {
	Skip uint32 // how many older ones there are
	// List says that the caller will ask for all UIDs before: they come in the same round trip.
	List bool
}

// Visit is a look at the changes of a mailbox. Its Then is not used.
type Visit struct {
	Path  string
	Since Since
}

// Want selects what Fetch brings.
type Want int

// The wants. Flags always come with FLAGS (and MODSEQ where known).
const (
	WantFlags     Want = iota // UID FLAGS
	WantHeader                // + INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]
	WantBody                  // + INTERNALDATE RFC822.SIZE BODY.PEEK[] (bytes exactly as on the server)
	WantContentID             // + INTERNALDATE RFC822.SIZE, and the content id; Capabilities().ContentID says that there is one
)

// Fetched is one message as the server answered. Body is valid only during the callback and must be read there.
type Fetched struct {
	mail.FlagState
	Received time.Time
	Size     int64
	// ContentID is the server's name for the bytes, the same in every folder and for ever (EMAILID of RFC 8474, Gmail's
	// X-GM-MSGID); "" where it has none. It comes with WantBody and WantContentID.
	ContentID string
	// ThreadID is the server's name for the conversation, the same in every folder of the account (THREADID of RFC 8474, Gmail's
	// X-GM-THRID); "" where it has none. It comes with every want but WantFlags.
	ThreadID string
	Header   []byte    // WantHeader
	Body     io.Reader // WantBody
	BodySize int64
}

// Poisoned names a message whose FETCH answer could not be understood; the rest was delivered. A message may have been delivered
// before it was found out: what was delivered of it does not count.
type Poisoned struct {
	UID mail.UID
	Err error
}

// Mailboxes is the connected mode. Every method that names a path selects it as needed. Methods return *Error.
type Mailboxes interface {
	Remote
	// List lists all folders with their roles (SPECIAL-USE, else well-known names in many languages) and, where the
	// server can, their STATUS.
	List(ctx context.Context) ([]mail.RemoteFolder, error)
	Select(ctx context.Context, path string) (MailboxState, error)
	// Fetch delivers the messages of the ranges in the order the server sends them. It stops at the first error of fn.
	// Messages that vanished meanwhile are simply missing.
	Fetch(ctx context.Context, path string, set []UIDRange, want Want, fn func(Fetched) error) ([]Poisoned, error)
	// FetchEach is Fetch for several sets in turn, where the next one is asked for while one still arrives. more, which may be
	// nil, is asked before each set but the first; when it says no, what was asked for is still delivered. done is how many sets
	// are complete.
	FetchEach(ctx context.Context, path string, sets [][]UIDRange, want Want, more func() bool, fn func(Fetched) error) (poisoned []Poisoned, done int, err error)
	// FetchFlags is Fetch of all messages as WantFlags. sample, which may be nil, is told in the same round trip.
	FetchFlags(ctx context.Context, path string, sample *Sample, fn func(Fetched) error) ([]Poisoned, error)
	// Changes selects path anew and delivers flag states that changed since then (CONDSTORE) and returns the UIDs that vanished when
	// QRESYNC is on; ok is false when the server cannot do it, and the caller compares WantFlags itself.
	Changes(ctx context.Context, path string, since Since, fn func(mail.FlagState) error) (vanished []UIDRange, ok bool, err error)
	// State returns what is known of the selected mailbox without asking the server: after Changes, which selects anew, it is
	// as fresh as after Select. ok is false when path is not selected.
	State(path string) (st MailboxState, ok bool)
	// UIDs returns every UID of the mailbox, ascending (UID SEARCH).
	UIDs(ctx context.Context, path string) ([]mail.UID, error)

	StoreFlags(ctx context.Context, path string, uids []mail.UID, add, remove mail.Flags) error
	// Move is for servers that can (Capabilities().Move): others copy, and the caller removes what it found copied. The map gives new UIDs where
	// the server told (COPYUID); nil otherwise.
	Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error)
	Copy(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error)
	// Expunge removes exactly these messages (UID EXPUNGE). Without UIDPLUS it only marks them \Deleted and returns
	// done == false.
	Expunge(ctx context.Context, path string, uids []mail.UID) (done bool, err error)
	// Known says by which UIDVALIDITY the caller knows a mailbox. What Move, Copy and Append tell of new UIDs there belongs to it: where the
	// server names another one with them, they are not told. Without it, and where it is 0, every one is believed.
	Known(path string, uidValidity uint32)
	// Append stores a message; the UID is 0 when the server did not tell.
	Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, body io.Reader) (mail.UID, error)
	// FindByHeaderID looks for messages by Message-ID (UID SEARCH HEADER): the move verifier and the outbox use it.
	FindByHeaderID(ctx context.Context, path, headerID string) ([]mail.UID, error)

	CreateFolder(ctx context.Context, path string) error
	RenameFolder(ctx context.Context, from, to string) error
	DeleteFolder(ctx context.Context, path string) error
	Subscribe(ctx context.Context, path string, on bool) error

	// Idle waits until something may have changed in path, at most max, or until ctx ends (then it returns nil). Without
	// IDLE it polls with NOOP every few minutes. The answer is only "look again".
	Idle(ctx context.Context, path string, max time.Duration) (changed bool, err error)
	Noop(ctx context.Context) error
}

// Nexter is a Mailboxes that can ask for messages in the round trip that opens their folder.
type Nexter interface {
	// SelectNext is Select of a mailbox of which nothing is known yet. What ask says is what the caller will most likely fetch next, the whole
	// of it in the first set. Where the server is one that keeps the order, it is asked for at once, and that Fetch finds the answers on
	// their way; so does UIDs before it, where Newest says that the UIDs are to be listed. A visit to the same mailbox in Then is what the
	// Fetch after that will want, in the same way.
	SelectNext(ctx context.Context, path string, ask Since) (MailboxState, error)
	// FetchNext is FetchEach; then, which may be nil, is asked before the last set what mailboxes the caller will most likely open after it
	// with SelectNext, in that order. Behind the last set the session asks for that where it can; a SelectNext of the first of them that
	// asks the same finds its answers on their way.
	FetchNext(ctx context.Context, path string, sets [][]UIDRange, want Want, more func() bool, then func() []Visit, fn func(Fetched) error) (poisoned []Poisoned, done int, err error)
}

// Pieces is a Mailboxes that can fetch a message in pieces: first what is read, then the rest, with room for something more urgent
// in between.
type Pieces interface {
	// Structure asks which parts a message has. An error that is not Closed says that the server's answer is of no use; nil without
	// error that the message is gone.
	Structure(ctx context.Context, path string, uid mail.UID) (*mail.Structure, error)
	// Sections fetches the bodies of some parts; what is not in the answer was not there. Where the server can, it decodes them.
	Sections(ctx context.Context, path string, uid mail.UID, want []Section) ([]SectionData, error)
	// Range delivers the bytes of a message from off to size in order, in pieces of the given size, of which two are on their way at a
	// time, as long as more says so. It returns how far it got. The error is ErrNotWhole when the message does not end at size: then
	// fetch it whole.
	Range(ctx context.Context, path string, uid mail.UID, off, size, piece int64, more func() bool, fn func([]byte) error) (int64, error)
}

// Headliner is a Mailboxes that can say what a message is that cannot be fetched.
type Headliner interface {
	// Headline asks for the lines of a header that name the message (From, Subject, Date), or, with parsed, for what the server itself has
	// read of them (ENVELOPE), as such lines. It is one command, which is never repeated: the connection may end of it. nil without error:
	// the server said nothing.
	Headline(ctx context.Context, path string, uid mail.UID, parsed bool) ([]byte, error)
}

// Searcher is a Mailboxes whose server can look for words in the texts of messages.
type Searcher interface {
	// FindText returns which messages of some ranges have the words, ascending. It may take minutes on servers without an index: ask about
	// a few thousand at a time.
	FindText(ctx context.Context, path string, among []UIDRange, w mail.Words) ([]mail.UID, error)
}

// ErrNotWhole says that a message has not the size that the server gives for it.
var ErrNotWhole = errors.New("the message has another size than the server says")

// Section asks for the beginning of the body of one part.
type Section struct {
	Number string
	Limit  int64 // bytes, as encoded
}

// SectionData is what came of a part's body. Decoded says that its transfer encoding is undone.
type SectionData struct {
	Number  string
	Body    []byte
	Decoded bool
}

// Watcher is a Mailboxes that can listen to all folders at once.
type Watcher interface {
	// Watch waits as Idle does, for a change of any folder of the account (NOTIFY, RFC 5465), with selected being the one that is
	// open meanwhile. changed are the paths of what may have changed, "" for the list of folders and whatever is in them: also what
	// the connection says first, for what came before it began to hear. ok is false, and nothing was
	// waited for, when the server cannot do it.
	Watch(ctx context.Context, selected string, max time.Duration) (changed []string, ok bool, err error)
}

// Quotas is a Mailboxes that can say how full it is.
type Quotas interface {
	// Quota asks the server (RFC 9208); At is left to the caller. ok is false when there is nothing to tell. Check
	// Capabilities().Quota first.
	Quota(ctx context.Context) (q mail.Quota, ok bool, err error)
}

// Namespaced is a Mailboxes that knows where its server keeps a user's folders (RFC 2342).
type Namespaced interface {
	// Namespace returns the prefix of the personal namespace and the delimiter of its levels: "INBOX." and "." on servers that
	// keep every folder inside the inbox, "" and "/" on most. The delimiter is "" when the server did not tell.
	Namespace() (prefix, delimiter string)
}

// Drop is one message of a maildrop (RFC 1939 §5, §7).
type Drop struct {
	Number int    // message number of this session
	UIDL   string // "" when the server has no UIDL
	Size   int64  // as LIST says; servers are often wrong
}

// Maildrop is POP3. Deletions are committed by Quit only; a connection that ends otherwise leaves everything in place.
type Maildrop interface {
	Remote
	// List returns every message. It fails, rather than return a short list, when STAT, LIST and UIDL disagree.
	List(ctx context.Context) ([]Drop, error)
	// Retrieve fetches whole messages, pipelined where the server can. fn gets them in order; body is valid during the
	// call only. The bytes are as stored on the server, CRLF line ends, dot-stuffing removed.
	Retrieve(ctx context.Context, drops []Drop, fn func(d Drop, body io.Reader) error) error
	// Top fetches the header and n body lines (TOP). Check Capabilities().Top first.
	Top(ctx context.Context, d Drop, n int) ([]byte, error)
	// Heads fetches headers (TOP n 0), pipelined where the server can, and hands them to fn in order. A message whose header the
	// server refuses to give is left out.
	Heads(ctx context.Context, drops []Drop, fn func(d Drop, head []byte) error) error
	// Delete marks messages; Quit commits. kept are those that the server refused to mark; the error is about the first of them then, and not Closed.
	Delete(ctx context.Context, drops []Drop) (kept []Drop, err error)
	// Quit commits the deletions and ends the session. An error means that it is not known whether they happened.
	Quit(ctx context.Context) error
}

// Envelope is the SMTP envelope (RFC 5321 §2.3.1).
type Envelope struct {
	From string
	Rcpt []string
	// UTF8 asks for SMTPUTF8 (RFC 6531); needed when an address or a header is not ASCII.
	UTF8 bool
	// EightBit says that the body holds bytes above 127 (BODY=8BITMIME, RFC 6152).
	EightBit bool
	Size     int64
	// Answered, unless it is nil, is told whom the server takes the message for and whom it refused, before the message is read: whatever happens after
	// that, this is known of it. It is called by Send, at most once, and not where the server took nobody.
	Answered func(Receipt)
}

// Receipt is what became of a message that the server took for at least one recipient.
type Receipt struct {
	Accepted []string
	Refused  map[string]*Error // per recipient
	Rest     []string          // those of Refused for whom the server has only no room in one Send (RFC 5321 §4.5.3.1.10)
	Reply    string            // the server's last words ("2.0.0 Ok: queued as …")
}

// Sender is a session with a sending server.
type Sender interface {
	// Send hands over one message. When no recipient was accepted it returns an error and nothing was sent. An error with
	// Uncertain set means that the connection ended after the final dot: the message may have been taken.
	Send(ctx context.Context, env Envelope, body io.Reader) (Receipt, error)
	Capabilities() mail.Capabilities
	Close() error
}

// Start is what the caller of Receive has in mind, so that a session can begin with fewer round trips. The zero value is right
// when nothing is known.
type Start struct {
	// List says that the first verb will be List: a session asks for it in the same round trip in which it gets ready.
	List bool
	// Hint is what Learn was given when a session for this account was opened last: what the server offered then.
	Hint string
	// Learn is given the hint for the next session, before Receive returns, when it is another one. It may be nil.
	Learn func(hint string)
}

// Opener opens sessions for one account; package accounts makes it, tests fake it. Safe for concurrent use.
type Opener interface {
	Receive(ctx context.Context, start Start) (Remote, error)
	Sender(ctx context.Context) (Sender, error)
}
