package model

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Link is a stretch of a text that leads somewhere. Start and End are byte offsets. URL is http, https or mailto, never
// anything else.
type Link struct {
	Start, End int
	URL        string
}

var linkish = regexp.MustCompile(`(?i)\b(https?://|www\.)[^\s<>"“”«»\x{00a0}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]+|\bmailto:[^\s<>"«»]+|[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+`)

// Links finds the addresses in a text: web addresses, "www." names, mailto URLs and bare e-mail addresses. Punctuation
// that belongs to the sentence, and brackets that were opened outside, are left out.
func Links(text string) []Link {
	var out []Link
	for _, m := range linkish.FindAllStringIndex(text, -1) {
		s := trimLink(text[m[0]:m[1]])
		if s == "" {
			continue
		}
		target := s
		switch low := strings.ToLower(s); {
		case strings.HasPrefix(low, "http://"), strings.HasPrefix(low, "https://"), strings.HasPrefix(low, "mailto:"):
		case strings.HasPrefix(low, "www."):
			if strings.Count(s, ".") < 2 {
				continue
			}
			target = "http://" + s
		default:
			target = "mailto:" + s
		}
		if _, ok := SafeURL(target); ok {
			out = append(out, Link{Start: m[0], End: m[0] + len(s), URL: target})
		}
	}
	return out
}

func trimLink(s string) string {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'\"*_~…،؛؟。、，", r):
		case r == ')' && strings.Count(s, "(") < strings.Count(s, ")"):
		case r == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
		case r == '}' && strings.Count(s, "{") < strings.Count(s, "}"):
		case r == '»', r == '”', r == '’':
		default:
			return s
		}
		s = s[:len(s)-n]
	}
	return s
}

// SafeURL says whether a link may be opened, and how its target is shown: without tricks, an internationalised host with
// its ASCII form beside it, so that a look-alike cannot hide.
func SafeURL(raw string) (shown string, ok bool) {
	for _, r := range raw {
		if r < 0x20 || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return "", false
		}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "mailto":
		return raw, u.Opaque != "" || u.Path != ""
	case "http", "https":
	default:
		return "", false
	}
	host := u.Hostname()
	if host == "" || strings.HasPrefix(host, ".") {
		return "", false
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		ascii = host
	}
	shown = raw
	if unicode, err := idna.ToUnicode(ascii); err == nil && unicode != ascii {
		shown += " (" + ascii + ")"
	}
	if u.User != nil { // https://bank.example@evil.example: say where it really goes
		shown += " → " + ascii
	}
	return shown, true
}
