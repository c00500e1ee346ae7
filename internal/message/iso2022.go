package message

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// escaped is a character set that an escape sequence of ISO 2022 selects, as the 8-bit encoding that holds the same
// characters with the high bit set.
type escaped struct {
	enc encoding.Encoding
	// prefix stands before every character in that encoding (the single shifts of EUC-JP).
	prefix byte
	width  int
}

var (
	latinSet    = escaped{}
	jis0208     = escaped{japanese.EUCJP, 0, 2}
	jis0212     = escaped{japanese.EUCJP, 0x8f, 2}
	jisKatakana = escaped{japanese.EUCJP, 0x8e, 1}
	gb2312Set   = escaped{simplifiedchinese.GBK, 0, 2}
	ksx1001     = escaped{korean.EUCKR, 0, 2}
	greekSet    = escaped{charmap.ISO8859_7, 0, 1}
	// cnsSet is what nobody has tables for: its characters become U+FFFD.
	cnsSet = escaped{encoding.Replacement, 0, 2}
)

// escapes are the sequences of ISO-2022-JP, -JP-1, -JP-2 (RFC 1468, 2237, 1554), -KR (RFC 1557) and -CN (RFC 1922),
// without their ESC. Those with ")" are used after SO only.
var escapes = []struct {
	seq   string
	set   escaped
	shift bool
}{
	{"(B", latinSet, false}, {"(J", latinSet, false}, {"(H", latinSet, false}, {"(I", jisKatakana, false},
	{"$@", jis0208, false}, {"$B", jis0208, false}, {"$(B", jis0208, false}, {"$(@", jis0208, false}, {"$(D", jis0212, false}, {"&@\x1b$B", jis0208, false},
	{"$A", gb2312Set, false}, {"$(A", gb2312Set, false}, {"$(C", ksx1001, false}, {"$C", ksx1001, false},
	{"$)C", ksx1001, true}, {"$)A", gb2312Set, true}, {"$)E", gb2312Set, true}, {"$)G", cnsSet, true}, {"$*H", cnsSet, true},
	{".A", latinSet, true}, {".F", greekSet, true},
}

// fromISO2022 decodes text with the escape sequences of any ISO-2022 charset, whichever the label names: mailers mix
// them. A line end goes back to ASCII. Sequences that are unknown are left out.
func fromISO2022(b []byte) string {
	var out strings.Builder
	out.Grow(len(b) * 3 / 2)
	d := iso2022{out: &out}
	for len(b) > 0 {
		n := bytes.IndexAny(b, "\x1b\x0e\x0f\n")
		if n < 0 {
			n = len(b)
		}
		d.text(b[:n])
		b = b[n:]
		if len(b) > 0 {
			b = d.control(b)
		}
	}
	return dropNUL(out.String())
}

// iso2022 is the state of the decoding: the sets designated to G0 and G1, and whether G1 is in use.
type iso2022 struct {
	out    *strings.Builder
	g0, g1 escaped
	shift  bool
}

// control takes in what b starts with: a shift, a line end or an escape sequence.
func (d *iso2022) control(b []byte) (rest []byte) {
	switch b[0] {
	case 0x0e:
		d.shift = true
	case 0x0f:
		d.shift = false
	case '\n':
		d.out.WriteByte('\n')
		d.shift, d.g0 = false, latinSet
	default:
		return d.escape(b[1:])
	}
	return b[1:]
}

func (d *iso2022) escape(b []byte) []byte {
	for _, e := range escapes {
		if rest, ok := bytes.CutPrefix(b, []byte(e.seq)); ok {
			if e.shift {
				d.g1 = e.set
			} else {
				d.g0 = e.set
			}
			return rest
		}
	}
	if len(b) > 0 && b[0] == 'N' { // SS2: one character of G2
		n := 1
		if d.g1.width == 1 {
			set := d.g1
			d.high(b[1:min(len(b), 2)], set)
			n = 2
		}
		return b[min(n, len(b)):]
	}
	return b
}

// text decodes characters of the set in use.
func (d *iso2022) text(b []byte) {
	set := d.g0
	if d.shift {
		set = d.g1
	}
	if set.enc == nil {
		d.latin(b)
		return
	}
	d.high(b, set)
}

// latin writes ASCII; 8-bit bytes among it are half-width katakana (CP50220) or a mistake.
func (d *iso2022) latin(b []byte) {
	if isASCII(b) {
		d.out.Write(b)
		return
	}
	s, _ := japanese.ShiftJIS.NewDecoder().Bytes(b)
	d.out.Write(s)
}

// high decodes the 7-bit codes of set; blanks and controls among them are themselves.
func (d *iso2022) high(b []byte, set escaped) {
	buf := make([]byte, 0, len(b)*(set.width+1)/set.width)
	flush := func() {
		if len(buf) > 0 {
			s, err := set.enc.NewDecoder().Bytes(buf)
			if err != nil || set.enc == encoding.Replacement {
				s = []byte(strings.Repeat("\ufffd", len(buf)/set.width))
			}
			d.out.Write(s)
			buf = buf[:0]
		}
	}
	for i := 0; i < len(b); {
		if b[i]&0x7f <= 0x20 {
			flush()
			d.out.WriteByte(b[i] & 0x7f)
			i++
			continue
		}
		if i+set.width > len(b) {
			flush()
			d.out.WriteRune('\ufffd')
			break
		}
		if set.prefix != 0 {
			buf = append(buf, set.prefix)
		}
		for _, c := range b[i : i+set.width] {
			buf = append(buf, c|0x80)
		}
		i += set.width
	}
	flush()
}
