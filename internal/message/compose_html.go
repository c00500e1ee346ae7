package message

import (
	"html"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// direction is the base direction of a paragraph by its first strong character (UAX #9 P2, P3), and whether it has
// strong characters of both directions.
func direction(s string) (rtl, mixed bool) {
	first := true
	var l, r bool
	for i := 0; i < len(s); {
		p, size := bidi.LookupString(s[i:])
		if size == 0 {
			break
		}
		i += size
		switch p.Class() {
		case bidi.L:
			l = true
		case bidi.R, bidi.AL:
			r = true
		default:
			continue
		}
		if first {
			rtl, first = r, false
		}
	}
	return rtl, l && r
}

// paragraphDir is the direction to write for paragraph i: forced, or by its text, or, where that has no letter, that of the
// paragraph before it, as the editor shows it.
func paragraphDir(text string, forced []int8, i int, before bool) (rtl bool) {
	if i < len(forced) && forced[i] != 0 {
		return forced[i] > 0
	}
	if !strong(text) {
		return before
	}
	rtl, _ = direction(text)
	return rtl
}

// strong reports whether a text has a character with a direction.
func strong(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		c := p.Class()
		return c == bidi.L || c == bidi.R || c == bidi.AL
	})
}

// needsHTML tells whether plain text alone would be shown wrongly by some reader: a paragraph that is right to left,
// mixed, or has a forced direction.
func needsHTML(text string, forced []int8) bool {
	for i, p := range strings.Split(text, "\n") {
		rtl, mixed := direction(p)
		if rtl || mixed || i < len(forced) && forced[i] != 0 {
			return true
		}
	}
	return false
}

// composeHTML writes the HTML alternative: one <p> a paragraph with its direction, quotes as nested blockquotes, links.
// cids are the inline images; one that the text does not place as [cid:…] comes at the end.
func composeHTML(text string, forced []int8, cids []string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head><body>\r\n")
	depth, rtl := 0, false
	placed := map[string]bool{}
	for i, para := range strings.Split(text, "\n") {
		d, rest := quoteDepth(para)
		for ; depth < d; depth++ {
			b.WriteString("<blockquote type=\"cite\" style=\"margin:0;padding-inline-start:0.8em;border-inline-start:2px solid #999\">\r\n")
		}
		for ; depth > d; depth-- {
			b.WriteString("</blockquote>\r\n")
		}
		dir, align := "ltr", "left"
		if rtl = paragraphDir(rest, forced, i, rtl); rtl {
			dir, align = "rtl", "right"
		}
		b.WriteString(`<p dir="` + dir + `" style="margin:0;text-align:` + align + `">`)
		if strings.TrimSpace(rest) == "" {
			b.WriteString("<br>")
		} else {
			b.WriteString(paragraphHTML(rest, cids, placed))
		}
		b.WriteString("</p>\r\n")
	}
	for ; depth > 0; depth-- {
		b.WriteString("</blockquote>\r\n")
	}
	for _, c := range cids {
		if !placed[c] {
			b.WriteString(`<p><img src="cid:` + html.EscapeString(c) + `" alt=""></p>` + "\r\n")
		}
	}
	b.WriteString("</body></html>\r\n")
	return b.String()
}

// paragraphHTML escapes a paragraph, makes links of its web addresses and images of [cid:…], and keeps runs of blanks.
func paragraphHTML(s string, cids []string, placed map[string]bool) string {
	var b strings.Builder
	for len(s) > 0 {
		i := nextLink(s)
		if i < 0 {
			b.WriteString(escapeBlanks(s))
			break
		}
		b.WriteString(escapeBlanks(s[:i]))
		s = s[i:]
		if cid, n := cidAt(s, cids); n > 0 {
			b.WriteString(`<img src="cid:` + html.EscapeString(cid) + `" alt="">`)
			placed[cid] = true
			s = s[n:]
			continue
		}
		if s[0] == '[' { // names no image of this message
			b.WriteByte('[')
			s = s[1:]
			continue
		}
		n := linkEnd(s)
		u := html.EscapeString(s[:n])
		b.WriteString(`<a href="` + u + `">` + u + `</a>`)
		s = s[n:]
	}
	return b.String()
}

func nextLink(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 'h':
			if strings.HasPrefix(s[i:], "http://") || strings.HasPrefix(s[i:], "https://") {
				return i
			}
		case '[':
			if strings.HasPrefix(s[i:], "[cid:") {
				return i
			}
		}
	}
	return -1
}

func cidAt(s string, cids []string) (string, int) {
	for _, c := range cids {
		if strings.HasPrefix(s, "[cid:"+c+"]") {
			return c, len(c) + 6
		}
	}
	return "", 0
}

// linkEnd is where a web address ends: at a blank, a quote or bracket; punctuation at its end does not belong to it.
func linkEnd(s string) int {
	n := strings.IndexAny(s, " \t<>\"«»")
	if n < 0 {
		n = len(s)
	}
	for n > 8 && strings.ContainsRune(".,;:!?'", rune(s[n-1])) {
		n--
	}
	if n > 8 && s[n-1] == ')' && !strings.Contains(s[:n], "(") {
		n--
	}
	return n
}

func escapeBlanks(s string) string {
	s = html.EscapeString(s)
	s = strings.ReplaceAll(s, "\t", "    ")
	return strings.ReplaceAll(s, "  ", "&nbsp; ")
}
