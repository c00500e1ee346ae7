package mail

import "errors"

// ErrPassphrase says that the passphrase of the password file is wrong.
var ErrPassphrase = errors.New("this is not the passphrase of the password file")

// Secrets are the passwords of one account on their way to the keyring; never stored, never logged.
type Secrets struct{ Incoming, Outgoing string }

// NoEncryption is what stands after the place of a TestStep, in parentheses, when the connection has none.
const NoEncryption = "no encryption"

// TestStep is one line of a connection test.
type TestStep struct {
	Side  ServerSide
	Step  string // "find", "connect", "tls", "login", "send"
	Where string // host:port (TLS)
	OK    bool
	// Problem explains a step that failed; Note adds what is worth knowing when it went well.
	Problem *Problem
	Note    string
	// Found is what the session showed after the login, as a proof for the user: "messages", "folders" with N of them, or
	// "nologin" when the server wants none; "" when Note says something else.
	Found string
	N     int
}

// SecretStoreInfo says where passwords are kept.
type SecretStoreInfo struct {
	Kind   string // "keyring" | "file" | "memory"
	Locked bool   // the file needs its passphrase
	New    bool   // the file does not exist yet: the passphrase will be a new one
	Detail string
}

// ReplyKind is what kind of answer a draft is.
type ReplyKind string

// The kinds.
const (
	ReplySender     ReplyKind = "reply"
	ReplyAll        ReplyKind = "reply_all"
	ReplyList       ReplyKind = "reply_list"
	ForwardInline   ReplyKind = "forward"
	ForwardAttached ReplyKind = "forward_attached"
	AsNew           ReplyKind = "as_new"   // no answer: the same once more, to be edited
	Redirect        ReplyKind = "redirect" // the message itself goes on, as it is (RFC 5322 §3.6.6)
)
