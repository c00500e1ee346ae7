package mail

import "time"

// BlobRef names the bytes of a message as received. Hash is the lower-case hex SHA-256 of the bytes.
type BlobRef struct {
	Hash string
	Size int64
}

// Row is what a message list shows, and what `peyk list --json` prints.
type Row struct {
	ID       MessageID
	Account  AccountID
	Folder   FolderID
	Thread   ThreadID
	HeaderID string // Message-ID without angle brackets
	Subject  string
	From     []Address
	To       []Address
	Date     time.Time // the Date header where it makes sense, else Received
	Received time.Time // INTERNALDATE, or the moment of the download
	Size     int64     // bytes on the server
	Flags    Flags     // pending operations laid over
	// Attachments is the number of real attachments (inline images not counted).
	Attachments int
	Snippet     string // one line of the text, at most 200 runes, no line breaks
	HasBody     bool   // the whole message is here, readable offline
	UID         UID
	Failed      string // outbox rows: why it was not sent
	// Snoozed is until when lists leave the message out; zero: they do not. Returned is when it came back from that, its place in lists by date;
	// zero: its place is that of Date.
	Snoozed, Returned time.Time
	// Group is set in lists of conversations, for those of several messages. The row is the newest of them then, but unread when
	// any is, starred when any is, and with all their attachments.
	Group *Group
	// Nested is set in a list of conversations for the messages below the row of one that is unfolded.
	Nested Nesting
}

// Listed is the date by which a message stands in lists.
func (r Row) Listed() time.Time {
	if !r.Returned.IsZero() {
		return r.Returned
	}
	return r.Date
}

// SnoozedCount is how many messages of a folder are snoozed, and how many of these are unread.
type SnoozedCount struct{ Total, Unread int }

// Nesting is where a message below the row of its conversation lies.
type Nesting int

// The nestings.
const (
	NestedNot       Nesting = iota // a row of its own
	NestedHere                     // in the folder that is listed
	NestedElsewhere                // in another folder: an answer in Sent
)

// Members are the messages that a row of a list stands for.
func (r Row) Members() []MessageID {
	if r.Group != nil {
		return r.Group.Messages
	}
	return []MessageID{r.ID}
}

// Group is a conversation as far as it lies in one folder.
type Group struct {
	Messages    []MessageID // oldest first
	Unread      int         // how many of them are unread
	FirstUnread MessageID   // the oldest unread one, 0 for none
	// From are the writers of the newest messages and To their recipients, each once, those of newer messages first.
	From, To []Participant
}

// Participant is someone who takes part in a conversation.
type Participant struct {
	Address
	Unread bool // something by (of recipients: to) them is unread
}

// Unread reports whether \Seen is missing.
func (r Row) Unread() bool { return !r.Flags.Has(FlagSeen) }

// Starred reports whether \Flagged is set.
func (r Row) Starred() bool { return r.Flags.Has(FlagFlagged) }

// Summary is what parsing a message at ingest finds out for lists, threads, contacts and search. The store keeps it; it
// never parses by itself.
type Summary struct {
	HeaderID    string
	InReplyTo   []string
	References  []string
	Subject     string // decoded, one line
	From        []Address
	To          []Address
	Cc          []Address
	Bcc         []Address
	ReplyTo     []Address
	Date        time.Time // zero when the header is missing or makes no sense
	ListID      string
	Attachments []Attachment // real ones and inline ones
	Snippet     string
	// Text is the readable text of the whole message for the search index (HTML stripped), at most 1 MB. Empty when only
	// the header is here.
	Text     string
	Warnings []string // what was wrong with the message, in English sentences
	// Words is what the search index gets of all this, made by store.Words; nil: the store makes it. With it Text is not needed
	// any more.
	Words []byte
}

// Incoming is a message (or only its header) on its way into the store.
type Incoming struct {
	UID      UID    // IMAP
	UIDL     string // POP3; "" otherwise
	Flags    Flags
	Received time.Time
	Size     int64 // on the server, bytes
	ModSeq   uint64
	// ServerThread is the server's name for the conversation; "" where it has none.
	ServerThread string
	Summary      Summary
	// Blob is set when the whole message is in the blob store already; it was committed durably before.
	Blob *BlobRef
	// Header holds the header block as received when there is no Blob.
	Header []byte
	// Adopted is set by Ingest: it is what an operation brought there, and was here before.
	Adopted bool
}

// FlagState is what a server said about one message.
type FlagState struct {
	UID    UID
	Flags  Flags
	ModSeq uint64
}

// Attachment describes a part that a user could save.
type Attachment struct {
	Part        string // IMAP-style part number, "2.1"
	Filename    string // decoded, cleaned of paths and control characters; never empty for a real attachment
	ContentType string // "image/png", lower case, no parameters
	ContentID   string // without angle brackets
	Size        int64  // decoded bytes
	Inline      bool   // referenced by the HTML, or disposition inline with a displayable type
	Risky       bool   // a type that can run
	Tricky      bool   // the name as it was sent held characters that hide its real ending; they were taken out
}

// HeaderField is one header line, name as received, value decoded and unfolded.
type HeaderField struct{ Name, Value string }

// Content is a message opened for reading.
type Content struct {
	Row     Row
	Cc, Bcc []Address
	ReplyTo []Address
	Sender  []Address
	Headers []HeaderField
	// Text is the readable text: the text/plain part, or the HTML as text. format=flowed is already unfolded to one line
	// a paragraph; quoted lines keep their "> " marks.
	Text     string
	TextHTML bool // Text was made from HTML
	HTML     string
	// Attachments holds every part that can be saved, inline ones included.
	Attachments []Attachment
	References  []string
	InReplyTo   []string
	// Report is set for delivery reports and receipts; Text and HTML hold what the server wrote, not what Report says.
	Report   *Report
	Warnings []Warning // what was wrong with the message
	// Signatures are what checking the DKIM signatures on this computer found; nil: they were not checked here.
	Signatures []SignatureCheck
	// Partial is true when only the header is here; the body is a Want away.
	Partial bool
}
