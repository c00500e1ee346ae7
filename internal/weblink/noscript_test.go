package weblink

import "testing"

// What is for programs without scripts is shown by the reader, so its links count as those of the rest.
func TestAnchorsWithoutScripts(t *testing.T) {
	got := Anchors(`<noscript><a href="https://evil.example/">bank.example</a></noscript><a href="https://b.example/">b</a>`)
	if w := got["https://evil.example/"]; len(w) != 1 || w[0] != "bank.example" || len(got) != 2 {
		t.Errorf("%v", got)
	}
}
