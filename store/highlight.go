package store

import (
	"sort"
	"strings"
	"unicode/utf8"

	"peyk/store/fold"
)

// Span is a range of bytes.
type Span struct{ Start, End int }

// Place is where a text stands in a message: words that an operator looks for elsewhere are not marked in it.
type Place string

// The places.
const (
	InSubject    Place = "subject"
	InSender     Place = "sender"
	InRecipients Place = "recipients"
	InFileName   Place = "names"
	InText       Place = "body"
)

// Highlight returns where the positive words of a query occur in a text at a place, folded like the index, in order and without
// overlaps. Words of phrases are marked one by one.
func Highlight(text, query string, in Place) []Span {
	terms, prefixes := parseQuery(query).wordsIn(in, nil, nil)
	if len(terms) == 0 {
		return nil
	}
	whole := map[string]bool{}
	var starts []string
	for i, t := range terms {
		for j, w := range t.Words {
			// A letter alone begins words above the text only, as in the index.
			if j == len(t.Words)-1 && (prefixes[i] && (in != InText || utf8.RuneCountInString(w) >= 2) || t.Partial) {
				starts = append(starts, w)
			} else {
				whole[w] = true
			}
		}
		if t.Joined != "" {
			whole[t.Joined] = true
		}
	}
	hit := func(w string) bool {
		if whole[w] {
			return true
		}
		for _, p := range starts {
			if strings.HasPrefix(w, p) {
				return true
			}
		}
		return false
	}
	var out []Span
	fold.Scan(text, func(w fold.Word) {
		switch {
		case w.Joined != "" && hit(w.Joined):
			out = append(out, Span{w.JoinedFrom, w.End})
		case w.Text != "" && hit(w.Text):
			out = append(out, Span{w.Start, w.End})
		}
	})
	return joinSpans(out)
}

func joinSpans(in []Span) []Span {
	sort.Slice(in, func(i, j int) bool { return in[i].Start < in[j].Start })
	var out []Span
	for _, s := range in {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Snippet cuts about max runes around the first match of a query out of a text, on one line, with the spans to mark in it. Without a match
// it is the beginning of the text.
func Snippet(text, query string, max int) (string, []Span) {
	start := 0
	if spans := Highlight(text, query, InText); len(spans) > 0 {
		start = spans[0].Start
		for back := 0; start > 0 && back < max/3; back++ {
			_, n := utf8.DecodeLastRuneInString(text[:start])
			start -= n
		}
		if start > 0 {
			if i := strings.IndexAny(text[start:], " \n\t"); i >= 0 && start+i < spans[0].Start {
				start += i + 1
			}
		}
	}
	end := start
	for n := 0; end < len(text) && n < max; n++ {
		_, w := utf8.DecodeRuneInString(text[end:])
		end += w
	}
	s := strings.Join(strings.Fields(text[start:end]), " ")
	if start > 0 {
		s = "… " + s
	}
	if end < len(text) {
		s += " …"
	}
	return s, Highlight(s, query, InText)
}
