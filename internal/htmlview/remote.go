package htmlview

import "strings"

// scan finds what the message would fetch.
func (d *Document) scan() {
	f := finder{d: d, seen: map[string]bool{}}
	stack := []*node{d.root}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], n.children...)
		f.element(n)
	}
	for _, s := range d.sheets {
		f.styles(s)
	}
}

// finder collects the addresses of remote pictures, each once.
type finder struct {
	d    *Document
	seen map[string]bool
}

func (f *finder) add(u string, tracker bool) {
	if u = strings.TrimSpace(u); !isRemote(u) || f.seen[u] {
		return
	}
	f.seen[u] = true
	if tracker {
		f.d.trackers = append(f.d.trackers, u)
	}
	f.d.remote = append(f.d.remote, u)
}

// element looks at the attributes that name pictures.
func (f *finder) element(n *node) {
	if n.tag == "img" {
		f.add(n.attrOr("src"), isTracker(n))
	}
	if n.tag == "img" || n.tag == "source" {
		for _, part := range splitSet(n.attrOr("srcset")) {
			if c := strings.Fields(part); len(c) > 0 {
				f.add(c[0], false)
			}
		}
	}
	f.add(n.attrOr("background"), false)
	if s := n.attrOr("style"); strings.Contains(strings.ToLower(s), "url(") {
		f.styles(s)
	}
}

// styles looks for url() in CSS.
func (f *finder) styles(css string) {
	for _, t := range lex(css) {
		if strings.HasPrefix(strings.ToLower(t.data), "url(") {
			f.add(urlOf(t.data), false)
		}
	}
}

func isRemote(u string) bool {
	l := strings.ToLower(u[:min(len(u), 8)])
	return strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://") || strings.HasPrefix(l, "//")
}

// isTracker recognises pictures that nobody is meant to see.
func isTracker(n *node) bool {
	tiny := func(v string) bool {
		l, ok := attrLength(v)
		return ok && !l.percent() && l.px <= 2
	}
	if tiny(n.attrOr("width")) && tiny(n.attrOr("height")) {
		return true
	}
	s := strings.ReplaceAll(strings.ToLower(n.attrOr("style")), " ", "")
	for _, h := range [...]string{"display:none", "visibility:hidden", "width:1px;height:1px", "height:1px;width:1px", "opacity:0;", "width:0;", "max-height:0"} {
		if strings.Contains(s, h) {
			return true
		}
	}
	return false
}

// RemoteImages lists the pictures that lie on servers, in no particular order.
func (d *Document) RemoteImages() []string { return d.remote }

// Trackers lists those remote pictures that are hidden or a point in size: they tell the sender that the mail was opened.
func (d *Document) Trackers() []string { return d.trackers }
