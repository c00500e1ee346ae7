package ui

import (
	"regexp"
	"unicode"
	"unicode/utf8"

	"peyk/ui/lang"
	"peyk/ui/model"
)

// The parser says in English sentences what was wrong with a message. Those it can say are known here and have words in
// every language; one that is not known is shown as it is.
var warnings = []struct {
	id      string
	pattern *regexp.Regexp
	// about is the suspicion that says the same of the sender: the two are not shown together. grave ones are coloured.
	about model.Suspicion
	grave bool
}{
	{"control", regexp.MustCompile(`^the From field has control characters`), model.SuspectHidden, true},
	{"nobody", regexp.MustCompile(`^the message does not say who it is from`), "", true},
	{"several", regexp.MustCompile(`^the message has several From fields`), "", true},
	{"noaddress", regexp.MustCompile(`^the From field holds no e-mail address`), "", true},
	{"invisible", regexp.MustCompile(`^the sender's name had invisible characters`), model.SuspectHidden, true},
	{"otheraddr", regexp.MustCompile(`^the sender's name says (\S+), but the message comes from (\S+)$`), model.SuspectOtherAddr, true},
	{"namescripts", regexp.MustCompile(`^the sender's name mixes letters of different alphabets that look alike: (.*)$`), "", true},
	{"scripts", regexp.MustCompile(`^the sender's domain mixes letters of different alphabets that look alike: (.*)$`), model.SuspectScript, true},
	{"encrypted", regexp.MustCompile(`^the message is encrypted \((.*)\)$`), "", false},
	{"wrapped", regexp.MustCompile(`^the message is wrapped in an S/MIME signature`), "", false},
	{"cut", regexp.MustCompile(`^the text is longer than 8 MB`), "", false},
	{"longheader", regexp.MustCompile(`^the header is longer than 1 MB`), "", false},
	{"nofield", regexp.MustCompile(`^a line in the header is not a header field`), "", false},
	{"noempty", regexp.MustCompile(`^the empty line between header and body is missing`), "", false},
	{"boundary", regexp.MustCompile(`boundary`), "", false},
	{"bom", regexp.MustCompile(`^the message starts with a byte order mark`), "", false},
	{"deep", regexp.MustCompile(`^the message is nested too deeply`), "", false},
	{"date", regexp.MustCompile(`^the date of the message cannot be understood`), "", false},
}

// warningWords puts a remark of the parser into the language of the window. It is "" when one of the findings says it.
func warningWords(s string, findings []model.Finding) (words string, grave bool) {
	for _, w := range warnings {
		m := w.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		for _, f := range findings {
			if w.about != "" && f.Why == w.about {
				return "", false
			}
		}
		args := make([]any, 0, 2)
		for _, a := range m[1:] {
			args = append(args, a)
		}
		return lang.T("warning."+w.id, args...), w.grave
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:], false
}
