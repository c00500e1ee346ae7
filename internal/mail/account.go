package mail

import "strings"

// Protocol is how an account receives mail.
type Protocol string

// The protocols.
const (
	IMAP Protocol = "imap"
	POP3 Protocol = "pop3"
)

// Security is how a connection is protected.
type Security string

// The ways.
const (
	SecurityTLS      Security = "tls"
	SecuritySTARTTLS Security = "starttls" // required: a server that does not offer it is an error
	SecurityNone     Security = "none"     // outgoing on port 25: STARTTLS where offered; no password without AllowPlaintext
)

// AuthMethod picks the SASL mechanism; AuthAuto takes the best the server offers.
type AuthMethod string

// The methods.
const (
	AuthAuto        AuthMethod = "auto"
	AuthPlain       AuthMethod = "plain"
	AuthLogin       AuthMethod = "login"
	AuthCRAMMD5     AuthMethod = "cram-md5"
	AuthSCRAMSHA256 AuthMethod = "scram-sha-256"
	AuthXOAUTH2     AuthMethod = "xoauth2"
	AuthOAuthBearer AuthMethod = "oauthbearer"
	AuthNone        AuthMethod = "none" // a relay without login
)

// Server is one end point with everything needed to reach it. It never holds a password.
type Server struct {
	Host     string     `toml:"host" json:"host"`
	Port     int        `toml:"port,omitempty" json:"port"` // 0: the default of protocol and security
	Security Security   `toml:"security,omitempty" json:"security"`
	Username string     `toml:"username,omitempty" json:"username"`
	Auth     AuthMethod `toml:"auth,omitempty" json:"auth"`
	// PasswordCommand is run without a shell; its first output line is the password. CommandDir is its working directory.
	PasswordCommand []string `toml:"password_command,omitempty" json:"password_command,omitempty"`
	CommandDir      string   `toml:"-" json:"command_dir,omitempty"`
	PasswordEnv     string   `toml:"password_env,omitempty" json:"password_env,omitempty"`
	CAFile          string   `toml:"ca_file,omitempty" json:"ca_file,omitempty"` // extra trust root, PEM
	// PinnedSHA256 is the fingerprint of a certificate the user accepted: trusted whatever its chain or name says.
	PinnedSHA256   string `toml:"pinned_sha256,omitempty" json:"pinned_sha256,omitempty"`
	AllowPlaintext bool   `toml:"allow_plaintext,omitempty" json:"allow_plaintext,omitempty"`
	TimeoutSeconds int    `toml:"timeout_seconds,omitempty" json:"timeout_seconds"` // 10 to 600; 0: 60
	// OfferedTLS says that this server offered STARTTLS at an earlier time, so that without it nothing is sent to it. The engine
	// sets it from what it remembers; it is no setting.
	OfferedTLS bool `toml:"-" json:"-"`
	// Proxy is socks5://[user:pass@]host:port or http://host:port (CONNECT); "": direct.
	Proxy string `toml:"proxy,omitempty" json:"proxy,omitempty"`
}

// SameMailbox reports whether two settings lead to the same mailbox, as far as they tell: the same user of the same server.
func (s Server) SameMailbox(t Server) bool {
	return strings.EqualFold(s.Host, t.Host) && s.Username == t.Username
}

// POP3Options are the delivery rules of a POP3 account.
type POP3Options struct {
	LeaveOnServer      bool   `toml:"leave_on_server" json:"leave_on_server"`
	RemoveAfterDays    int    `toml:"remove_after_days" json:"remove_after_days"` // 0: never; counted from the verified local save
	RemoveWhenDeleted  bool   `toml:"remove_when_deleted" json:"remove_when_deleted"`
	HeadersOnlyAboveKB int    `toml:"headers_only_above_kb" json:"headers_only_above_kb"` // 0: always whole messages
	Folder             string `toml:"folder,omitempty" json:"folder,omitempty"`           // local folder; "": Inbox
}

// Removal is what the next check of a POP3 account removes from its server.
type Removal struct {
	Here    []Row // messages that stay here
	Deleted int   // how many more were deleted here: once off the server they are nowhere
}

// Total is how many messages go.
func (r Removal) Total() int { return len(r.Here) + r.Deleted }

// DeleteModel is what deletion does in an IMAP account.
type DeleteModel string

// The models.
const (
	DeleteToTrash DeleteModel = "trash"
	DeleteMark    DeleteModel = "mark"    // \Deleted, hidden here, expunged when asked
	DeleteExpunge DeleteModel = "expunge" // \Deleted and UID EXPUNGE at once
)

// IMAPOptions are the settings of an IMAP account.
type IMAPOptions struct {
	OfflineDays    int         `toml:"offline_days" json:"offline_days"` // 0: keep everything; n: bodies of n days; -1: on demand
	DeleteModel    DeleteModel `toml:"delete_model,omitempty" json:"delete_model"`
	RootFolder     string      `toml:"root_folder,omitempty" json:"root_folder,omitempty"`
	SubscribedOnly bool        `toml:"subscribed_only,omitempty" json:"subscribed_only,omitempty"`
	NoIdle         bool        `toml:"no_idle,omitempty" json:"no_idle,omitempty"`
	EmptyTrashExit bool        `toml:"empty_trash_on_exit,omitempty" json:"empty_trash_on_exit,omitempty"`
	ExpungeOnExit  bool        `toml:"expunge_on_exit,omitempty" json:"expunge_on_exit,omitempty"`
	MaxConnections int         `toml:"max_connections,omitempty" json:"max_connections"` // 0: 4
	// Roles maps a role to the path of its folder where the user chose another than the server says.
	Roles map[Role]string `toml:"roles,omitempty" json:"roles,omitempty"`
}

// CheckOptions say when an account is checked.
type CheckOptions struct {
	AtStart      bool `toml:"at_start" json:"at_start"`
	EveryMinutes int  `toml:"every_minutes" json:"every_minutes"` // 0: only on demand (and by IDLE)
}

// Identity is a sender the user can write as.
type Identity struct {
	Name      string `toml:"name" json:"name"`
	Addr      string `toml:"email" json:"email"`
	ReplyTo   string `toml:"reply_to,omitempty" json:"reply_to,omitempty"`
	Signature string `toml:"signature,omitempty" json:"signature,omitempty"`
	// SignatureHTML is the signature with its formatting, as package richtext writes it; Signature says the same in words.
	SignatureHTML string `toml:"signature_html,omitempty" json:"signature_html,omitempty"`
	// PlainText: messages of this identity are written as text alone.
	PlainText bool   `toml:"plain_text,omitempty" json:"plain_text,omitempty"`
	Bcc       string `toml:"bcc,omitempty" json:"bcc,omitempty"` // put into Bcc of what is written under it
}

// Outgoing is the sending side.
type Outgoing struct {
	Server
	SaveSent bool `toml:"save_sent" json:"save_sent"`
	// SentFolder is where copies go; "": the folder with RoleSent.
	SentFolder string `toml:"sent_folder,omitempty" json:"sent_folder,omitempty"`
}

// Account is everything the user set for one account. No secrets are in it.
type Account struct {
	ID          AccountID    `toml:"-" json:"id"`
	Name        string       `toml:"name" json:"name"` // unique in the profile
	Email       string       `toml:"email" json:"email"`
	DisplayName string       `toml:"display_name" json:"display_name"`
	Protocol    Protocol     `toml:"-" json:"protocol"`
	Incoming    Server       `toml:"-" json:"incoming"`
	POP3        POP3Options  `toml:"pop3" json:"pop3"`
	IMAP        IMAPOptions  `toml:"imap" json:"imap"`
	Outgoing    Outgoing     `toml:"outgoing" json:"outgoing"`
	Check       CheckOptions `toml:"check" json:"check"`
	Identities  []Identity   `toml:"identities" json:"identities"` // never empty after validation: the first is the default
	Disabled    bool         `toml:"-" json:"disabled,omitempty"`
	// Mailbox counts the mailboxes that the account has had: it grows when it is given another server or user. The store keeps it; it is no setting.
	Mailbox int `toml:"-" json:"mailbox,omitempty"`
}

// Local reports whether the account is only a place for mail on this computer, such as what was imported before there was any other: it has no
// servers, so nothing can be received or sent with it.
func (a Account) Local() bool { return a.Disabled && a.Incoming.Host == "" && a.Outgoing.Host == "" }

// ServerSide tells which of an account's two servers is meant.
type ServerSide string

// The sides.
const (
	SideIncoming ServerSide = "incoming"
	SideOutgoing ServerSide = "outgoing"
)
