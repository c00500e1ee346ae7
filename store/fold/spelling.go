package fold

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The same word is written in several ways that the index keeps apart, because none of them is wrong: می‌روم, میروم and می روم; 12,500,000
// and 12500000. A query is looked for in all of them, so that the index needs none twice.

// Spelling is another way to write a term: words that stand together.
type Spelling struct {
	Words []string
	// Whole says that the last word does not go on, though the term's may: a part that was cut off a word begins too many others.
	Whole bool
}

// maxSpellings bounds the spellings of one term, the one that was typed included.
const maxSpellings = 8

// Prefixes and suffixes of Persian that are written together with their word, apart from it or behind a half-space, folded. A word that is
// shorter than least without them is one of its own (میز, تنها).
var (
	prefixes = []affix{{"نمی", 2}, {"می", 2}}
	suffixes = []affix{{"هایشان", 2}, {"هایمان", 2}, {"هایتان", 2}, {"هایی", 2}, {"هایم", 2}, {"هایت", 2}, {"هایش", 2}, {"های", 3}, {"ها", 3}, {"ترین", 3}, {"تر", 3}}
)

// affix is one of them, with the letters that a word has at least beside it.
type affix struct {
	text  string
	least int
}

func isAffix(list []affix, word string) bool {
	return slices.ContainsFunc(list, func(a affix) bool { return a.text == word })
}

// Belong reports whether two words that follow each other may be one word written apart (می روم, کتاب ها).
func Belong(a, b string) bool {
	first, second := Query(a).Words, Query(b).Words
	return len(first) == 1 && len(second) == 1 && belong(first[0], second[0])
}

func belong(a, b string) bool {
	return isAffix(prefixes, a) && persian(b) || isAffix(suffixes, b) && persian(a) && utf8.RuneCountInString(a) > 1
}

// persian reports whether a folded word is of letters that Persian has.
func persian(word string) bool {
	for _, r := range word {
		if r < 0x621 || r > 0x6cc {
			return false
		}
	}
	return word != ""
}

// unit is a part of a term that may be written in several ways, the typed one first.
type unit []Spelling

// spellings are the other ways to write the words of a term. groups are the words that half-spaces divide, by their first word: how many there
// are, and the whole.
func spellings(words []string, groups map[int]group) (out []Spelling) {
	all := []Spelling{{}}
	for _, u := range units(words, groups) {
		if len(u) == 1 || len(all)*len(u) > maxSpellings { // nearly always: a text that was pasted has thousands
			for i := range all {
				all[i] = Spelling{append(all[i].Words, u[0].Words...), u[0].Whole}
			}
			continue
		}
		next := make([]Spelling, 0, len(all)*len(u))
		for _, f := range u {
			for _, s := range all {
				next = append(next, Spelling{slices.Concat(s.Words, f.Words), f.Whole})
			}
		}
		all = next
	}
	return all[1:]
}

// group is a word that half-spaces divide.
type group struct {
	parts int
	whole string
}

func units(words []string, groups map[int]group) (out []unit) {
	for i := 0; i < len(words); {
		n := 1
		var others []Spelling
		if g, ok := groups[i]; ok {
			n, others = g.parts, []Spelling{{Words: []string{g.whole}}}
		} else if k := grouped(words[i:]); k > 1 {
			n, others = k, []Spelling{{Words: []string{strings.Join(words[i:i+k], "")}}}
		} else if _, next := groups[i+1]; !next && i+1 < len(words) && belong(words[i], words[i+1]) {
			n, others = 2, []Spelling{{Words: []string{words[i] + words[i+1]}}}
		} else if parts := apart(words[i]); parts != nil {
			others = []Spelling{{Words: parts, Whole: true}}
		}
		out = append(out, append(unit{{Words: words[i : i+n]}}, others...))
		i += n
	}
	return out
}

// apart is a word as it is written in several: a number in thousands, a prefix or suffix apart; nil for any other word.
func apart(word string) []string {
	if t := thousands(word); t != nil {
		return t
	}
	if !persian(word) {
		return nil
	}
	for _, a := range prefixes {
		if rest, ok := strings.CutPrefix(word, a.text); ok && utf8.RuneCountInString(rest) >= a.least {
			return []string{a.text, rest}
		}
	}
	for _, a := range suffixes {
		if rest, ok := strings.CutSuffix(word, a.text); ok && utf8.RuneCountInString(rest) >= a.least {
			return []string{rest, a.text}
		}
	}
	return nil
}

// maxDigits bounds the numbers that are divided into thousands.
const maxDigits = 18

// thousands divides a number as it is written with separators; nil for what is none, or too short for them.
func thousands(word string) (out []string) {
	if len(word) < 4 || len(word) > maxDigits || word[0] == '0' || !digits(word) {
		return nil
	}
	for n := (len(word)-1)%3 + 1; word != ""; n = 3 {
		out, word = append(out, word[:n]), word[n:]
	}
	return out
}

// grouped is how many of the first words are one number with separators between its thousands.
func grouped(words []string) int {
	if w := words[0]; len(w) > 3 || w[0] == '0' || !digits(w) {
		return 0
	}
	n := 1
	for n < len(words) && n < maxDigits/3 && len(words[n]) == 3 && digits(words[n]) {
		n++
	}
	return n
}

func digits(word string) bool {
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return word != ""
}
