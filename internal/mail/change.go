package mail

import "time"

// Change is what the store tells its subscribers after a commit. It carries ids only: readers query again.
type Change struct {
	// Reload means: something was missed or too much changed; look at everything again.
	Reload   bool
	Accounts []AccountID
	Folders  []FolderID  // counts or the list of messages of these folders changed
	Messages []MessageID // flags, bodies or placement of these messages changed
	Arrived  []MessageID // new mail (unseen, in an inbox): for notifications
	Returned []MessageID // their time of being snoozed is over
	Ops      bool        // the operation log changed
	Outbox   bool
	Drafts   bool
	Settings bool
	// Newer means: a newer Peyk has upgraded the profile, and nothing that this one writes is stored any more.
	Newer bool
}

// Phase is what an account's worker does at the moment.
type Phase string

// The phases.
const (
	PhaseIdle       Phase = "idle"
	PhaseConnecting Phase = "connecting"
	PhaseOps        Phase = "operations"
	PhaseFolders    Phase = "folders"
	PhaseReceiving  Phase = "receiving"
	PhaseSending    Phase = "sending"
	PhaseWaiting    Phase = "waiting" // IDLE, or until the next check
	PhaseOffline    Phase = "offline"
	PhaseError      Phase = "error"
)

// Progress is a worker's state, sent whenever it changes (at most ten times a second an account).
type Progress struct {
	Account AccountID
	Phase   Phase
	Folder  string
	Done    int
	Total   int // 0: not known
	// Problem is a sentence for people when something needs them or will be retried; empty when all is well.
	Problem *Problem
	// Result is set once at the end of a pass, At is when that was.
	Result *PassResult
	At     time.Time
	// Next is set with Result: when the worker tries again what failed, or else checks by the clock. Zero: never by itself.
	Next time.Time
}

// Problem is an error told to people: what happened, where, and what to do. Summary, Advice and Detail are English, for the
// command line and for the curious; Kind, Code, Args, Where and Said let a window say the same in any language.
type Problem struct {
	Account AccountID
	Summary string // one sentence, names account and server
	Advice  string // what to do
	Detail  string // protocol detail for the curious; never holds a secret
	// Kind lets a window offer the right button.
	Kind ProblemKind
	// Code says more exactly what happened, Args what its sentence names; "" when only the kind is known.
	Code  ProblemCode
	Args  []string
	Where string // the server, as host or host:port; "" when none is to blame
	Said  string // the server's own words, cleaned
	// Certificate is set with ProblemCertificate.
	Certificate *CertificateProblem
	Retrying    bool // it will be tried again without the user
	// RetryAfter is how long the server asked to be left alone; 0: it did not say.
	RetryAfter time.Duration
	// Held is set when a server refused a password: before it, the same one is tried only when the user asks for mail.
	Held time.Time
}

// ProblemKind sorts problems by what a user can do.
type ProblemKind string

// The kinds.
const (
	ProblemNetwork     ProblemKind = "network"
	ProblemAuth        ProblemKind = "auth"        // ask for the password
	ProblemCertificate ProblemKind = "certificate" // show it, offer to pin
	ProblemPlaintext   ProblemKind = "plaintext"   // refused to send a password unencrypted
	ProblemProtocol    ProblemKind = "protocol"
	ProblemServer      ProblemKind = "server" // the server refused
	ProblemDisk        ProblemKind = "disk"
	ProblemVersion     ProblemKind = "version" // the profile is of another version of Peyk
	ProblemConfig      ProblemKind = "config"
)

// CertificateProblem says who presented what, why it was not trusted, and until when it is valid.
type CertificateProblem struct {
	Host      string
	Subject   string
	Issuer    string
	NotBefore string // RFC 3339
	NotAfter  string
	SHA256    string           // fingerprint, lower-case hex: what pinning stores
	Reason    string           // half a sentence in English
	Fault     CertificateFault // the same as a name; "" for a rare one
	Names     []string
	// Vouched: an authority that is trusted confirms it, and it is refused only because another one was pinned.
	Vouched bool
}

// Pin is what Server.PinnedSHA256 becomes when the user accepts the certificate: nothing for one that an authority confirms, because the next one
// will be confirmed, too, and servers get a new one every few weeks.
func (c CertificateProblem) Pin() string {
	if c.Vouched {
		return ""
	}
	return c.SHA256
}

// PassResult is what one whole pass over an account did: the line `peyk sync --json` prints.
type PassResult struct {
	Account         string   `json:"account"`
	Protocol        string   `json:"protocol"`
	New             int      `json:"new"`      // messages that came, of every kind and into every folder
	Mail            int      `json:"new_mail"` // those of them that are new mail: unread, and no draft, sent copy, spam or what was thrown away
	Updated         int      `json:"updated"`
	Removed         int      `json:"removed"`
	RemovedOnServer int      `json:"removed_on_server"`
	Sent            int      `json:"sent"`
	Failed          []string `json:"failed"`
	BytesIn         int64    `json:"bytes_in"`
	DurationMS      int64    `json:"duration_ms"`
	Late            []Late   `json:"late,omitempty"` // what was sent later than the user chose
	// Discarded are drafts that are here no more because another device has discarded or sent them.
	Discarded []DiscardedDraft `json:"discarded,omitempty"`
}

// DiscardedDraft is a draft that was thrown away or sent with another device, and whose text lies in no folder as it was here. RestoreDraft brings it back.
type DiscardedDraft struct {
	ID      DraftID `json:"id"`
	Subject string  `json:"subject"`
}

// Late is a message that was sent later than at the time that the user chose for it: the computer was off then, or the server was not reached.
type Late struct {
	Subject string    `json:"subject"`
	Planned time.Time `json:"planned"`
	Sent    time.Time `json:"sent"`
}

// Did reports whether the pass changed anything, here or on a server.
func (r PassResult) Did() bool {
	return r.New+r.Updated+r.Removed+r.RemovedOnServer+r.Sent+len(r.Discarded) > 0
}
