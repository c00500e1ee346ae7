package htmlview

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// LinkTexts tells what a reader sees under an address, whatever stands in the HTML around it.
func TestLinkTexts(t *testing.T) {
	const evil = "https://evil.example/x"
	for src, want := range map[string][]string{
		`<a href="` + evil + `">www.bank.example</a>`:                                                                               {"www.bank.example"},
		`<a href="` + evil + `" href="https://www.bank.example">www.bank.example</a>`:                                               {"www.bank.example"},
		"<a href=\"https://evil.exa\tmple/x\">www.bank.example</a>":                                                                 {"www.bank.example"},
		`<a href="` + evil + `"><span style="display:none">Go to </span>bank.example</a>`:                                           {"bank.example"},
		`<svg><style><p><a href="` + evil + `">bank.example</a>`:                                                                    {"bank.example"},
		`<a href="` + evil + `">bank.<b>exam</b>ple <i>now</i></a> and <a href="https://other.example">x</a><a href=` + evil + `>y`: {"bank.example now", "y"},
		`<div style="width:60px"><a href="` + evil + `">one two three four five</a></div>`:                                          {"one two three four five"},
		`<p>text</p>`: nil,
	} {
		if got := laid(t, src, LayoutOptions{}).LinkTexts(evil); fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(want) {
			t.Errorf("%s: %q", src, got)
		}
	}
}

// A place in a line of very many letters is found in one walk, and never lies between a letter and its mark.
func TestPositionInALongLine(t *testing.T) {
	v := laid(t, `<pre>`+strings.Repeat("abcdefghij", 30000)+`</pre>`, LayoutOptions{})
	for _, x := range []float32{0, 8, 100, 1000, 1e7} {
		at := v.Position(x, 20)
		if c := v.Caret(at); x < 2000 && (c.X-x > 8 || x-c.X > 8) || x > 1e6 && c.X < 1e5 {
			t.Errorf("at %v: position %d of %d, caret at %v", x, at, v.Len(), c.X)
		}
	}
	for src, want := range map[string][]int{"e\u0301e\u0301x": {0, 2, 4, 5}, "بَبَا": {0, 2, 4, 5}} {
		v, seen := laid(t, src, LayoutOptions{}), map[int]bool{}
		for x := float32(0); x < 800; x++ {
			seen[v.Position(x, 15)] = true
		}
		for at := range seen {
			if ok := at == v.Len(); !ok {
				for _, w := range want {
					ok = ok || at == w
				}
				if !ok {
					t.Errorf("%q: a position within a cluster: %d", src, at)
				}
			}
		}
		if len(seen) < len(want)-1 {
			t.Errorf("%q: positions %v, want %v", src, seen, want)
		}
	}
}

// Texts with a great many comments or left out elements between them are put together in linear time.
func TestTextInManyPieces(t *testing.T) {
	for name, between := range map[string]string{"comments": "<!---->", "hints of Word": "<![if x]>", "left out": "<script></script>"} {
		n := 1000000 / len(between)
		d, err := Parse(context.Background(), "<p>"+strings.Repeat("word "+between, n), Options{Engine: engine})
		if err != nil {
			t.Fatal(err)
		}
		kids := d.body().children
		if len(kids) != 1 || len(kids[0].children) != 1 || len(kids[0].children[0].text) < 5*min(n, maxElements/2)-10 {
			t.Errorf("%s: %d children", name, len(kids))
		}
	}
}

// What a message writes small and means large is bounded: tabs, generated text, functions within functions. A long list is counted once.
func TestSmallInputStaysSmall(t *testing.T) {
	if n := laid(t, "<pre>"+strings.Repeat("\t", 200000), LayoutOptions{Limit: time.Minute}).Len(); n < 200000 || n > 200000+9*maxTabs {
		t.Errorf("200,000 tabs are %d characters", n)
	}
	if n := laid(t, "<style>p::before{content:'"+strings.Repeat("x", 100000)+"'}</style><p>y", LayoutOptions{}).Len(); n > maxContent+10 {
		t.Errorf("generated text of %d characters", n)
	}
	u := units{em: 16, root: 16, vw: 800}
	for depth, want := range map[int]bool{1: true, maxFunctions: true, maxFunctions + 1: false, 2000: false} {
		s := strings.Repeat("min(9px,", depth) + "5px" + strings.Repeat(")", depth)
		if l, ok := u.length(lex(s)); ok != want || ok && l.px != 5 {
			t.Errorf("%d functions within each other: %v, %v", depth, l, ok)
		}
	}
	d, err := Parse(context.Background(), `<ol start=3>`+strings.Repeat("<li>x", 20000)+`<li value=7>y<li>z`, Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Layout(context.Background(), 800, LayoutOptions{Limit: time.Minute}); err != nil {
		t.Errorf("a list of 20,000 items: %v", err)
	}
	l, items := &layouter{}, d.body().children[0].children
	if a, b, c := l.itemNumber(items[0]), l.itemNumber(items[19999]), l.itemNumber(items[20001]); a != 3 || b != 20002 || c != 8 {
		t.Errorf("numbers %d, %d, %d", a, b, c)
	}
}
