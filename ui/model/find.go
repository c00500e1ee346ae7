package model

import "peyk/store/fold"

// maxFound bounds how many places a search in a text lists.
const maxFound = 5000

// Find lists where a query stands in a text, in order and without overlaps, as indexes of its runes. Forms of a letter, marks,
// ZWNJ, digits and case make no difference, as in search; a stretch of white space counts as one space.
func Find(runes []rune, query string) [][2]int {
	needle, _ := folded([]rune(query))
	for len(needle) > 0 && needle[0] == ' ' {
		needle = needle[1:]
	}
	for len(needle) > 0 && needle[len(needle)-1] == ' ' {
		needle = needle[:len(needle)-1]
	}
	if len(needle) == 0 {
		return nil
	}
	hay, from := folded(runes)
	next := prefixes(needle)
	var out [][2]int
	for i, k := 0, 0; i < len(hay) && len(out) < maxFound; i++ {
		for k > 0 && hay[i] != needle[k] {
			k = next[k-1]
		}
		if hay[i] == needle[k] {
			k++
		}
		if k == len(needle) {
			end := int(from[i]) + 1
			for end < len(runes) && fold.Rune(runes[end]) == "" { // marks of the last letter
				end++
			}
			out = append(out, [2]int{int(from[i-len(needle)+1]), end})
			k = 0
		}
	}
	return out
}

// folded is a text as it is compared, and for each of its runes the index of the one it came from.
func folded(runes []rune) (out []rune, from []int32) {
	out, from = make([]rune, 0, len(runes)), make([]int32, 0, len(runes))
	for i, r := range runes {
		for _, f := range fold.Rune(r) {
			if f == ' ' && len(out) > 0 && out[len(out)-1] == ' ' {
				continue
			}
			out, from = append(out, f), append(from, int32(i))
		}
	}
	return out, from
}

// prefixes is the failure function of Knuth, Morris and Pratt: a text of one letter repeated costs no more than another.
func prefixes(needle []rune) []int {
	next := make([]int, len(needle))
	for i, k := 1, 0; i < len(needle); i++ {
		for k > 0 && needle[i] != needle[k] {
			k = next[k-1]
		}
		if needle[i] == needle[k] {
			k++
		}
		next[i] = k
	}
	return next
}
