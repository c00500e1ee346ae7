package mailpage

import (
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"see https://example.org/a?b=c.":                 "https://example.org/a?b=c",
		"(http://en.wikipedia.org/wiki/Go_(game))":       "http://en.wikipedia.org/wiki/Go_(game)",
		"[https://a.example]":                            "https://a.example",
		"www.example.org, and www.x":                     "http://www.example.org",
		"write to Anna.K@example.net!":                   "mailto:Anna.K@example.net",
		"mailto:a@b.example?subject=x%20y":               "mailto:a@b.example?subject=x%20y",
		"نشانی: https://example.org/راه؟":                "https://example.org/راه",
		"«https://example.org»":                          "https://example.org",
		"<https://example.org/x>":                        "https://example.org/x",
		"javascript:alert(1) file:///etc/passwd data:x":  "",
		"https:// and http://.":                          "",
		"HTTPS://EXAMPLE.ORG/A b":                        "HTTPS://EXAMPLE.ORG/A",
		"a@b is no address":                              "",
		"https://a.example,https://b.example":            "https://a.example,https://b.example",
		"two: https://a.example and https://b.example/?": "https://a.example https://b.example/",
	} {
		var got []string
		for _, l := range findLinks(in) {
			got = append(got, l.URL)
			if strings.HasPrefix(l.URL, "http://www") {
				continue
			}
			if s := in[l.Start:l.End]; s != l.URL && "mailto:"+s != l.URL {
				t.Errorf("%q: the stretch is %q, the target %q", in, s, l.URL)
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: got %q, want %q", in, g, want)
		}
	}
}
