package text

import (
	"unicode"

	"github.com/go-text/typesetting/language"
)

// item is a stretch of one paragraph that is shaped at once.
type item struct {
	start, end int32 // runes of the whole text
	level      level
	style      int32
	script     language.Script
	face       *face
	tab        bool
	box        bool // room for something that is no text
}

// scripts resolves Common and Inherited characters: they take the script before them, at the start the one after, and a
// closing bracket that of its partner (UAX #24 section 5.1).
func (w *worker) scripts(runes []rune) []language.Script {
	out := grow(w.scr, len(runes))
	w.scr = out
	type open struct {
		mate   rune
		script language.Script
	}
	var stack [16]open
	top := 0
	cur := language.Common
	first := -1
	for i, r := range runes {
		s := scriptOf(r)
		if s == language.Inherited && cur == language.Common {
			s = language.Common
		}
		switch {
		case s == language.Inherited:
			s = cur
		case s == language.Common || s == language.Unknown:
			s = cur
			if r > 0x7D || r == '(' || r == ')' || r == '[' || r == ']' || r == '{' || r == '}' {
				mate, kind := bracketOf(r)
				if kind == bracketOpen && top < len(stack) {
					stack[top] = open{mate, cur}
					top++
				} else if kind == bracketClose {
					for t := top - 1; t >= 0; t-- {
						if stack[t].mate == r {
							if stack[t].script != language.Common {
								s = stack[t].script
							}
							top = t
							break
						}
					}
				}
			}
		default:
			if cur == language.Common {
				first = i
			}
			cur = s
		}
		out[i] = s
		if cur != language.Common && first == i {
			for k := i - 1; k >= 0 && out[k] == language.Common; k-- {
				out[k] = cur
			}
		}
	}
	return out
}

// scriptOf is language.LookupScript with a short way for the scripts of nearly all mail.
func scriptOf(r rune) language.Script {
	switch {
	case r < 0x80:
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return language.Latin
		}
		return language.Common
	case r >= 0x620 && r <= 0x6FF && r != 0x640 && (r < 0x64B || r > 0x655) && (r < 0x660 || r > 0x669) && r != 0x670 && r != 0x6DD:
		return language.Arabic
	}
	return language.LookupScript(r)
}

// invisible characters need no glyph of their own and follow the font of their neighbours.
func invisible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7F && r < 0xA0, r == 0xAD, r == 0x34F, r == 0x61C:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x2028 && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r >= 0x180B && r <= 0x180F:
		return true
	}
	return false
}

// isMark reports a character that stays with the font of its base.
func isMark(r rune) bool {
	return r >= 0x300 && (unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r >= 0x1F3FB && r <= 0x1F3FF)
}

// isSpace reports white space at which lines end without showing it.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', 0x85, 0x1680, 0x2028, 0x2029, 0x205F, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200B && r != 0x2007
}

// isSeparator reports a character that ends a paragraph (Bidi_Class B, but for the information separators, and VT, FF).
func isSeparator(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x2029 || r == 0x85
}

// itemise cuts the paragraph [lo, hi) of the text into items, in logical order.
func (b *builder) itemise(lo, hi int32, levels []level) []item {
	runes := b.l.runes[lo:hi]
	scripts := b.w.scripts(runes)
	faces := b.chooseFaces(lo, runes, scripts)
	items := b.w.items[:0]
	for i := range runes {
		at := lo + int32(i)
		tab := runes[i] == '\t' && !b.l.params.SingleLine
		st := b.styleAt(at)
		box := runes[i] == boxRune && b.l.styles[st].BoxW > 0
		if n := len(items); n > 0 && !tab && !box && !items[n-1].tab && !items[n-1].box {
			it := &items[n-1]
			if it.level == levels[i] && it.face == faces[i] && sameScript(it.script, scripts[i]) && b.sameShape(it.style, st) {
				it.end++
				if it.script == language.Common {
					it.script = scripts[i]
				}
				continue
			}
		}
		items = append(items, item{at, at + 1, levels[i], st, scripts[i], faces[i], tab, box})
	}
	b.w.items = items
	return items
}

// boxRune is the character that Style.BoxW gives room (OBJECT REPLACEMENT CHARACTER).
const boxRune = '\ufffc'

func sameScript(a, b language.Script) bool {
	return a == b || a == language.Common || b == language.Common
}
