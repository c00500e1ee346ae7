package store

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"peyk/internal/jalali"
	"peyk/store/fold"
)

// The query language. Words must all occur, somewhere in subject, sender, recipients, attachment names or text; the last word
// may be unfinished. "Quoted words" must stand together. -word must not occur. a OR b; parentheses group. Operators:
//
//	from: to: subject: filename:       words in that place
//	in:inbox in:"Projects/2024"        a role or a folder
//	account:office                     an account's name or address
//	is:unread is:read is:starred is:answered is:forwarded is:draft
//	has:attachment
//	tag:work
//	before:2024-05-01 after:2024-05 on:1403-02-14 after:7d (d, w, m, y)
//	larger:5M smaller:100K
//
// A space may follow the colon. Nothing is an error: an unknown operator, or a value that makes no sense, is searched as words.

// nodeKind is what a part of a query is.
type nodeKind int

const (
	nodeAnd nodeKind = iota
	nodeOr           // with a value: one word that was written in two
	nodeNot
	nodeText  // words, anywhere or in a column
	nodeField // a condition on the row
)

// node is a part of a parsed query.
type node struct {
	kind   nodeKind
	kids   []*node
	field  string // column of text, or name of the condition
	value  string
	prefix bool // the last word may go on
}

type token struct {
	text    string
	quoted  bool
	open    bool   // quoted, without the second mark
	key     string // operator before the colon
	written string // as it was written
	neg     bool
	paren   rune
	from    int // where it begins and ends, in runes
	pos     int
}

// textColumns are operators that look into one column of the index.
var textColumns = map[string]string{"from": "sender", "to": "recipients", "cc": "recipients", "subject": "subject", "filename": "names", "attachment": "names"}

var fieldNames = map[string]bool{"in": true, "folder": true, "account": true, "is": true, "has": true, "tag": true, "before": true, "after": true,
	"since": true, "on": true, "larger": true, "smaller": true}

// tokenize splits a query. Directional and other invisible marks around words do no harm: folding drops them.
func tokenize(q string) []token {
	var out []token
	rs := []rune(q)
	i := 0
	for i < len(rs) && len(out) < maxTerms {
		r := rs[i]
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case paren(r) != 0:
			out = append(out, token{paren: paren(r), pos: i})
			i++
			continue
		}
		t := token{from: i}
		if r == '-' && i+1 < len(rs) && !unicode.IsSpace(rs[i+1]) && rs[i+1] != '-' {
			t.neg = true
			i++
			if paren(rs[i]) == '(' {
				out = append(out, token{neg: true, paren: '(', pos: i})
				i++
				continue
			}
		}
		start := i
		for i < len(rs) && inWord(rs, i) {
			if isColon(rs[i]) && t.key == "" && i > start {
				t.written = string(rs[start:i])
				t.key = operatorNamed(strings.ToLower(t.written))
				start = i + 1
			}
			i++
		}
		t.text = string(rs[start:i])
		if at := valueAhead(rs, i); t.text == "" && isOperator(t.key) && at > i {
			for i = at; i < len(rs) && inWord(rs, i); i++ {
			}
			t.text = string(rs[at:i])
		}
		if i < len(rs) && isQuote(rs[i]) && t.text == "" {
			i++
			from := i
			for i < len(rs) && !isQuote(rs[i]) {
				i++
			}
			t.text, t.quoted = string(rs[from:i]), true
			if t.open = i == len(rs); !t.open {
				i++
			}
		}
		t.pos = i
		out = append(out, t)
	}
	return out
}

// inWord reports whether a word goes on at a place.
func inWord(rs []rune, i int) bool {
	return !unicode.IsSpace(rs[i]) && paren(rs[i]) == 0 && (!isQuote(rs[i]) || inHebrew(rs, i))
}

func isOperator(key string) bool { return fieldNames[key] || textColumns[key] != "" }

// valueAhead is where the value begins of an operator that ends at i with a space behind it ("from: ali"); i where there is none, or something
// that stands for itself follows.
func valueAhead(rs []rune, i int) int {
	at := i
	for at < len(rs) && unicode.IsSpace(rs[at]) {
		at++
	}
	if at == len(rs) || paren(rs[at]) != 0 || rs[at] == '-' {
		return i
	}
	end := at
	for ; end < len(rs) && inWord(rs, end); end++ {
		if isColon(rs[end]) && isOperator(operatorNamed(strings.ToLower(string(rs[at:end])))) {
			return i
		}
	}
	if word := string(rs[at:end]); word == "OR" || word == "AND" || word == "|" {
		return i
	}
	return at
}

func isColon(r rune) bool { return r == ':' || r == '：' }

func isQuote(r rune) bool {
	return strings.ContainsRune(`"“”„«»＂「」『』`, r)
}

// inHebrew reports whether a quotation mark is one of the letters of a Hebrew word: abbreviations have it before the last one (צה"ל).
func inHebrew(rs []rune, i int) bool {
	return rs[i] == '"' && i > 0 && i+1 < len(rs) && unicode.Is(unicode.Hebrew, rs[i-1]) && unicode.Is(unicode.Hebrew, rs[i+1])
}

// paren is the parenthesis that a character is, 0 for any other.
func paren(r rune) rune {
	switch r {
	case '(', '（':
		return '('
	case ')', '）':
		return ')'
	}
	return 0
}

// SaysNothing reports whether a query has nothing in it to search for, such as an operator without a value: it matches everything.
func SaysNothing(q string) bool { return parseQuery(q) == nil }

// parseQuery parses a query; nil matches everything.
func parseQuery(q string) *node {
	if len(q) > maxQuery {
		q = strings.ToValidUTF8(q[:maxQuery], "")
	}
	p := &queryParser{toks: tokenize(q), open: !strings.HasSuffix(q, " ")}
	n := p.or(0)
	for p.i < len(p.toks) { // stray closing parentheses
		p.i++
		if m := p.or(0); m != nil {
			n = and(n, m)
		}
	}
	return n
}

type queryParser struct {
	toks []token
	i    int
	open bool // the query's last word may be unfinished
}

// Bounds of a query; what lies beyond is left out. A text pasted by mistake is searched as well as one that was meant.
const (
	maxQuery   = 16 << 10 // bytes
	maxTerms   = 200
	maxNesting = 8 // FTS5 has a small stack
)

func and(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.kind == nodeAnd:
		a.kids = append(a.kids, b)
		return a
	}
	return &node{kind: nodeAnd, kids: []*node{a, b}}
}

func (p *queryParser) or(depth int) *node {
	n := p.and(depth)
	for p.i < len(p.toks) && p.isOr() {
		p.i++
		m := p.and(depth)
		switch {
		case m == nil:
		case n == nil:
			n = m
		case n.kind == nodeOr && n.value == "":
			n.kids = append(n.kids, m)
		default:
			n = &node{kind: nodeOr, kids: []*node{n, m}}
		}
	}
	return n
}

// isOr: OR between two terms; at the very end it is a word that someone is still typing.
func (p *queryParser) isOr() bool {
	t := p.toks[p.i]
	return (t.text == "OR" || t.text == "|") && !t.quoted && t.key == "" && !t.neg && p.i+1 < len(p.toks) && p.i > 0
}

func (p *queryParser) and(depth int) *node {
	var n *node
	for p.i < len(p.toks) {
		t := p.toks[p.i]
		if t.paren == ')' || p.isOr() {
			break
		}
		p.i++
		var m *node
		switch {
		case t.paren == '(' && depth < maxNesting:
			m = p.or(depth + 1)
			if p.i < len(p.toks) && p.toks[p.i].paren == ')' {
				p.i++
			}
		case t.paren == '(': // too deep: as if it were not there
		case t.text == "AND" && !t.quoted && t.key == "":
		default:
			m = p.leaf(t)
		}
		if m != nil && t.neg {
			m = &node{kind: nodeNot, kids: []*node{m}}
		}
		n = and(n, m)
	}
	return n
}

func (p *queryParser) leaf(t token) *node {
	last := p.i == len(p.toks) && p.open && !t.quoted
	if col, ok := textColumns[t.key]; ok {
		if len(fold.Query(t.text).Words) == 0 {
			return nil
		}
		return &node{kind: nodeText, field: col, value: t.text, prefix: !t.quoted}
	}
	if t.key == "is" || t.key == "has" {
		t.text = valueNamed(t.text)
	}
	if fieldNames[t.key] {
		if t.text == "" { // its value is still to be typed
			return nil
		}
		if n := (&node{kind: nodeField, field: t.key, value: t.text}); n.valid() {
			return n
		}
	}
	text := t.text
	if t.key != "" {
		text = t.written + " " + t.text
	}
	if len(fold.Query(text).Words) == 0 {
		return nil
	}
	if p.apart(t) {
		p.i++
		return apart(text, p.toks[p.i-1].text, p.i == len(p.toks) && p.open)
	}
	return &node{kind: nodeText, value: text, prefix: last}
}

// apart reports whether a term and the next one may be one word that is written apart.
func (p *queryParser) apart(t token) bool {
	if p.i == len(p.toks) || p.isOr() {
		return false
	}
	next := p.toks[p.i]
	return t.isWord() && next.isWord() && fold.Belong(t.text, next.text)
}

// isWord reports whether a token is a word as it was typed, without anything that says more.
func (t token) isWord() bool { return t.key == "" && !t.quoted && !t.neg && t.paren == 0 }

// apart is two words that may be one: both, or that.
func apart(a, b string, prefix bool) *node {
	return &node{kind: nodeOr, value: a + " " + b, kids: []*node{
		{kind: nodeAnd, kids: []*node{{kind: nodeText, value: a}, {kind: nodeText, value: b, prefix: prefix}}},
		{kind: nodeText, value: a + b, prefix: prefix},
	}}
}

// valid reports whether the value of a field makes sense.
func (n *node) valid() bool {
	switch n.field {
	case "is":
		_, ok := isConds[strings.ToLower(n.value)]
		return ok
	case "has":
		return strings.HasPrefix("attachments", strings.ToLower(n.value)) && len(n.value) >= 4
	case "before", "after", "since", "on":
		_, _, ok := parseDay(n.value, time.Now())
		return ok
	case "larger", "smaller":
		_, ok := parseSize(n.value)
		return ok
	}
	return true
}

var isConds = map[string]string{"unread": "m.flags&1=0", "read": "m.flags&1<>0", "seen": "m.flags&1<>0", "starred": "m.flags&4<>0", "flagged": "m.flags&4<>0",
	"unstarred": "m.flags&4=0", "answered": "m.flags&2<>0", "replied": "m.flags&2<>0", "unanswered": "m.flags&2=0", "forwarded": "m.flags&32<>0",
	"draft": "m.flags&16<>0", "junk": "m.flags&64<>0", "local": "m.hasbody<>0", "snoozed": snoozedSQL}

// asciiDigits lets people write numbers in their own digits.
func asciiDigits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r > 127 && unicode.Is(unicode.Nd, r) {
			b.WriteString(fold.String(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// parseDay reads a day, month, year or "n days ago" in local time as the span [from, to).
func parseDay(s string, now time.Time) (from, to time.Time, ok bool) {
	s = strings.ToLower(asciiDigits(s))
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch s {
	case "today", "امروز":
		return today, today.AddDate(0, 0, 1), true
	case "yesterday", "دیروز":
		return today.AddDate(0, 0, -1), today, true
	}
	if len(s) > 1 && strings.ContainsRune("dwmyh", rune(s[len(s)-1])) {
		if n, err := strconv.Atoi(s[:len(s)-1]); err == nil && n >= 0 && n < 100000 {
			t := ago(now, n, s[len(s)-1])
			return t, t.AddDate(0, 0, 1), true
		}
	}
	s = strings.NewReplacer("/", "-", ".", "-").Replace(s)
	if from, to, ok = parseJalali(s, now.Location()); ok {
		return from, to, true
	}
	for _, f := range []struct {
		layout  string
		y, m, d int
	}{{"2006-1-2", 0, 0, 1}, {"2006-1", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.ParseInLocation(f.layout, s, now.Location()); err == nil && !isJalali(t.Year()) {
			return t, t.AddDate(f.y, f.m, f.d), true
		}
	}
	return from, to, false
}

// isJalali reports whether a year is taken for one of the Persian calendar: nobody has mail of the Gregorian ones.
func isJalali(year int) bool { return year >= 1300 && year < 1500 }

// parseJalali reads a day, month or year of the Persian calendar, "1404-05-01", as the span [from, to).
func parseJalali(s string, loc *time.Location) (from, to time.Time, ok bool) {
	var n [3]int
	parts := strings.Split(s, "-")
	if len(parts) > len(n) {
		return from, to, false
	}
	for i, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return from, to, false
		}
		n[i] = int(v)
	}
	if !isJalali(n[0]) {
		return from, to, false
	}
	next := n
	switch len(parts) {
	case 1:
		n[1], n[2], next = 1, 1, [3]int{n[0] + 1, 1, 1}
	case 2:
		n[2], next = 1, [3]int{n[0] + n[1]/12, n[1]%12 + 1, 1}
	}
	if from, ok = jalaliDay(n, loc); !ok {
		return from, to, false
	}
	if len(parts) == len(n) {
		return from, from.AddDate(0, 0, 1), true
	}
	to, ok = jalaliDay(next, loc)
	return from, to, ok
}

func jalaliDay(n [3]int, loc *time.Location) (time.Time, bool) {
	y, m, d, err := jalali.Date{Year: n[0], Month: n[1], Day: n[2]}.ToGregorian()
	return time.Date(y, m, d, 0, 0, 0, 0, loc), err == nil
}

// parseSize reads "5M", "1.5g", "100k", "2048", also with the digits and the decimal mark of Persian and Arabic.
func parseSize(s string) (int64, bool) {
	s = strings.TrimSuffix(strings.ToUpper(strings.ReplaceAll(asciiDigits(s), "٫", ".")), "B")
	mul := int64(1)
	for suffix, m := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if strings.HasSuffix(s, suffix) {
			s, mul = strings.TrimSuffix(s, suffix), m
			break
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if n *= float64(mul); err != nil || !(n >= 0 && n <= 1<<60) { // nor what is no number
		return 0, false
	}
	return int64(n), true
}
