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

// Operator is one of a query with its value: where it stands, in bytes, and how both are written there, without quotation marks.
type Operator struct {
	Span
	Name, Value string
	// Flag is set where the value is one of a few words (is:unread), not one that the user gives.
	Flag bool
}

// Operators are those of a query that are understood so, not those that are searched as words.
func Operators(q string) (out []Operator) {
	rs := []rune(q)
	for _, t := range tokenize(q) {
		understood := textColumns[t.key] != "" && len(fold.Query(t.text).Words) > 0
		if fieldNames[t.key] && t.text != "" {
			understood = (&node{kind: nodeField, field: t.key, value: valueOf(t)}).valid()
		}
		if understood {
			from := len(string(rs[:t.from]))
			o := Operator{Span: Span{from, from + len(string(rs[t.from:t.pos]))}, Name: t.written, Value: t.text, Flag: t.key == "is" || t.key == "has"}
			if t.neg {
				o.Name = "-" + o.Name
			}
			out = append(out, o)
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
