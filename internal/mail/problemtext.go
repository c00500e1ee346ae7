package mail

import (
	"encoding/json"
	"strings"
)

// partSign stands between the sentence and the parts of a stored problem. It is no text: Clean words never hold it.
const partSign = "\x1e"

// problemParts are what a window needs to tell a problem in its own language.
type problemParts struct {
	Kind  ProblemKind `json:"kind,omitempty"`
	Code  ProblemCode `json:"code,omitempty"`
	Args  []string    `json:"args,omitempty"`
	Where string      `json:"where,omitempty"`
	Said  string      `json:"said,omitempty"`
}

// Store is a problem as one text, for Op.Error and OutboxItem.Reason: its English summary, and after a sign what
// StoredProblem reads.
func (p *Problem) Store() string {
	b, err := json.Marshal(problemParts{p.Kind, p.Code, p.Args, p.Where, p.Said})
	if err != nil {
		return p.Summary
	}
	return p.Summary + partSign + string(b)
}

// StoredProblem is what Store wrote, or a text of another origin as the summary of a problem of no kind.
func StoredProblem(text string) *Problem {
	summary, rest, found := strings.Cut(text, partSign)
	p := &Problem{Summary: strings.TrimSpace(summary)}
	var parts problemParts
	if found && json.Unmarshal([]byte(rest), &parts) == nil {
		p.Kind, p.Code, p.Args, p.Where, p.Said = parts.Kind, parts.Code, parts.Args, parts.Where, parts.Said
	}
	return p
}
