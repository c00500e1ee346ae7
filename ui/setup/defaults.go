package setup

import (
	"strings"

	"peyk/internal/mail"
)

// standardPort is the port of a service under a kind of security (RFC 8314, RFC 1939, RFC 9051, RFC 5321).
func standardPort(p service, s mail.Security) int {
	switch {
	case p == servicePOP3 && s == mail.SecurityTLS:
		return 995
	case p == servicePOP3:
		return 110
	case p == serviceIMAP && s == mail.SecurityTLS:
		return 993
	case p == serviceIMAP:
		return 143
	case s == mail.SecurityTLS:
		return 465
	case s == mail.SecuritySTARTTLS:
		return 587
	}
	return 25
}

type service uint8

const (
	serviceIMAP service = iota
	servicePOP3
	serviceSMTP
)

func incomingService(p mail.Protocol) service {
	if p == mail.POP3 {
		return servicePOP3
	}
	return serviceIMAP
}

// fresh is an account with everything that can be said before its servers are known: secure ports on the usual host names.
func fresh(name, email string, proto mail.Protocol) mail.Account {
	email = strings.TrimSpace(email)
	_, domain, _ := strings.Cut(email, "@")
	host := func(prefix string) string {
		if domain == "" {
			return ""
		}
		return prefix + "." + domain
	}
	server := func(h string, port int) mail.Server {
		return mail.Server{Host: h, Port: port, Security: mail.SecurityTLS, Username: email, Auth: mail.AuthAuto, TimeoutSeconds: 60}
	}
	prefix := "imap"
	if proto == mail.POP3 {
		prefix = "pop"
	}
	return mail.Account{
		Name: email, Email: email, DisplayName: strings.TrimSpace(name), Protocol: proto,
		Incoming:   server(host(prefix), standardPort(incomingService(proto), mail.SecurityTLS)),
		Outgoing:   mail.Outgoing{Server: server(host("smtp"), 465), SaveSent: true},
		POP3:       mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14},
		IMAP:       mail.IMAPOptions{DeleteModel: mail.DeleteToTrash},
		Check:      mail.CheckOptions{AtStart: true, EveryMinutes: 10},
		Identities: []mail.Identity{{Name: strings.TrimSpace(name), Addr: email}},
	}
}

// plausible reports whether s could be an address: something, an @, a domain (also an internationalised one).
func plausible(s string) bool {
	s = strings.TrimSpace(s)
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n<>,;")
}
