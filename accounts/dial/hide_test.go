package dial

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestHide(t *testing.T) {
	const secret = `ge"heim 12`
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	plain := b64("\x00ali@example.org\x00" + secret)
	for _, words := range []string{
		"unknown command: PASS " + secret,
		"UNKNOWN COMMAND: PASS " + strings.ToUpper(secret),
		`LOGIN "ali" "ge\"heim 12" was not understood`,
		"AUTH PLAIN " + plain,
		"AUTH PLAIN " + strings.TrimRight(plain, "="),
		"AUTH PLAIN " + plain[:30] + "…",
		"what is " + b64(secret) + "?",
		"AUTH XOAUTH2 " + b64("user=ali\x01auth=Bearer "+secret+"\x01\x01"),
	} {
		got := Hide(words, secret)
		if !strings.Contains(got, Hidden) || strings.Contains(strings.ToLower(got), "heim 12") || strings.Contains(got, plain[:30]) {
			t.Errorf("%q became %q", words, got)
		}
	}
	for _, words := range []string{"", "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", "421 i8-20020a17090a2e8800b0020a1b2c3d4e", "the password is wrong"} {
		if got := Hide(words, secret); got != words {
			t.Errorf("%q became %q", words, got)
		}
	}
	if got := Hide("a b c", "b"); got != "a b c" {
		t.Errorf("a short secret: %q", got)
	}
	if got := Hide("PASS \xffxyz", "\xffxyz"); strings.Contains(got, "xyz") {
		t.Errorf("no UTF-8: %q", got)
	}
}
