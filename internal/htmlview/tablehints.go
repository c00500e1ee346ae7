package htmlview

import "strings"

// The attributes of tables that say where there are lines (HTML 4.01 section 11.3), as browsers read them (HTML, Rendering 15.3.9). Lines between
// groups of rows and columns alone (rules=groups) are left out.

// frames are the sides of a table that a frame draws: top, right, bottom, left.
var frames = map[string]string{"void": "", "above": "t", "below": "b", "hsides": "tb", "lhs": "l", "rhs": "r", "vsides": "lr", "box": "trbl", "border": "trbl"}

// sideLetters are those of frames, by side.
var sideLetters = [4]byte{top: 't', right: 'r', bottom: 'b', left: 'l'}

// rulesOf says between which cells a table draws lines: "none", "groups", "rows", "cols", "all", or "" where it does not say.
func rulesOf(table *node) string {
	switch r := strings.ToLower(strings.TrimSpace(table.attrOr("rules"))); r {
	case "none", "groups", "rows", "cols", "all":
		return r
	}
	return ""
}

func (st *styler) tableHint(n *node, s *style) {
	if l, ok := attrLength(n.attrOr("cellspacing")); ok && !l.percent() {
		s.spacingX, s.spacingY = l.px, l.px
	}
	w, ok := tableBorder(n)
	if ok && w > 0 {
		for i := range s.border {
			s.border[i] = border{w: w, style: borderOutset}
		}
	}
	if c, ok := attrColor(n.attrOr("bordercolor")); ok {
		for i := range s.border {
			s.border[i].color, s.border[i].set, s.border[i].style = c, true, borderSolid
		}
	}
	if sides, named := frames[strings.ToLower(strings.TrimSpace(n.attrOr("frame")))]; named {
		if !ok {
			w = 1
		}
		for i := range s.border {
			s.border[i].w, s.border[i].style = w, borderHidden
			if strings.IndexByte(sides, sideLetters[i]) >= 0 {
				s.border[i].style = borderSolid
			}
		}
	}
	if rulesOf(n) == "" {
		return
	}
	s.collapse = true
	if w == 0 { // no lines around but those between the cells
		for i := range s.border {
			s.border[i] = border{style: borderHidden}
		}
	}
}

func tableBorder(n *node) (float32, bool) {
	v, ok := n.attr("border")
	if !ok {
		return 0, false
	}
	l, ok := attrLength(v)
	if !ok {
		return 1, true
	}
	return l.px, true
}

// tableOfCell is the table that a cell belongs to, nil where it stands in none.
func tableOfCell(n *node) *node {
	table := n.parent
	for i := 0; i < 3 && table != nil && table.tag != "table"; i++ {
		table = table.parent
	}
	if table == nil || table.tag != "table" {
		return nil
	}
	return table
}

func (st *styler) cellHint(n *node, s *style) {
	if _, ok := n.attr("nowrap"); ok {
		s.ws = wsNowrap
	}
	table := tableOfCell(n)
	if table == nil {
		return
	}
	if l, ok := attrLength(table.attrOr("cellpadding")); ok && !l.percent() {
		s.padding = [4]length{l, l, l, l}
	}
	solid, cols, rows := borderSolid, true, true
	switch rulesOf(table) {
	case "none", "groups":
		return
	case "rows":
		cols = false
	case "cols":
		rows = false
	case "":
		if b, ok := tableBorder(table); !ok || b <= 0 {
			return
		}
		if _, ok := attrColor(table.attrOr("bordercolor")); !ok {
			solid = borderInset
		}
	}
	for i := range s.border {
		if (i == left || i == right) && cols || (i == top || i == bottom) && rows {
			s.border[i] = border{w: 1, style: solid}
			inheritBorderColor(n, s, i)
		}
	}
}

// inheritBorderColor takes the colour of a side from what is around, up to the table: rows and groups hand on what they inherit.
func inheritBorderColor(n *node, s *style, side int) {
	for p := n.parent; p != nil && p.style != nil; p = p.parent {
		if b := p.style.border[side]; b.set {
			s.border[side].color, s.border[side].set = b.color, true
			return
		}
		if p.tag == "table" {
			return
		}
	}
}
