package model

import "testing"

// TestTypedWordsAreFolded: completion and filters find what search finds.
func TestTypedWordsAreFolded(t *testing.T) {
	for _, c := range []struct {
		s, typed       string
		begins, within bool
	}{
		{"علي كريمي", "علی", true, true},
		{"علی کریمی", "كريم", true, true},
		{"علی کریمی", "ریمی", false, true},
		{"خانه‌های نو", "خانههای", true, true},
		{"خانه‌های نو", "خانه", true, true},
		{"پروژهٔ ۱۴۰۴", "1404", true, true},
		{"مُحَمَّد", "محمد", true, true},
		{"Žofie Müller", "muller", true, true},
		{"Sara sara@example.org", "sara@ex", true, true},
		{"Sara", "", true, true},
		{"Sara", "@", false, false},
		{"INBOX / Projects", "projects", true, true},
	} {
		if got := Begins(c.s, c.typed); got != c.begins {
			t.Errorf("Begins(%q, %q) = %v", c.s, c.typed, got)
		}
		if got := Holds(c.s, c.typed); got != c.within {
			t.Errorf("Holds(%q, %q) = %v", c.s, c.typed, got)
		}
	}
}
