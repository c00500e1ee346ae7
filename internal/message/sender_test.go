package message

import "testing"

// The address that a name pretends to be is found wherever it stands in it.
func TestAddressesInNames(t *testing.T) {
	for name, want := range map[string]string{
		"support@bank.com":            "support@bank.com",
		"Bank <support@bank.com>":     "support@bank.com",
		"@home support@bank.com":      "support@bank.com",
		"＠ support＠bank.com":          "support@bank.com",
		"Bank @ Home, info﹫bank.com.": "info@bank.com",
		"a@b c@d x@y.example":         "x@y.example",
		"пётр@почта.рф":               "пётр@почта.рф",
		"„süd@bänk.example“":          "süd@bänk.example",
		"Rock @ Roll":                 "",
		"@@@@":                        "",
		"me@home":                     "",
		"":                            "",
	} {
		if got := namedAddress(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
