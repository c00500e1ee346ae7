package text

import "testing"

func TestHostsAndIsolatesSayNothingAboutAField(t *testing.T) {
	for s, want := range map[string]Direction{
		"\u2068smtp.example.org:465\u2069 پاسخ داد ولی": RTL,
		"smtp.example.org:465 پاسخ داد":                 RTL,
		"\u2068Anna\u2069 پاسخ داد":                     RTL,
		"\u2068سارا\u2069 wrote":                        LTR,
		"smtp.example.org:465":                          LTR,
		"Note: smtp.example.org پاسخ":                   LTR,
	} {
		if got := FieldDirection(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
