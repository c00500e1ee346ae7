package mail

// Words is what a server is asked to look for in whole messages (RFC 9051 §6.4.4, TEXT). Exactly one of its fields is set.
type Words struct {
	Text string  // stands somewhere in header or text, in any case
	All  []Words // each of them
	Any  []Words // one of them
	Not  *Words
}

// ServerFound is how far a search on servers is. It only grows.
type ServerFound struct {
	Done, Total int         // messages that servers were asked about, of those there are to ask about
	Messages    []MessageID // found so far
	Full        bool        // there may be more: no more than so many are shown
	Problems    []*Problem  // accounts whose server could not be asked
}
