package text

import (
	"fmt"
	"strings"
	"unicode"
)

// Sanitize makes a one-line field (subject, name, snippet) safe to show among others: line ends, tabs and control
// characters become spaces; characters that are never seen and carry no meaning (fillers, zero width spaces, tags) go;
// overrides, which show text in another order than it has, become visible as [RLO] or [LRO]; embeddings and isolates are
// kept in pairs only; and no letter carries more than eight marks. What Persian, Indic scripts and emoji need stays: ZWNJ
// and ZWJ between letters, variation selectors, direction marks. It is idempotent.
func Sanitize(s string) string {
	if plainASCII(s) {
		return s
	}
	return clean(s, false)
}

// Visible makes every invisible character of s visible, as [RLO] or [U+200B]: for file names, addresses and links, where
// two different strings must not look alike. ZWNJ and ZWJ stay where scripts and emoji need them. It is idempotent.
func Visible(s string) string {
	if plainASCII(s) {
		return s
	}
	return clean(s, true)
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

var controlNames = map[rune]string{
	0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
	0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0x200E: "LRM", 0x200F: "RLM", 0x061C: "ALM",
}

const maxMarks = 8

func clean(s string, all bool) string {
	runes := []rune(s)
	var out strings.Builder
	out.Grow(len(s))
	marks := 0
	kept := keptControls(runes)
	for i, r := range runes {
		if isMark(r) {
			if marks++; marks > maxMarks {
				continue
			}
		} else if !invisible(r) {
			marks = 0
		}
		switch {
		case r == 0x202D || r == 0x202E, all && classOf(r).in(maskExplicit), all && controlNames[r] != "":
			out.WriteString("[" + controlNames[r] + "]")
		case classOf(r).in(maskExplicit):
			if kept[i] {
				out.WriteRune(r)
			}
		case isSeparator(r) || r == '\t' || r == '\v' || r == '\f' || r == 0x2028:
			out.WriteByte(' ')
		case r == 0x200C || r == 0x200D:
			if joinerNeeded(runes, i) {
				out.WriteRune(r)
			} else if all {
				fmt.Fprintf(&out, "[U+%04X]", r)
			}
		case r == 0x200E || r == 0x200F || r == 0x61C:
			out.WriteRune(r)
		case isVariation(r) && i > 0 && r < 0xE0000 && !isSpace(runes[i-1]) && !invisible(runes[i-1]):
			out.WriteRune(r)
		case isTag(r) && flagTag(runes, i):
			out.WriteRune(r)
		case unicode.IsControl(r):
			if all {
				fmt.Fprintf(&out, "[U+%04X]", r)
			} else {
				out.WriteByte(' ')
			}
		case invisible(r) || filler(r):
			if all {
				fmt.Fprintf(&out, "[U+%04X]", r)
			}
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// keptControls marks embeddings and isolates that are closed, and what closes them, outside overrides.
func keptControls(runes []rune) []bool {
	kept := make([]bool, len(runes))
	var open []int
	for i, r := range runes {
		switch c := classOf(r); {
		case c.in(maskIsolate), c.in(1<<clLRE | 1<<clRLE | 1<<clLRO | 1<<clRLO):
			open = append(open, i)
		case c == clPDF, c == clPDI:
			if len(open) == 0 {
				continue
			}
			o := open[len(open)-1]
			oc := classOf(runes[o])
			if oc.in(maskIsolate) != (c == clPDI) {
				continue
			}
			open = open[:len(open)-1]
			if oc != clLRO && oc != clRLO {
				kept[o], kept[i] = true, true
			}
		}
	}
	return kept
}

func isVariation(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0x180B && r <= 0x180F
}

func isTag(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }

// flagTag reports a tag character that belongs to a flag: 🏴 and tags up to here.
func flagTag(runes []rune, i int) bool {
	for i--; i >= 0; i-- {
		if runes[i] == 0x1F3F4 {
			return true
		}
		if !isTag(runes[i]) {
			return false
		}
	}
	return false
}

// filler reports characters that are letters or symbols by name and show nothing.
func filler(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x2800, 0xFFFC:
		return true
	}
	return r >= 0xFFF9 && r <= 0xFFFB || r >= 0x1D173 && r <= 0x1D17A
}

// joinerNeeded reports whether a ZWNJ or ZWJ at i can change what is seen: after a letter of a joining or Indic script,
// or within an emoji sequence.
func joinerNeeded(runes []rune, i int) bool {
	k := i - 1
	for k >= 0 && (isMark(runes[k]) || isVariation(runes[k])) {
		k--
	}
	if k < 0 {
		return false
	}
	p := runes[k]
	if isPictographic(p) {
		return runes[i] == 0x200D && i+1 < len(runes) && isPictographic(runes[i+1])
	}
	if p < 0x600 || invisible(p) {
		return false
	}
	return joins(scriptOf(p)) || p >= 0x900 && p <= 0xDFF || p >= 0x1000 && p <= 0x109F || p >= 0x1780 && p <= 0x17FF
}
