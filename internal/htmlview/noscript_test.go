package htmlview

import (
	"strings"
	"testing"
)

// What is for programs without scripts nests no deeper than the rest: the whole message was refused, although nothing of it is shown.
func TestDeepNestingWithoutScripts(t *testing.T) {
	if _, err := parseDOM("<noscript>" + strings.Repeat("<div>", 5000) + "hello</noscript>"); err != nil {
		t.Error(err)
	}
}
