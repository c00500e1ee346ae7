package htmlview

import (
	"strconv"
	"strings"
)

// markerText is what stands before a list item.
func (l *layouter) markerText(n *node) string {
	t := n.style.listType
	if strings.HasPrefix(t, `"`) || strings.HasPrefix(t, `'`) {
		return strings.TrimRight(unescape(strings.Trim(t, `"'`)), " ")
	}
	return formatMarker(t, l.itemNumber(n))
}

// itemNumber is the number of a list item by start, value and reversed. All items of a list are counted when the first is asked for.
func (l *layouter) itemNumber(n *node) int {
	if n.parent == nil {
		return 1
	}
	if v, known := l.numbers[n]; known {
		return v
	}
	if l.numbers == nil {
		l.numbers = map[*node]int{}
	}
	list := n.parent
	pos, step := 0, 1
	if _, ok := list.attr("reversed"); ok && list.tag == "ol" {
		step = -1
		for _, c := range list.children {
			if isItem(c) {
				pos++
			}
		}
		pos++
	}
	if v, ok := wholeNumber(list, "start"); ok && list.tag == "ol" {
		pos = v - step
	}
	for _, c := range list.children {
		if isItem(c) {
			pos += step
			if v, ok := wholeNumber(c, "value"); ok {
				pos = v
			}
		}
		l.numbers[c] = pos
	}
	if v, known := l.numbers[n]; known {
		return v
	}
	return pos // it is generated content
}

func wholeNumber(n *node, attr string) (int, bool) {
	s, ok := n.attr(attr)
	if !ok {
		return 0, false
	}
	v, err := strconv.Atoi(strings.TrimSpace(s))
	return v, err == nil
}

func isItem(c *node) bool { return c.tag == "li" && c.style != nil && c.style.display != dispNone }

// numeral writes a number in the letters of an alphabet that has signs for ones, tens and hundreds; "" beyond them.
func numeral(n int, signs []rune) string {
	if n <= 0 || n >= 1000 {
		return ""
	}
	var out []rune
	for i, unit := range [3]int{100, 10, 1} {
		if d := n / unit % 10; d > 0 {
			out = append(out, signs[(2-i)*9+d-1])
		}
	}
	return string(out)
}

var hebrewNumerals = []rune("אבגדהוזחטיכלמנסעפצקרשתךםןףץ")

// hebrew writes a Hebrew number; 15 and 16 avoid a name of God.
func hebrew(n int) string {
	s := numeral(n, hebrewNumerals)
	if s == "" {
		return strconv.Itoa(n)
	}
	return strings.NewReplacer("יה", "טו", "יו", "טז", "ך", "תק", "ם", "תר", "ן", "תש", "ף", "תת", "ץ", "תתק").Replace(s)
}

// greek writes α, β, …, ω, αα.
func greek(n int) string {
	letters := []rune("αβγδεζηθικλμνξοπρστυφχψω")
	if n <= 0 || n > 1<<24 {
		return strconv.Itoa(n)
	}
	var out []rune
	for k := len(letters); n > 0; n = (n - 1) / k {
		out = append([]rune{letters[(n-1)%k]}, out...)
	}
	return string(out)
}

// insideMarker puts the marker of a list item at the start of its text.
func (f *filler) insideMarker(bx *box, n *node) {
	m := bx.marker
	if !bx.s.listInside || m == "" || bx.markerImg != nil {
		return
	}
	if m[0] == 0 {
		asc, _, _ := n.style.lineMetrics(f.l.engine)
		_, size := bulletSize(asc)
		bx.indent = size + 1 + n.style.size // the bullet is drawn, the text moves
		return
	}
	bx.marker = ""
	f.items = append(f.items, inlineItem{kind: itemText, text: m + "\u00A0", s: n.style, n: n})
}

// bulletSize is how far the top of a bullet lies from the place of its text, and how large it is, as browsers have it: of the ascent of the
// font alone, in whole units.
func bulletSize(asc float32) (offset, size float32) {
	offset = floorf(asc * 2 / 3)
	return offset, floorf((offset + 1) / 2)
}
