package message

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

// An HTML body refers to other parts by "cid:" and their Content-ID (RFC 2392), or by the URL in their Content-Location
// (MHTML, RFC 2557). Mailers write both loosely. Before a page leaves this package its references are written the one way
// that whoever draws it looks for: "cid:" and ContentID exactly.

// maxLinked bounds the parts that a page can refer to, and maxPageRefs the references that are looked at.
const (
	maxLinked   = 2000
	maxPageRefs = 20000
)

// linked knows the parts of a message by what pages call them.
type linked struct {
	cid      map[string]string // lower case: as it stands in ContentID
	location map[string]*Part  // absolute where a base is known
}

// attrValue finds the attributes and style functions that name pictures.
var attrValue = regexp.MustCompile(`(?i)(\b(?:src|background|poster|data)\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)|(url\(\s*)("[^"]*"|'[^']*'|[^\s"')]+)`)

// links collects the parts once.
func (m *Message) links() *linked {
	if m.body.links != nil {
		return m.body.links
	}
	l := &linked{map[string]string{}, map[string]*Part{}}
	m.body.links = l
	m.Root.walkOwn(func(p *Part) bool {
		if len(p.Children) > 0 || p.parent == nil {
			return true
		}
		if p.ContentID != "" {
			l.cid[strings.ToLower(p.ContentID)] = p.ContentID
		}
		if at := location(p, p.parent); at != "" {
			if _, dup := l.location[at]; !dup {
				l.location[at] = p
			}
		}
		return len(l.cid)+len(l.location) < maxLinked
	})
	return l
}

// location is the URL of p, made absolute by that of the part around it.
func location(p, around *Part) string {
	at := strings.Join(strings.Fields(p.Header.Text("Content-Location")), "")
	if at == "" || len(at) > 2000 {
		return ""
	}
	if around == nil {
		return at
	}
	return resolve(base(around), at)
}

// base is what URLs in p are relative to: Content-Base (RFC 2110), Content-Location, or what is around it.
func base(p *Part) string {
	for depth := 0; p != nil && depth < 3; p, depth = p.parent, depth+1 {
		for _, f := range []string{"Content-Base", "Content-Location"} {
			if v := strings.Join(strings.Fields(p.Header.Text(f)), ""); strings.Contains(v, ":") {
				return strings.Trim(v, `"<>`)
			}
		}
	}
	return ""
}

func resolve(base, ref string) string {
	ref = strings.Trim(ref, `"<>`)
	b, err := url.Parse(base)
	if err != nil || base == "" {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}

// linkParts rewrites the references of a page to parts of the message. A part without a Content-ID gets one.
func (m *Message) linkParts(p *Part, page string) string {
	l := m.links()
	if len(l.cid) == 0 && len(l.location) == 0 {
		return page
	}
	around, left := base(p), maxPageRefs
	return attrValue.ReplaceAllStringFunc(page, func(s string) string {
		if left--; left < 0 {
			return s
		}
		i := strings.IndexAny(s, "=(")
		for i++; i < len(s) && strings.IndexByte(" \t\r\n\f", s[i]) >= 0; i++ {
		}
		head, value, quote := s[:i], s[i:], ""
		if value != "" && (value[0] == '"' || value[0] == '\'') {
			quote, value = value[:1], value[1:len(value)-1]
		}
		if id := l.target(around, strings.TrimSpace(html.UnescapeString(value))); id != "" {
			if quote == "" {
				quote = `"`
			}
			return head + quote + "cid:" + html.EscapeString(id) + quote
		}
		return s
	})
}

// target is the Content-ID of the part that a reference means, "" when it means none.
func (l *linked) target(around, ref string) string {
	if len(ref) > 4 && strings.EqualFold(ref[:4], "cid:") {
		return l.cid[strings.ToLower(strings.Trim(unpercent(ref[4:]), "<>"))]
	}
	if len(l.location) == 0 || ref == "" || len(ref) > 2000 {
		return ""
	}
	p := l.location[resolve(around, ref)]
	if p == nil {
		p = l.location[ref]
	}
	if p == nil {
		return ""
	}
	if p.ContentID == "" {
		p.ContentID = "part" + p.Number + "@location"
	}
	return p.ContentID
}
