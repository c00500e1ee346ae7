package richtext

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// A page is a message that is sent on as it was: laid out in tables, with colours and pictures that paragraphs cannot say. It stands in the text
// as one object, like a picture, in a paragraph of its own; it can be deleted, or turned into text.

// pageWidth is what a page is shown at while it is written around, in pixels.
const pageWidth = 640

// NewPage is a page as a paragraph. src is one HTML element, harmless (internal/htmlview makes such ones: Embed); it is never changed.
func NewPage(src string) Paragraph {
	return Paragraph{Text: Object, Spans: []Span{{End: len(Object), Attr: Attr{Image: newPage(src)}}}}
}

func newPage(src string) *Image {
	sum := sha256.Sum256([]byte(src))
	return &Image{ID: "page:" + hex.EncodeToString(sum[:8]), Page: src, Width: pageWidth, words: pageText(src).Plain()} // no Content-ID has a colon there: it holds an @
}

// shows are the Content-IDs of the pictures that an image is, or shows as a page. m may be nil.
func (m *Image) shows() []string {
	switch {
	case m == nil:
		return nil
	case m.Page == "":
		return []string{m.ID}
	}
	var out []string
	for rest := m.Page; ; {
		i := strings.Index(rest, "cid:")
		if i < 0 {
			return out
		}
		quoted := i > 0 && strings.IndexByte("\"';(", rest[i-1]) >= 0
		rest = rest[i+len("cid:"):]
		end := strings.IndexAny(rest, "\"'<>() \t\r\n")
		if end < 0 || !quoted {
			continue
		}
		id := html.UnescapeString(rest[:end])
		if k := strings.IndexAny(id, "\"'"); k >= 0 { // the end of url('…'), which is escaped
			id = id[:k]
		}
		if safeID(id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
}

// Text is a page as paragraphs, as far as they can say it.
func (m *Image) Text() Doc { return pageText(m.Page) }

func pageText(src string) Doc { return FromHTML(src).Trim() }

// Pages are the pages of the document.
func (d Doc) Pages() []*Image {
	var out []*Image
	for i := range d {
		for _, s := range d[i].Spans {
			if s.Image != nil && s.Image.Page != "" {
				out = append(out, s.Image)
			}
		}
	}
	return out
}

// WithPages is the document with other pages: f is given the HTML of each, and what it returns is "" where only the text of a page stays.
func (d Doc) WithPages(f func(src string) string) Doc {
	if len(d.Pages()) == 0 {
		return d
	}
	var out Doc
	for _, p := range d.apart() {
		m := p.page()
		if m == nil {
			out = append(out, p)
			continue
		}
		if src := f(m.Page); src != "" {
			p.Spans = NewPage(src).Spans
			out = append(out, p)
			continue
		}
		for _, t := range m.Text() {
			t.Quote = min(t.Quote+p.Quote, MaxQuote)
			out = append(out, t)
		}
	}
	return out
}

// page is the page that a paragraph is, when it is nothing else.
func (p *Paragraph) page() *Image {
	if len(p.Spans) == 1 && p.Text == Object && p.Spans[0].Image != nil && p.Spans[0].Image.Page != "" {
		return p.Spans[0].Image
	}
	return nil
}

// apart is the document with every page in a paragraph of its own, whatever was written beside it.
func (d Doc) apart() Doc {
	if len(d.Pages()) == 0 {
		return d
	}
	out := make(Doc, 0, len(d)+2)
	for i := range d {
		p := d[i]
		cut := func(from, to int) {
			if strings.TrimSpace(p.Text[from:to]) != "" {
				out = append(out, Paragraph{Text: p.Text[from:to], Spans: Cut(p.Spans, from, to), Block: p.Block})
			}
		}
		at := 0
		for _, s := range p.Spans {
			if s.Image == nil || s.Image.Page == "" {
				continue
			}
			cut(at, s.Start)
			own := Paragraph{Text: Object, Spans: []Span{{End: len(Object), Attr: s.Attr}}, Block: Block{Quote: p.Quote, Dir: p.Dir, Tight: p.Tight}}
			out = append(out, own)
			at = s.End
		}
		if at == 0 {
			out = append(out, p)
		} else {
			cut(at, len(p.Text))
		}
	}
	return out
}

// readPage takes the tokens up to the end of the element that has begun, as they are written.
func readPage(z *xhtml.Tokenizer) string {
	var b strings.Builder
	for depth := 1; ; {
		tt := z.Next()
		raw := string(z.Raw())
		if tt == xhtml.ErrorToken {
			return b.String()
		}
		if tt == xhtml.StartTagToken || tt == xhtml.EndTagToken {
			if name, _ := z.TagName(); string(name) == "div" {
				if depth++; tt == xhtml.EndTagToken {
					depth -= 2
				}
			}
		}
		if depth == 0 {
			return b.String()
		}
		b.WriteString(raw)
	}
}
