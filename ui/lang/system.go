package lang

import (
	"os"
	"strings"
)

// System is the language of the desktop by LC_ALL, LC_MESSAGES, LANG, or what SetSystem was told.
func System() string {
	if systemTag != "" {
		return match(systemTag).Code
	}
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		s := os.Getenv(v)
		s, _, _ = strings.Cut(s, ".")
		if s != "" && s != "C" && s != "POSIX" {
			return match(s).Code
		}
	}
	return "en"
}

var systemTag string

// SetSystem says what the toolkit found the desktop's locale to be ("fa-IR"); it goes before the environment.
func SetSystem(tag string) { systemTag = tag }
