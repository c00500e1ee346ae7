package htmlview

import (
	"context"
	"errors"
	"html"
	"slices"
	"strings"
	"time"
)

// EmbedWidth is the width in units for which a message is embedded: its media queries are answered for that.
const EmbedWidth = 640

// maxEmbedded bounds an embedded message, in bytes: what is longer is cut by those who show it.
const maxEmbedded = 1 << 20

// ErrTooLarge is returned for a message that is too long to be embedded: take over its text instead.
var ErrTooLarge = errors.New("the message is too long to be sent on as it is")

// Embedded is a message as it can stand within another one, such as a forward: without style sheets, which would hold for the text around
// it, too, and which many programs drop.
type Embedded struct {
	// HTML is one div. Every rule of a sheet stands in the style attribute of the elements that it holds for; nothing active is in it, nor
	// anything that could leave its place (CSS position), nor the pictures that Keep refused.
	HTML string
	// Images are the Content-IDs of the pictures that it shows, in order.
	Images []string
	// Simple: it is running text, whose look is said by marks, lists, links and pictures of the message alone.
	Simple bool
}

// Embed makes a message part of another one. keep says of the address of a remote picture whether it stays; nil: all do. Trackers that can be
// seen to be some (see Trackers) never stay. Errors: ErrTooLarge, ErrTooComplex, and that of the context.
func (d *Document) Embed(ctx context.Context, keep func(url string) bool) (out Embedded, err error) {
	defer recovered(&err)
	d.mu.Lock()
	defer d.mu.Unlock()
	body := d.body()
	if body == nil {
		return out, nil
	}
	if d.cut {
		return out, ErrTooLarge
	}
	l := &layouter{doc: d, engine: d.opts.Engine, ctx: ctx, end: time.Now().Add(2 * time.Second), media: media{width: EmbedWidth}}
	sh := newSheet()
	for _, s := range d.sheets {
		sh.parseSheet(s, l.media)
		l.tick()
	}
	st := &styler{sheet: sh, engine: l.engine, mode: d.mode, width: EmbedWidth, check: l.now, link: body}
	st.run(d.root)
	e := &embedder{l: l, st: st, keep: keep, simple: true, seen: map[string]bool{}, quirks: d.mode == fullQuirks && embedded(body) == nil}
	e.body(body)
	return Embedded{HTML: e.b.String(), Images: e.images, Simple: e.simple}, nil
}

// embedder writes the tree of a document whose styles are computed.
type embedder struct {
	l      *layouter
	st     *styler
	keep   func(string) bool
	b      strings.Builder
	images []string
	seen   map[string]bool
	simple bool
	quirks bool // tables take nothing from the text around
}

// bodyStart undoes what the text around hands down, so that the message looks as it did alone.
const bodyStart = "margin:0;color:#000;font-size:16px;font-weight:normal;font-style:normal;line-height:normal;text-align:start;white-space:normal"

func (e *embedder) body(n *node) {
	if d := embedded(n); d != nil {
		e.node(d)
		return
	}
	dir := "ltr"
	if n.style.rtl {
		dir = "rtl"
	}
	var own []said
	if c, ok := attrColor(n.attrOr("text")); ok {
		own = append(own, said{"color", cssColor(c)})
	}
	if c, ok := attrColor(n.attrOr("bgcolor")); ok {
		own = append(own, said{"background-color", cssColor(c)})
		e.simple = e.simple && isPaper(c)
	}
	for _, d := range e.declared(n) {
		if d.name != "height" && d.name != "min-height" && d.name != "margin" && !strings.HasPrefix(d.name, "margin-") {
			own = append(own, d)
		}
	}
	e.b.WriteString(`<div dir="` + dir + `" style="` + bodyStart + `"><div`)
	if own = once(own); len(own) > 0 {
		e.b.WriteString(` style="` + inline(own) + `"`)
	}
	e.b.WriteString(">")
	e.children(n)
	e.b.WriteString("</div></div>")
}

// embedded is the element that Embed made, where the body holds nothing else: what is embedded once more does not change.
func embedded(body *node) *node {
	var only *node
	for _, c := range body.children {
		switch {
		case c.tag == "" && strings.TrimSpace(c.text) == "":
		case c.tag == "div" && only == nil && c.attrOr("style") == bodyStart:
			only = c
		default:
			return nil
		}
	}
	return only
}

func (e *embedder) children(n *node) {
	e.generated(n.before)
	for _, c := range n.children {
		e.node(c)
	}
	e.generated(n.after)
}

// generated writes the words of a pseudo-element.
func (e *embedder) generated(g *node) {
	if g == nil {
		return
	}
	for _, c := range g.children {
		if c.tag == "" {
			e.b.WriteString("<span>" + html.EscapeString(c.text) + "</span>")
		}
	}
}

func (e *embedder) node(n *node) {
	if e.l.tick(); e.b.Len() > maxEmbedded {
		panic(stop{ErrTooLarge})
	}
	switch {
	case n.tag == "":
		e.b.WriteString(html.EscapeString(n.text))
		return
	case n.style == nil || n.style.display == dispNone || unsaid[n.tag]:
		return
	case n.tag == "img":
		e.picture(n)
		return
	case !embeddable[n.tag]:
		e.children(n)
		return
	}
	if n.tag == "table" || n.tag == "center" {
		e.simple = false
	}
	e.b.WriteString("<" + n.tag)
	e.attributes(n)
	e.style(n)
	e.b.WriteString(">")
	if voidTag[n.tag] {
		return
	}
	e.children(n)
	e.b.WriteString("</" + n.tag + ">")
}

// picture writes a picture of the message, or one on a server that may stay; else its words.
func (e *embedder) picture(n *node) {
	src := strings.TrimSpace(e.l.source(n))
	id, inMail := strings.CutPrefix(src, "cid:")
	switch {
	case inMail:
		e.show(id)
	case isTracker(n) && isRemote(src):
		return
	case isRemote(src) && (e.keep == nil || e.keep(src)), strings.HasPrefix(src, "data:image/"):
		e.simple = false
	default:
		e.b.WriteString(html.EscapeString(n.attrOr("alt")))
		return
	}
	e.b.WriteString(`<img src="` + html.EscapeString(src) + `"`)
	e.attributes(n)
	e.style(n)
	e.b.WriteString(">")
}

func (e *embedder) show(id string) {
	if !e.seen[id] {
		e.seen[id] = true
		e.images = append(e.images, id)
	}
}

// unsaid elements are not sent on, with all that they contain: forms are dead in mail, and drawings are pictures of nobody.
var unsaid = map[string]bool{"select": true, "option": true, "textarea": true, "input": true, "svg": true, "source": true, "area": true}

// embeddable elements mean the same to every program. Others are left out around what they contain.
var embeddable = names(`a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark menu nav ol p pre q s samp section small span strike strong sub summary
sup table tbody td tfoot th thead time tr tt u ul var wbr`)

// embeddedAttrs are the attributes that stay; href and src are looked at by themselves.
var embeddedAttrs = names(`abbr align alt bgcolor border cellpadding cellspacing char clear color colspan compact dir face headers height hspace lang
nowrap open reversed role rowspan rules scope size span start title type valign value vspace width`)

func names(s string) map[string]bool {
	out := map[string]bool{}
	for _, n := range strings.Fields(s) {
		out[n] = true
	}
	return out
}

// attributes writes the attributes of an element.
func (e *embedder) attributes(n *node) {
	for _, a := range n.attrs {
		switch {
		case a.Key == "href" && n.tag == "a" && safeHref(a.Val):
		case a.Key == "background" && e.url(a.Val):
			e.simple = false
		case !embeddedAttrs[a.Key]:
			continue
		}
		if c, ok := attrColor(a.Val); a.Key == "bgcolor" && ok && !isPaper(c) || a.Key == "align" && a.Val != "" && !strings.EqualFold(a.Val, "left") {
			e.simple = false
		}
		e.b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
}

// safeHref reports whether a link leads to the web, to an address or to a telephone.
func safeHref(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return slices.ContainsFunc([]string{"http:", "https:", "mailto:", "tel:"}, func(p string) bool { return strings.HasPrefix(s, p) })
}

// url reports whether the address of a picture may stay, and notes one of the message.
func (e *embedder) url(u string) bool {
	u = strings.TrimSpace(u)
	if id, ok := strings.CutPrefix(u, "cid:"); ok {
		e.show(id)
		return true
	}
	return strings.HasPrefix(u, "data:image/") || isRemote(u) && (e.keep == nil || e.keep(u))
}
