package accounts

import (
	"errors"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// TestRefusedLoginsAreExplained: providers say that the name or the password is wrong when what they want is something else.
func TestRefusedLoginsAreExplained(t *testing.T) {
	for _, tc := range []struct {
		host   string
		auth   mail.AuthMethod
		err    remote.Error
		why    mail.ProblemCode
		advice string
	}{
		{"imap.gmail.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true}, mail.CodeAppPassword, mail.Hint("app_password").English()},
		{"SMTP.mail.yahoo.com.", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true}, mail.CodeAppPassword, mail.Hint("app_password").English()},
		{"imap.163.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true}, mail.CodeAppPassword, mail.Hint("code").English()},
		{"outlook.office365.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true}, mail.CodeTokenOnly, mail.Hint("token").English()},
		{"outlook.office365.com", mail.AuthXOAUTH2, remote.Error{Kind: mail.ProblemAuth, Permanent: true}, mail.CodeToken, "The access token may have expired, or be meant for something else: fetch a new one."},
		{"imap.gmx.net", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true, Advice: "Check the password."}, "", "Check the password. " + mail.Hint("turn_on").English()},
		{"mail.shomal.example", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true, Advice: "Check the password."}, "", "Check the password."},
		{"imap.gmail.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemAuth, Permanent: true, Why: mail.CodeWebLogin, Advice: "Sign in."}, mail.CodeWebLogin, "Sign in."},
		{"imap.gmail.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemNetwork, Advice: "Wait."}, "", "Wait."},
		{"imap.gmail.com", mail.AuthAuto, remote.Error{Kind: mail.ProblemServer, Why: mail.CodeLater, Advice: "Wait."}, mail.CodeLater, "Wait."},
	} {
		e := tc.err
		explainRefusal(&e, mail.Server{Host: tc.host, Auth: tc.auth})
		if e.Why != tc.why || e.Advice != tc.advice {
			t.Errorf("%s, %s: %q, %q", tc.host, tc.auth, e.Why, e.Advice)
		}
	}
	for name, why := range map[string]mail.ProblemCode{"office": "", "office@shomal.example": mail.CodeWholeName} {
		e := remote.Error{Kind: mail.ProblemAuth, Permanent: true}
		explainRefusal(&e, mail.Server{Host: "mail.shomal.example", Username: name})
		if e.Why != why {
			t.Errorf("%s: %q, want %q", name, e.Why, why)
		}
	}
	explainRefusal(remote.As(errors.New("no such kind")), mail.Server{Host: "imap.gmail.com"}) // nothing to explain
}
