package remotecontent

import "fmt"

// Reason says why a picture was not fetched.
type Reason string

// The reasons.
const (
	BadAddress   Reason = "address"   // not an http or https address, or one with tricks in it
	Private      Reason = "private"   // it lies in the user's own network
	Redirects    Reason = "redirects" // too many, or nowhere
	TooLarge     Reason = "size"      // bytes or pixels
	NotAPicture  Reason = "type"
	Refused      Reason = "status" // the server answered with an error
	TooSlow      Reason = "time"
	Unreachable  Reason = "network"
	TooManyFiles Reason = "count" // more pictures or bytes than one message may have
)

// Error is a picture that was not fetched.
type Error struct {
	URL    string
	Reason Reason
	Status int   // of an answer to Unsubscribe, with Refused
	Err    error // may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("fetch %s: %s", e.URL, e.Reason)
	}
	return fmt.Sprintf("fetch %s: %s: %v", e.URL, e.Reason, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }
