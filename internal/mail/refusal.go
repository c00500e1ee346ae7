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
