package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"peyk/internal/mail"
)

func TestEveryCauseHasWords(t *testing.T) {
	for _, l := range Available() {
		in(t, l.Code)
		s := current.Load()
		for _, c := range mail.ProblemCodes() {
			if _, ok := s.find("problem.why." + string(c)); !ok {
				t.Errorf("%s: no words for the problem %q", l.Code, c)
			}
		}
		for _, f := range mail.CertificateFaults() {
			if _, ok := s.find("cert." + string(f)); !ok {
				t.Errorf("%s: no words for the fault %q of a certificate", l.Code, f)
			}
		}
		for _, h := range mail.Hints() {
			if _, ok := s.find("setup.hint." + string(h)); !ok {
				t.Errorf("%s: no words for the hint %q", l.Code, h)
			}
		}
		for _, k := range mail.SourceKinds() {
			if _, ok := s.find("setup.source." + string(k)); !ok {
				t.Errorf("%s: no words for the source %q", l.Code, k)
			}
		}
		for _, k := range []mail.ProblemKind{mail.ProblemNetwork, mail.ProblemAuth, mail.ProblemCertificate, mail.ProblemPlaintext,
			mail.ProblemProtocol, mail.ProblemServer, mail.ProblemDisk, mail.ProblemConfig} {
			if _, ok := s.find("problem.why." + string(k)); !ok {
				t.Errorf("%s: no words for problems of the kind %q", l.Code, k)
			}
		}
	}
}

func TestProblemWords(t *testing.T) {
	auth := mail.Problem{Kind: mail.ProblemAuth, Where: "imap.example.org:993", Said: "[AUTHENTICATIONFAILED] no", Summary: "office: checking mail failed"}
	cases := []struct {
		name, lang, account, want, advice string
		p                                 mail.Problem
	}{
		{"a refused password", "en", "office", "office: imap.example.org:993 answered but refused the password: [AUTHENTICATIONFAILED] no", "Is the user name the whole address?", auth},
		{"the same in Persian", "fa", "اداره", "اداره: imap.example.org:993 پاسخ داد ولی گذرواژه را نپذیرفت: [AUTHENTICATIONFAILED] no", "نام کاربری همان نشانی ایمیل است؟", auth},
		{"a code goes before the kind", "de", "", "Auf Port 995 von pop.example.org antwortet nichts", "Prüfen Sie Port und Verschlüsselung in den Kontoeinstellungen und ob der Server läuft.",
			mail.Problem{Kind: mail.ProblemNetwork, Code: mail.CodeNoAnswer, Args: []string{"pop.example.org", "995"}, Where: "pop.example.org:995"}},
		{"the port is named once", "en", "", "Port 143 of imap.example.org does not speak TLS from the start", "Choose STARTTLS as the encryption, or the port for TLS.",
			mail.Problem{Kind: mail.ProblemProtocol, Code: mail.CodeNotTLS, Args: []string{"143"}, Where: "imap.example.org:143 (TLS)"}},
		{"and an address keeps its digits", "en", "", "Port 993 of [2001:db8:993::1] does not speak TLS from the start", "Choose STARTTLS as the encryption, or the port for TLS.",
			mail.Problem{Kind: mail.ProblemProtocol, Code: mail.CodeNotTLS, Args: []string{"993"}, Where: "[2001:db8:993::1]:993 (TLS)"}},
		{"a full disk names no server", "ar", "", "القرص ممتلئ", "أفرغ بعض المساحة؛ لم يُفقد شيء، ويتابع الفحص التالي من هنا.", mail.Problem{Kind: mail.ProblemDisk, Code: mail.CodeDiskFull}},
		{"a message that is too large", "fa", "", "حجم نامه ۶٫۵ مگابایت است و mail.example.org حداکثر ۳ مگابایت می‌پذیرد", "آن را در چند بخش یا با پیوست‌های کوچک‌تر بفرستید.",
			mail.Problem{Kind: mail.ProblemServer, Code: mail.CodeTooBig, Args: []string{"6843203", "3145728"}, Where: "mail.example.org"}},
		{"one of which only that is known", "en", "", "The message is larger than mail.example.org takes", "Send it in parts, or with smaller attachments.",
			mail.Problem{Kind: mail.ProblemServer, Code: mail.CodeTooBig, Where: "mail.example.org"}},
		{"no server to name", "fa", "a", "a: something failed", "شبکه، نام سرور و درگاه را بررسی کنید.", mail.Problem{Kind: mail.ProblemNetwork, Summary: "a: something failed"}},
		{"nothing known", "fa", "a", "a: something failed", "Do it.", mail.Problem{Summary: "a: something failed", Advice: "Do it."}},
		{"an expired certificate", "en", "", "mail.example.org:993 could not prove who it is: it expired on 1 January 2021; is the clock of this computer right?", "Look at the certificate; trust it only when you know why it differs.",
			mail.Problem{Kind: mail.ProblemCertificate, Code: mail.CodeCertificate, Where: "mail.example.org:993",
				Certificate: &mail.CertificateProblem{Fault: mail.CertExpired, NotAfter: "2021-01-01T00:00:00Z"}}},
		{"a certificate of another server", "en", "", "h could not prove who it is: the certificate is made out to a.example, b.example, not to h", "Look at the certificate; trust it only when you know why it differs.",
			mail.Problem{Kind: mail.ProblemCertificate, Where: "h", Certificate: &mail.CertificateProblem{Fault: mail.CertOtherName, Host: "h", Names: []string{"a.example", "b.example"}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in(t, c.lang)
			if got := Plain(ProblemWords(&c.p, c.account)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := Plain(ProblemAdvice(&c.p)); got != c.advice {
				t.Errorf("advice %q, want %q", got, c.advice)
			}
		})
	}
}

func TestTheServersWordsAreIsolated(t *testing.T) {
	in(t, "fa")
	got := ProblemWords(&mail.Problem{Kind: mail.ProblemAuth, Where: "imap.example.org:993", Said: "no way"}, "")
	if !strings.Contains(got, "\u2068no way\u2069") || !strings.Contains(got, "\u2068imap.example.org:993\u2069") {
		t.Errorf("%q", got)
	}
}

func TestProblemDetailSaysNothingTwice(t *testing.T) {
	got := ProblemDetail(&mail.Problem{Summary: "a: failed: no", Advice: "Try.", Detail: "no"})
	if got != "a: failed: no\nTry." {
		t.Errorf("%q", got)
	}
}

type knownError struct{}

func (knownError) Error() string { return "the disk that holds /x is full" }
func (knownError) Problem() *mail.Problem {
	return &mail.Problem{Kind: mail.ProblemDisk, Code: mail.CodeDiskFull}
}

// A program that is not there is told in words, by its name.
func TestAMissingProgramIsNamed(t *testing.T) {
	Set("de")
	defer Set("en")
	err := exec.Command("xdg-open-of-nowhere").Run()
	if got, want := Plain(ErrorWords(fmt.Errorf("x: %w", err))), "Das Programm xdg-open-of-nowhere ist nicht installiert."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestErrorWords(t *testing.T) {
	in(t, "fa")
	if got, want := ErrorWords(fmt.Errorf("store: write: %w", knownError{})), "دیسک پر است — کمی فضا خالی کنید؛ چیزی از دست نرفته و بازبینی بعدی از همین جا ادامه می‌یابد."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := ErrorWords(fmt.Errorf("store: %w", errors.New("a\nb"))), "a b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where what to do is said another way only the cause is told.
func TestCauseWords(t *testing.T) {
	in(t, "fa")
	if got := CauseWords(fmt.Errorf("import: %w", knownError{})); got != "دیسک پر است" {
		t.Errorf("%q", got)
	}
	if got := CauseWords(errors.New("something else")); got != "something else" {
		t.Errorf("%q", got)
	}
}

// TestWordsOfAServerCannotTurnTheSentence: what it said is not ours.
func TestWordsOfAServerCannotTurnTheSentence(t *testing.T) {
	p := &mail.Problem{Kind: mail.ProblemAuth, Where: "mail.example.org", Said: "no \u202ekcolb"}
	got := ProblemWords(p, "")
	if !strings.Contains(got, "[RLO]") || strings.Contains(got, "\u202e") {
		t.Errorf("%q", got)
	}
	c := mail.CertificateProblem{Fault: mail.CertUnknownIssuer, Issuer: "CA \u202eevil"}
	if got := CertificateReason(c); !strings.Contains(got, "[RLO]") {
		t.Errorf("%q", got)
	}
}

func TestTroubleWithFilesHasWords(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "/tmp/a.pdf", Err: syscall.ENOSPC}
	if runtime.GOOS != "windows" && ErrorWords(fmt.Errorf("a.pdf: %w", full)) != T("file.full") {
		t.Errorf("a full disk is told as %q", ErrorWords(full))
	}
	for _, c := range []struct {
		err  error
		want string
	}{{syscall.EIO, "file.gone"}, {syscall.EROFS, "file.readonly"}} {
		if got := ErrorWords(&fs.PathError{Op: "read", Path: "/media/stick/a.mbox", Err: c.err}); runtime.GOOS != "windows" && got != T(c.want) {
			t.Errorf("%v is told as %q", c.err, got)
		}
	}
	if got := ErrorWords(&fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}); got != T("file.denied") {
		t.Errorf("a missing permission is told as %q", got)
	}
}

// TestASentenceOfIsolatesKeepsItsDirection: with the account before it, what a server said stays behind the sentence it belongs to.
func TestASentenceOfIsolatesKeepsItsDirection(t *testing.T) {
	in(t, "fa")
	p := &mail.Problem{Kind: mail.ProblemAuth, Where: "mail.example:993", Said: "Authentication failed."}
	want := "\u2068anna\u2069: \u2067" + ProblemWords(p, "") + "\u2069"
	if got := ProblemWords(p, "anna"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What a server did not store lies in a folder that has a name in the language of the window.
func TestTheFolderOfWhatWasNotStoredHasAName(t *testing.T) {
	defer Set("en")
	Set("fa")
	p := &mail.Problem{Code: mail.CodeNotStored, Args: []string{mail.RescueFolder}, Where: "imap.example"}
	if got := ProblemAdvice(p); strings.Contains(got, mail.RescueFolder) || !strings.Contains(got, T("folder.rescue")) {
		t.Errorf("it says %q", got)
	}
}
