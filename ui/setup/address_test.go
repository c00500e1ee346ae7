package setup

import "testing"

// TestAddressesAsTheyArePasted: what stands around an address goes, what belongs to it stays.
func TestAddressesAsTheyArePasted(t *testing.T) {
	for in, want := range map[string][2]string{
		"ali@example.org":                   {"ali@example.org", ""},
		" \u200cali@example.org\u200f\n":    {"ali@example.org", ""},
		"\u202bali@example.org\u202c":       {"ali@example.org", ""},
		"\ufeffali@exam\u200cple.org\u00a0": {"ali@example.org", ""},
		"mailto:ali@example.org?subject=x":  {"ali@example.org", ""},
		"علی نوری <ali@example.org>":        {"ali@example.org", "علی نوری"},
		"\"Noori, Ali\" <ali@example.org>,": {"ali@example.org", "Noori, Ali"},
		"«ali۱۲@example.org»،":              {"ali12@example.org", ""},
		"ali٣@example.org":                  {"ali3@example.org", ""},
		"علی۱@نامه\u200cای.ایران":           {"علی۱@نامه\u200cای.ایران", ""},
		"<ali@example.org>":                 {"ali@example.org", ""},
		"ali @example.org":                  {"ali @example.org", ""}, // who knows what was meant
		"":                                  {"", ""},
		"\u200c":                            {"", ""},
	} {
		if addr, name := cleanAddress(in); addr != want[0] || name != want[1] {
			t.Errorf("%q: %q of %q, want %q of %q", in, addr, name, want[0], want[1])
		}
	}
}
