package mail

import "strings"

// Structure is what a server says of the parts of a message (BODYSTRUCTURE, RFC 9051 §7.5.2): enough to fetch the text and leave the
// files for later. It is a stranger's word: sizes may be wrong, everything may be missing.
type Structure struct {
	Number      string // as IMAP counts: "1", "2.1"; "" for a multipart at the top
	Type        string // "text/plain", lower case
	Params      []Param
	Disposition string // lower case, "" for none
	FileParams  []Param
	Encoding    string // lower case
	ContentID   string // as in the header, with angle brackets
	Location    string // Content-Location
	Size        int64  // bytes as encoded
	Children    []*Structure
}

// Param is a parameter of Content-Type or Content-Disposition, as it stands in the header ("filename*0*" and the like included).
type Param struct{ Name, Value string }

// Multipart reports whether it consists of other parts. Those of an attached message are not among Children.
func (s *Structure) Multipart() bool { return strings.HasPrefix(s.Type, "multipart/") }

// Walk visits s and everything below, in order.
func (s *Structure) Walk(f func(*Structure)) {
	f(s)
	for _, c := range s.Children {
		c.Walk(f)
	}
}

// Arrival is how far a message is that somebody waits for.
type Arrival struct {
	Done, Total int64 // bytes
	// Readable counts what can be read of it before all is here: it grows when the text, and when pictures of the text have come. Then
	// Opener.Content has them, and says Partial.
	Readable int
}
