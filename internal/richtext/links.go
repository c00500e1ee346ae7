package richtext

import (
	"net/url"
	"strings"
)

// maxLink bounds a URL, in bytes.
const maxLink = 8 << 10

// SafeLink returns a URL as it may stand in a mail, "" when it may not: only addresses of the web, mail, telephone and
// files on the web (ftp) are links. A name without a scheme becomes one of the web, an address of mail a mailto.
func SafeLink(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 32 || r == 127 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	if s == "" || len(s) > maxLink {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(s, " ", "%20"))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel", "sms", "xmpp", "geo":
		if u.Opaque == "" && u.Path == "" && u.RawQuery == "" {
			return ""
		}
	default:
		return guessLink(s)
	}
	return escapeLink(s)
}

// escapeLink writes what must not stand in a URL (RFC 3986 §2) as percent codes, so that it can stand between angle brackets
// and quotes; "" when that leaves no URL.
func escapeLink(s string) string {
	s = linkEscapes.Replace(s)
	if _, err := url.Parse(s); err != nil {
		return ""
	}
	return s
}

var linkEscapes = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", `\`, "%5C", "^", "%5E", "`", "%60", "{", "%7B", "|", "%7C", "}", "%7D")

// guessLink makes a URL of what people write without a scheme: example.org/page, sara@example.org.
func guessLink(s string) string {
	host, _, _ := strings.Cut(s, "/")
	if strings.ContainsAny(s, " \t<>\"") || strings.HasPrefix(s, "//") {
		return ""
	}
	if at := strings.LastIndexByte(s, '@'); at > 0 && host == s && strings.Contains(s[at:], ".") && !strings.Contains(s, ":") {
		return escapeLink("mailto:" + s)
	}
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort && strings.Trim(port, "0123456789") != "" { // javascript:, data:, …
		return ""
	}
	if dot := strings.LastIndexByte(name, '.'); dot <= 0 || dot == len(name)-1 {
		return ""
	}
	link := escapeLink("https://" + s)
	if u, err := url.Parse(link); err != nil || u.Host == "" { // "#.x", "?.x"
		return ""
	}
	return link
}

// sameLink reports whether a link says no more than its words.
func sameLink(link, words string) bool {
	return link == words || link == "https://"+words || link == "http://"+words || link == "mailto:"+words
}

// nextLink finds the next web address in a text: the bytes [start, end), start < 0 when there is none.
func nextLink(s string) (start, end int) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c != 'h' && c != 'H' && c != 'w' && c != 'W' || i > 0 && wordByte(s[i-1]):
		case hasFold(s[i:], "https://"), hasFold(s[i:], "http://"), hasFold(s[i:], "www."):
			if end := i + linkLen(s[i:]); end-i > 8 {
				return i, end
			}
		}
	}
	return -1, -1
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '/' || c == '@' || c == '.'
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// linkLen is how long the web address is that s begins with: up to a blank, a quote or bracket; punctuation at its end does
// not belong to it.
func linkLen(s string) int {
	n := strings.IndexAny(s, " \t<>\"«»\u00a0\ufffc")
	if n < 0 {
		n = len(s)
	}
	for n > 8 {
		switch last := s[:n]; {
		case strings.ContainsRune(".,;:!?'", rune(s[n-1])):
			n--
		case strings.HasSuffix(last, "،"), strings.HasSuffix(last, "؛"), strings.HasSuffix(last, "؟"):
			n -= 2
		case s[n-1] == ')' && !strings.Contains(last, "("), s[n-1] == ']' && !strings.Contains(last, "["):
			n--
		default:
			return n
		}
	}
	return n
}

// LinkBefore finds a web address that ends at the end of s, punctuation aside, as it stands when a blank is typed after it:
// the bytes [start, end) and the URL, "" for none.
func LinkBefore(s string) (start, end int, link string) {
	word := s[strings.LastIndexAny(s, " \t\u00a0")+1:]
	for off := 0; off < len(word); {
		a, b := nextLink(word[off:])
		if a < 0 {
			break
		}
		if strings.Trim(word[off+b:], ".,;:!?')]»،؛؟") == "" {
			start = len(s) - len(word) + off
			return start + a, start + b, SafeLink(word[off+a : off+b])
		}
		off += b
	}
	return -1, -1, ""
}
