package richtext

import (
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// Direction is the base direction of a paragraph by its first strong character (UAX #9 P2, P3), whether it has strong
// characters of both directions, and whether it has one at all.
func Direction(s string) (rtl, mixed, strong bool) {
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
		if !strong {
			rtl, strong = r, true
		}
		if l && r {
			break
		}
	}
	return rtl, l && r, strong
}

// FirstStrong is the base direction by the first strong character, and whether there is one.
func FirstStrong(s string) (rtl, ok bool) {
	for i := 0; i < len(s); {
		p, size := bidi.LookupString(s[i:])
		if size == 0 {
			break
		}
		switch p.Class() {
		case bidi.L:
			return false, true
		case bidi.R, bidi.AL:
			return true, true
		}
		i += size
	}
	return false, false
}

// Directions tells of each paragraph whether it runs from right to left: as it was chosen, or by its text, or, where that
// has no letter, as the paragraph before it, as the editor shows it; the line over a signature runs as that does.
func (d Doc) Directions() []bool {
	out := make([]bool, len(d))
	before := d.first()
	for i := range d {
		if d[i].Dir != Auto {
			before = d[i].Dir == RTL
		} else if rtl, _, strong := Direction(d[i].Text); strong {
			before = rtl
		}
		out[i] = before
	}
	for i := len(d) - 2; i >= 0; i-- {
		if d[i].Text == SignatureMark && d[i].Dir == Auto {
			out[i] = out[i+1]
		}
	}
	return out
}

// first is the direction of what comes before the first letter: that of the text.
func (d Doc) first() bool {
	for i := range d {
		if d[i].Dir != Auto {
			return d[i].Dir == RTL
		}
		if rtl, _, strong := Direction(d[i].Text); strong {
			return rtl
		}
	}
	return false
}

// NeedsDirections reports whether a reader who knows only the text may show a paragraph wrongly: it runs from right to
// left, mixes directions, or runs otherwise than its letters say.
func (d Doc) NeedsDirections() bool {
	for i := range d {
		if rtl, mixed, _ := Direction(d[i].Text); rtl || mixed || d[i].Dir != Auto {
			return true
		}
	}
	return false
}

// undecided is what langOf says of Arabic letters that Persian, Urdu and Arabic share: a short text is often made of nothing else.
const undecided = "?"

// langOf is the language of a text as far as its letters tell it: "fa" for letters that Persian has and Arabic has not, "ar" for those that
// Arabic has and Persian has not, "ur", "he"; undecided for Arabic letters that tell nothing more; "" for what is left to the reader.
func langOf(s string) string {
	lang := ""
	for _, r := range s {
		switch {
		case r == 'ٹ' || r == 'ڈ' || r == 'ڑ' || r == 'ے' || r == 'ں':
			return "ur"
		case r == 'پ' || r == 'چ' || r == 'ژ' || r == 'گ' || r == 'ک' || r == 'ی' || r >= '۰' && r <= '۹':
			lang = "fa"
		case r >= 0x0590 && r <= 0x05ff && lang == "":
			lang = "he"
		case lang != "" && lang != undecided:
		case r == 'ي' || r == 'ك' || r == 'ى' || r == 'ة' || r == 'إ' || r >= '٠' && r <= '٩':
			lang = "ar"
		case r >= 0x0620 && r <= 0x064a:
			lang = undecided
		}
	}
	return lang
}

// languages are that of a text as a whole, "" for what is left to the reader, and that of what its letters leave undecided: the language that the
// rest of it has, else that of what it quotes, else that of the window it was written in.
func (d Doc) languages(window string) (whole, tie string) {
	own := d.sample(false)
	for _, l := range []string{langOf(own), langOf(d.sample(true)), window} {
		if l == "fa" || l == "ar" || l == "ur" {
			tie = l
			break
		}
	}
	if whole = LanguageOf(own); whole == undecided {
		whole = tie
	}
	return whole, tie
}

// LanguageOf is the language of a text that is written mostly in letters that tell it: "fa", "ar", "he", "ur"; "?" for Arabic letters that all but Hebrew
// share; "" for every other.
func LanguageOf(s string) string {
	s = s[:min(len(s), maxLanguage)]
	right, left := 0, 0
	for _, r := range s {
		switch {
		case r >= 0x0590 && r <= 0x06ff:
			right++
		case unicode.IsLetter(r):
			left++
		}
	}
	if right <= left {
		return ""
	}
	return langOf(s)
}

// maxLanguage is how much of a text LanguageOf looks at, in bytes.
const maxLanguage = 8 << 10

// Persian reports whether the text is Persian, by its letters.
func (d Doc) Persian() bool { return langOf(d.sample(false)) == "fa" }
