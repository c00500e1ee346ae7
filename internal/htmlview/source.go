package htmlview

import (
	"fmt"
	"strconv"
	"strings"
)

// source chooses the picture of an img: of the sources of a picture element the first whose media query holds, else of
// srcset the one for a plain screen, else src.
func (l *layouter) source(n *node) string {
	if n.tag == "svg" {
		c := n.style.color
		body := n.attrOr(svgScheme)
		if body == "" {
			return ""
		}
		return fmt.Sprintf("%s#%02x%02x%02x\x00%s", svgScheme, c.R, c.G, c.B, body)
	}
	if n.parent != nil && n.parent.tag == "picture" {
		for _, c := range n.parent.children {
			if c == n {
				break
			}
			if c.tag != "source" || c.attrOr("srcset") == "" {
				continue
			}
			if m := c.attrOr("media"); m != "" && !l.media.matches(m) {
				continue
			}
			if t := c.attrOr("type"); t != "" && !strings.Contains("image/png image/jpeg image/gif image/webp image/svg+xml image/bmp", strings.ToLower(t)) {
				continue
			}
			return fromSet(c.attrOr("srcset"))
		}
	}
	src := strings.TrimSpace(n.attrOr("src"))
	if n.tag == "input" && isRemote(src) { // forms are dead: their pictures are not asked for
		return ""
	}
	if set := n.attrOr("srcset"); set != "" {
		if u := fromSet(set); u != "" && (src == "" || hasDensity(set)) {
			return u
		}
	}
	return src
}

func hasDensity(set string) bool {
	return strings.Contains(set+" ", "1x ") || strings.Contains(set, "1x,")
}

// fromSet takes from a srcset the candidate of density 1, or the first.
func fromSet(set string) string {
	first := ""
	for _, part := range splitSet(set) {
		f := strings.Fields(part)
		if len(f) == 0 {
			continue
		}
		density := 1.0
		if len(f) > 1 && strings.HasSuffix(f[1], "x") {
			if v, err := strconv.ParseFloat(strings.TrimSuffix(f[1], "x"), 32); err == nil {
				density = v
			}
		}
		if density == 1 {
			return f[0]
		}
		if first == "" {
			first = f[0]
		}
	}
	return first
}

// splitSet splits a srcset at commas that end a candidate; those within data: URLs do not.
func splitSet(set string) []string {
	var out []string
	start := 0
	for i := 0; i < len(set); i++ {
		if set[i] == ',' && (i+1 == len(set) || set[i+1] == ' ' || set[i+1] == '\n' || set[i+1] == '\t') {
			out = append(out, set[start:i])
			start = i + 1
		}
	}
	return append(out, set[start:])
}
