package mail

// Refusal is an error for what cannot be done as the user wants it, with a code, so that a window can say it in the language of its user.
type Refusal struct {
	Code ProblemCode
	Args []string
	Text string // in English
}

// Error implements error.
func (r *Refusal) Error() string { return r.Text }

// Problem tells the refusal to people.
func (r *Refusal) Problem() *Problem { return &Problem{Code: r.Code, Args: r.Args, Summary: r.Text} }

// UnreadFiles is returned by what stores a draft when files that were attached to it cannot be read any more. The draft is stored with
// everything else.
type UnreadFiles struct {
	Paths []string
	Err   error // of the first
}

// Error implements error.
func (u *UnreadFiles) Error() string { return "attach " + u.Paths[0] + ": " + u.Err.Error() }

func (u *UnreadFiles) Unwrap() error { return u.Err }
