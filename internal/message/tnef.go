package message

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// The TNEF attributes that are read ([MS-OXTNEF] §2.1.3); everything else is skipped.
const (
	tnefSignature  = 0x223e9f78
	tnefBody       = 0x0002800c
	tnefMsgProps   = 0x00069003
	tnefRendData   = 0x00069002
	tnefAttTitle   = 0x00018010
	tnefAttData    = 0x0006800f
	tnefAttachment = 0x00069005
	tnefCodepage   = 0x00069007
)

// The MAPI properties that are read ([MS-OXPROPS]).
const (
	propBody      = 0x1000
	propRTF       = 0x1009
	propHTML      = 0x1013
	propAttData   = 0x3701
	propAttName   = 0x3704
	propAttLong   = 0x3707
	propAttMIME   = 0x370e
	propAttCID    = 0x3712
	maxTNEF       = 32 << 20
	maxTNEFFiles  = 1000
	maxPropValues = 10000
)

// tnefFile is one file inside; the body, where there is one, is the file without a name.
type tnefFile struct {
	name, ctype, cid string
	data             []byte
}

type tnefMessage struct {
	text, html string
	rtf        []byte
	files      []tnefFile
	codepage   string
}

// le reads little-endian numbers and never past the end.
type le struct {
	b   []byte
	bad bool
}

func (r *le) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad = true
		r.b = nil
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *le) u8() int {
	if v := r.take(1); v != nil {
		return int(v[0])
	}
	return 0
}

func (r *le) u16() int {
	if v := r.take(2); v != nil {
		return int(binary.LittleEndian.Uint16(v))
	}
	return 0
}

func (r *le) u32() int {
	if v := r.take(4); v != nil {
		return int(binary.LittleEndian.Uint32(v))
	}
	return 0
}

// parseTNEF takes apart a winmail.dat; ok is false when it is none. What is cut or broken ends the reading; what came
// before is kept.
func parseTNEF(b []byte) (m tnefMessage, ok bool) {
	r := &le{b: b}
	if r.u32() != tnefSignature {
		return m, false
	}
	r.u16() // key
	m.codepage = "windows-1252"
	for len(r.b) > 0 && !r.bad {
		r.u8() // level
		attr, n := r.u32(), r.u32()
		if n > len(r.b) {
			n = len(r.b)
		}
		data := r.take(n)
		r.u16() // checksum
		m.attribute(attr, data)
	}
	if m.html == "" && len(m.rtf) > 0 {
		page, text := rtfBody(m.rtf)
		m.html = page
		if m.text == "" {
			m.text = text
		}
	}
	return m, true
}

func (m *tnefMessage) attribute(attr int, data []byte) {
	cur := func() *tnefFile {
		if len(m.files) == 0 {
			m.files = append(m.files, tnefFile{})
		}
		return &m.files[len(m.files)-1]
	}
	switch attr {
	case tnefCodepage:
		if len(data) >= 4 {
			if n := charsetName("cp" + itoa(int(binary.LittleEndian.Uint32(data)))); knownCharset(n) {
				m.codepage = n
			}
		}
	case tnefBody:
		m.text = m.str8(data)
	case tnefMsgProps:
		m.messageProps(data)
	case tnefRendData:
		if len(m.files) < maxTNEFFiles {
			m.files = append(m.files, tnefFile{})
		}
	case tnefAttTitle:
		if f := cur(); f.name == "" {
			f.name = m.str8(data)
		}
	case tnefAttData:
		cur().data = data
	case tnefAttachment:
		m.fileProps(cur(), data)
	}
}

// messageProps takes the texts of a message from its properties.
func (m *tnefMessage) messageProps(data []byte) {
	mapiProps(data, func(id, typ int, v []byte) {
		switch id {
		case propBody:
			m.text = m.str(typ, v)
		case propHTML:
			if typ == 0x102 {
				m.html = decodeHTMLBytes(v)
			} else {
				m.html = m.str(typ, v)
			}
		case propRTF:
			m.rtf = unpackRTF(v)
		}
	})
}

// fileProps takes what is said of a file from its properties.
func (m *tnefMessage) fileProps(f *tnefFile, data []byte) {
	mapiProps(data, func(id, typ int, v []byte) {
		switch id {
		case propAttLong:
			f.name = m.str(typ, v)
		case propAttName:
			if f.name == "" {
				f.name = m.str(typ, v)
			}
		case propAttMIME:
			f.ctype = strings.ToLower(m.str(typ, v))
		case propAttCID:
			f.cid = m.str(typ, v)
		case propAttData:
			if len(v) > 16 && f.data == nil {
				f.data = v[16:] // the interface's GUID stands before an embedded object
			}
		}
	})
}

func decodeHTMLBytes(b []byte) string {
	if c := metaCharset(b); c != "" {
		return decodeCharset(b, c)
	}
	return decodeRaw(b, "")
}

func (m *tnefMessage) str8(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return decodeRaw(b, m.codepage)
}

func (m *tnefMessage) str(typ int, b []byte) string {
	if typ != 0x1f {
		return m.str8(b)
	}
	u := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		c := binary.LittleEndian.Uint16(b)
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}

// mapiProps calls f with the first value of every property of a block ([MS-OXTNEF] §2.1.3.4).
func mapiProps(b []byte, f func(id, typ int, v []byte)) {
	r := &le{b: b}
	for n := r.u32(); n > 0 && !r.bad && len(r.b) > 0; n-- {
		typ, id := r.u16(), r.u16()
		if id >= 0x8000 { // a named property
			r.take(16)
			if r.u32() == 0 {
				r.u32()
			} else {
				k := r.u32()
				r.take((k + 3) &^ 3)
			}
		}
		count := 1
		base := typ &^ 0x1000
		variable := base == 0x1e || base == 0x1f || base == 0x0d || base == 0x102
		if typ&0x1000 != 0 || variable {
			count = min(r.u32(), maxPropValues)
		}
		for i := 0; i < count && !r.bad; i++ {
			var v []byte
			if variable {
				k := r.u32()
				v = r.take(k)
				r.take(min((4-k&3)&3, len(r.b)))
			} else {
				v = r.take(fixedSize(base))
			}
			if i == 0 && !r.bad {
				f(id, base, v)
			}
		}
	}
}

func fixedSize(typ int) int {
	switch typ {
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	}
	return 4
}

// rtfStart is the dictionary that compressed RTF starts with ([MS-OXRTFCP] §2.1.2.1).
const rtfStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// unpackRTF decompresses PR_RTF_COMPRESSED; nil when it is broken at once.
func unpackRTF(b []byte) []byte {
	r := &le{b: b}
	r.u32()
	raw, kind := r.u32(), r.u32()
	r.u32() // checksum
	if r.bad || raw > maxTNEF {
		return nil
	}
	if kind == 0x414c454d { // "MELA": stored
		return r.b[:min(raw, len(r.b))]
	}
	if kind != 0x75465a4c { // "LZFu"
		return nil
	}
	var dict [4096]byte
	pos := copy(dict[:], rtfStart)
	out := make([]byte, 0, min(raw, 1<<20))
	put := func(c byte) {
		out = append(out, c)
		dict[pos] = c
		pos = (pos + 1) & 4095
	}
	for len(r.b) > 0 && len(out) < raw {
		control := r.u8()
		for bit := 0; bit < 8 && len(r.b) > 0 && len(out) < raw; bit++ {
			if control>>bit&1 == 0 {
				put(byte(r.u8()))
				continue
			}
			hi, lo := r.u8(), r.u8()
			off, n := hi<<4|lo>>4, lo&15+2
			if off == pos {
				return out
			}
			for ; n > 0; n-- {
				put(dict[off])
				off = (off + 1) & 4095
			}
		}
	}
	return out
}
