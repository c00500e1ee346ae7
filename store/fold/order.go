package fold

import (
	"strings"
	"sync"
)

// alphabet is the order of the letters of the Arabic script, folded, as Persian dictionaries have it, with the letters that other languages
// added behind those they come from. Unicode has those of Persian behind all of Arabic's: in its order پ and گ would stand behind ی.
const alphabet = "ابپټتٹثجچڅځحخدډڈذرړڑڕزژږسشښصضطظعغفڤقکګگڭلڵمنڼںوۆۇۋهیێ"

// places are the letters of the alphabet, each as one of as many characters in a row in the block that they are from.
var places = sync.OnceValue(func() map[rune]rune {
	m, place := map[rune]rune{}, '\u0620'
	for _, r := range alphabet {
		m[r] = place
		place++
	}
	return m
})

// Order is a key for sorting names and titles: keys in the order of their bytes are in the order of the alphabets, with forms of a letter,
// case, marks and punctuation making no difference, as in search.
func Order(s string) string {
	folded, to := String(s), places()
	return strings.Map(func(r rune) rune {
		if place, ok := to[r]; ok {
			return place
		}
		return r
	}, folded)
}
