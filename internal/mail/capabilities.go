package mail

// Capabilities is what a remote can do; the window and the engine ask it instead of asking for a protocol.
type Capabilities struct {
	Folders     bool // more than one mailbox, can be created and renamed
	ServerFlags bool // flags live on the server
	Push        bool // new mail is announced (IDLE)
	PushAll     bool // in all folders over one connection (NOTIFY)
	Move        bool // atomic move (RFC 6851)
	UIDPlus     bool // RFC 4315: COPYUID, APPENDUID, UID EXPUNGE
	CondStore   bool
	QResync     bool
	SpecialUse  bool
	ListStatus  bool
	Compress    bool
	Quota       bool
	ContentID   bool // messages have names that stand for their bytes (OBJECTID, Gmail's X-GM-MSGID)
	UIDL        bool // POP3
	Top         bool // POP3
	Pipelining  bool
	UTF8        bool
	// MaxMessage is the largest message that a sending server takes, bytes (SIZE, RFC 1870); 0 when it names no limit.
	MaxMessage int64
	SASL       []string
	// Raw is the server's own words, for the doctor and for bug reports.
	Raw []string
}
