package pdfout

import "strings"

// letterRegions use North American paper (CLDR, paperSize US-Letter).
const letterRegions = " BZ CA CL CO CR GT MX NI PA PH PR SV US VE "

// PaperFor chooses the paper by the locale, as the environment gives it (POSIX: LC_ALL, LC_PAPER, LANG).
func PaperFor(getenv func(string) string) Paper {
	for _, name := range []string{"LC_ALL", "LC_PAPER", "LANG"} {
		v := getenv(name)
		if v == "" {
			continue
		}
		v, _, _ = strings.Cut(v, ".")
		if _, region, ok := strings.Cut(v, "_"); ok && strings.Contains(letterRegions, " "+strings.ToUpper(region)+" ") {
			return Letter
		}
		return A4
	}
	return A4
}
