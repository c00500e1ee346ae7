package fold

import "testing"

func TestName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"کاری", "كاري", true}, {"Work", "work", true}, {"می\u200cخواهم", "میخواهم", true}, {"سال ۱۴۰۴", "سال 1404", true}, {"Café", "cafe", true},
		{"c", "c++", false}, {"c++", "c#", false}, {"کار", "کارها", false}, {"a b", "a-b", false},
	} {
		if got := Name(c.a) == Name(c.b); got != c.same {
			t.Errorf("%q and %q are the same: %v (%q, %q)", c.a, c.b, got, Name(c.a), Name(c.b))
		}
	}
}
