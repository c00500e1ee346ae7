package text

import "strings"

// StockOrder rewrites s for widgets that shape each directional run well and then set the runs in logical order from the
// left: the runs come in visual order, each within an override (LRO or RLO … PDF) that keeps its direction. A text
// without right-to-left characters is returned as it is. Only for showing: the result must not be stored or copied.
func StockOrder(s string) string { return StockOrderIn(s, Auto) }

// StockOrderIn is StockOrder with the base direction d.
func StockOrderIn(s string, d Direction) string {
	if !HasRTL(s) {
		return s
	}
	runes := []rune(s)
	var out strings.Builder
	for lo := 0; lo < len(runes); {
		hi := lo
		for hi < len(runes) && !isSeparator(runes[hi]) {
			hi++
		}
		stockParagraph(&out, runes[lo:hi], d)
		if hi < len(runes) {
			out.WriteRune(runes[hi])
			hi++
		}
		lo = hi
	}
	return out.String()
}

func stockParagraph(out *strings.Builder, runes []rune, d Direction) {
	if len(runes) == 0 {
		return
	}
	cls := make([]bclass, len(runes))
	for i, r := range runes {
		cls[i] = classOf(r)
	}
	base := 0
	switch d {
	case LTR:
	case RTL:
		base = 1
	default:
		base = strongClass(runes, cls, d == Field || d == FieldRTL)
		if base < 0 {
			base = 0
			if d == AutoRTL || d == FieldRTL {
				base = 1
			}
		}
	}
	var p bidiPara
	p.resolve(cls, runes, base)
	lineLevels(p.levels, cls, p.base)
	// Runs of equal level without the controls, whose work is done.
	type levelText struct {
		text  []rune
		level level
	}
	var runs []levelText
	for i, r := range runes {
		if cls[i].in(maskExplicit) {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].level == p.levels[i] {
			runs[n-1].text = append(runs[n-1].text, r)
		} else {
			runs = append(runs, levelText{[]rune{r}, p.levels[i]})
		}
	}
	levels := make([]level, len(runs))
	for i := range runs {
		levels[i] = runs[i].level
	}
	for _, o := range visualOrder(levels, nil) {
		if runs[o].level&1 == 1 {
			out.WriteRune('\u202E')
		} else {
			out.WriteRune('\u202D')
		}
		out.WriteString(string(runs[o].text))
		out.WriteRune('\u202C')
	}
}
