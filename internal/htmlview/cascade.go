package htmlview

import (
	"image/color"
	"sort"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"peyk/internal/text"
)

// styler computes the styles of a tree.
type styler struct {
	sheet    *sheet
	mode     quirks
	width    float32
	engine   *text.Engine
	rootSize float32
	text     color.NRGBA // of body, which tables take in quirks mode
	link     *node
	check    func()
	counters counters
	fold     bool             // quoted elements are not shown
	whole    func(*node) bool // boxes that scroll and are shown whole; nil: all
}

// matched is one declaration that holds for an element, with its weight in the cascade.
type matched struct {
	d     *declaration
	spec  int32
	order int
}

// run computes the styles of the whole tree; its depth is bounded by parseDOM.
func (st *styler) run(root *node) {
	init := initialStyle()
	st.rootSize = 16
	st.text = init.color
	st.element(root, &init)
	st.rootSize = root.style.size
	st.counters.enter(root.style, root)
	for _, c := range root.children {
		st.tree(c, root.style)
	}
}

func (st *styler) tree(n *node, parent *style) {
	if n.tag == "" {
		return
	}
	st.check()
	st.element(n, parent)
	if n.quoted && st.fold {
		n.style.display = dispNone
	}
	if n.style.display == dispNone {
		return
	}
	mark := st.counters.enter(n.style, n)
	n.before = st.generated(n, "before")
	for _, c := range n.children {
		st.tree(c, n.style)
	}
	n.after = st.generated(n, "after")
	st.counters.leave(mark, n)
}

func (st *styler) element(n *node, parent *style) {
	s := parent.child()
	n.style = &s
	st.userAgent(n, &s, parent)
	uaSize := s.size
	st.hints(n, &s, parent)
	st.cascade(n, &s, parent, st.collect(st.sheet, n, true), uaSize)
	st.adjust(n, &s, parent)
	if n.tag == "body" {
		st.text = s.color
	}
}

// cascade applies the declarations of the author.
func (st *styler) cascade(n *node, sp, parent *style, ms []matched, uaSize float32) {
	s := sp
	a := applier{s: s, parent: parent, st: st, n: n}
	a.fonts = true
	// Font size first, because em refers to it; then custom properties and colour, which others refer to.
	for _, m := range ms {
		if strings.HasPrefix(m.d.name, "--") {
			a.custom(m.d)
		}
	}
	for _, m := range ms {
		if m.d.name == "font-size" || m.d.name == "font" || m.d.name == "font-family" || m.d.name == "color" {
			a.units()
			a.apply(m.d)
		}
	}
	a.fonts = false
	s.fixedWidth(parent, st.mode == fullQuirks)
	a.units()
	if uaSize > 0 && s.size != uaSize { // margins of the user agent are in em
		for _, side := range [2]int{top, bottom} {
			if s.uaMargin[side] {
				s.margin[side].px *= s.size / uaSize
			}
		}
	}
	for _, m := range ms {
		if n := m.d.name; n != "font-size" && n != "font-family" && n != "color" && (n[0] != '-' || !strings.HasPrefix(n, "--")) {
			a.apply(m.d)
		}
	}
}

// collect gathers the declarations for an element, weakest first.
func (st *styler) collect(sh *sheet, n *node, inline bool) []matched {
	var ms []matched
	add := func(rs []*rule) {
		for _, r := range rs {
			if r.sel.match(n) {
				for i := range r.decls {
					ms = append(ms, matched{&r.decls[i], r.sel.spec, r.order})
				}
			}
		}
	}
	if n.id != "" {
		add(sh.byID[n.id])
	}
	for i, c := range n.classes {
		if i < 50 {
			add(sh.byClass[c])
		}
	}
	add(sh.byTag[n.tag])
	add(sh.rest)
	if v, ok := n.attr("style"); ok && inline {
		ds := declarations(lex(v))
		for i := range ds {
			ms = append(ms, matched{&ds[i], 1 << 30, 0})
		}
	}
	sort.SliceStable(ms, func(i, j int) bool {
		x, y := &ms[i], &ms[j]
		if x.d.important != y.d.important {
			return y.d.important
		}
		if x.spec != y.spec {
			return x.spec < y.spec
		}
		return x.order < y.order
	})
	return ms
}

// adjust applies the rules by which computed values depend on each other (CSS 2.2 section 9.7).
func (st *styler) adjust(n *node, s, parent *style) {
	if s.position == 2 {
		s.float = floatNone
		s.inlineLevel = s.display == dispInline || s.display == dispInlineBlock || s.display == dispInlineTable || s.display == dispInlineFlex
	}
	if s.float != floatNone || s.position == 2 || n.parent == nil || parent.display == dispFlex || parent.display == dispInlineFlex {
		switch s.display {
		case dispInline, dispInlineBlock, dispRowGroup, dispHeaderGroup, dispFooterGroup, dispRow, dispCell, dispCaption, dispColumn, dispColumnGroup:
			s.display = dispBlock
		case dispInlineTable:
			s.display = dispTable
		case dispInlineFlex:
			s.display = dispFlex
		}
	}
	if n.tag == "table" && s.align >= alignBlockLeft {
		s.align = alignStart
	}
	s.size = max(0, min(s.size, 1000))
	switch {
	case !s.scrolls():
	case n.tag == "html" || n.tag == "body": // what they say is about the window
		s.scroll = [2]bool{}
	case st.whole != nil && !st.whole(n):
		s.scroller, s.hidden, s.scroll = true, true, [2]bool{}
	}
	for i := range s.border {
		if !s.border[i].set {
			s.border[i].color = s.color
		}
	}
	if !s.outline.set {
		s.outline.color = s.color
	}
	if s.decoColor.A == 0 {
		s.decoColor = s.color
	}
}

// applier applies declarations to one style.
type applier struct {
	s, parent *style
	st        *styler
	n         *node
	u         units
	fonts     bool // in the first pass: size and families of fonts
}

func (a *applier) units() {
	a.u = units{em: a.s.size, root: a.st.rootSize, vw: a.st.width, s: a.s, engine: a.st.engine, quirks: a.st.mode == fullQuirks}
}

func (a *applier) custom(d *declaration) {
	vars := make(map[string][]token, len(a.s.vars)+1)
	for k, v := range a.s.vars {
		vars[k] = v
	}
	if len(vars) < 500 {
		vars[d.name] = d.value
	}
	a.s.vars = vars
}

// resolveVars replaces var() by what it stands for; the bound on length stops definitions that double.
func (a *applier) resolveVars(ts []token, depth int) []token {
	found := false
	for _, t := range ts {
		if t.tt == css.FunctionToken && strings.EqualFold(t.data, "var(") {
			found = true
		}
	}
	if !found || depth > 10 {
		return ts
	}
	var out []token
	for i := 0; i < len(ts); i++ {
		if ts[i].tt != css.FunctionToken || !strings.EqualFold(ts[i].data, "var(") {
			out = append(out, ts[i])
			continue
		}
		end, level := i+1, 1
		for end < len(ts) {
			switch ts[end].tt {
			case css.FunctionToken, css.LeftParenthesisToken:
				level++
			case css.RightParenthesisToken:
				level--
			}
			if level == 0 {
				break
			}
			end++
		}
		parts := splitComma(ts[i+1 : min(end, len(ts))])
		var v []token
		if len(parts) > 0 && len(parts[0]) > 0 {
			v = a.s.vars[parts[0][0].data]
		}
		if v == nil && len(parts) > 1 {
			v = parts[1]
		}
		if out = append(out, a.resolveVars(v, depth+1)...); len(out) > 2000 {
			return nil
		}
		i = end
	}
	return out
}
