package weblink

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// pattern is a regular expression that is compiled when it is needed first: most runs of the program, such as those of the command
// line, judge no link.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// named finds addresses in the text of a link: with a scheme or www. anywhere, a bare host only where it is all of the text (a
// sentence may well speak of ASP.NET).
var (
	named = pattern(`(?i)(?:\b(?:https?|ftp)\s*:\s*/+\s*|\bwww\.)(?:[^\s/@?#]*@)?((?:[\p{L}\p{M}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,})`)
	bare  = pattern(`(?i)^["'“«<(\[]*(?:[^\s/@?#]*@)?((?:[\p{L}\p{M}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,})(?::\d+)?(?:[/?#]\S*)?["'”».,)\]>]*$`)
)

// compare looks for texts that show another site than the link opens.
func (l *Link) compare(texts []string) {
	for _, t := range texts {
		if strings.ContainsFunc(t, turns) && !l.has(Hidden) {
			l.add(Hidden, "")
		}
		if shown := hostIn(t); shown != "" && !l.leadsTo(shown) && !l.has(OtherHost) {
			l.add(OtherHost, shown)
		}
	}
}

func (l *Link) has(r Risk) bool {
	for _, f := range l.Findings {
		if f.Risk == r {
			return true
		}
	}
	return false
}

// leadsTo reports whether a site shown is the one that is opened, directly or through a known redirector.
func (l *Link) leadsTo(shown string) bool {
	if l.Scheme == "tel" {
		return false
	}
	for _, target := range []string{"https://" + l.Host, l.Final} {
		if u := parse(target); u != nil && Site(ascii(u.Hostname())) == Site(shown) {
			return true
		}
	}
	if l.Scheme == "mailto" {
		u, err := url.Parse(l.URL)
		if err != nil {
			return false
		}
		to, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return false
		}
		for _, a := range strings.Split(to, ",") {
			if Site(ascii(a[strings.LastIndexByte(a, '@')+1:])) == Site(shown) {
				return true
			}
		}
	}
	return false
}

// hostIn finds the host that a text shows, in ASCII; "" when it shows none. A made-up top level is no host: file.txt.
func hostIn(text string) string {
	text = strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(norm.NFKC.String(text)) // full-width letters and dots read as the plain ones
	if len(text) > 2000 {
		text = text[:2000]
	}
	m := named().FindStringSubmatch(text)
	if m == nil {
		m = bare().FindStringSubmatch(text)
	}
	if m == nil {
		return ""
	}
	host := ascii(m[1])
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann || suffix == host {
		return ""
	}
	return host
}

func ascii(host string) string {
	host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(host), "."))
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		return a
	}
	if a, err := idna.Punycode.ToASCII(host); err == nil {
		return a
	}
	return host
}
