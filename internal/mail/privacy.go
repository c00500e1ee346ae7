package mail

import "time"

// SenderRule lets the remote images of one sender be loaded without asking.
type SenderRule struct {
	Addr string // lower case
	// Verified: only messages of which it is proven that this sender's domain sent them. Anyone can write an address into From.
	Verified bool
	Added    time.Time
}

// RemoteImages is what is fetched for a message, after the reader allowed it.
type RemoteImages struct {
	Account AccountID // whose proxy is used
	URLs    []string
	// Keep: the sender is allowed for good, so that the pictures may lie on disk for the next time.
	Keep bool
	// Private: addresses of the user's own network may be reached.
	Private bool
}

// RemoteImage is one picture that was fetched; Data is nil when it was not to be had, and Reason says why in one word
// (internal/remotecontent has them).
type RemoteImage struct {
	URL    string
	Data   []byte
	Reason string
}

// SignatureCheck is what became of one DKIM signature (RFC 6376) when it was checked on this computer.
type SignatureCheck struct {
	Domain  string    `json:"domain"`
	OK      bool      `json:"ok"`
	Reason  string    `json:"reason,omitempty"` // why not
	Checked time.Time `json:"checked"`
}

// Answer is what was answered to an invitation (PARTSTAT of RFC 5545 §3.2.12).
type Answer string

// The answers.
const (
	Accepted  Answer = "ACCEPTED"
	Tentative Answer = "TENTATIVE"
	Declined  Answer = "DECLINED"
)

// Invitation is what is remembered of an invitation that was answered.
type Invitation struct {
	Account    AccountID
	UID        string // of the event
	Recurrence string // RECURRENCE-ID when one occurrence was answered
	Sequence   int
	Start, End time.Time
	Summary    string
	Answer     Answer
	Answered   time.Time
}

// InvitationAnswer is an answer on its way: which event of which part of a message, and the words of the mail that carries it.
type InvitationAnswer struct {
	Message MessageID
	Part    string
	Event   int // index of the event in the part
	Answer  Answer
	Subject string
	Text    string
	Comment string    // for the organiser's calendar
	At      time.Time // not to be sent before; until then it can be taken back
}
