package accounts

import (
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// explainRefusal completes the error of a login that was refused without a word why. Few servers say more than that the name or the
// password is wrong; the method, and what is known of the provider, tell what it more likely is.
func explainRefusal(e *remote.Error, srv mail.Server) {
	if e == nil || e.Kind != mail.ProblemAuth || !e.Permanent || e.Why != "" {
		return
	}
	if srv.Auth == mail.AuthXOAUTH2 || srv.Auth == mail.AuthOAuthBearer {
		e.Why, e.Advice = mail.CodeToken, "The access token may have expired, or be meant for something else: fetch a new one."
		return
	}
	switch hint := hintFor(srv.Host); hint {
	case "app_password", "code", "mail_key", "program_password":
		e.Why, e.Advice = mail.CodeAppPassword, hint.English()
	case "token":
		e.Why, e.Advice = mail.CodeTokenOnly, hint.English()
	case "turn_on", "turn_on_password":
		e.Advice = strings.TrimSpace(e.Advice + " " + hint.English())
	default:
		if strings.Contains(srv.Username, "@") {
			e.Why = mail.CodeWholeName
		}
	}
}

// hintFor is what has to be known of the provider whose server this is; "" for one that is not in the table.
func hintFor(host string) mail.Hint {
	table, err := builtin()
	if err != nil {
		return ""
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for i := range table {
		for _, s := range []string{table[i].IMAP, table[i].POP3, table[i].SMTP} {
			if srv, err := parseServer(s); err == nil && srv.Host != "" && srv.Host == host {
				return table[i].Hint
			}
		}
	}
	return ""
}
