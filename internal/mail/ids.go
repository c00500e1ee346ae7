package mail

// The identifiers below are rows of the local store, never server identifiers. Zero means "none".
type (
	// AccountID names an account of this profile.
	AccountID int64
	// FolderID names a mailbox (or a local folder) of an account.
	FolderID int64
	// MessageID names one message in one folder. It stays the same when the message is moved. It is the `id` of the
	// command line. Not to be confused with the Message-ID header, which is called HeaderID here.
	MessageID int64
	// ThreadID names a conversation.
	ThreadID int64
	// OpID names a row of the operation log.
	OpID int64
	// GroupID ties together the operations that one user action caused; undo takes back a whole group.
	GroupID int64
	// DraftID names a draft that is being written.
	DraftID int64
	// OutboxID names a message that waits to be sent.
	OutboxID int64
)

// UID is an IMAP unique identifier (RFC 9051 §2.3.1.1): valid only together with the UIDVALIDITY of its mailbox.
// Zero means "not known (yet)".
type UID uint32
