package accounts

import (
	"fmt"
	"net"
	"os"
	"strings"
	"unicode"

	"peyk/accounts/dial"
	"peyk/internal/mail"
)

// FieldError is a setting that cannot work. Field is its key as in the accounts file ("incoming.port",
// "identities[1].email"), so that a form can show Text beside the right entry.
type FieldError struct {
	Field string
	Text  string
}

func (e FieldError) Error() string { return e.Field + ": " + e.Text }

// FieldErrors are all the settings of an account that cannot work, in the order of the form.
type FieldErrors []FieldError

func (e FieldErrors) Error() string {
	var lines []string
	for _, f := range e {
		lines = append(lines, f.Error())
	}
	return strings.Join(lines, "; ")
}

// Problem tells them to people. The form of the window asks for what can be wrong in it before; what is left comes from a file.
func (e FieldErrors) Problem() *mail.Problem {
	return &mail.Problem{Kind: mail.ProblemConfig, Code: mail.CodeSettings, Summary: e.Error(), Said: e.Error()}
}

// For returns the text for a field, "" when it is fine.
func (e FieldErrors) For(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

func (e *FieldErrors) add(field, format string, args ...any) {
	*e = append(*e, FieldError{field, fmt.Sprintf(format, args...)})
}

// Validate checks an account that Defaults has completed. The error is FieldErrors, or nil.
func Validate(a mail.Account) error {
	var e FieldErrors
	if strings.TrimSpace(a.Name) == "" {
		e.add("name", "give the account a name")
	} else if strings.ContainsFunc(a.Name, unicode.IsControl) || len(a.Name) > 200 {
		e.add("name", "the name must be one line of at most 200 bytes")
	}
	e.address("email", a.Email, true)
	if strings.ContainsFunc(a.DisplayName, unicode.IsControl) {
		e.add("display_name", "the name must be one line")
	}
	if a.Protocol != mail.IMAP && a.Protocol != mail.POP3 {
		e.add("incoming.protocol", "%q is neither \"imap\" nor \"pop3\"", a.Protocol)
	}
	e.server("incoming", a.Incoming, true)
	if a.Incoming.Security == mail.SecurityNone && !a.Incoming.AllowPlaintext {
		e.add("incoming.security", "without encryption anybody on the way can read password and mail; \"none\" needs allow_plaintext = true")
	}
	if a.Incoming.Auth == mail.AuthNone {
		e.add("incoming.auth", "receiving needs a login")
	}
	if a.Outgoing.Host != "" {
		e.server("outgoing", a.Outgoing.Server, a.Outgoing.Auth != mail.AuthNone)
	}
	e.options(a)
	if len(a.Identities) == 0 {
		e.add("identities", "an account needs at least one identity")
	}
	for i, id := range a.Identities {
		at := fmt.Sprintf("identities[%d].", i)
		e.address(at+"email", id.Addr, true)
		e.address(at+"reply_to", id.ReplyTo, false)
		e.address(at+"bcc", id.Bcc, false)
		if strings.ContainsFunc(id.Name, unicode.IsControl) {
			e.add(at+"name", "the name must be one line")
		}
	}
	if len(e) == 0 {
		return nil
	}
	return e
}

func (e *FieldErrors) options(a mail.Account) {
	between := func(field string, n, low, high int) {
		if n < low || n > high {
			e.add(field, "%d is not between %d and %d", n, low, high)
		}
	}
	between("pop3.remove_after_days", a.POP3.RemoveAfterDays, 0, 36500)
	between("pop3.headers_only_above_kb", a.POP3.HeadersOnlyAboveKB, 0, 10_000_000)
	between("imap.offline_days", a.IMAP.OfflineDays, -1, 36500)
	between("imap.max_connections", a.IMAP.MaxConnections, 0, 20)
	between("check.every_minutes", a.Check.EveryMinutes, 0, 7*24*60)
	switch a.IMAP.DeleteModel {
	case mail.DeleteToTrash, mail.DeleteMark, mail.DeleteExpunge:
	default:
		e.add("imap.delete_model", "%q is none of \"trash\", \"mark\", \"expunge\"", a.IMAP.DeleteModel)
	}
	for role := range a.IMAP.Roles {
		switch role {
		case mail.RoleInbox, mail.RoleDrafts, mail.RoleSent, mail.RoleArchive, mail.RoleJunk, mail.RoleTrash:
		default:
			e.add("imap.roles", "%q is not a special folder", role)
		}
	}
}

func (e *FieldErrors) server(side string, s mail.Server, login bool) {
	switch {
	case s.Host == "":
		e.add(side+".host", "enter the name of the server")
	case net.ParseIP(s.Host) == nil && (strings.ContainsFunc(s.Host, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("/@:,;\"'<>[]()\\", r)
	}) || len(s.Host) > 253):
		e.add(side+".host", "%q is not the name of a server", s.Host)
	}
	if s.Port < 1 || s.Port > 65535 {
		e.add(side+".port", "%d is not between 1 and 65535", s.Port)
	}
	switch s.Security {
	case mail.SecurityTLS, mail.SecuritySTARTTLS, mail.SecurityNone:
	default:
		e.add(side+".security", "%q is none of \"tls\", \"starttls\", \"none\"", s.Security)
	}
	switch s.Auth {
	case mail.AuthAuto, mail.AuthPlain, mail.AuthLogin, mail.AuthCRAMMD5, mail.AuthSCRAMSHA256, mail.AuthXOAUTH2, mail.AuthOAuthBearer, mail.AuthNone:
	default:
		e.add(side+".auth", "%q is none of \"auto\", \"plain\", \"login\", \"cram-md5\", \"scram-sha-256\", \"xoauth2\", \"oauthbearer\", \"none\"", s.Auth)
	}
	if login && s.Username == "" {
		e.add(side+".username", "enter the user name")
	}
	if strings.ContainsFunc(s.Username, unicode.IsControl) {
		e.add(side+".username", "the user name holds a character that cannot be sent")
	}
	if s.TimeoutSeconds < 10 || s.TimeoutSeconds > 600 {
		e.add(side+".timeout_seconds", "%d is not between 10 and 600", s.TimeoutSeconds)
	}
	if s.CAFile != "" {
		if _, err := os.Stat(s.CAFile); err != nil {
			e.add(side+".ca_file", "it cannot be read: %v", err)
		}
	}
	if s.PinnedSHA256 != "" && (len(s.PinnedSHA256) != 64 || strings.Trim(s.PinnedSHA256, "0123456789abcdef") != "") {
		e.add(side+".pinned_sha256", "it is not a SHA-256 fingerprint of 64 hex digits")
	}
	if s.Proxy != "" {
		if _, err := dial.ParseProxy(s.Proxy); err != nil {
			e.add(side+".proxy", "%v", err)
		}
	}
	if len(s.PasswordCommand) > 0 && s.PasswordCommand[0] == "" {
		e.add(side+".password_command", "the command is empty")
	}
	if len(s.PasswordCommand) > 0 && s.PasswordEnv != "" {
		e.add(side+".password_env", "choose either password_command or password_env")
	}
}

// address checks an addr-spec loosely (RFC 5321 §4.1.2, RFC 6531): what is wrong for sure, and what would inject.
func (e *FieldErrors) address(field, addr string, must bool) {
	if addr == "" {
		if must {
			e.add(field, "enter an address like name@example.com")
		}
		return
	}
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 || at == len(addr)-1 || len(addr) > 320 ||
		strings.ContainsFunc(addr, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) || strings.ContainsAny(addr, "<>,;") {
		e.add(field, "%q is not an address like name@example.com", addr)
	}
}
