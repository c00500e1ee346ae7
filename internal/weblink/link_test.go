package weblink

import (
	"fmt"
	"strings"
	"testing"
)

func TestLinkTricks(t *testing.T) {
	for _, c := range []struct {
		name, text, href string
		want             string // risks; "-": never opened
	}{
		{"honest", "Read more", "https://example.org/a", ""},
		{"text is the address", "https://example.org/a", "https://example.org/a", ""},
		{"sub-domain of the same site", "www.paypal.com", "https://click.paypal.com/x", ""},
		{"the same under a public suffix", "example.co.uk", "https://www.example.co.uk/", ""},
		{"two customers of one suffix", "bank.co.uk", "https://evil.co.uk/", "host bank.co.uk"},
		{"two sites of one host provider", "https://alice.github.io", "https://mallory.github.io/", ""},
		{"another host", "https://bank.example.com/login", "https://evil.net/login", "host bank.example.com"},
		{"www in a sentence", "go to www.bank.com now", "http://evil.net/", "host bank.com"},
		{"bare host", "bank.com", "http://evil.net/", "host bank.com"},
		{"bare host and path", "«bank.com/login».", "http://evil.net/", "host bank.com"},
		{"host within a host", "bank.com", "https://bank.com.evil.net/", "host bank.com"},
		{"a user name in the text", "https://x@bank.com", "https://evil.net", "host bank.com"},
		{"spaces in the text", "https :// bank.com", "https://evil.net", "host bank.com"},
		{"full width", "ｗｗｗ．ｂａｎｋ．ｃｏｍ", "https://evil.net", "host bank.com"},
		{"zero width in the text", "ba\u200bnk.com", "https://evil.net", "host bank.com"},
		{"turned text", "\u202emoc.knab\u202c", "https://evil.net", "hidden"},
		{"a sentence about a product", "How ASP.NET works", "https://evil.net", ""},
		{"a file name", "report.final.txt", "https://example.org/", ""},
		{"a Persian text", "برای ورود کلیک کنید", "https://example.org/", ""},
		{"half-space in a Persian text", "می\u200cخواهم", "https://example.org/", ""},
		{"user name", "", "https://bank.com@evil.net/", "user bank.com"},
		{"user and password", "", "https://bank.com:443@evil.net/", "user bank.com"},
		{"escaped user name", "", "https://www.bank.com%2Flogin@evil.net/", "user www.bank.com/login"},
		{"Cyrillic a", "", "https://p\u0430ypal.com/", "lookalike paypal.com"},
		{"Cyrillic throughout", "", "https://аррӏе.com/", "lookalike apple.com"},
		{"the same in punycode", "", "https://xn--80ak6aa92e.com/", "lookalike apple.com"},
		{"Greek omicron", "", "https://g\u03bfogle.com", "lookalike google.com"},
		{"an honest Russian name", "", "https://пример.рф/", ""},
		{"an honest German name", "", "https://bücher.example/", ""},
		{"an honest Persian name", "", "https://دامنه.com/", ""},
		{"an honest Japanese name", "", "https://例え.jp/", ""},
		{"zero width in the host", "", "https://pay\u200bpal.com/", "hidden"},
		{"a direction mark in the path", "", "https://example.org/\u202egpj.exe", "hidden"},
		{"soft hyphen", "", "https://pay\u00adpal.com/", "hidden"},
		{"number", "", "http://93.184.216.34/login", "number 93.184.216.34"},
		{"number in disguise", "", "http://3627734222/", "number 3627734222"},
		{"hexadecimal", "", "http://0x7f.1/", "number 0x7f.1"},
		{"IPv6", "", "http://[2606:2800::1]/", "number 2606:2800::1"},
		{"shortener", "", "https://bit.ly/3abc", "short bit.ly"},
		{"a line break in the address", "", "https://example.org/a\n b", ""},
		{"known redirector, honest", "example.org", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=1", ""},
		{"known redirector, elsewhere", "bank.com", "https://www.google.com/url?q=https://evil.net/", "host bank.com"},
		{"redirector to a number", "", "https://www.google.com/url?q=http://10.0.0.1/", "number 10.0.0.1"},
		{"mail address, honest", "anna@example.org", "mailto:anna@example.org", ""},
		{"mail address, another", "anna@example.org", "mailto:anna@evil.net?subject=x", "host example.org"},
		{"telephone", "+98 21 1234", "tel:+98211234", ""},
		{"telephone that shows a site", "bank.com", "tel:+98211234", "host bank.com"},
		{"script", "", "javascript:alert(1)", "-"},
		{"script with a tab", "", "java\tscript:alert(1)", "-"},
		{"script in capitals", "", " JaVaScRiPt:alert(1)", "-"},
		{"data", "", "data:text/html,<script>", "-"},
		{"file", "", "file:///etc/passwd", "-"},
		{"share", "", "smb://host/share", "-"},
		{"ftp", "", "ftp://example.org/", "-"},
		{"program", "", "ms-msdt:/id x", "-"},
		{"search", "", "search-ms:query=x", "-"},
		{"cid", "", "cid:x", "-"},
		{"relative", "", "/path", "-"},
		{"protocol relative", "", "//example.org/", "-"},
		{"backslashes", "", `https:\\evil.net\`, "-"},
		{"backslash before the user sign", "", `https://bank.com\@evil.net/`, "-"},
		{"one slash", "", "https:/evil.net", "-"},
		{"no host", "", "https:///evil.net", "-"},
		{"NUL", "", "https://example.org/\x00", "-"},
		{"bad bytes", "", "https://example.org/\xff", "-"},
		{"empty mailto", "", "mailto:", "-"},
		{"very long", "", "https://example.org/" + strings.Repeat("a", 70<<10), "-"},
		{"nothing", "", "", "-"},
	} {
		l, ok := Judge(c.href, c.text)
		var got []string
		for _, f := range l.Findings {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s", f.Risk, f.What)))
		}
		s := strings.Join(got, "; ")
		if !ok {
			s = "-"
		}
		if s != c.want {
			t.Errorf("%s: %q → %q: %s, want %s", c.name, c.text, c.href, s, c.want)
		}
	}
}

func TestHowATargetIsShown(t *testing.T) {
	for href, want := range map[string]string{
		"https://example.org/x?a=1#f":                     "https://example.org/x?a=1#f",
		"HTTPS://Example.ORG:8443/":                       "https://example.org:8443/",
		"https://bank.com@evil.net/":                      "https://evil.net/",
		"http://пример.рф/":                               "http://пример.рф (xn--e1afmkfd.xn--p1ai)/",
		"https://fa.example.org/%D8%B3%D9%84%D8%A7%D9%85": "https://fa.example.org/سلام",
		"https://example.org/%E2%80%AEgpj":                "https://example.org/%E2%80%AEgpj",
		"https://example.org/a%2Fb%20c%":                  "",
		"https://example.org/a%2Fb%20c":                   "https://example.org/a%2Fb%20c",
		"mailto:anna@example.org?subject=%D8%B3":          "mailto:anna@example.org?subject=س",
	} {
		l, _ := Judge(href)
		if l.Shown != want {
			t.Errorf("%s is shown as %q, want %q", href, l.Shown, want)
		}
	}
	l, _ := Judge("https://www.google.com/url?q=https://l.facebook.com/l.php?u%3Dhttps%253A%252F%252Fexample.org%252Fa")
	if l.Final != "https://example.org/a" || l.Via != "google.com" || !strings.HasPrefix(l.URL, "https://www.google.com/url?") {
		t.Errorf("a redirector in a redirector: %+v", l)
	}
	for raw, want := range map[string]string{
		"https://urldefense.com/v3/__https://example.org/a__;!!x":                         "https://example.org/a",
		"https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a-5Fb&d=x":      "https://example.org/a_b",
		"https://www.google.com/url?q=javascript:alert(1)":                                "https://www.google.com/url?q=javascript:alert(1)",
		"https://evil.google.com.example/url?q=https://example.org":                       "https://evil.google.com.example/url?q=https://example.org",
		"https://urldefense.com/v3/__https://example.org/*a__;Iw!!x":                      "https://urldefense.com/v3/__https://example.org/*a__;Iw!!x",
		"https://x.safelinks.protection.outlook.com/?url=http%3A%2F%2Fexample.org&data=y": "http://example.org",
	} {
		if got := unwrap(raw); got != want {
			t.Errorf("%s unwraps to %s", raw, got)
		}
	}
}

// What is opened must be read by a browser as it was judged here: judging the result again changes nothing.
func FuzzJudge(f *testing.F) {
	for _, s := range []string{"https://a.example/x?y#z", "mailto:a@b.example", `https://a\@b`, "https://xn--80ak6aa92e.com", "tel:1", "https://a:1@b:2/%"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, raw, text string) {
		l, ok := Judge(raw, text)
		if !ok {
			return
		}
		again, ok := Judge(l.URL)
		if !ok || again.Host != l.Host || again.Scheme != l.Scheme {
			t.Errorf("%q opens %q, which is judged as %+v", raw, l.URL, again)
		}
		if strings.ContainsFunc(l.Shown, turns) {
			t.Errorf("%q is shown as %q", raw, l.Shown)
		}
	})
}

// What looks like the end of a host is told where it is a part of it.
func TestSignsThatLookLikePartsOfAnAddress(t *testing.T) {
	for raw, want := range map[string]bool{
		"https://bank.com⁄login.evil.example/": true, "https://bank.com∕login.evil.example/": true, "https://bank.com⧸login.evil.example/x": true,
		"https://ایران.example/": false, "https://ה׳א.example/": false, "https://col·legi.cat/": false, "https://💩.la/": false, "https://bücher.example/": false,
	} {
		l, ok := Judge(raw)
		if bad := !ok || len(l.Findings) > 0; bad != want {
			t.Errorf("%s: %v, %+v", raw, ok, l.Findings)
		}
	}
}
