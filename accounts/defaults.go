package accounts

import (
	"path/filepath"
	"strings"

	"peyk/accounts/dial"
	"peyk/internal/mail"
)

// What a new account begins with.
const (
	DefaultTimeoutSeconds = 60
	DefaultEveryMinutes   = 10
	DefaultMaxConnections = 4
)

// New returns an account for an address with every setting at its default; only the servers are missing.
func New(email string, proto mail.Protocol) mail.Account {
	email = strings.TrimSpace(email)
	return Defaults(mail.Account{
		Name: email, Email: email, Protocol: proto,
		POP3:     mail.POP3Options{LeaveOnServer: true},
		Outgoing: mail.Outgoing{SaveSent: true},
		Check:    mail.CheckOptions{AtStart: true, EveryMinutes: DefaultEveryMinutes},
	})
}

// Local is the account that holds mail of none: imported into a profile without any other, or found by a repair. It has no servers and is never
// synchronised.
func Local() mail.Account {
	return Defaults(mail.Account{Name: "Local", Email: "local@localhost", Protocol: mail.POP3, Disabled: true})
}

// Defaults fills in what is left out: security by port, port by security, user names by address, and so on. It never
// changes what is set. Booleans are taken as they are; New and Load know their defaults.
func Defaults(a mail.Account) mail.Account {
	if a.Protocol == "" {
		a.Protocol = protocolOf(a.Incoming.Port)
	}
	a.Email = strings.TrimSpace(a.Email)
	if a.Name == "" {
		a.Name = a.Email
	}
	a.Incoming = serverDefaults(a.Incoming, string(a.Protocol))
	if a.Incoming.Username == "" && a.Incoming.Host != "" {
		a.Incoming.Username = a.Email
	}
	out := &a.Outgoing.Server
	relay := out.Username == "" && len(out.PasswordCommand) == 0 && out.PasswordEnv == "" &&
		(out.Security == mail.SecurityNone || out.Security == "" && out.Port == 25) && (out.Auth == "" || out.Auth == mail.AuthAuto)
	if relay {
		out.Auth = mail.AuthNone // a relay of the house: nothing says that it wants a login
	}
	*out = serverDefaults(*out, dial.SMTP)
	if out.Username == "" && out.Host != "" && out.Auth != mail.AuthNone {
		out.Username = a.Incoming.Username
	}
	if a.IMAP.DeleteModel == "" {
		a.IMAP.DeleteModel = mail.DeleteToTrash
	}
	if a.IMAP.MaxConnections == 0 {
		a.IMAP.MaxConnections = DefaultMaxConnections
	}
	if len(a.Identities) == 0 {
		a.Identities = []mail.Identity{{Name: a.DisplayName, Addr: a.Email}}
	}
	if a.Identities[0].Addr == "" {
		a.Identities[0].Addr = a.Email
	}
	return a
}

func serverDefaults(s mail.Server, protocol string) mail.Server {
	s.Host = strings.TrimSuffix(strings.TrimSpace(s.Host), ".")
	if s.Security == "" {
		s.Security = securityOf(s.Port)
	}
	if s.Port == 0 {
		s.Port = dial.DefaultPort(protocol, s.Security)
	}
	if s.Auth == "" {
		s.Auth = mail.AuthAuto
	}
	if s.TimeoutSeconds == 0 {
		s.TimeoutSeconds = DefaultTimeoutSeconds
	}
	if s.PinnedSHA256 != "" {
		s.PinnedSHA256 = dial.NormalPin(s.PinnedSHA256)
	}
	return s
}

// securityOf guesses the security from a well-known port; TLS for any other.
func securityOf(port int) mail.Security {
	switch port {
	case 143, 110, 587:
		return mail.SecuritySTARTTLS
	case 25:
		return mail.SecurityNone
	}
	return mail.SecurityTLS
}

func protocolOf(port int) mail.Protocol {
	if port == 110 || port == 995 {
		return mail.POP3
	}
	return mail.IMAP
}

// resolve makes the paths of a server absolute, from the folder of the file they were written in.
func resolve(s *mail.Server, dir string) {
	if s.CAFile != "" && !filepath.IsAbs(s.CAFile) {
		s.CAFile = filepath.Join(dir, s.CAFile)
	}
	if len(s.PasswordCommand) > 0 && s.CommandDir == "" {
		s.CommandDir = dir
	}
}
