package store

import (
	"strings"

	"peyk/store/fold"
)

// sameOperator are operators that say the same as another.
var sameOperator = map[string]string{"folder": "in", "since": "after"}

func plainOperator(key string) string {
	if same, ok := sameOperator[key]; ok {
		return same
	}
	return key
}

// OperatorOf is the value that a query gives to an operator ("in", "after", …); "" when it does not have it, or only excludes by it.
func OperatorOf(q, operator string) string {
	for _, t := range tokenize(q) {
		if t.key != "" && !t.neg && plainOperator(t.key) == operator {
			return valueOf(t)
		}
	}
	return ""
}

// OperatorSpans are the operators of a query with their values, in bytes: those that are understood so, not those that are searched as words.
func OperatorSpans(q string) (out []Span) {
	rs := []rune(q)
	for _, t := range tokenize(q) {
		understood := textColumns[t.key] != "" && len(fold.Query(t.text).Words) > 0
		if fieldNames[t.key] && t.text != "" {
			understood = (&node{kind: nodeField, field: t.key, value: valueOf(t)}).valid()
		}
		if understood {
			from := len(string(rs[:t.from]))
			out = append(out, Span{from, from + len(string(rs[t.from:t.pos]))})
		}
	}
	return out
}

func valueOf(t token) string {
	if t.key == "is" || t.key == "has" {
		return valueNamed(t.text)
	}
	return t.text
}

// WithOperator is a query with another value for an operator, or without it when the value is "". It stands in front, so that the last word
// stays the one that is being typed.
func WithOperator(q, operator, value string) string {
	rs := []rune(q)
	var rest []string
	at := 0
	for _, t := range tokenize(q) {
		if t.key == "" || t.neg || plainOperator(t.key) != operator {
			continue
		}
		rest = append(rest, strings.TrimSpace(string(rs[at:t.from])))
		at = t.pos
	}
	rest = append(rest, strings.TrimLeft(string(rs[at:]), " "))
	if value != "" {
		if strings.ContainsAny(value, " \t()") || strings.ContainsFunc(value, isQuote) {
			value = `"` + strings.Map(func(r rune) rune {
				if isQuote(r) {
					return ' '
				}
				return r
			}, value) + `"`
		}
		rest = append([]string{operator + ":" + value}, rest...)
	}
	out := rest[:0]
	for _, s := range rest {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}
