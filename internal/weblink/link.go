package weblink

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Risk is a reason to ask before a link is opened.
type Risk string

// The reasons, the worst first.
const (
	Disguised Risk = "user"      // a user name before the host: https://bank.example@evil.example
	OtherHost Risk = "host"      // the text shows another site than the link opens
	Lookalike Risk = "lookalike" // the host is written in letters that imitate others
	Hidden    Risk = "hidden"    // characters that cannot be seen, or that turn text around
	Number    Risk = "number"    // a bare number instead of a name
	Shortener Risk = "short"     // a service that hides where it leads
)

// Finding is one risk with what it is about: the site shown, the site imitated, the service.
type Finding struct {
	Risk Risk
	What string
}

// Link is a link judged.
type Link struct {
	Scheme string // "http", "https", "mailto" or "tel"
	// URL is what may be opened: exactly what was judged, written so that a browser reads the same in it.
	URL string
	// Shown is the address for people: letters instead of escapes where they cannot deceive, the ASCII form of an
	// international host beside it.
	Shown string
	Host  string // in ASCII; "" for mailto and tel
	// Final is where a known redirector leads, "" when the link is direct; Via is the redirector's site.
	Final, Via string
	Findings   []Finding // empty: nothing about it deceives
}

// Judge judges a link by its address and the texts it is shown under. ok is false for what is never opened: other schemes than
// http, https, mailto and tel, and addresses that programs read in different ways.
func Judge(raw string, texts ...string) (l Link, ok bool) {
	clean := strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' { // as browsers do (WHATWG URL §4.4); mails break long addresses
			return -1
		}
		return r
	}, strings.TrimSpace(raw))
	if len(clean) > 64<<10 || !utf8.ValidString(raw) || strings.ContainsFunc(clean, unicode.IsControl) {
		return Link{}, false
	}
	hidden := strings.ContainsFunc(clean, invisible)
	clean = strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, clean)
	u, err := url.Parse(clean)
	if err != nil {
		return Link{}, false
	}
	l.Scheme = strings.ToLower(u.Scheme)
	switch l.Scheme {
	case "mailto", "tel":
		if u.Opaque == "" && u.Path == "" {
			return Link{}, false
		}
		l.URL, l.Shown = clean, readable(clean)
	case "http", "https":
		if !l.web(u, clean) {
			return Link{}, false
		}
	default:
		return Link{}, false
	}
	if hidden {
		l.add(Hidden, "")
	}
	l.compare(texts)
	return l, true
}

func (l *Link) add(r Risk, what string) { l.Findings = append(l.Findings, Finding{r, what}) }

// web judges an http or https address.
func (l *Link) web(u *url.URL, clean string) bool {
	rest := clean[len(l.Scheme)+1:]
	authority, _, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "/")
	if !strings.HasPrefix(rest, "//") || strings.ContainsRune(authority, '\\') || u.Hostname() == "" || strings.HasPrefix(u.Hostname(), ".") {
		return false // browsers read "https:/x", "https:\\x" and "https://a\@b" in ways of their own
	}
	host := strings.ToLower(u.Hostname())
	l.Host = host
	if !strings.Contains(host, ":") {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			if ascii, err = idna.Punycode.ToASCII(host); err != nil {
				return false
			}
		}
		l.Host = ascii
	}
	user := u.User
	v := *u
	v.Scheme, v.User, v.Host = l.Scheme, nil, withPort(l.Host, u.Port())
	l.Shown = l.Scheme + "://" + shownHost(l.Host, u.Port()) + readable(afterHost(&v))
	v.User = user
	l.URL = v.String()
	if user != nil {
		l.add(Disguised, user.Username())
	}
	if like, bad := imitates(l.Host); bad {
		l.add(Lookalike, like)
	}
	if _, err := netip.ParseAddr(l.Host); err == nil || numberHost(l.Host) {
		l.add(Number, l.Host)
	}
	if shorteners[l.Host] || shorteners[strings.TrimPrefix(l.Host, "www.")] {
		l.add(Shortener, l.Host)
	}
	if to := unwrap(l.URL); to != l.URL {
		if final, ok := Judge(to); ok {
			l.Final, l.Via = final.Shown, Site(l.Host)
			l.Findings = append(l.Findings, final.Findings...)
		}
	}
	return true
}

func withPort(host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return host
}

// shownHost is a host for people: an international one in its letters, with what it really is beside it.
func shownHost(ascii, port string) string {
	out := withPort(ascii, port)
	if !strings.Contains(ascii, "xn--") {
		return out
	}
	if u, err := idna.ToUnicode(ascii); err == nil && u != ascii {
		return withPort(u, port) + " (" + ascii + ")"
	}
	return out
}

func afterHost(u *url.URL) string {
	s := u.EscapedPath()
	if u.RawQuery != "" || u.ForceQuery {
		s += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		s += "#" + u.EscapedFragment()
	}
	return s
}

// readable turns escapes of letters beyond ASCII into the letters: nobody can read Persian in hex digits. Everything that has a
// meaning in an address, and all that cannot be seen, stays escaped.
func readable(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '%' {
			r, n := utf8.DecodeRuneInString(s[i:])
			if invisible(r) || unicode.IsControl(r) {
				out.WriteString(url.PathEscape(string(r)))
			} else {
				out.WriteString(s[i : i+n])
			}
			i += n
			continue
		}
		var raw []byte
		j := i
		for j+3 <= len(s) && s[j] == '%' && len(raw) < 4 {
			c, ok := unhex(s[j+1], s[j+2])
			if !ok {
				break
			}
			raw = append(raw, c)
			j += 3
			if utf8.FullRune(raw) {
				break
			}
		}
		r, n := utf8.DecodeRune(raw)
		if n == len(raw) && n > 1 && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
			out.WriteRune(r)
			i = j
			continue
		}
		out.WriteByte('%')
		i++
	}
	return out.String()
}

func unhex(a, b byte) (byte, bool) {
	d := func(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }
	x, y := strings.IndexByte("0123456789", a), strings.IndexByte("0123456789", b)
	if x < 0 {
		x = d(a)
	}
	if y < 0 {
		y = d(b)
	}
	if x < 0 || y < 0 {
		return 0, false
	}
	return byte(x<<4 | y), true
}

// invisible reports characters that draw nothing or turn others around. The joiners are among them: no address needs them in
// this form.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0xad, r == 0x61c, r == 0x34f, r == 0x180e,
		r >= 0xe0000 && r <= 0xe007f, r >= 0xfe00 && r <= 0xfe0f, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0:
		return true
	}
	return false
}

// turns reports the characters that make text run the other way, whatever it is.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// numberHost: resolvers of the C library take 2130706433 and 0x7f.1 for addresses, browsers too.
func numberHost(host string) bool {
	last := host[strings.LastIndexByte(strings.TrimSuffix(host, "."), '.')+1:]
	return last != "" && (strings.Trim(last, "0123456789.") == "" || strings.HasPrefix(last, "0x"))
}

var shorteners = set(`bit.ly bitly.com j.mp goo.gl tinyurl.com t.co ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy t.ly lnkd.in tiny.cc
	s.id short.io bl.ink adf.ly shorte.st ouo.io bc.vc clck.ru u.to qps.ru tny.im soo.gd yourls.org b.link trib.al dlvr.it fb.me amzn.to youtu.be wp.me db.tt
	git.io aka.ms 1url.com x.co snip.ly tr.im ity.im q.gs po.st 2u.pw yun.ir b2n.ir zaya.io t2m.io kutt.it urlzs.com hyperurl.co`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
