package weblink

import (
	"strings"

	"golang.org/x/net/html"
)

// Bounds of Anchors: characters kept of one text, and links looked at.
const (
	maxAnchorText = 2000
	maxAnchors    = 20000
)

// Anchors collects the texts that the links of an HTML mail are shown under, by address; the alternative text and title of a
// picture count as text. It reads tokens only, so that no input takes more than linear time.
func Anchors(src string) map[string][]string {
	out := map[string][]string{}
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(1 << 20)
	var href string
	var text strings.Builder
	end := func() {
		if t := strings.Join(strings.Fields(text.String()), " "); href != "" && t != "" && len(out) < maxAnchors {
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
			} else if href != "" && blocky[string(name)] {
				add(" ")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attrs := z.TagName()
			tag := string(name)
			if tag == "a" || tag == "area" {
				end()
			}
			if tag == "br" {
				add(" ")
			}
			for attrs {
				var k, v []byte
				k, v, attrs = z.TagAttr()
				switch key := string(k); {
				case key == "href" && (tag == "a" || tag == "area"):
					href = strings.TrimSpace(string(v))
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
