package lang

import (
	"errors"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/internal/text"
)

// ProblemWords says in one sentence what went wrong: where, why, and what the server said to it. account, when given, comes
// first. A problem without a code is told by its kind; one without either by its English summary.
func ProblemWords(p *mail.Problem, account string) string {
	s := cause(p)
	if s == "" {
		return p.Summary
	}
	said := p.Said
	if p.Code == mail.CodeOtherCert { // says it all
		said = ""
	} else if p.Kind == mail.ProblemCertificate && p.Certificate != nil {
		said = CertificateReason(*p.Certificate)
	}
	if said != "" { // by a server: nothing in it may pass for words of the window
		s = T("problem.said", s, text.Sanitize(said))
	}
	if account != "" {
		s = T("problem.of", account, s)
	}
	return s
}

// ProblemAdvice says what to do about a problem, "" when there is nothing to say.
func ProblemAdvice(p *mail.Problem) string {
	if s, ok := byCode(p, "problem.do."); ok {
		return s
	}
	if p.Code == "" && p.Kind == "" {
		return p.Advice
	}
	return ""
}

// ProblemDetail is what the curious read: the sentences of the engine with its error, in English whatever the language of the
// window is.
func ProblemDetail(p *mail.Problem) string {
	var out []string
	for _, s := range []string{p.Summary, p.Advice, beyond(p)} {
		if s = strings.TrimSpace(s); s != "" && !contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

// beyond is what the error itself adds to the sentences: "" where it says, behind the server and the step, what the summary says.
func beyond(p *mail.Problem) string {
	said := strings.TrimSuffix(strings.TrimSpace(p.Detail), " ("+p.Advice+")")
	for rest := said; len(rest) > len(said)/2; {
		if strings.HasSuffix(p.Summary, rest) {
			return ""
		}
		_, after, ok := strings.Cut(rest, ": ")
		if !ok {
			break
		}
		rest = after
	}
	return p.Detail
}

// contains reports whether a line says s already.
func contains(lines []string, s string) bool {
	for _, l := range lines {
		if strings.Contains(l, s) {
			return true
		}
	}
	return false
}

// CertificateReason says in half a sentence why a certificate was not trusted.
func CertificateReason(c mail.CertificateProblem) string {
	date := func(s string) string {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return s
		}
		return Date(t)
	}
	id := "cert." + string(c.Fault)
	switch c.Fault {
	case "":
		return c.Reason
	case mail.CertOtherName:
		return T(id, text.Visible(strings.Join(c.Names[:min(len(c.Names), 4)], T("list.comma"))), text.Visible(c.Host))
	case mail.CertNotYet:
		return T(id, date(c.NotBefore))
	case mail.CertExpired:
		return T(id, date(c.NotAfter))
	case mail.CertUnknownIssuer:
		return T(id, text.Visible(c.Issuer))
	}
	return T(id)
}

func cause(p *mail.Problem) string {
	s, _ := byCode(p, "problem.why.")
	return s
}

// byCode finds the text of the code, else that of the kind. {0} is the server, {1}… what the code names.
func byCode(p *mail.Problem, prefix string) (string, bool) {
	args := make([]any, 0, 1+len(p.Args))
	where := p.Where
	if (p.Code == mail.CodeNotTLS || p.Code == mail.CodeWantsTLS) && len(p.Args) > 0 {
		if i := strings.LastIndex(where, ":"+p.Args[0]); i >= 0 { // the sentence names the port by itself; an IPv6 address may have it before
			where = where[:i]
		}
	}
	args = append(args, where)
	for _, a := range p.Args {
		if p.Code == mail.CodeTimeout || p.Code == mail.CodeNearlyFull || p.Code == mail.CodeSetAsideMore {
			a = Digits(a) // a count, where others are names and ports
		}
		if p.Code == mail.CodeSetAsideNamed {
			a = text.Sanitize(a) // a stranger wrote it
		}
		if a == "" && (p.Code == mail.CodePartly || p.Code == mail.CodeSetAsideNamed) {
			a = T("list.no.subject")
		}
		if p.Code == mail.CodeNotStored && a == mail.RescueFolder {
			a = T("folder.rescue")
		}
		if n, err := strconv.ParseInt(a, 10, 64); err == nil && p.Code == mail.CodeTooBig {
			a = Size(n)
		}
		args = append(args, a)
	}
	names := []string{string(p.Code), string(p.Kind)}
	if p.Code == mail.CodeTooBig && len(p.Args) == 2 {
		names = append([]string{"too_big_by"}, names...)
	}
	for _, name := range names {
		if name == "" || !Has(prefix+name) {
			continue
		}
		words := T(prefix+name, args...)
		if p.Where == "" && needsPlace(prefix+name) {
			continue
		}
		return words, true
	}
	return "", false
}

// needsPlace reports whether a text names the server.
func needsPlace(id string) bool {
	e, ok := current.Load().find(id)
	return ok && strings.Contains(e.other(), "{0}")
}

// fileTrouble names what keeps a file from being written or read; "" when it is something else.
func fileTrouble(err error) string {
	switch {
	case isDiskFull(err):
		return "file.full"
	case errors.Is(err, fs.ErrPermission):
		return "file.denied"
	case isDriveGone(err):
		return "file.gone"
	case isReadOnly(err):
		return "file.readonly"
	}
	return ""
}

// CauseWords is ErrorWords without what to do about it, where that is said another way.
func CauseWords(err error) string {
	var known interface{ Problem() *mail.Problem }
	if errors.As(err, &known) {
		if s := ProblemWords(known.Problem(), ""); s != "" {
			return s
		}
	}
	return ErrorWords(err)
}

// ErrorWords tells an error of the engine or the store: in the language of the window when it knows its cause, with what to
// do about it; else the error's own English on one line, without the prefixes that name a package.
func ErrorWords(err error) string {
	var known interface{ Problem() *mail.Problem }
	if errors.As(err, &known) {
		p := known.Problem()
		if s := ProblemWords(p, ""); s != "" {
			if advice := ProblemAdvice(p); advice != "" {
				s = T("problem.with.advice", s, advice)
			}
			return s
		}
	}
	if id := fileTrouble(err); id != "" {
		return T(id)
	}
	var missing *exec.Error
	if errors.As(err, &missing) && errors.Is(err, exec.ErrNotFound) {
		return T("file.noprogram", missing.Name)
	}
	for {
		next := errors.Unwrap(err)
		if next == nil || !strings.HasPrefix(err.Error(), "store:") && !strings.HasPrefix(err.Error(), "mailsync:") {
			break
		}
		err = next
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
