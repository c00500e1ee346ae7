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
// overlaps. Words of phrases are marked one by one, where they stand together: of "می‌خواهم" not every "می".
func Highlight(text, query string, in Place) []Span {
	terms, prefixes := parseQuery(query).wordsIn(in, nil, nil)
	if len(terms) == 0 {
		return nil
	}
	m := marker{whole: map[string]bool{}}
	for i, t := range terms {
		m.add(t, prefixes[i], in)
	}
	fold.Scan(text, m.word)
	return joinSpans(m.out)
}

// marker finds the terms of a query among the words of a text.
type marker struct {
	whole   map[string]bool // words that are marked
	starts  []string        // beginnings of words that are
	phrases []phrase
	recent  []fold.Word // the last words, as many as the longest phrase has
	longest int
	out     []Span
}

// phrase is words that are marked where they stand together; the last may go on.
type phrase struct {
	words  []string
	prefix bool
}

// add adds a term of a query; prefix: its last word may go on.
func (m *marker) add(t fold.Term, prefix bool, in Place) {
	last := t.Words[len(t.Words)-1]
	// A letter alone begins words above the text only, as in the index.
	m.spelling(t.Words, prefix && (in != InText || utf8.RuneCountInString(last) >= 2) || t.Partial)
	for _, o := range t.Others {
		m.spelling(o.Words, prefix && !o.Whole)
	}
}

// spelling adds one way to write a term; goes: its last word may go on.
func (m *marker) spelling(words []string, goes bool) {
	switch {
	case len(words) > 1:
		m.phrases = append(m.phrases, phrase{words, goes})
		m.longest = max(m.longest, len(words))
	case goes:
		m.starts = append(m.starts, words[0])
	default:
		m.whole[words[0]] = true
	}
}

// word takes the next word of the text.
func (m *marker) word(w fold.Word) {
	switch {
	case w.Joined != "" && m.hit(w.Joined):
		m.out = append(m.out, Span{w.JoinedFrom, w.End})
	case w.Text != "" && m.hit(w.Text):
		m.out = append(m.out, Span{w.Start, w.End})
	}
	if m.longest == 0 {
		return
	}
	if len(m.recent) == m.longest {
		copy(m.recent, m.recent[1:])
		m.recent = m.recent[:m.longest-1]
	}
	m.recent = append(m.recent, w)
	for _, p := range m.phrases {
		if from := len(m.recent) - len(p.words); from >= 0 && p.is(m.recent[from:]) {
			for _, x := range m.recent[from:] {
				m.out = append(m.out, Span{x.Start, x.End})
			}
		}
	}
}

func (m *marker) hit(w string) bool {
	if m.whole[w] {
		return true
	}
	for _, p := range m.starts {
		if strings.HasPrefix(w, p) {
			return true
		}
	}
	return false
}

func (p phrase) is(words []fold.Word) bool {
	for i, w := range words {
		if w.Text != p.words[i] && (!p.prefix || i < len(words)-1 || !strings.HasPrefix(w.Text, p.words[i])) {
			return false
		}
	}
	return true
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
