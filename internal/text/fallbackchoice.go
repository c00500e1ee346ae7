package text

import (
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// choose picks the best footprint for the characters: full coverage first, then what suits an interface. -1: none has any of
// them.
func (fb *fallbacks) choose(runes []rune, script language.Script, bold, emoji bool) int {
	best, bestScore := -1, 0
	for i := range fb.prints {
		fp := &fb.prints[i]
		has, want := 0, 0
		for _, r := range runes {
			if invisible(r) {
				continue
			}
			if want++; fp.Runes.Contains(r) {
				has++
			}
		}
		if has == 0 {
			continue
		}
		s := 1 + has*1000/want*10 + suits(fp, script, bold, emoji)
		if s > bestScore {
			best, bestScore = i, s
		}
	}
	return best
}

// emojiFamilies are the colour fonts, best first (names as fontscan normalises them).
var emojiFamilies = []string{"notocoloremoji", "applecoloremoji", "segoeuiemoji", "twemoji", "twittercoloremoji", "joypixels"}

// scriptFamilies are preferred for a script, best first.
var scriptFamilies = map[language.Script][]string{
	language.Arabic:     {"vazirmatn", "notosansarabic", "notonaskharabicui", "notonaskharabic", "segoeui", "geezapro", "dejavusans"},
	language.Hebrew:     {"notosanshebrew", "segoeui", "arialhebrew", "dejavusans"},
	language.Syriac:     {"notosanssyriac", "notosanssyriacwestern", "estrangeloedessa"},
	language.Han:        {"notosanscjksc", "notosanssc", "microsoftyahei", "pingfangsc", "wenquanyimicrohei"},
	language.Hiragana:   {"notosanscjkjp", "notosansjp", "yugothic", "meiryo", "hiraginosans"},
	language.Katakana:   {"notosanscjkjp", "notosansjp", "yugothic", "meiryo", "hiraginosans"},
	language.Hangul:     {"notosanscjkkr", "notosanskr", "malgungothic", "applesdgothicneo"},
	language.Thai:       {"notosansthaiui", "notosansthai", "leelawadeeui", "thonburi"},
	language.Devanagari: {"notosansdevanagariui", "notosansdevanagari", "nirmalaui", "kohinoordevanagari"},
	language.Bengali:    {"notosansbengaliui", "notosansbengali", "nirmalaui"},
	language.Latin:      {"notosans", "dejavusans", "segoeui", "liberationsans", "helveticaneue", "arial"},
	language.Common:     {"notosans", "dejavusans", "notosanssymbols", "notosanssymbols2", "segoeuisymbol", "applesymbols"},
}

// suits scores how well a font suits, between -2000 and 3000; coverage weighs 10000.
func suits(fp *fontscan.Footprint, script language.Script, bold, emoji bool) int {
	fam := fp.Family
	s := 0
	for i, e := range emojiFamilies {
		if fam == e {
			if emoji {
				return 3000 - 10*i
			}
			return -1500
		}
	}
	for i, f := range scriptFamilies[script] {
		if fam == f {
			s += 1500 - 50*i
			break
		}
	}
	for i, f := range scriptFamilies[language.Common] {
		if fam == f {
			s += 400 - 20*i
			break
		}
	}
	if strings.Contains(fam, "sans") {
		s += 200
	}
	for _, bad := range [...]string{"serif", "mono", "condensed", "narrow", "math", "unjoined", "display", "kufi", "nastaliq", "rashi", "italic"} {
		if strings.Contains(fam, bad) && !strings.Contains(fam, "sansserif") {
			s -= 250
		}
	}
	if fp.Aspect.Style != font.StyleNormal {
		s -= 600
	}
	if fp.Aspect.Stretch != font.StretchNormal {
		s -= 300
	}
	want := font.WeightNormal
	if bold {
		want = font.WeightBold
	}
	return s - int(abs(float32(fp.Aspect.Weight-want)))/2
}

// monoFamilies are monospaced fonts, best first.
var monoFamilies = []string{"jetbrainsmono", "cascadiamono", "menlo", "sfmono", "consolas", "notosansmono", "dejavusansmono",
	"liberationmono", "ubuntumono", "couriernew"}

// chooseMono picks the monospaced font, or -1.
func (fb *fallbacks) chooseMono(bold bool) int {
	best, bestScore := -1, -1
	for i := range fb.prints {
		fp := &fb.prints[i]
		for k, f := range monoFamilies {
			if fp.Family != f {
				continue
			}
			s := 10000 - 100*k + suits(fp, language.Latin, bold, false)
			if s > bestScore {
				best, bestScore = i, s
			}
		}
	}
	return best
}
