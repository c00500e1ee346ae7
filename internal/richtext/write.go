package richtext

import (
	"html"
	"strconv"
	"strings"
)

// The look of what is sent, in inline styles: the space between paragraphs, of lists and of quotes.
const (
	gapStyle   = "0 0 12px"
	quoteColor = "#0f766e"
	mutedColor = "#68707f"
	// Faces without serifs that have Persian and Arabic letters where the reader has them.
	fontStyle = "font-family:Vazirmatn,Segoe UI,Roboto,Tahoma,Arial,sans-serif;font-size:14px;line-height:1.45"
)

// HTML is the document as a fragment to be read by FromHTML again, exactly as it is: every paragraph carries its Block in
// a data attribute, blanks are kept. Other programs show it alike.
func (d Doc) HTML() string { return d.write(true, "") }

// Page is the document as an HTML page to be sent. exact makes it one to be edited again (a draft): see HTML. lang is the language of the window it was
// written in: it decides where the letters do not.
func (d Doc) Page(exact bool, lang string) string {
	return "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head><body>\r\n" + d.write(exact, lang) + "</body></html>\r\n"
}

// writer writes a document as nested elements.
type writer struct {
	b     strings.Builder
	d     Doc
	dirs  []bool
	lang  string // of the text
	tie   string // of what its letters leave undecided
	exact bool
	quote int
	lists []List // kinds of the lists that are open; each has an open item
}

func (d Doc) write(exact bool, lang string) string {
	d = d.apart()
	w := writer{d: d, dirs: d.Directions(), exact: exact}
	w.lang, w.tie = d.languages(lang)
	style := fontStyle
	if exact {
		style += ";white-space:pre-wrap"
	}
	w.b.WriteString("<div" + dirAttr(len(w.dirs) > 0 && w.dirs[0]) + langAttr(w.lang) + ` style="` + style + `">` + "\r\n")
	for i := 0; i < len(d); {
		i = w.paragraph(i)
	}
	w.toList(nil, 0)
	w.toQuote(0, 0)
	w.b.WriteString("</div>\r\n")
	return w.b.String()
}

// sample is enough of the text to see its language, of what was written or of what is quoted.
func (d Doc) sample(quoted bool) string {
	var b strings.Builder
	for i := 0; i < len(d) && b.Len() < 2000; i++ {
		if d[i].Quote > 0 == quoted {
			b.WriteString(d[i].Text[:min(len(d[i].Text), 2000)])
		}
	}
	return b.String()
}

func dirAttr(rtl bool) string {
	if rtl {
		return ` dir="rtl"`
	}
	return ` dir="ltr"`
}

func langAttr(l string) string {
	if l == "" {
		return ""
	}
	return ` lang="` + l + `"`
}

// langOf is the language of a paragraph where it is another than that of the whole. Arabic letters alone say nothing against
// Persian or Urdu.
func (w *writer) langOf(text string) string {
	l := langOf(text)
	switch {
	case l == undecided:
		l = w.tie
	case l == "ar" && (w.lang == "fa" || w.lang == "ur"):
		return ""
	}
	if l == w.lang {
		return ""
	}
	return l
}

// paragraph writes paragraph i, with the tight lines that can stand in the same element, and returns the next one.
func (w *writer) paragraph(i int) (next int) {
	p := &w.d[i]
	if int(p.Quote) != w.quote {
		w.toList(nil, i)
		w.toQuote(int(p.Quote), i)
	}
	w.toList(p, i)
	if m := p.page(); m != nil {
		w.page(m, i)
		return i + 1
	}
	next = i + 1
	for !w.exact && next < len(w.d) && w.joins(next) {
		next++
	}
	tag, style := "p", "margin:"+w.margin(next)
	switch {
	case p.List != NoList:
		tag, style = "li", "margin:0"
	case p.Heading > 0:
		tag = "h" + strconv.Itoa(int(p.Heading))
	}
	style += ";text-align:" + side(w.dirs[i])
	w.b.WriteString("<" + tag + dirAttr(w.dirs[i]))
	if w.dirs[i] {
		w.b.WriteString(langAttr(w.langOf(p.Text)))
	}
	if p.Cite {
		w.b.WriteString(` class="attribution"`)
	}
	if w.exact {
		w.b.WriteString(` data-peyk="` + p.Block.code() + `"`)
	}
	w.b.WriteString(` style="` + style + `">`)
	for k := i; k < next; k++ {
		if k > i {
			w.b.WriteString("<br>\r\n")
		}
		w.inline(&w.d[k])
	}
	if p.List != NoList {
		return next // the item stays open: a nested list may follow
	}
	w.b.WriteString("</" + tag + ">\r\n")
	return next
}

// sentPage is the class of a page in what is sent, by which it is known again where that is edited as a new message.
const sentPage = "peyk-page"

// page writes a page.
func (w *writer) page(m *Image, i int) {
	w.b.WriteString("<div")
	if w.exact {
		w.b.WriteString(` data-peyk-page="` + w.d[i].Block.code() + `"`)
	} else {
		w.b.WriteString(` class="` + sentPage + `"`)
	}
	w.b.WriteString(` style="margin:` + w.margin(i+1) + `">` + "\r\n" + m.Page + "\r\n</div>\r\n")
}

// joins reports whether paragraph k can stand in the element of the one before it, after a line break.
func (w *writer) joins(k int) bool {
	p, before := w.d[k], w.d[k-1]
	a, b := p.Block, before.Block
	a.Tight, b.Tight, a.Dir, b.Dir = true, true, Auto, Auto
	return p.Tight && a == b && p.List == NoList && p.Heading == 0 && p.Text != "" && before.Text != "" && w.dirs[k] == w.dirs[k-1] &&
		p.Text != SignatureMark && p.page() == nil
}

// margin is that of an element which ends before paragraph next.
func (w *writer) margin(next int) string {
	if next < len(w.d) && w.d[next].Quote >= w.d[next-1].Quote && w.d.GapBefore(next) {
		return gapStyle
	}
	return "0"
}

func side(rtl bool) string {
	if rtl {
		return "right"
	}
	return "left"
}

// toQuote opens and closes quotes until depth is reached before paragraph i.
func (w *writer) toQuote(depth, i int) {
	for ; w.quote > depth; w.quote-- {
		w.b.WriteString("</blockquote>\r\n")
	}
	for ; w.quote < depth; w.quote++ {
		end := i
		for end < len(w.d) && int(w.d[end].Quote) > w.quote {
			end++
		}
		margin := "0"
		if end < len(w.d) && int(w.d[end].Quote) == w.quote && w.d.GapBefore(end) {
			margin = gapStyle
		}
		s := side(w.dirs[i])
		w.b.WriteString(`<blockquote type="cite"` + dirAttr(w.dirs[i]) + ` style="margin:` + margin + `;padding-` + s + `:12px;border-` + s + `:3px solid ` + quoteColor +
			`;color:` + mutedColor + `">` + "\r\n")
	}
}

// toList opens and closes lists until p, which is paragraph i, can begin an item; nil closes all.
func (w *writer) toList(p *Paragraph, i int) {
	keep := 0
	if p != nil && p.List != NoList {
		keep = min(len(w.lists), int(p.Level)+1)
		if keep == int(p.Level)+1 && w.lists[keep-1] != p.List {
			keep--
		}
	}
	for len(w.lists) > keep {
		w.b.WriteString("</li></" + listTag(w.lists[len(w.lists)-1]) + ">\r\n")
		w.lists = w.lists[:len(w.lists)-1]
	}
	if p == nil || p.List == NoList {
		return
	}
	if len(w.lists) == int(p.Level)+1 {
		w.b.WriteString("</li>\r\n")
		return
	}
	for len(w.lists) <= int(p.Level) {
		w.openList(p.List, i)
		if len(w.lists) <= int(p.Level) { // a level that no item names
			w.b.WriteString(`<li style="list-style-type:none">`)
		}
	}
}

func (w *writer) openList(kind List, i int) {
	margin := "0"
	if len(w.lists) == 0 {
		end := i
		for end < len(w.d) && w.d[end].List != NoList && w.d[end].Quote == w.d[i].Quote {
			end++
		}
		margin = w.margin(end)
	}
	s := "padding:0 0 0 28px"
	if w.dirs[i] {
		s = "padding:0 28px 0 0"
	}
	if kind == Numbers && w.dirs[i] && w.lang == "fa" {
		s += ";list-style-type:persian"
	}
	w.b.WriteString("<" + listTag(kind) + dirAttr(w.dirs[i]) + ` style="margin:` + margin + `;` + s + `">` + "\r\n")
	w.lists = append(w.lists, kind)
}

func listTag(l List) string {
	if l == Numbers {
		return "ol"
	}
	return "ul"
}

// inline writes the text of a paragraph.
func (w *writer) inline(p *Paragraph) {
	if p.Text == "" {
		w.b.WriteString("<br>")
		return
	}
	at, link := 0, ""
	setLink := func(l string) {
		if l == link {
			return
		}
		if link != "" {
			w.b.WriteString("</a>")
		}
		if link = l; l != "" {
			w.b.WriteString(`<a href="` + html.EscapeString(l) + `">`)
		}
	}
	for _, s := range p.Spans {
		if s.Start > at {
			setLink("")
			w.plainText(p.Text, at, s.Start)
		}
		setLink(s.Link)
		w.styled(p, s)
		at = s.End
	}
	setLink("")
	if at < len(p.Text) {
		w.plainText(p.Text, at, len(p.Text))
	}
}

var markTags = [...]struct {
	mark Mark
	tag  string
}{{Bold, "b"}, {Italic, "i"}, {Underline, "u"}, {Strike, "s"}, {Code, "code"}}

// styled writes one span.
func (w *writer) styled(p *Paragraph, s Span) {
	if m := s.Image; m != nil {
		w.b.WriteString(`<img src="cid:` + html.EscapeString(m.ID) + `" alt="` + html.EscapeString(m.Alt) + `"`)
		if m.Width > 0 {
			w.b.WriteString(` width="` + strconv.Itoa(m.Width) + `"`)
		}
		if m.Height > 0 {
			w.b.WriteString(` height="` + strconv.Itoa(m.Height) + `"`)
		}
		w.b.WriteString(` style="max-width:100%">`)
		return
	}
	for _, t := range markTags {
		if s.Marks&t.mark != 0 {
			w.b.WriteString("<" + t.tag + ">")
		}
	}
	if s.Link != "" {
		w.text(p.Text, s.Start, s.End)
	} else {
		w.plainText(p.Text, s.Start, s.End)
	}
	for k := len(markTags) - 1; k >= 0; k-- {
		if s.Marks&markTags[k].mark != 0 {
			w.b.WriteString("</" + markTags[k].tag + ">")
		}
	}
}

// plainText writes text without a link of its own: web addresses in it become links, unless it is to be edited again.
func (w *writer) plainText(s string, from, to int) {
	for !w.exact && from < to {
		a, b := nextLink(s[from:to])
		if a < 0 {
			break
		}
		words := s[from+a : from+b]
		w.text(s, from, from+a)
		if link := SafeLink(words); link != "" {
			w.b.WriteString(`<a href="` + html.EscapeString(link) + `">` + html.EscapeString(words) + "</a>")
		} else {
			w.text(s, from+a, from+b)
		}
		from += b
	}
	w.text(s, from, to)
}

// text escapes the bytes [from, to) of a paragraph and keeps its blanks.
func (w *writer) text(s string, from, to int) {
	part := s[from:to]
	if w.exact {
		w.b.WriteString(html.EscapeString(part))
		return
	}
	part = strings.ReplaceAll(html.EscapeString(part), "\t", "    ")
	for i := 0; i < len(part); i++ {
		edge := i == 0 && from == 0 || i == len(part)-1 && to == len(s)
		if part[i] == ' ' && (edge || i+1 < len(part) && part[i+1] == ' ') {
			w.b.WriteString("&nbsp;")
		} else {
			w.b.WriteByte(part[i])
		}
	}
}
