package message

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"peyk/internal/mail"
)

func TestAddresses(t *testing.T) {
	type l = []mail.Address
	for _, c := range []struct {
		in   string
		want l
	}{
		// RFC 5322 appendix A.1.2, A.1.3, A.5, A.6
		{`"Joe Q. Public" <john.q.public@example.com>`, l{{Name: "Joe Q. Public", Addr: "john.q.public@example.com"}}},
		{`Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>`, l{{Name: "Mary Smith", Addr: "mary@x.test"}, {Addr: "jdoe@example.org"}, {Name: "Who?", Addr: "one@y.test"}}},
		{`<boss@nil.test>, "Giant; \"Big\" Box" <sysservices@example.net>`, l{{Addr: "boss@nil.test"}, {Name: `Giant; "Big" Box`, Addr: "sysservices@example.net"}}},
		{`A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;`, l{{Name: "Ed Jones", Addr: "c@a.test"}, {Addr: "joe@where.test"}, {Name: "John", Addr: "jdoe@one.test"}}},
		{`Undisclosed recipients:;`, nil},
		{`Pete(A nice \) chap) <pete(his account)@silly.test(his host)>`, l{{Name: "Pete", Addr: "pete@silly.test"}}},
		{`(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;`, nil},
		{`Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example`, l{{Name: "Mary Smith", Addr: "mary@example.net"}, {Addr: "jdoe@test.example"}}},
		{`Joe Q. Public <john.q.public@example.com>`, l{{Name: "Joe Q. Public", Addr: "john.q.public@example.com"}}},
		{`john@x.test (John Doe)`, l{{Name: "John Doe", Addr: "john@x.test"}}},
		{`a@b.c; d@e.f`, l{{Addr: "a@b.c"}, {Addr: "d@e.f"}}},
		{`John Doe john@x.test`, l{{Name: "John Doe", Addr: "john@x.test"}}},
		{`John <john@x.test`, l{{Name: "John", Addr: "john@x.test"}}},
		{`John <john@x.test, Eve <eve@x.test>`, l{{Name: "John", Addr: "john@x.test"}, {Name: "Eve", Addr: "eve@x.test"}}},
		{`<<john@x.test>>`, l{{Addr: "john@x.test"}}},
		{`"john doe"@x.test`, l{{Addr: `"john doe"@x.test`}}},
		{`x <"a>b"@x.test>`, l{{Name: "x", Addr: `"a>b"@x.test`}}},
		{`=?utf-8?Q?Caf=C3=A9=2C_Bar?= <c@x.test>, d@x.test`, l{{Name: "Café, Bar", Addr: "c@x.test"}, {Addr: "d@x.test"}}},
		{`"=?utf-8?Q?Caf=C3=A9?=" <c@x.test>`, l{{Name: "Café", Addr: "c@x.test"}}},
		{`=?utf-8?Q?a?= =?utf-8?Q?b?= <c@x.test>`, l{{Name: "ab", Addr: "c@x.test"}}},
		{`mailto:a@b.c`, l{{Addr: "a@b.c"}}},
		{`Name <mailto:a@b.c>`, l{{Name: "Name", Addr: "a@b.c"}}},
		{`a@[192.0.2.1], b@[IPv6:2001:db8::1]`, l{{Addr: "a@[192.0.2.1]"}, {Addr: "b@[IPv6:2001:db8::1]"}}},
		{`پیک <پیک@مثال.ایران>`, l{{Name: "پیک", Addr: "پیک@مثال.ایران"}}},
		{`root`, l{{Addr: "root"}}},
		{`Just A Name`, l{{Name: "Just A Name"}}},
		{`"unclosed <a@b.c>`, l{{Name: "unclosed", Addr: "a@b.c"}}},
		{`a@b.c d@e.f`, l{{Addr: "a@b.c"}, {Addr: "d@e.f"}}},
		{`a@b.c Thu Aug 22 13:17:22 2002`, l{{Addr: "a@b.c"}}},
		{`=?utf-8?Q?Caf=C3=A9?=a@b.c`, l{{Name: "Café", Addr: "a@b.c"}}},
		{`John "Jack" Doe <j@x.test>`, l{{Name: "John Jack Doe", Addr: "j@x.test"}}},
		{"a@b.c,\r\n\td@e.f", l{{Addr: "a@b.c"}, {Addr: "d@e.f"}}},
		{`from x: y <a@b.c>`, l{{Name: "y", Addr: "a@b.c"}}},
		{``, nil}, {`,,;;`, nil}, {`<>`, nil},
	} {
		if got := ParseAddressList(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestAddressesLinear(t *testing.T) {
	for _, s := range []string{"(", "<", "\"", "a@b,", "((", "<\"", ":", "=?", "\\", "a <b@c> (d) ", "@"} {
		for _, a := range ParseAddressList(strings.Repeat(s, 500000/len(s))) {
			if !utf8.ValidString(a.Name+a.Addr) || a.Name == "" && a.Addr == "" {
				t.Errorf("%q again and again gives %.80q", s, a.String())
			}
		}
	}
}

func TestTruthfulSender(t *testing.T) {
	for _, c := range []struct {
		name, header string
		want         []mail.Address
		warn         string
	}{
		{"other address", "From: \"service@bank.example\" <evil@x.example>\n", []mail.Address{{Addr: "evil@x.example"}}, "the sender's name says service@bank.example"},
		{"other address in words", "From: =?utf-8?Q?Bank_=3Cservice=40bank.example=3E?= <evil@x.example>\n", []mail.Address{{Addr: "evil@x.example"}}, "the sender's name says service@bank.example"},
		{"full-width at", "From: \"service＠bank.example\" <evil@x.example>\n", []mail.Address{{Addr: "evil@x.example"}}, "the sender's name says"},
		{"own address", "From: \"A@X.example\" <a@x.example>\n", []mail.Address{{Addr: "a@x.example"}}, ""},
		{"direction control", "From: =?utf-8?B?4oCuZWxwcGE=?= <a@x.example>\n", []mail.Address{{Name: "elppa", Addr: "a@x.example"}}, "invisible characters"},
		{"two fields", "From: a@x.example\nFrom: b@x.example\n", []mail.Address{{Addr: "a@x.example"}, {Addr: "b@x.example"}}, "several From"},
		{"NUL", "From: bank\x00 <a@x.example>\n", []mail.Address{{Name: "bank", Addr: "a@x.example"}}, "control characters"},
		{"none", "To: x@y.example\n", nil, "does not say who"},
		{"mixed scripts", "From: =?utf-8?B?UGF5UNCwbA==?= <a@x.example>\n", []mail.Address{{Name: "PayPаl", Addr: "a@x.example"}}, "look alike"},
		{"look-alike domain", "From: a@xn--pypal-4ve.example\n", []mail.Address{{Addr: "a@xn--pypal-4ve.example"}}, "look alike"},
		{"persian", "From: =?utf-8?B?2LPYp9ix2Kc=?= <a@x.example>\n", []mail.Address{{Name: "سارا", Addr: "a@x.example"}}, ""},
		{"no address", "From: Bank Service\n", []mail.Address{{Name: "Bank Service"}}, "no e-mail address"},
	} {
		m := ParseBytes([]byte(c.header + "Subject: x\n\nbody\n"))
		if got := m.From(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
		if w := strings.Join(m.warningSentences(), "\n"); !strings.Contains(w, c.warn) || c.warn == "" && w != "" {
			t.Errorf("%s: warnings %q", c.name, w)
		}
	}
}
