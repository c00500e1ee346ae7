package dial

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Hidden stands in a server's words for a secret that they repeated.
const Hidden = "•••"

var base64Words = regexp.MustCompile(`[A-Za-z0-9+/]{8,}={0,2}`)

// Hide takes a secret out of a server's words: some repeat a command that they do not understand, and a login is one. It may stand there as it
// was sent, quoted, in other letters (a command is often made upper case), or in a SASL response: alone in base64, or behind the name, perhaps cut off.
func Hide(words, secret string) string {
	if secret == "" {
		return words
	}
	words = base64Words.ReplaceAllStringFunc(words, func(w string) string {
		if login(w, secret) {
			return Hidden
		}
		return w
	})
	if len(secret) <= 2 {
		return words // it would be found everywhere
	}
	for _, s := range []string{secret, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)} {
		words = strings.ReplaceAll(words, s, Hidden)
		if re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(s)); err == nil && utf8.ValidString(s) {
			words = re.ReplaceAllString(words, Hidden)
		}
	}
	return words
}

// login reports whether a word in base64 is a response of a login with the secret, or its beginning.
func login(word, secret string) bool {
	word = strings.TrimRight(word, "=")
	if len(word)%4 == 1 {
		word = word[:len(word)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(word)
	if err != nil {
		return false
	}
	said := string(b)
	return len(secret) > 2 && strings.Contains(said, secret) || said == secret ||
		strings.Contains(said, "\x00"+secret[:min(len(secret), 2)]) || strings.Contains(said, "auth=Bearer ")
}
