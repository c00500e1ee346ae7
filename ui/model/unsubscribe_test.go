package model

import (
	"strings"
	"testing"

	"peyk/internal/mail"
)

func TestUnsubscribe(t *testing.T) {
	for value, want := range map[string][4]string{
		"<mailto:leave@lists.example.com?subject=unsubscribe>, <https://lists.example.com/u/abc>": {"mailto:leave@lists.example.com?subject=unsubscribe", "https://lists.example.com/u/abc", "leave@lists.example.com", "lists.example.com"},
		"<https://a.example/1>, <https://b.example/2>":                                            {"", "https://a.example/1", "", "a.example"},
		"(Use this) <https://a.example/\r\n\tlong>":                                               {"", "https://a.example/long", "", "a.example"},
		"<MAILTO:off%2Bx@a.example>":                                                              {"mailto:off%2Bx@a.example", "", "off+x@a.example", ""},
		"<javascript:alert(1)>, <file:///etc/passwd>, <https:///x>, <mailto:nobody>":              {},
		"https://a.example/1":                                                                     {}, "<https://a.example": {}, "": {}, "<<>>": {}, strings.Repeat("<", 20000): {},
	} {
		u := UnsubscribeOf([]mail.HeaderField{{Name: "Subject", Value: "x"}, {Name: "list-unsubscribe", Value: value}})
		if got := [4]string{u.Mailto, u.Page, u.Address(), u.Host()}; got != want || u.Offered() != (want != [4]string{}) {
			t.Errorf("%.60q: %q, want %q", value, got, want)
		}
	}
}

func TestListAnswers(t *testing.T) {
	for value, want := range map[string]bool{"<mailto:nuts@lists.example.com>": true, "<MAILTO:a@b.example> (moderated)": true, "NO": false, "": false} {
		if ListAnswers([]mail.HeaderField{{Name: "list-post", Value: value}}) != want {
			t.Errorf("%q: %t", value, !want)
		}
	}
	if ListAnswers([]mail.HeaderField{{Name: "List-Id", Value: "<mailto:x@y>"}}) {
		t.Error("another field")
	}
}
