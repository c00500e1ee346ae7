package clipimage

import (
	"fmt"
	"testing"
	"unicode/utf16"
)

func TestFragments(t *testing.T) {
	wide := []byte{0xff, 0xfe}
	var bare []byte
	for _, u := range utf16.Encode([]rune("<b>سلام 😀</b>")) {
		wide, bare = append(wide, byte(u), byte(u>>8)), append(bare, byte(u), byte(u>>8))
	}
	head := func(from, to int) string {
		return fmt.Sprintf("Version:0.9\r\nStartFragment:%08d\r\nEndFragment:%08d\r\n", from, to)
	}
	at := len(head(0, 0))
	windows := head(at+6, at+6+len("<b>ü</b>")) + "<html><b>ü</b></html>\x00"
	for src, want := range map[string]string{
		string(wide):       "<b>سلام 😀</b>",
		string(bare):       "<b>سلام 😀</b>",
		"<p>plain</p>\x00": "<p>plain</p>",
		"<html><!--StartFragment--><i>x</i><!--EndFragment--></html>": "<i>x</i>",
		"\xff\xfd": "",
		windows:    "<b>ü</b>",
		"":         "",
		"Version:0.9\r\nStartFragment:99999\r\nEndFragment:5\r\n<!--StartFragment-->y<!--EndFragment-->": "y",
	} {
		if got := fragment(decode([]byte(src))); got != want {
			t.Errorf("%q: %q", src, got)
		}
	}
}
