package htmlview

import "strings"

// Rect is a rectangle of the view in units.
type Rect struct{ X, Y, W, H float32 }

// Height is the height of the view in units.
func (v *View) Height() float32 { return v.height * v.zoom }

// LinkAt returns the address of the link at a point; only http, https, mailto and tel are links, all else is "".
func (v *View) LinkAt(x, y float32) string {
	x, y = x/v.zoom, y/v.zoom
	for i := len(v.links) - 1; i >= 0; i-- {
		if l := &v.links[i]; x >= l.x0 && x < l.x1 && y >= l.y0 && y < l.y1 {
			return safeLink(l.url)
		}
	}
	return ""
}

func safeLink(u string) string {
	u = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, strings.TrimSpace(u))
	low := strings.ToLower(u)
	for _, p := range [...]string{"http://", "https://", "mailto:", "tel:"} {
		if strings.HasPrefix(low, p) {
			return u
		}
	}
	return ""
}

// Position is the offset, in runes of the view's text, nearest to a point.
func (v *View) Position(x, y float32) int {
	x, y = x/v.zoom, y/v.zoom
	best, bestD := -1, float32(1e18)
	for i := range v.runs {
		r := &v.runs[i]
		if !r.seen() {
			continue
		}
		var dy, dx float32
		switch {
		case y < r.y:
			dy = r.y - y
		case y >= r.y+r.h:
			dy = y - r.y - r.h
		}
		switch {
		case x < r.x:
			dx = r.x - x
		case x > r.x+r.w:
			dx = x - r.x - r.w
		}
		if d := dy*1000 + dx; d < bestD {
			best, bestD = i, d
		}
	}
	if best < 0 {
		return 0
	}
	r := &v.runs[best]
	return r.at + r.piece.Nearest(x-r.x) - r.piece.Start
}

// Selection gives the rectangles of the text between two positions, as far as it is seen.
func (v *View) Selection(a, b int) []Rect {
	if a > b {
		a, b = b, a
	}
	var out []Rect
	z := v.zoom
	order := v.inOrder()
	for _, i := range order[v.firstRun(order, a):] {
		r := &v.runs[i]
		if r.at >= b {
			break
		}
		n := r.piece.End - r.piece.Start
		lo, hi := max(a-r.at, 0), min(b-r.at, n)
		if lo >= hi {
			continue
		}
		x0, x1 := r.piece.X(r.piece.Start+lo), r.piece.X(r.piece.Start+hi)
		if x0 > x1 {
			x0, x1 = x1, x0
		}
		at := rect{r.x + x0, r.y, r.x + x1, r.y + r.h}
		if r.clip != nil {
			at = at.cut(*r.clip)
		}
		if at.x1 > at.x0 && at.y1 > at.y0 {
			out = append(out, Rect{at.x0 * z, at.y0 * z, (at.x1 - at.x0) * z, (at.y1 - at.y0) * z})
		}
	}
	return out
}

// Len is the number of runes of the view's text.
func (v *View) Len() int { return len(v.text) }

// Text is the text between two positions in logical order.
func (v *View) Text(a, b int) string {
	if a > b {
		a, b = b, a
	}
	a, b = max(0, min(a, len(v.text))), max(0, min(b, len(v.text)))
	var out strings.Builder
	for _, r := range v.text[a:b] {
		if r != 0xFFFC && r != wordJoiner && (r < 0x2066 || r > 0x2069) && (r < 0x202A || r > 0x202E) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// Find lists where a string occurs, without regard to letter case: positions of start and end.
func (v *View) Find(what string) [][2]int {
	needle := []rune(strings.ToLower(what))
	if len(needle) == 0 {
		return nil
	}
	hay := make([]rune, len(v.text))
	for i, r := range v.text {
		if hay[i] = r; r >= 'A' && r <= 'Z' {
			hay[i] = r + 32
		} else if r > 0x7F {
			if l := []rune(strings.ToLower(string(r))); len(l) == 1 {
				hay[i] = l[0]
			}
		}
	}
	var out [][2]int
	for i := 0; i+len(needle) <= len(hay) && len(out) < 10000; i++ {
		k := 0
		for k < len(needle) && hay[i+k] == needle[k] {
			k++
		}
		if k == len(needle) {
			out = append(out, [2]int{i, i + k})
			i += k - 1
		}
	}
	return out
}

// maxLinkTexts bounds how many texts of one link are listed, and maxLinkText the runes of one.
const (
	maxLinkTexts = 50
	maxLinkText  = 2000
)

// LinkTexts are the texts that can be seen under an address that LinkAt gave: what stands in the view, not what the HTML seems to say. Lines of one
// link are one text.
func (v *View) LinkTexts(url string) (out []string) {
	if url == "" {
		return nil
	}
	same := map[string]bool{} // by the address in the HTML
	var at, end = -1, -1
	flush := func() {
		if at >= 0 && len(out) < maxLinkTexts {
			out = append(out, strings.Join(strings.Fields(v.Text(at, min(end, at+maxLinkText))), " "))
		}
		at, end = -1, -1
	}
	for _, i := range v.inOrder() {
		r := &v.runs[i]
		is, known := same[r.link]
		if !known {
			is = r.link != "" && safeLink(r.link) == url
			same[r.link] = is
		}
		switch n := r.piece.End - r.piece.Start; {
		case !is:
			flush()
		case at >= 0 && r.at <= end+1:
			end = max(end, r.at+n)
		default:
			flush()
			at, end = r.at, r.at+n
		}
	}
	flush()
	return out
}
