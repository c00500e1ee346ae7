package mail

import (
	"net/url"
	"time"
)

// Unsubscription is what is remembered of a server that was asked by one request to take the reader off a list (RFC 8058).
type Unsubscription struct {
	URL     string // where the request went; it names the reader and the list, and so the unsubscription
	Account AccountID
	Message MessageID // that offered it; it may be gone
	Subject string    // of that message
	Sender  Address
	At      time.Time // when the server was asked last
	State   UnsubscribeState
	Reason  string // why it failed, see StoredProblem
}

// UnsubscribeState is how far an Unsubscription is.
type UnsubscribeState string

// The states.
const (
	UnsubscribeAsked  UnsubscribeState = "asked" // the request is under way
	UnsubscribeDone   UnsubscribeState = "done"  // the server accepted
	UnsubscribeFailed UnsubscribeState = "failed"
)

// Host is the server that learns of it, "" when the URL is none.
func (u Unsubscription) Host() string {
	parsed, err := url.Parse(u.URL)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}
