package message

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"peyk/internal/mail"
)

// maxText bounds the decoded text of one message that is kept in memory.
const maxText = 8 << 20

// bodyItem is one thing to read, in the order of the message: a text, an HTML page, or both as alternatives.
type bodyItem struct {
	plain, html *Part
	// text and page are set when they were made, not read (the body of a winmail.dat).
	text, page string
	// words say in English what a window says in its own language (Content.Report, a warning).
	words string
}

// body is what a person reads of a message.
type body struct {
	m     *Message
	items []bodyItem
	links *linked // parts that pages refer to
}

// readable finds the body once.
func (m *Message) readable() *body {
	if m.body == nil {
		m.body = &body{m: m}
		if !m.headerOnly {
			m.body.add(m.Root)
			m.addMade()
		}
	}
	return m.body
}

// isAttached: the sender said it is an attachment, or named a file for a type that is not text to read. The root is all
// there is to read, whatever it says.
func (p *Part) isAttached() bool {
	if p.parent == nil {
		return false
	}
	return p.Disposition == "attachment" || p.fileName() != "" && p.Disposition != "inline"
}

func (p *Part) fileName() string {
	if n := p.DispositionParams["filename"]; n != "" {
		return n
	}
	if n := p.Params["name"]; n != "" {
		return n
	}
	if n := p.Params["filename"]; n != "" {
		return n
	}
	return p.DispositionParams["name"]
}

// blank: there is nothing but white space in the body.
func (p *Part) blank() bool {
	if p.virtual == nil && p.Encoding == "quoted-printable" {
		// Most tell by their first line already.
		start := p.src.bytes(p.BodyStart, min(p.BodyEnd, p.BodyStart+100))
		var room [100]byte
		text := bytes.TrimSpace(appendQPLine(room[:0], start[:bytes.IndexByte(start, '\n')+1]))
		if r, _ := utf8.DecodeRune(text); r != utf8.RuneError {
			return false
		}
	}
	return len(bytes.TrimSpace(p.bytes(256))) == 0
}

// add takes apart p.
func (b *body) add(p *Part) {
	switch {
	case p.IsMultipart() && len(p.Children) > 0:
		b.addMultipart(p)
	case isSMIME(p.Type) && len(p.Children) == 1:
		b.add(p.Children[0])
	case p.isAttached() || p.unopened:
	case p.Type == "message/external-body":
		if at := externalAt(p); at != "" {
			b.m.warn(p, mail.WarnExternalBody, at)
			b.use(bodyItem{text: at, words: "A part of this message is kept elsewhere: " + at})
		}
	case p.IsMultipart() && p.blank(): // no parts and nothing in it
	case isHTML(p.Type):
		b.use(bodyItem{html: p}, p)
	case p.Type == "text/plain" || p.IsMultipart() || isReadableText(p.Type):
		b.use(bodyItem{plain: p}, p)
	}
}

// isReadableText: other text types that are readable as they are.
func isReadableText(t string) bool {
	switch t {
	case "text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text/x-amp-html", "text/x-plain", "text/flowed":
		return t != "text/x-amp-html"
	}
	return false
}

func (b *body) use(it bodyItem, parts ...*Part) {
	b.items = append(b.items, it)
	for _, p := range parts {
		p.read = true
	}
}

func (b *body) addMultipart(p *Part) {
	switch p.Type {
	case "multipart/alternative":
		b.addAlternative(p)
	case "multipart/related":
		b.add(relatedRoot(p))
	case "multipart/signed":
		b.add(p.Children[0])
	case "multipart/encrypted", "multipart/digest":
	case "multipart/appledouble":
	default:
		for _, c := range p.Children {
			b.add(c)
		}
	}
}

// relatedRoot is the part that the others belong to: start=, else the first (RFC 2387 §3.2).
func relatedRoot(p *Part) *Part {
	if start := strings.Trim(p.Params["start"], "<> "); start != "" {
		for _, c := range p.Children {
			if c.ContentID == start {
				return c
			}
		}
	}
	return p.Children[0]
}

// addAlternative merges what the alternatives give: the text of one and the HTML of another are the same thing.
func (b *body) addAlternative(p *Part) {
	var plain, rich []bodyItem
	for _, c := range p.Children {
		sub := body{m: b.m}
		sub.add(c)
		if len(sub.items) == 0 {
			continue
		}
		if sub.hasHTML() {
			rich = sub.items
		} else {
			plain = append(plain, sub.items...)
		}
	}
	switch {
	case len(rich) == 0:
		b.items = append(b.items, plain...)
	case len(plain) == 0:
		b.items = append(b.items, rich...)
	default:
		// Pair them: the first HTML carries the text as its alternative.
		for i := range rich {
			if rich[i].html != nil && rich[i].plain == nil {
				rich[i].plain = plain[0].plain
				rich[i].text = plain[0].text
				break
			}
		}
		b.items = append(b.items, rich...)
	}
}

func (b *body) hasHTML() bool {
	for _, it := range b.items {
		if it.html != nil || it.page != "" {
			return true
		}
	}
	return false
}

// page is the HTML of an item, "" without one.
func (m *Message) page(it bodyItem) string {
	if it.html != nil {
		return m.text(it.html)
	}
	return it.page
}

// rawText is the decoded text of p with every line end as "\n".
func (m *Message) rawText(p *Part) string { return normalizeLines(m.decodeText(p, p.bytes(maxText))) }

// text is the text of a part as it is read: decoded, format=flowed unfolded.
func (m *Message) text(p *Part) string {
	s := m.decoded(p)
	if p.Type == "text/plain" && strings.EqualFold(p.Params["format"], "flowed") {
		s = unflow(s, strings.EqualFold(p.Params["delsp"], "yes"))
	}
	return s
}

// decoded decodes a text part to UTF-8, once: line ends as "\n", files that stand in it taken out.
func (m *Message) decoded(p *Part) string {
	if p.hasText {
		return p.decoded
	}
	raw, done := p.lent(maxText)
	defer done()
	if len(raw) == maxText {
		m.warn(p, mail.WarnTextCut)
	}
	if p.Type == "text/plain" && mayHoldFiles(raw) && isASCIIish(p.charset()) {
		if t := takeFiles(raw); len(t.files) > 0 {
			raw, p.files = t.rest, t.files
		}
	}
	s := ""
	if isPlainText(raw, p.charset()) {
		s = unixLines(raw)
	} else {
		s = normalizeLines(m.decodeText(p, raw))
	}
	if isHTML(p.Type) {
		s = m.linkParts(p, s)
	}
	p.decoded, p.hasText = s, true
	return s
}

// glance finds what is to be told about a text that nobody needs decoded.
func (m *Message) glance(p *Part) {
	if p.hasText {
		return
	}
	raw, done := p.lent(maxText)
	plain := len(raw) < maxText && isPlainText(raw, p.charset())
	done()
	if !plain {
		m.decoded(p)
	}
}

func isHTML(t string) bool { return t == "text/html" || t == "application/xhtml+xml" }

// isASCIIish: the charset leaves ASCII bytes alone, so that text can be looked at before it is decoded.
func isASCIIish(cs string) bool { return !isStateful(charsetName(cs)) }

func (m *Message) decodeText(p *Part, raw []byte) string {
	cs := p.charset()
	if p.Type == "text/html" && (cs == "" || isASCIIName(charsetName(cs)) || !knownCharset(cs)) && !isASCII(raw) {
		if c := metaCharset(raw); c != "" {
			cs = c
		}
	}
	if cs == "" {
		return decodeRaw(raw, p.Header.hint)
	}
	s, right := decodeLabelled(raw, cs)
	switch {
	case right:
	case knownCharset(cs):
		m.warn(p, mail.WarnCharsetWrong, cleanLine(cs))
	default:
		m.warn(p, mail.WarnCharsetUnknown, cleanLine(cs))
	}
	return s
}

// isPlainText: text that needs no decoding, as most mail: bytes that are what their label says and UTF-8 already.
func isPlainText(raw []byte, label string) bool {
	if bytes.IndexByte(raw, 0) >= 0 || bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) {
		return false
	}
	switch n := charsetName(label); {
	case isUTF8Name(n):
		return utf8.Valid(raw)
	case isASCIIName(n):
		return isASCII(raw) && bytes.IndexByte(raw, 0x1b) < 0
	}
	return false
}

// unixLines is normalizeLines of raw, in one copy.
func unixLines(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for {
		i := bytes.IndexByte(raw, '\r')
		if i < 0 {
			b.Write(raw)
			return b.String()
		}
		b.Write(raw[:i])
		b.WriteByte('\n')
		if raw = raw[i+1:]; len(raw) > 0 && raw[0] == '\n' {
			raw = raw[1:]
		}
	}
}

// normalizeLines makes every line end a "\n".
func normalizeLines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for {
		i := strings.IndexByte(s, '\r')
		if i < 0 {
			return string(append(out, s...))
		}
		out = append(append(out, s[:i]...), '\n')
		if s = s[i+1:]; s != "" && s[0] == '\n' {
			s = s[1:]
		}
	}
}

// Text is the readable text of the whole message: the plain text, or the HTML as text where there is none. Lines end
// with "\n"; format=flowed (RFC 3676) is unfolded to one line a paragraph.
func (m *Message) Text() string { s, _ := m.textAndKind(true); return s }

// textAndKind is Text, perhaps without what a window says itself.
func (m *Message) textAndKind(words bool) (s string, fromHTML bool) {
	var out []string
	n := 0
	for _, it := range m.readable().items {
		var t string
		switch {
		case words && it.words != "":
			t = it.words
		case it.text != "":
			t = it.text
		case it.plain != nil:
			t = m.text(it.plain)
		}
		if strings.TrimSpace(t) == "" {
			if page := m.page(it); page != "" {
				t, fromHTML = HTMLToText(page), true
			}
		}
		t = strings.Trim(t, "\n")
		if strings.TrimSpace(t) == "" {
			continue
		}
		if n += len(t); n > maxText {
			m.warn(nil, mail.WarnTextCut)
			break
		}
		out = append(out, t)
	}
	return strings.Join(out, "\n\n"), fromHTML
}

// saysWords: Text has words that are not the message's own.
func (m *Message) saysWords() bool {
	return slices.ContainsFunc(m.readable().items, func(it bodyItem) bool { return it.words != "" })
}

// HTML is the HTML body, "" when the message has none. Texts that stand beside it (a footer of a list) are in it as
// preformatted text.
func (m *Message) HTML() string {
	b := m.readable()
	if !b.hasHTML() {
		return ""
	}
	var out []string
	for _, it := range b.items {
		switch {
		case it.html != nil || it.page != "":
			out = append(out, m.page(it))
		case it.text != "":
			out = append(out, preText(it.text))
		case it.plain != nil:
			if t := m.text(it.plain); strings.TrimSpace(t) != "" {
				out = append(out, preText(t))
			}
		}
	}
	return strings.Join(out, "\n<hr>\n")
}

func preText(s string) string {
	return `<div dir="auto" style="white-space:pre-wrap">` + html.EscapeString(strings.Trim(s, "\n")) + "</div>"
}
