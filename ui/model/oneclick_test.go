package model

import (
	"testing"

	"peyk/internal/mail"
)

const (
	leaveOnce = "<mailto:leave@lists.example.com>, <http://lists.example.com/page>, <https://lists.example.com/u/1>"
	signedAll = "v=1; a=rsa-sha256; d=lists.example.com; s=k1;\r\n h=From:Subject:List-Unsubscribe:\r\n\tList-Unsubscribe-Post; bh=x; b=AbCdEf\r\n GhIjKl"
	signedFew = "v=1; d=lists.example.com; s=k1; h=From:Subject:List-Unsubscribe; b=ZZZZZZZZZZ"
	passed    = "mx.example.org; dkim=pass header.d=lists.example.com"
)

// OneClick is offered only where a believed signature covers what it goes by.
func TestOneClick(t *testing.T) {
	type fields map[string][]string
	const good = "https://lists.example.com/u/1"
	for _, c := range []struct {
		name   string
		change fields
		checks []mail.SignatureCheck
		want   string
	}{
		{"as it should be", nil, nil, good},
		{"the value in other letters", fields{"List-Unsubscribe-Post": {" list-unsubscribe=one-click "}}, nil, good},
		{"without the field", fields{"List-Unsubscribe-Post": nil}, nil, ""},
		{"another value", fields{"List-Unsubscribe-Post": {"List-Unsubscribe=Two-Clicks"}}, nil, ""},
		{"the field twice", fields{"List-Unsubscribe-Post": {"List-Unsubscribe=One-Click", "List-Unsubscribe=One-Click"}}, nil, ""},
		{"another address above", fields{"List-Unsubscribe": {"<https://evil.example/u>", leaveOnce}}, nil, ""},
		{"no https", fields{"List-Unsubscribe": {"<http://lists.example.com/u/1>, <mailto:a@b.example>"}}, nil, ""},
		{"a disguised host", fields{"List-Unsubscribe": {"<https://lists.example.com@evil.example/u>"}}, nil, ""},
		{"a host in imitating letters", fields{"List-Unsubscribe": {"<https://xn--80ak6aa92e.com/u>"}}, nil, ""},
		{"a bare number", fields{"List-Unsubscribe": {"<https://192.0.2.7/u>"}}, nil, ""},
		{"not signed", fields{"DKIM-Signature": nil}, nil, ""},
		{"signed without the second field", fields{"DKIM-Signature": {signedFew}}, nil, ""},
		{"two signatures, nobody says which is good", fields{"DKIM-Signature": {signedFew, signedAll}}, nil, ""},
		{"two, and the good one is named", fields{"DKIM-Signature": {signedFew, signedAll}, "Authentication-Results": {passed + " header.s=k1 header.b=AbCdEfGh"}}, nil, good},
		{"two, and the other is named", fields{"DKIM-Signature": {signedFew, signedAll}, "Authentication-Results": {passed + " header.b=\"ZZZZZZZZ\""}}, nil, ""},
		{"another selector", fields{"Authentication-Results": {passed + " header.s=k2"}}, nil, ""},
		{"an identity below the domain", fields{"Authentication-Results": {"mx.example.org; dkim=pass header.i=@news.lists.example.com"}}, nil, good},
		{"a signature of another domain", fields{"Authentication-Results": {"mx.example.org; dkim=pass header.d=example.com"}}, nil, ""},
		{"the signature is broken", fields{"Authentication-Results": {"mx.example.org; dkim=fail header.d=lists.example.com"}}, nil, ""},
		{"SPF alone", fields{"Authentication-Results": {"mx.example.org; spf=pass smtp.mailfrom=lists.example.com"}}, nil, ""},
		{"somebody else says so", fields{"Authentication-Results": {"mx.evil.example; dkim=pass header.d=lists.example.com"}}, nil, ""},
		{"DMARC failed", fields{"Authentication-Results": {passed + "; dmarc=fail"}}, nil, ""},
		{"nobody says anything", fields{"Authentication-Results": nil}, nil, ""},
		{"checked here", fields{"Authentication-Results": nil}, []mail.SignatureCheck{{Domain: "Lists.example.com", OK: true}}, good},
		{"found broken here", fields{"Authentication-Results": nil}, []mail.SignatureCheck{{Domain: "lists.example.com", Reason: "x"}}, ""},
	} {
		have := fields{"Authentication-Results": {passed}, "DKIM-Signature": {signedAll}, "List-Unsubscribe": {leaveOnce}, "List-Unsubscribe-Post": {"List-Unsubscribe=One-Click"}}
		for k, v := range c.change {
			have[k] = v
		}
		var headers []mail.HeaderField
		for _, name := range []string{"Authentication-Results", "DKIM-Signature", "List-Unsubscribe", "List-Unsubscribe-Post"} {
			for _, v := range have[name] {
				headers = append(headers, mail.HeaderField{Name: name, Value: v})
			}
		}
		auth := Authenticate(headers, []mail.Address{{Addr: "news@lists.example.com"}}, []string{"imap.example.org"}, c.checks)
		if got := OneClick(headers, auth); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
