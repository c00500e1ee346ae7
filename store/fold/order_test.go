package fold

import (
	"slices"
	"strings"
	"testing"
)

// Names in the order in which a reader of each language looks for them.
func TestOrder(t *testing.T) {
	want := strings.Fields("123 Álvarez bob Çelik Dvořák évora Müller Żak Анна Борис آبان احمدي باقری پارسا تهرانی جواد چمران حسن خسرو دارا ذاکر رضا زهرا ژاله " +
		"سارا شیوا صادق ضیا طاهر ظریف علی غلام فرهاد قاسم كامران گلناز لاله مریم نوری وحید هادی یاسر 会議")
	have := slices.Clone(want)
	slices.Reverse(have)
	slices.SortStableFunc(have, func(a, b string) int { return strings.Compare(Order(a), Order(b)) })
	if !slices.Equal(have, want) {
		t.Errorf("in order:\n%v\nwant\n%v", have, want)
	}
	for _, same := range [][2]string{{"علي", "علی"}, {"كريمي", "کریمی"}, {"MÜLLER", "muller"}, {"«گزارش»", "گزارش"}, {"مُحَمَّد", "محمد"}, {"۱۲", "12"}} {
		if Order(same[0]) != Order(same[1]) {
			t.Errorf("%q and %q are apart", same[0], same[1])
		}
	}
	seen := map[rune]bool{}
	for _, r := range alphabet {
		if seen[r] || Order(string(r)) == "" || String(string(r)) != string(r) {
			t.Errorf("%q stands twice in the alphabet, or folding makes another letter of it", r)
		}
		seen[r] = true
	}
}

func BenchmarkOrder(b *testing.B) {
	for b.Loop() {
		Order("سارا احمدي Sara Ahmadi")
	}
}
