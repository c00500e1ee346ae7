package store

import (
	"context"
	"fmt"
	"testing"

	"peyk/internal/mail"
)

// in is a short form of words for a server.
func in(w mail.Words) string {
	list := func(sign string, ws []mail.Words) string {
		s := ""
		for i, x := range ws {
			if i > 0 {
				s += sign
			}
			s += in(x)
		}
		return "(" + s + ")"
	}
	switch {
	case w.Not != nil:
		return "!" + in(*w.Not)
	case w.All != nil:
		return list("&", w.All)
	case w.Any != nil:
		return list("|", w.Any)
	}
	return fmt.Sprintf("%q", w.Text)
}

func TestWordsForServers(t *testing.T) {
	for query, want := range map[string]string{
		"meeting":                         `"meeting"`,
		"two words from:reza is:unread":   `("two"&"words")`,
		`"a phrase" -not`:                 `("a phrase"&!"not")`,
		"one OR two -(three OR four)":     `("one"|("two"&!("three"|"four")))`,
		"after:7d (a1 OR b1) in:inbox":    `("a1"|"b1")`,
		"کتاب":                            `("کتاب"|"كتاب")`,
		"ك\u200cي":                        "(\"ك\\u200cي\"|\"ك ي\"|\"كي\"|\"ک ی\"|\"کی\"|\"ک\\u200cی\")",
		"فاکتور۱۲":                        `("فاکتور۱۲"|"فاكتور12"|"فاكتور١٢"|"فاكتور۱۲"|"فاکتور12"|"فاکتور١٢")`,
		"invoice12":                       `"invoice12"`,
		"\"a\tb \u202ec\"":                `"a b c"`,
		"学":                               `"学"`,
		"x":                               "",
		"-meeting":                        "",
		"from:reza":                       "",
		"meeting OR from:reza":            "",
		"meeting (plan OR subject:board)": "",
		"is:unread larger:5M":             "",
	} {
		ask, _, ok := parseQuery(query).serverParts()
		have := ""
		if ok {
			have = in(serverWords(ask))
		}
		if have != want {
			t.Errorf("%s: %s, want %s", query, have, want)
		}
	}
}

func TestAlso(t *testing.T) {
	var none *Also
	if none.Len() != 0 || none.Has(1) {
		t.Error("none has some")
	}
	a, b := NewAlso([]mail.MessageID{3, 1, 3}), NewAlso([]mail.MessageID{1, 3})
	if a.Len() != 2 || !a.Has(3) || a.Has(2) || a.key != b.key || a.key == NewAlso([]mail.MessageID{1}).key {
		t.Errorf("%+v and %+v", a, b)
	}
}

// What a server found may be gone by now.
func TestAlsoWithoutWhatIsGone(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 3)))(t)
	q := Query{Search: "zebra", Also: NewAlso(ids)}
	wantCount(t, s, q, 3, 3)
	must(t, s.RemoveMessages(ctx, ids[:1]))
	for _, l := range []matchLimits{usualLimits, {few: 0, block: 2}} {
		s.limits = l
		s.found.clear()
		wantCount(t, s, q, 2, 2)
		wantPage(t, s, q, "3 2")
	}
}
