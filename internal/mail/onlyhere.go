package mail

// OnlyHere counts what is of an account on this computer and nowhere else: it is gone when the account is removed.
type OnlyHere struct {
	Waiting  int // messages that have not been sent
	Drafts   int
	Messages int // in folders that no server has
	Changes  int // that the server does not know yet
}

// None reports whether nothing would be lost.
func (o OnlyHere) None() bool { return o == OnlyHere{} }
