package model

import (
	"testing"

	"peyk/internal/mail"
)

func TestAuthenticate(t *testing.T) {
	field := func(v string) mail.HeaderField { return mail.HeaderField{Name: "Authentication-Results", Value: v} }
	received := mail.HeaderField{Name: "Received", Value: "from mx.evil.test by mx.google.com"}
	subject := mail.HeaderField{Name: "Subject", Value: "x"}
	from := []mail.Address{{Addr: "a@news.bank.test"}}
	gmail, own := []string{"imap.gmail.com", "gmail.com"}, []string{"imap.example.org"}
	for _, c := range []struct {
		name    string
		headers []mail.HeaderField
		servers []string
		checks  []mail.SignatureCheck
		want    AuthVerdict
	}{
		{"dmarc pass", []mail.HeaderField{field("mx.google.com; dkim=pass header.i=@bank.test; dmarc=pass (p=REJECT; sp=x) header.from=bank.test")}, gmail, nil, AuthPass},
		{"dmarc of another domain", []mail.HeaderField{field("mx.google.com; dmarc=pass header.from=evil.test")}, gmail, nil, AuthNone},
		{"dkim aligned", []mail.HeaderField{field("mail.example.org; dkim=pass header.d=bank.test")}, own, nil, AuthPass},
		{"dkim with a version", []mail.HeaderField{field("mail.example.org 1; dkim/1=pass header.d=bank.test")}, own, nil, AuthPass},
		{"dkim of another domain", []mail.HeaderField{field("mail.example.org; dkim=pass header.d=sender.test")}, own, nil, AuthNone},
		{"dkim that failed", []mail.HeaderField{field("mail.example.org; dkim=fail header.d=bank.test")}, own, nil, AuthNone},
		{"spf aligned", []mail.HeaderField{field("mail.example.org; spf=pass smtp.mailfrom=bounce@bank.test")}, own, nil, AuthPass},
		{"spf of another domain", []mail.HeaderField{field("mail.example.org; spf=pass smtp.mailfrom=x@mailer.test")}, own, nil, AuthNone},
		{"spf softfail", []mail.HeaderField{field("mail.example.org; spf=softfail smtp.mailfrom=x@bank.test")}, own, nil, AuthNone},
		{"arc proves nothing", []mail.HeaderField{field("mail.example.org; arc=pass header.oldest-pass=0")}, own, nil, AuthNone},
		{"dmarc fail", []mail.HeaderField{field("mail.example.org; dmarc=fail header.from=bank.test")}, own, nil, AuthFail},
		{"dmarc fail beats a signature", []mail.HeaderField{field("mail.example.org; dkim=pass header.d=bank.test; dmarc=fail")}, own, nil, AuthFail},
		{"two fields of our server", []mail.HeaderField{field("mail.example.org; spf=none"), subject, field("mail.example.org; dkim=pass header.d=bank.test")}, own, nil, AuthPass},
		{"not our server", []mail.HeaderField{field("mx.evil.test; dmarc=pass")}, gmail, nil, AuthNone},
		{"a name that ends like ours", []mail.HeaderField{field("mx.notgoogle.com; dmarc=pass")}, gmail, nil, AuthNone},
		{"only the topmost counts", []mail.HeaderField{field("mx.evil.test; dmarc=none"), field("mx.google.com; dmarc=pass")}, gmail, nil, AuthNone},
		{"forged below Received", []mail.HeaderField{field("mx.google.com; spf=none"), received, field("mx.google.com; dmarc=pass header.from=bank.test")}, gmail, nil, AuthNone},
		{"hidden in a comment", []mail.HeaderField{field("mx.google.com; spf=fail (; dmarc=pass)")}, gmail, nil, AuthNone},
		{"said by the sender of the envelope", []mail.HeaderField{field(`mx.google.com; spf=pass smtp.mailfrom="a; dmarc=pass header.from=bank.test; x"@evil.test`)}, gmail, nil, AuthNone},
		{"the same with a quote in it", []mail.HeaderField{field(`mx.google.com; spf=pass smtp.mailfrom="a\"; dmarc=pass header.from=bank.test; x"@evil.test`)}, gmail, nil, AuthNone},
		{"quotes that never end", []mail.HeaderField{field(`mx.google.com; spf=pass smtp.mailfrom="a; dmarc=pass header.from=bank.test`)}, gmail, nil, AuthNone},
		{"a bracket in a comment", []mail.HeaderField{field(`mx.google.com; spf=pass (domain of a\) ; dmarc=pass header.from=bank.test ; \( x@evil.test) smtp.mailfrom=evil.test`)}, gmail, nil, AuthNone},
		{"a quoted value", []mail.HeaderField{field(`mx.google.com; dmarc=pass reason="ok; fine" header.from="bank.test"`)}, gmail, nil, AuthPass},
		{"without version and results", []mail.HeaderField{field("mx.google.com; none")}, gmail, nil, AuthNone},
		{"empty", []mail.HeaderField{field("")}, gmail, nil, AuthNone},
		{"none", nil, gmail, nil, AuthNone},
		{"checked here", nil, gmail, []mail.SignatureCheck{{Domain: "Bank.test", OK: true}}, AuthPass},
		{"checked here, another domain", nil, gmail, []mail.SignatureCheck{{Domain: "evil.test", OK: true}}, AuthNone},
		{"checked here, broken", nil, gmail, []mail.SignatureCheck{{Domain: "bank.test", Reason: "x"}}, AuthNone},
	} {
		if got := Authenticate(c.headers, from, c.servers, c.checks).Verdict; got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	pass := []mail.HeaderField{field("mx.google.com; dmarc=pass header.from=bank.test")}
	if Authenticate(pass, append(from, mail.Address{Addr: "b@bank.test"}), gmail, nil).Verdict != AuthNone || Authenticate(pass, nil, gmail, nil).Verdict != AuthNone {
		t.Error("several senders, or none, are proven")
	}
	a := Authenticate([]mail.HeaderField{field("mx.google.com; dkim=pass header.i=@mailer.test; spf=pass smtp.mailfrom=<x@bank.test>; reason=x")}, from, gmail, nil)
	if len(a.Methods) != 2 || a.Methods[0] != (AuthMethod{Name: "dkim", Result: "pass", Domain: "mailer.test"}) || a.Methods[1] != (AuthMethod{Name: "spf", Result: "pass", Domain: "bank.test", Aligned: true}) || a.Server != "mx.google.com" {
		t.Errorf("details %+v", a)
	}
}
