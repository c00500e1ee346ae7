package dial

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// loginWords are what the large providers say when a password that is right is not enough. They have no response codes for it, or
// do not send them.
var loginWords = []struct {
	words  []string
	why    mail.ProblemCode
	advice string
}{
	{[]string{"application-specific password", "app-specific password", "app password", "application password", "authorization code", "授权码"},
		mail.CodeAppPassword, "Create an app password in the security settings of the provider's web page and enter it here: the ordinary password is refused."},
	{[]string{"web browser", "weblogin", "web login required", "[webalert"},
		mail.CodeWebLogin, "Sign in once on the provider's web page."},
	{[]string{"not enabled for pop", "not enabled for imap", "pop access", "imap access is disabled", "imap is disabled", "pop is disabled", "pop3 is disabled",
		"yet to enable", "user has no permission", "disabled for the tenant", "disabled for the mailbox", "service is not open", "basic authentication is disabled", "logondenied-basicauthblocked"},
		mail.CodeSwitchedOff, "Turn access for mail programs on in the settings of the provider's web page, or ask who runs the server."},
}

// ExplainLogin completes the error of a refused login when the server's words tell more than that. code is what the protocol had
// before the words.
func ExplainLogin(e *remote.Error, code string) {
	text := strings.ToLower(code + " " + e.Text)
	for _, l := range loginWords {
		for _, w := range l.words {
			if strings.Contains(text, w) {
				e.Kind, e.Permanent, e.Why, e.Advice = mail.ProblemAuth, true, l.why, l.advice
				return
			}
		}
	}
}

// WrongMethod reports whether the words of a refused login are about the method and not about the password: some servers, and proxies before
// them, offer mechanisms that they do not have.
func WrongMethod(text string) bool {
	text = strings.ToLower(text)
	for _, w := range []string{"not supported", "unsupported", "not implemented", "unrecognized", "unrecognised", "unknown command", "invalid command",
		"command unknown", "unknown auth", "unknown mechanism", "invalid mechanism"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// maxRetryAfter is the longest pause that is believed.
const maxRetryAfter = time.Hour

var retryWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:backoff time|try again in|retry (?:in|after)|greylisted for|wait)[: ]+(\d{1,9}) ?(milliseconds|ms|seconds|secs?|s|minutes|mins?|m)\b`)
})

// RetryAfter reads how long a refusal asks to wait ("Suggested Backoff Time: 299961 milliseconds"); 0 when it does not say.
func RetryAfter(text string) time.Duration {
	m := retryWords().FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	unit := time.Second
	switch u := strings.ToLower(m[2]); {
	case strings.HasPrefix(u, "mil"), u == "ms":
		unit = time.Millisecond
	case strings.HasPrefix(u, "m"):
		unit = time.Minute
	}
	return min(time.Duration(n)*unit, maxRetryAfter)
}
