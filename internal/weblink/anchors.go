package weblink

import (
	"strings"

	"golang.org/x/net/html"
)

// Bounds of Anchors: characters kept of one text, texts kept of one address, and addresses.
const (
	maxAnchorText  = 2000
	maxAnchorTexts = 50
	maxAnchors     = 20000
)

// Address is an address as it stands in an attribute, in the form in which Anchors lists it: without the characters that programs leave
// out before they open one.
func Address(href string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(href))
}

// Anchors collects the texts that the links of an HTML mail are shown under, by Address; the alternative text and title of a
// picture count as text. It reads tokens only, so that no input takes more than linear time.
func Anchors(src string) map[string][]string {
	out := map[string][]string{}
	z := html.NewTokenizer(strings.NewReader(src))
	var href string
	var text strings.Builder
	foreign := 0 // svg and math that are open: a style within is no style sheet, and a parser leaves them at the next paragraph
	end := func() {
		if t := strings.Join(strings.Fields(text.String()), " "); href != "" && t != "" && (len(out) < maxAnchors || out[href] != nil) && len(out[href]) < maxAnchorTexts {
			out[href] = append(out[href], t)
		}
		href = ""
		text.Reset()
	}
	add := func(s string) {
		if href != "" && text.Len() < maxAnchorText {
			text.WriteString(s[:min(len(s), maxAnchorText)])
		}
	}
	for {
		switch z.Next() {
		case html.ErrorToken:
			end()
			return out
		case html.TextToken:
			if href != "" {
				add(html.UnescapeString(string(z.Raw())))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "a" {
				end()
			} else if string(name) == "svg" || string(name) == "math" {
				foreign = max(0, foreign-1)
			} else if href != "" && blocky[string(name)] {
				add(" ")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := z.TagName()
			tag := string(name)
			if tag == "a" || tag == "area" {
				end()
			}
			if tag == "svg" || tag == "math" {
				foreign++
			}
			if foreign > 0 {
				z.NextIsNotRawText()
			}
			if tag == "br" {
				add(" ")
			}
			named := false
			for attrs {
				var k, v []byte
				k, v, attrs = z.TagAttr()
				switch key := string(k); {
				case key == "href" && (tag == "a" || tag == "area") && !named: // of several the first counts
					href, named = Address(string(v)), true
				case (key == "alt" || key == "title") && (tag == "img" || tag == "area"):
					add(" " + string(v) + " ")
				}
			}
			if tag == "area" {
				end()
			}
		}
	}
}

var blocky = set("p div td tr table li h1 h2 h3 h4 h5 h6 span-")
