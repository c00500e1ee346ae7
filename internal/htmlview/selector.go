package htmlview

import (
	"strconv"
	"strings"
)

// compound is a sequence of simple selectors without combinators.
type compound struct {
	tag     string
	id      string
	classes []string
	attrs   []attrTest
	pseudo  []pseudoTest
	comb    byte // how it stands to the compound before it: ' ', '>', '+', '~'
}

type attrTest struct {
	name, value string
	op          byte // 0: present; '=', '~', '|', '^', '$', '*'
	fold        bool
}

type pseudoTest struct {
	name string
	a, b int
	list []selector // of :not and :is
}

// selector is a complex selector; the last compound is the subject.
type selector struct {
	parts   []compound
	element string // the pseudo-element it is about, or ""
	spec    int32  // specificity: ids<<20 | classes<<10 | tags
}

// parseSelector reads one complex selector; false for what we do not know (its rule then never applies).
func parseSelector(s string) (selector, bool) { return parseSelectorAt(s, 0) }

func parseSelectorAt(s string, depth int) (selector, bool) {
	p := selParser{s: strings.TrimSpace(s), depth: depth}
	var out selector
	comb := byte(' ')
	for p.i < len(p.s) {
		c, ok := p.compound()
		if !ok || len(out.parts) > 30 {
			return out, false
		}
		c.comb = comb
		out.spec += c.specificity()
		out.parts = append(out.parts, c)
		comb = p.combinator()
		if comb == 0 {
			break
		}
	}
	if out.element = p.element; out.element != "" {
		out.spec++
	}
	return out, len(out.parts) > 0 && p.i >= len(p.s)
}

func (c *compound) specificity() int32 {
	n := int32(len(c.classes)+len(c.attrs)) << 10
	for _, p := range c.pseudo {
		switch {
		case p.name == "where":
		case len(p.list) > 0:
			var most int32
			for i := range p.list {
				most = max(most, p.list[i].spec)
			}
			n += most
		default:
			n += 1 << 10
		}
	}
	if c.tag != "" {
		n++
	}
	if c.id != "" {
		n += 1 << 20
	}
	return n
}

type selParser struct {
	s       string
	i       int
	depth   int
	element string // "before" or "after"
}

func (p *selParser) combinator() byte {
	c := byte(0)
	for p.i < len(p.s) {
		switch ch := p.s[p.i]; ch {
		case ' ', '\t', '\n', '\r', '\f':
			if c == 0 {
				c = ' '
			}
		case '>', '+', '~':
			c = ch
		default:
			return c
		}
		p.i++
	}
	return c
}

func (p *selParser) ident() string {
	start := p.i
	var esc strings.Builder
	escaped := false
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '\\' && p.i+1 < len(p.s) {
			esc.WriteString(p.s[start:p.i])
			esc.WriteByte(p.s[p.i+1])
			p.i += 2
			start = p.i
			escaped = true
			continue
		}
		if c == '-' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 {
			p.i++
			continue
		}
		break
	}
	if escaped {
		return esc.String() + p.s[start:p.i]
	}
	return p.s[start:p.i]
}

func (p *selParser) compound() (compound, bool) {
	var c compound
	start := p.i
	for p.i < len(p.s) {
		switch ch := p.s[p.i]; {
		case ch == '*':
			p.i++
		case ch == '#':
			p.i++
			if c.id = p.ident(); c.id == "" {
				return c, false
			}
		case ch == '.':
			p.i++
			cl := p.ident()
			if cl == "" {
				return c, false
			}
			c.classes = append(c.classes, cl)
		case ch == '[':
			end := strings.IndexByte(p.s[p.i:], ']')
			if end < 0 {
				return c, false
			}
			t, ok := parseAttrTest(p.s[p.i+1 : p.i+end])
			if !ok {
				return c, false
			}
			c.attrs = append(c.attrs, t)
			p.i += end + 1
		case ch == ':':
			if !p.pseudo(&c) {
				return c, false
			}
		default:
			id := p.ident()
			if id == "" {
				return c, p.i > start
			}
			c.tag = strings.ToLower(id)
		}
	}
	return c, p.i > start
}

func parseAttrTest(s string) (attrTest, bool) {
	s = strings.TrimSpace(s)
	k := strings.IndexByte(s, '=')
	if k < 0 {
		return attrTest{name: strings.ToLower(s)}, s != ""
	}
	t := attrTest{op: '='}
	name := s[:k]
	if k > 0 && strings.IndexByte("~|^$*", s[k-1]) >= 0 {
		t.op = s[k-1]
		name = s[:k-1]
	}
	v := strings.TrimSpace(s[k+1:])
	if strings.HasSuffix(v, " i") {
		v, t.fold = strings.TrimSpace(v[:len(v)-2]), true
	}
	t.name, t.value = strings.ToLower(strings.TrimSpace(name)), strings.Trim(v, `"'`)
	return t, t.name != ""
}

func (p *selParser) pseudo(c *compound) bool {
	p.i++
	double := p.i < len(p.s) && p.s[p.i] == ':'
	if double {
		p.i++
	}
	name := strings.ToLower(p.ident())
	if name == "before" || name == "after" {
		p.element = name
		return p.i >= len(p.s) // it ends the selector
	}
	arg, ok := p.argument()
	if double || !ok {
		return false
	}
	t := pseudoTest{name: name}
	switch name {
	case "first-child", "last-child", "only-child", "link", "any-link", "root", "empty", "first-of-type", "last-of-type", "only-of-type":
	case "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target", "checked", "disabled": // never the case here
	case "nth-child", "nth-of-type", "nth-last-child", "nth-last-of-type":
		if !t.nth(arg) {
			return false
		}
	case "not", "is", "where", "matches", "-webkit-any", "-moz-any":
		if p.depth > 3 {
			return false
		}
		for _, part := range splitTop(arg) {
			sel, ok := parseSelectorAt(part, p.depth+1)
			if !ok || sel.element != "" {
				if name == "not" {
					return false
				}
				continue // those lists forgive
			}
			t.list = append(t.list, sel)
		}
	default:
		return false
	}
	c.pseudo = append(c.pseudo, t)
	return true
}

// argument reads what stands in parentheses, which may nest.
func (p *selParser) argument() (string, bool) {
	if p.i >= len(p.s) || p.s[p.i] != '(' {
		return "", true
	}
	depth := 0
	for k := p.i; k < len(p.s); k++ {
		switch p.s[k] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				arg := strings.TrimSpace(p.s[p.i+1 : k])
				p.i = k + 1
				return arg, true
			}
		}
	}
	return "", false
}

// nth reads the "an+b" notation.
func (t *pseudoTest) nth(s string) bool {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	switch s {
	case "odd":
		t.a, t.b = 2, 1
		return true
	case "even":
		t.a = 2
		return true
	}
	if k := strings.IndexByte(s, 'n'); k >= 0 {
		switch s[:k] {
		case "", "+":
			t.a = 1
		case "-":
			t.a = -1
		default:
			v, err := strconv.Atoi(s[:k])
			if err != nil {
				return false
			}
			t.a = v
		}
		s = strings.TrimPrefix(s[k+1:], "+")
		if s == "" {
			return true
		}
	}
	v, err := strconv.Atoi(s)
	t.b = v
	return err == nil
}

func (s *selector) match(n *node) bool {
	budget := 300
	return s.matchAt(len(s.parts)-1, n, &budget)
}

// matchAt matches parts[..k] with n as the subject of part k. The budget bounds backtracking.
func (s *selector) matchAt(k int, n *node, budget *int) bool {
	if *budget--; *budget < 0 || !s.parts[k].match(n) {
		return false
	}
	if k == 0 {
		return true
	}
	switch s.parts[k].comb {
	case '>':
		return n.parent != nil && s.matchAt(k-1, n.parent, budget)
	case '+':
		p := n.sibling(-1)
		return p != nil && s.matchAt(k-1, p, budget)
	case '~':
		for p := n.sibling(-1); p != nil && *budget > 0; p = p.sibling(-1) {
			if s.matchAt(k-1, p, budget) {
				return true
			}
		}
		return false
	}
	for p := n.parent; p != nil; p = p.parent {
		if s.matchAt(k-1, p, budget) {
			return true
		}
	}
	return false
}

// sibling is the element next to n.
func (n *node) sibling(d int) *node {
	if n.parent == nil {
		return nil
	}
	for i := n.place + d; i >= 0 && i < len(n.parent.children); i += d {
		if c := n.parent.children[i]; c.tag != "" {
			return c
		}
	}
	return nil
}

func (c *compound) match(n *node) bool {
	if c.tag != "" && c.tag != n.tag || c.id != "" && c.id != n.id {
		return false
	}
	for _, cl := range c.classes {
		found := false
		for _, have := range n.classes {
			if have == cl {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	for i := range c.attrs {
		if !c.attrs[i].match(n) {
			return false
		}
	}
	for i := range c.pseudo {
		if !c.pseudo[i].match(n) {
			return false
		}
	}
	return true
}

func (t *attrTest) match(n *node) bool {
	v, ok := n.attr(t.name)
	if !ok || t.op == 0 {
		return ok
	}
	want := t.value
	if t.fold {
		v, want = strings.ToLower(v), strings.ToLower(want)
	}
	switch t.op {
	case '=':
		return v == want
	case '~':
		for _, f := range strings.Fields(v) {
			if f == want {
				return true
			}
		}
		return false
	case '|':
		return v == want || strings.HasPrefix(v, want+"-")
	case '^':
		return want != "" && strings.HasPrefix(v, want)
	case '$':
		return want != "" && strings.HasSuffix(v, want)
	}
	return want != "" && strings.Contains(v, want)
}

func (t *pseudoTest) match(n *node) bool {
	switch t.name {
	case "not":
		return !t.any(n)
	case "is", "where", "matches", "-webkit-any", "-moz-any":
		return t.any(n)
	case "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target", "checked", "disabled":
		return false
	case "link", "any-link":
		_, ok := n.attr("href")
		return ok && n.tag == "a"
	case "root":
		return n.parent == nil
	case "empty":
		return len(n.children) == 0
	}
	if n.parent == nil {
		return false
	}
	pos, count := n.index+1, n.parent.elementCount()
	if strings.HasSuffix(t.name, "of-type") {
		pos, count = n.ofType()
	}
	switch t.name {
	case "first-child", "first-of-type":
		return pos == 1
	case "last-child", "last-of-type":
		return pos == count
	case "only-child", "only-of-type":
		return count == 1
	case "nth-last-child", "nth-last-of-type":
		pos = count + 1 - pos
	}
	if t.a == 0 {
		return pos == t.b
	}
	k := (pos - t.b) / t.a
	return k >= 0 && k*t.a+t.b == pos
}

// any reports whether one of the selectors of the list matches.
func (t *pseudoTest) any(n *node) bool {
	for i := range t.list {
		if t.list[i].match(n) {
			return true
		}
	}
	return false
}

func (n *node) ofType() (pos, count int) {
	for _, c := range n.parent.children {
		if c.tag == n.tag {
			if count++; c == n {
				pos = count
			}
		}
	}
	return pos, count
}
