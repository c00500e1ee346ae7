package message

import (
	"strings"
	"unicode/utf16"
)

// rtfBody takes the text out of RTF: HTML that Outlook wrapped in it ([MS-OXRTFEX]), plain text that it wrapped, or the
// words of a document that was RTF from the start. page or text is "".
func rtfBody(b []byte) (page, text string) {
	p := rtfReader{b: b, fonts: map[int]string{}, ansi: "windows-1252"}
	p.st = rtfState{uc: 1}
	p.read()
	if p.fromHTML {
		return p.out.String(), ""
	}
	return "", strings.TrimSpace(p.out.String())
}

// rtfState is what a group inherits and gives back at its end.
type rtfState struct {
	skip    bool // a destination that holds no text
	htmlRTF bool // what only RTF readers want to see (\htmlrtf)
	tag     bool // inside {\*\htmltag …}: HTML as it is
	fonts   bool // inside {\fonttbl …}
	uc      int  // how many characters stand for those that cannot read \u
	font    int
}

// maxRTFDepth bounds the groups that are remembered; deeper ones inherit and give nothing back.
const maxRTFDepth = 1000

// rtfReader reads RTF once, front to back.
type rtfReader struct {
	b     []byte
	i     int
	st    rtfState
	stack []rtfState
	deep  int
	star  bool // "\*" was read: the next word names a destination that may be skipped

	fonts    map[int]string // charset of each font, "" the document's
	ansi     string
	fromHTML bool

	raw   []byte   // bytes to be decoded by the charset of the font
	units []uint16 // of \u
	eat   int      // characters to leave out after \u
	out   strings.Builder
}

func (p *rtfReader) read() {
	for p.i < len(p.b) {
		c := p.b[p.i]
		p.i++
		switch c {
		case '{':
			p.flush()
			p.push()
		case '}':
			p.flush()
			p.pop()
		case '\\':
			p.control()
		case '\r', '\n':
		default:
			p.char(c)
		}
	}
	p.flush()
}

func (p *rtfReader) push() {
	p.star, p.eat = false, 0
	if len(p.stack) >= maxRTFDepth {
		p.deep++
		return
	}
	p.stack = append(p.stack, p.st)
}

func (p *rtfReader) pop() {
	p.star, p.eat = false, 0
	if p.deep > 0 {
		p.deep--
		return
	}
	if n := len(p.stack); n > 0 {
		p.st, p.stack = p.stack[n-1], p.stack[:n-1]
	}
}

// shown tells whether text at this place is text of the message.
func (p *rtfReader) shown() bool { return !p.st.skip && (p.st.tag || !p.st.htmlRTF) }

// char takes one byte of text.
func (p *rtfReader) char(c byte) {
	if p.eat > 0 {
		p.eat--
		return
	}
	if !p.shown() {
		return
	}
	if len(p.units) > 0 {
		p.flush()
	}
	p.raw = append(p.raw, c)
}

// write puts text out that is UTF-8.
func (p *rtfReader) write(s string) {
	if p.eat > 0 {
		p.eat--
		return
	}
	if p.shown() {
		p.flush()
		p.out.WriteString(s)
	}
}

func (p *rtfReader) flush() {
	if len(p.units) > 0 {
		p.out.WriteString(string(utf16.Decode(p.units)))
		p.units = p.units[:0]
	}
	if len(p.raw) > 0 {
		cs := p.fonts[p.st.font]
		if cs == "" {
			cs = p.ansi
		}
		p.out.WriteString(decodeCharset(p.raw, cs))
		p.raw = p.raw[:0]
	}
}

// control reads what stands after a backslash: a symbol, a byte in hex, or a word with a number.
func (p *rtfReader) control() {
	if p.i >= len(p.b) {
		return
	}
	c := p.b[p.i]
	if !isLetter(c) {
		p.i++
		p.symbol(c)
		return
	}
	start := p.i
	for p.i < len(p.b) && isLetter(p.b[p.i]) && p.i-start < 40 {
		p.i++
	}
	word := string(p.b[start:p.i])
	n, has := p.number()
	if p.i < len(p.b) && p.b[p.i] == ' ' {
		p.i++
	}
	star := p.star
	p.star = false
	p.word(word, n, has, star)
}

// number reads the number after a word.
func (p *rtfReader) number() (n int, has bool) {
	neg := p.i < len(p.b) && p.b[p.i] == '-'
	j := p.i
	if neg {
		j++
	}
	for j < len(p.b) && p.b[j] >= '0' && p.b[j] <= '9' {
		if n < 1<<28 {
			n = n*10 + int(p.b[j]-'0')
		}
		j++
		has = true
	}
	if has {
		p.i = j
	}
	if neg {
		n = -n
	}
	return n, has
}

func (p *rtfReader) symbol(c byte) {
	switch c {
	case '\'':
		if p.i+1 < len(p.b) {
			if h, l := hexVal(p.b[p.i]), hexVal(p.b[p.i+1]); h >= 0 && l >= 0 {
				p.i += 2
				p.char(byte(h<<4 | l))
			}
		}
	case '*':
		p.star = true
	case '\\', '{', '}':
		p.char(c)
	case '~':
		p.write(p.entity("&nbsp;", "\u00a0"))
	case '_':
		p.write(p.entity("&shy;", "\u00ad"))
	case '\r', '\n':
		p.write("\n")
	}
}

// entity picks how a character is written: as HTML wants it, or itself.
func (p *rtfReader) entity(html, plain string) string {
	if p.fromHTML {
		return html
	}
	return plain
}

// rtfSymbols are words that stand for characters, with their HTML.
var rtfSymbols = map[string][2]string{
	"par": {"\n", "\n"}, "line": {"\n", "\n"}, "tab": {"\t", "\t"}, "lquote": {"‘", "&lsquo;"}, "rquote": {"’", "&rsquo;"}, "ldblquote": {"“", "&ldquo;"}, "rdblquote": {"”", "&rdquo;"},
	"bullet": {"•", "&bull;"}, "endash": {"–", "&ndash;"}, "emdash": {"—", "&mdash;"}, "emspace": {"\u2003", "&emsp;"}, "enspace": {"\u2002", "&ensp;"},
	"ltrmark": {"\u200e", "\u200e"}, "rtlmark": {"\u200f", "\u200f"}, "zwj": {"\u200d", "\u200d"}, "zwnj": {"\u200c", "\u200c"}, "row": {"\n", "\n"}, "cell": {"\t", "\t"}, "sect": {"\n", "\n"}, "page": {"\n", "\n"},
}

// rtfHidden are destinations without text of the message.
var rtfHidden = map[string]bool{
	"colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "header": true, "headerl": true, "headerr": true, "footer": true, "footerl": true, "footerr": true,
	"footnote": true, "generator": true, "listtable": true, "listoverridetable": true, "mhtmltag": true, "fldinst": true, "bkmkstart": true, "bkmkend": true, "themedata": true, "datastore": true,
}

func (p *rtfReader) word(word string, n int, has, star bool) {
	switch word {
	case "fromhtml":
		p.fromHTML = true
	case "htmltag":
		p.flush()
		p.st.tag = p.fromHTML && star
		p.st.skip = p.st.skip || !p.fromHTML
	case "htmlrtf":
		p.flush()
		p.st.htmlRTF = !has || n != 0
	case "fonttbl":
		p.st.fonts, p.st.skip = true, true
	case "fcharset":
		if p.st.fonts && len(p.fonts) < 10000 {
			p.fonts[p.st.font] = rtfCharsets[n]
		}
	case "f":
		p.flush()
		p.st.font = n
	case "ansicpg":
		if cs := "cp" + itoa(n); knownCharset(cs) {
			p.ansi = cs
		}
	case "mac":
		p.ansi = "macintosh"
	case "uc":
		p.st.uc = min(max(n, 0), 100)
	case "u":
		p.unicode(n)
	case "bin":
		p.i = min(len(p.b), p.i+max(n, 0))
	default:
		if s, ok := rtfSymbols[word]; ok {
			p.write(p.entity(s[1], s[0]))
		} else if star || rtfHidden[word] {
			p.st.skip = true
		}
	}
}

// unicode takes \uN; the characters that follow for old readers are left out.
func (p *rtfReader) unicode(n int) {
	if p.shown() {
		if len(p.raw) > 0 {
			p.flush()
		}
		p.units = append(p.units, uint16(n))
	}
	p.eat = p.st.uc
}

// rtfCharsets are the charsets of \fcharset; one that is not here is the document's.
var rtfCharsets = map[int]string{
	77: "macintosh", 128: "shift_jis", 129: "euc-kr", 134: "gbk", 136: "big5", 161: "windows-1253", 162: "windows-1254", 163: "windows-1258",
	177: "windows-1255", 178: "windows-1256", 186: "windows-1257", 204: "windows-1251", 222: "windows-874", 238: "windows-1250", 254: "cp437",
}
