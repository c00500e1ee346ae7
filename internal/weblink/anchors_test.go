package weblink

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnchors(t *testing.T) {
	got := Anchors(`<p>no</p><a class=x href=" https://evil.net/?a=1&amp;b=2 "><b>www.ba</b>nk.com<br>log&nbsp;in</a>
<a href="https://x.example/"><img src=a alt="x.example"></a><a href="https://evil.net/?a=1&b=2">again
<a name=here>not a link</a><area href="https://area.example" alt="there"><A HREF="https://open.example">never closed`)
	want := map[string]string{
		"https://evil.net/?a=1&b=2": "[www.bank.com log in again]",
		"https://x.example/":        "[x.example]",
		"https://area.example":      "[there]",
		"https://open.example":      "[never closed]",
	}
	if len(got) != len(want) {
		t.Errorf("%d links: %v", len(got), got)
	}
	for href, texts := range want {
		if s := fmt.Sprint(got[href]); s != texts {
			t.Errorf("%s: %s, want %s", href, s, texts)
		}
	}
	for src, want := range map[string]string{
		`<a href="https://evil.example" href="https://bank.example">bank.example</a>`:                                         "[bank.example]",
		"<a href=\"https://evil\t.exam\nple\">bank.example</a>":                                                               "[bank.example]",
		`<svg><style><p><a href="https://evil.example"><img alt="bank.example"></a>`:                                          "[bank.example]",
		`<img src="data:image/png;base64,` + strings.Repeat("A", 3<<20) + `"><a href="https://evil.example">bank.example</a>`: "[bank.example]",
	} {
		if s := fmt.Sprint(Anchors(src)["https://evil.example"]); s != want {
			t.Errorf("%.80s: %s, want %s", src, s, want)
		}
	}
	if n := len(Anchors("<a href=x>" + strings.Repeat("y", 1<<20))["x"][0]); n > maxAnchorText {
		t.Errorf("a text of %d bytes is kept", n)
	}
}
