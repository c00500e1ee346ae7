package mail

// Source says where the servers of an address were found, and what the user has to know of them.
type Source struct {
	Kind SourceKind // "" when nothing was found
	Name string     // of the provider, the host or the domain that said it
	Hint Hint
	Arg  string // what the hint names
	Text string // all of it in English
}

// SourceKind is a place where servers are looked for.
type SourceKind string

// The kinds.
const (
	SourceTable   SourceKind = "table"   // the built-in table, by the domain
	SourceMX      SourceKind = "mx"      // the built-in table, by the domain's mail exchanger
	SourceConfig  SourceKind = "config"  // the domain's own configuration file
	SourceMozilla SourceKind = "mozilla" // Mozilla's directory
	SourceDNS     SourceKind = "dns"     // SRV records
	SourceUsual   SourceKind = "usual"   // the usual names of servers
)

// SourceKinds lists every kind.
func SourceKinds() []SourceKind {
	return []SourceKind{SourceTable, SourceMX, SourceConfig, SourceMozilla, SourceDNS, SourceUsual}
}

// Hint is something to know about a provider, as the built-in table names it.
type Hint string

// HintOtherDomain: the DNS names servers of another domain, Source.Arg.
const HintOtherDomain Hint = "other_domain"

// hints are the English words of the hints.
var hints = map[Hint]string{
	"paid":             "Access by programs is part of the paid service.",
	"app_password":     "Create an app password in the account's security settings; the ordinary password is refused.",
	"bridge":           "Proton Mail Bridge must run on this computer; user name, password and certificate are the ones Bridge shows. Pin its certificate in the security settings.",
	"program_password": "Set a password for e-mail programs in the customer centre first.",
	"no_protocols":     "This provider has neither IMAP nor POP3: its mail can only be read with its own programs.",
	"token":            "This provider takes access tokens and no passwords, and Peyk does not fetch tokens by itself: choose xoauth2 as the method, with a password_command that prints one.",
	"code":             "Turn IMAP or POP3 on in the web settings and use the authorisation code shown there as the password.",
	"turn_on":          "Turn IMAP or POP3 on in the web settings first.",
	"turn_on_password": "Turn mail programs on in the web settings and create an app password.",
	"mail_key":         "Use a secure mail key from the profile settings as the password.",
	HintOtherDomain:    "The servers are in another domain: check that you trust %s.",
}

// Hints lists every hint, in no order.
func Hints() []Hint {
	out := make([]Hint, 0, len(hints))
	for h := range hints {
		out = append(out, h)
	}
	return out
}

// English is the hint in words; HintOtherDomain has a %s for the server. "" for a hint that does not exist.
func (h Hint) English() string { return hints[h] }
