package mail

// ProblemCode names what exactly went wrong, so that a window can say it in the language of its user. Where a code stands,
// Problem.Args are what the sentence names; Problem.Where is the server in all of them.
type ProblemCode string

// The codes, with their arguments.
const (
	CodeNoHost        ProblemCode = "no_host"         // no server has this name: host
	CodeLookup        ProblemCode = "lookup"          // the name could not be looked up: host
	CodeNoAnswer      ProblemCode = "no_answer"       // nothing answers on the port: host, port
	CodeNoRoute       ProblemCode = "no_route"        // no way to the server from this network: host
	CodeTimeout       ProblemCode = "timeout"         // no answer in time: seconds
	CodeHungUp        ProblemCode = "hung_up"         // the server closed the connection
	CodeProxy         ProblemCode = "proxy"           // the proxy did not do it
	CodeCertificate   ProblemCode = "certificate"     // the certificate is not trusted; Problem.Certificate says more
	CodeNotTLS        ProblemCode = "not_tls"         // the port does not speak TLS from the start: port
	CodeWantsTLS      ProblemCode = "wants_tls"       // the port wants TLS from the start: port
	CodeHandshake     ProblemCode = "handshake"       // the TLS handshake failed
	CodeOldTLS        ProblemCode = "old_tls"         // only encryption older than TLS 1.2
	CodeNoSTARTTLS    ProblemCode = "no_starttls"     // STARTTLS is demanded and not offered
	CodePortal        ProblemCode = "portal"          // somebody else answers in the server's place, perhaps the login page of a network
	CodeOtherCert     ProblemCode = "other_cert"      // the server shows another certificate than the one that was pinned
	CodeDowngraded    ProblemCode = "downgraded"      // the server used to offer encryption and does not any more
	CodeInjected      ProblemCode = "injected"        // something came before the encryption, perhaps from in between
	CodePlaintext     ProblemCode = "plaintext"       // the password was not sent over a connection without encryption
	CodeCAFile        ProblemCode = "ca_file"         // the file of certificate authorities cannot be used
	CodeSettings      ProblemCode = "settings"        // the settings cannot work
	CodeWrongProtocol ProblemCode = "wrong_protocol"  // the port speaks another protocol: wanted protocol
	CodeNoUser        ProblemCode = "no_user"         // no user name is set
	CodeNoOutgoing    ProblemCode = "no_outgoing"     // the account has no server for sending
	CodeMethod        ProblemCode = "method"          // no login method fits what the server offers
	CodeNoPassword    ProblemCode = "no_password"     // no password is stored
	CodeSecret        ProblemCode = "secret"          // the password could not be fetched
	CodeCharacters    ProblemCode = "characters"      // the user name or the password cannot be sent as it is
	CodeLocked        ProblemCode = "locked"          // the password file is locked
	CodeExpired       ProblemCode = "expired"         // the password has expired
	CodeWebLogin      ProblemCode = "web_login"       // the provider wants a login on its web page first
	CodeAppPassword   ProblemCode = "app_password"    // the provider wants an app password instead of the ordinary one
	CodeWholeName     ProblemCode = "whole_name"      // the password was refused, and the user name is a whole address already
	CodeToken         ProblemCode = "token"           // the access token was refused
	CodeTokenOnly     ProblemCode = "token_only"      // the provider takes access tokens and no passwords
	CodeSwitchedOff   ProblemCode = "switched_off"    // the provider has switched access for mail programs off
	CodeNeedsLogin    ProblemCode = "needs_login"     // the server for sending wants a login
	CodeAlert         ProblemCode = "alert"           // the server wants the user to read something
	CodeBusy          ProblemCode = "busy"            // another program holds the mailbox
	CodeLater         ProblemCode = "later"           // the server asks to wait
	CodeMailboxFull   ProblemCode = "mailbox_full"    // no space left on the server
	CodeNearlyFull    ProblemCode = "nearly_full"     // little space is left on the server: percent used
	CodeCharset       ProblemCode = "charset"         // the server cannot search for words in these letters
	CodeTooBig        ProblemCode = "too_big"         // the message is larger than the server takes; args, where known: its size and the most, bytes
	CodeNUL           ProblemCode = "nul"             // the message holds NUL bytes, which the server cannot store
	CodeNoRecipient   ProblemCode = "no_recipient"    // the server knows no such address
	CodeRecipientFull ProblemCode = "recipient_full"  // the recipient's mailbox takes no more
	CodePolicy        ProblemCode = "policy"          // the server does not want this message from here
	CodeExists        ProblemCode = "exists"          // a folder of this name is there
	CodeGone          ProblemCode = "gone"            // the folder is not on the server
	CodeNotAllowed    ProblemCode = "not_allowed"     // the server does not allow it
	CodeHasChildren   ProblemCode = "has_children"    // the folder has folders in it
	CodeUnseenMail    ProblemCode = "unseen_mail"     // the folder has messages that nobody here has seen
	CodeFlat          ProblemCode = "flat"            // no folders can be made in a folder: its path
	CodeFolderName    ProblemCode = "folder_name"     // no folder can have this name
	CodeTagName       ProblemCode = "tag_name"        // no tag can have this name: tag
	CodeAccountName   ProblemCode = "account_name"    // there is an account of that name already: name
	CodeNotWhole      ProblemCode = "not_whole"       // the message has not been fetched whole yet
	CodeNoUndo        ProblemCode = "no_undo"         // what was deleted for good cannot be brought back
	CodeUncertain     ProblemCode = "uncertain"       // a message may or may not have been sent
	CodePartly        ProblemCode = "partly"          // sent, but not to all: subject, refused addresses
	CodeSetAside      ProblemCode = "set_aside"       // a message could not be read and stays on the server
	CodeSetAsideNamed ProblemCode = "set_aside_named" // the same, and its server said what it is: subject and sender
	CodeSetAsideMore  ProblemCode = "set_aside_more"  // more of them than are told one by one: how many
	CodeUnverified    ProblemCode = "unverified"      // a message cannot be read back and stays on the server
	CodeNotStored     ProblemCode = "not_stored"      // the server did not store a message; it is in a local folder: folder
	CodeTakenBack     ProblemCode = "taken_back"      // the user took the message back before it was sent
	CodeWebDown       ProblemCode = "web_down"        // a web server cannot be reached
	CodeWebUnproven   ProblemCode = "web_unproven"    // a web server could not prove its name
	CodeWebRefused    ProblemCode = "web_refused"     // a web server did not do what it was asked: its status
	CodeWebElsewhere  ProblemCode = "web_elsewhere"   // a web server wants a page to be opened instead
	CodeWebUnknown    ProblemCode = "web_unknown"     // a web server was asked and nobody knows its answer
	CodeWebPrivate    ProblemCode = "web_private"     // a web address lies in the user's own network
	CodeWebAddress    ProblemCode = "web_address"     // a web address cannot be used
	CodeDiskFull      ProblemCode = "disk_full"
	CodeDisk          ProblemCode = "disk"     // the disk cannot be read or written
	CodeCorrupt       ProblemCode = "corrupt"  // stored data is damaged
	CodeNewer         ProblemCode = "newer"    // the profile is of a newer Peyk
	CodeUpgraded      ProblemCode = "upgraded" // a newer Peyk has upgraded the profile while this one had it open
	CodeInUse         ProblemCode = "in_use"   // the profile is of an older Peyk, and another process has it open
)

// ProblemCodes lists every code.
func ProblemCodes() []ProblemCode {
	return []ProblemCode{CodeNoHost, CodeLookup, CodeNoAnswer, CodeNoRoute, CodeTimeout, CodeHungUp, CodeProxy, CodeCertificate, CodeNotTLS,
		CodeWantsTLS, CodeHandshake, CodeOldTLS, CodeNoSTARTTLS, CodePortal, CodeOtherCert, CodeDowngraded, CodeInjected, CodePlaintext, CodeCAFile, CodeSettings, CodeWrongProtocol,
		CodeNoUser, CodeNoOutgoing, CodeMethod, CodeNoPassword, CodeSecret, CodeCharacters, CodeLocked, CodeExpired, CodeWebLogin, CodeAppPassword, CodeWholeName, CodeToken, CodeTokenOnly, CodeSwitchedOff, CodeNeedsLogin, CodeAlert, CodeBusy, CodeLater,
		CodeMailboxFull, CodeNearlyFull, CodeCharset, CodeTooBig, CodeNUL, CodeNoRecipient, CodeRecipientFull, CodePolicy, CodeExists, CodeGone, CodeNotAllowed, CodeHasChildren, CodeUnseenMail, CodeFlat, CodeFolderName, CodeTagName, CodeAccountName, CodeNotWhole, CodeNoUndo, CodeUncertain, CodePartly, CodeSetAside, CodeSetAsideNamed, CodeSetAsideMore,
		CodeUnverified, CodeNotStored, CodeTakenBack,
		CodeWebDown, CodeWebUnproven, CodeWebRefused, CodeWebElsewhere, CodeWebUnknown, CodeWebPrivate, CodeWebAddress, CodeDiskFull, CodeDisk, CodeCorrupt, CodeNewer, CodeUpgraded, CodeInUse}
}

// CertificateFault names why a certificate was not trusted.
type CertificateFault string

// The faults.
const (
	CertOtherName     CertificateFault = "other_name"     // it names other servers
	CertNoName        CertificateFault = "no_name"        // it names none
	CertNotYet        CertificateFault = "not_yet"        // it is not valid yet
	CertExpired       CertificateFault = "expired"        // it is not valid any more
	CertIssuerExpired CertificateFault = "issuer_expired" // the one above it is not valid any more
	CertSelfSigned    CertificateFault = "self_signed"    // nobody else vouches for it
	CertUnknownIssuer CertificateFault = "unknown_issuer" // who vouches for it is not known here
	CertNotPinned     CertificateFault = "not_pinned"     // another one was pinned
)

// CertificateFaults lists every fault.
func CertificateFaults() []CertificateFault {
	return []CertificateFault{CertOtherName, CertNoName, CertNotYet, CertExpired, CertIssuerExpired, CertSelfSigned, CertUnknownIssuer, CertNotPinned}
}
