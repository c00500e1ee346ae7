package model

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
)

func TestSuspicions(t *testing.T) {
	me := []mail.Address{{Name: "Maryam Noori", Addr: "maryam@example.org"}}
	for _, c := range []struct {
		name string
		in   SenderInfo
		want string
	}{
		{"ordinary", SenderInfo{From: mail.Address{Name: "Sara", Addr: "sara@example.org"}}, "[]"},
		{"other address in the name", SenderInfo{From: mail.Address{Name: "ceo@example.org", Addr: "x@evil.test"}}, "[{otheraddr ceo@example.org}]"},
		{"own address in the name", SenderInfo{From: mail.Address{Name: "Sara@Example.org", Addr: "sara@example.org"}}, "[]"},
		{"claims to be me", SenderInfo{From: mail.Address{Name: "maryam noori", Addr: "m@evil.test"}}, "[{me m@evil.test}]"},
		{"my second address is told as unknown", SenderInfo{From: mail.Address{Name: "Maryam", Addr: "maryam@work.test"}}, "[]"},
		{"digit for letter", SenderInfo{From: mail.Address{Addr: "a@examp1e.org"}}, "[{lookalike example.org}]"},
		{"rn for m", SenderInfo{From: mail.Address{Addr: "a@exarnple.org"}}, "[{lookalike example.org}]"},
		{"cyrillic in punycode", SenderInfo{From: mail.Address{Addr: "a@xn--exmple-4nf.org"}}, "[{lookalike example.org}]"},
		{"mixed scripts", SenderInfo{From: mail.Address{Addr: "a@pаypal.test"}}, "[{script pаypal.test}]"},
		{"a whole cyrillic domain is fine", SenderInfo{From: mail.Address{Addr: "a@почта.рф"}}, "[]"},
		{"turned around", SenderInfo{From: mail.Address{Name: "gpj\u202e.exe", Addr: "a@b.test"}}, "[{hidden }]"},
		{"reply to a free mailbox", SenderInfo{From: mail.Address{Addr: "a@bank.test"}, ReplyTo: []mail.Address{{Addr: "x@gmail.com"}}}, "[{replyto x@gmail.com}]"},
		{"reply to through a list", SenderInfo{List: true, From: mail.Address{Addr: "a@bank.test"}, ReplyTo: []mail.Address{{Addr: "x@gmail.com"}}}, "[]"},
		{"server says forged", SenderInfo{Auth: AuthFail, From: mail.Address{Addr: "a@bank.test"}}, "[{auth bank.test}]"},
	} {
		c.in.Mine, c.in.Known = me, []string{"mail.example.org"}
		if got := fmt.Sprint(Suspicions(c.in)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestShownName(t *testing.T) {
	for _, c := range []struct {
		in   mail.Address
		want string
	}{
		{mail.Address{Name: " Sara \t M", Addr: "s@x.test"}, "Sara M"},
		{mail.Address{Addr: "s@x.test"}, "s@x.test"},
		{mail.Address{Name: "boss@corp.test", Addr: "s@x.test"}, "s@x.test"},
		{mail.Address{Name: "a\u202eb\nc", Addr: "s@x.test"}, "a[RLO]b c"},
		{mail.Address{Name: "bo\u202ess@corp.test", Addr: "s@x.test"}, "s@x.test"},
		{mail.Address{Name: "undisclosed"}, "undisclosed"},
	} {
		if got := ShownName(c.in); got != c.want {
			t.Errorf("%v: got %q, want %q", c.in, got, c.want)
		}
	}
}

// A domain that reads like a Latin one in the letters of another alphabet is held against sender and recipient; honest
// international names are not.
func TestDomainInAnotherAlphabet(t *testing.T) {
	for addr, like := range map[string]string{"a@раура.com": "paypa.com", "a@xn--80aa0cbo.com": "paypa.com", "a@почта.рф": "", "a@نامه.com": "", "a@münchen.de": ""} {
		want := Finding{SuspectLookalike, like}
		got := Suspicions(SenderInfo{From: mail.Address{Addr: addr}})
		if like == "" && len(got) > 0 || like != "" && (len(got) != 1 || got[0] != want) {
			t.Errorf("sender %s: %v", addr, got)
		}
		if f, bad := RecipientRisk(mail.Address{Addr: addr}, nil, nil); bad != (like != "") || bad && f != want {
			t.Errorf("recipient %s: %v", addr, f)
		}
	}
}
