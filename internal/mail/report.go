package mail

// Report is a delivery status (RFC 3464) or a disposition notification (RFC 8098) as data.
type Report struct {
	Kind       string // "delivery", "disposition" or "feedback" (RFC 5965)
	Reporter   string // the server, or the reading agent
	Recipients []ReportRecipient
	// OriginalID is the Message-ID of the message it is about, when the report tells.
	OriginalID string
}

// ReportRecipient is what became of one recipient.
type ReportRecipient struct {
	Addr       string // of feedback: who or what it is about, the sender, domain or host of the message
	Action     string // failed, delayed, delivered, relayed, expanded; displayed, deleted, … for dispositions; abuse, fraud, … for feedback
	Status     string // "5.1.1"
	Reason     ReportReason
	Diagnostic string // the words of the other server
}

// ReportReason is why, after the enhanced status code (RFC 3463), for windows that say it in their language; "" when the
// code says nothing.
type ReportReason string

// The reasons.
const (
	ReasonNoMailbox   ReportReason = "no_mailbox"   // the mailbox does not exist
	ReasonNoDomain    ReportReason = "no_domain"    // the domain does not exist
	ReasonBadAddress  ReportReason = "bad_address"  // the address is not valid
	ReasonMoved       ReportReason = "moved"        // the mailbox has moved
	ReasonTakesNone   ReportReason = "takes_none"   // the domain takes no mail
	ReasonOff         ReportReason = "off"          // the mailbox is switched off
	ReasonFull        ReportReason = "full"         // the mailbox is full
	ReasonTooLarge    ReportReason = "too_large"    // the message is too large
	ReasonNoAnswer    ReportReason = "no_answer"    // the other server did not answer
	ReasonBroke       ReportReason = "broke"        // the connection broke
	ReasonNoServer    ReportReason = "no_server"    // the server could not be found
	ReasonExpired     ReportReason = "expired"      // it could not be delivered in time
	ReasonTooMany     ReportReason = "too_many"     // there are too many recipients
	ReasonContent     ReportReason = "content"      // the content was not accepted
	ReasonRefused     ReportReason = "refused"      // the other server refused the message
	ReasonPolicy      ReportReason = "policy"       // it was refused for reasons of security or policy
	ReasonAddress     ReportReason = "address"      // there is something wrong with the address
	ReasonMailbox     ReportReason = "mailbox"      // there is something wrong with the mailbox
	ReasonSystem      ReportReason = "system"       // the other mail system has a problem
	ReasonWay         ReportReason = "way"          // there was a problem on the way
	ReasonNotSpeaking ReportReason = "not_speaking" // the servers did not understand each other
)
