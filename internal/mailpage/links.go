package mailpage

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"peyk/internal/weblink"
)

// link is a stretch of a text that leads somewhere. Start and End are byte offsets. URL is http, https or mailto, never
// anything else.
type link struct {
	Start, End int
	URL        string
}

// linkish finds what may be a link. It is compiled when a text is looked at, not at the start of every command.
var linkish = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(https?://|www\.)[^\s<>"“”«»\x{00a0}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]+|\bmailto:[^\s<>"«»]+|[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+`)
})

// findLinks finds the addresses in a text: web addresses, "www." names, mailto URLs and bare e-mail addresses. Punctuation
// that belongs to the sentence, and brackets that were opened outside, are left out.
func findLinks(text string) []link {
	var out []link
	for _, m := range linkish().FindAllStringIndex(text, -1) {
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
		if _, ok := weblink.Judge(target); ok {
			out = append(out, link{Start: m[0], End: m[0] + len(s), URL: target})
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
