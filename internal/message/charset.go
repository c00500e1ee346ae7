package message

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// moreCharsets are names seen in mail that the WHATWG and IANA tables do not know, or know as something else.
var moreCharsets = map[string]encoding.Encoding{
	"iso-8859-8-i": charmap.ISO8859_8, "iso-8859-8-e": charmap.ISO8859_8, "iso-8859-6-i": charmap.ISO8859_6, "iso-8859-6-e": charmap.ISO8859_6,
	"hz-gb-2312": simplifiedchinese.HZGB2312, "cp932": japanese.ShiftJIS, "cp51932": japanese.EUCJP, "cp949": korean.EUCKR,
	"ks_c_5601-1987": korean.EUCKR, "cp936": simplifiedchinese.GBK, "gb2312_charset": simplifiedchinese.GBK, "x-gbk": simplifiedchinese.GBK,
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852, "cp855": charmap.CodePage855, "cp858": charmap.CodePage858,
	"cp860": charmap.CodePage860, "cp862": charmap.CodePage862, "cp863": charmap.CodePage863, "cp865": charmap.CodePage865, "cp866": charmap.CodePage866,
	"cp874": charmap.Windows874, "tis-620": charmap.Windows874, "x-mac-roman": charmap.Macintosh, "macroman": charmap.Macintosh,
	"utf-32": utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "utf-32be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"latin-1": charmap.Windows1252, "iso-latin-1": charmap.Windows1252, "8859-1": charmap.Windows1252, "latin-9": charmap.ISO8859_15,
}

// charsetName brings a label into the form the tables use.
func charsetName(label string) string {
	l := strings.ToLower(strings.Trim(label, " \t\r\n\"'<>;,"))
	l = strings.ReplaceAll(l, " ", "")
	switch {
	case strings.HasPrefix(l, "charset="):
		l = strings.Trim(l[8:], "\"'")
	case strings.HasPrefix(l, "x-") && strings.HasPrefix(l, "x-windows-"):
		l = l[2:]
	}
	for _, p := range []string{"cp-", "ibm-", "ibm", "cp_"} {
		if rest, ok := strings.CutPrefix(l, p); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			l = "cp" + rest
		}
	}
	if rest, ok := strings.CutPrefix(l, "windows"); ok && strings.TrimLeft(rest, "0123456789") == "" && rest != "" {
		l = "windows-" + rest
	}
	if rest, ok := strings.CutPrefix(l, "iso8859"); ok {
		l = "iso-8859-" + strings.Trim(rest, "-_")
	}
	return l
}

// isUTF8Name and isASCIIName sort out the labels that need no table.
func isUTF8Name(n string) bool {
	switch n {
	case "utf-8", "utf8", "utf_8", "x-utf-8", "unicode-1-1-utf-8", "utf-8-sig", "utf8mb4", "cp65001", "utf-8-mac":
		return true
	}
	return false
}

func isASCIIName(n string) bool {
	switch n {
	case "", "us-ascii", "usascii", "ascii", "ansi_x3.4-1968", "iso-ir-6", "iso646-us", "us", "646", "7bit", "8bit", "binary":
		return true
	}
	return false
}

// lookupCharset returns nil for a charset nobody knows.
func lookupCharset(n string) encoding.Encoding {
	if e, ok := moreCharsets[n]; ok {
		return e
	}
	if n == "x-user-defined" { // whatever the sender's program was set to: the web's private characters are never meant
		return nil
	}
	if e, err := htmlindex.Get(n); err == nil && e != encoding.Replacement {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(n); err == nil && e != nil && e != encoding.Replacement {
		return e
	}
	if strings.HasPrefix(n, "cp125") {
		if e, err := htmlindex.Get("windows-" + n[2:]); err == nil {
			return e
		}
	}
	return nil
}

// knownCharset tells whether a label means anything.
func knownCharset(label string) bool {
	n := charsetName(label)
	return n != "" && (isUTF8Name(n) || isASCIIName(n) || isUTF7Name(n) || isISO2022Name(n) || isUTF16Name(n) || n == "x-imap4-modified-utf7" || lookupCharset(n) != nil)
}

// decodeCharset decodes b to UTF-8. A label that is unknown, missing or plainly wrong is replaced by a guess; bytes
// that mean nothing become U+FFFD. NULs are dropped.
func decodeCharset(b []byte, label string) string {
	s, _ := decodeLabelled(b, label)
	return s
}

// decodeLabelled is decodeCharset and tells whether the label was right.
func decodeLabelled(b []byte, label string) (s string, right bool) {
	n := charsetName(label)
	switch {
	case isUTF8Name(n):
		return fromUTF8(b)
	case isASCIIName(n):
		return decodeRaw(b, ""), n == "" || isASCII(b)
	case isUTF7Name(n):
		return fromUTF7(b), true
	case isISO2022Name(n):
		return fromISO2022(b), true
	case isUTF16Name(n):
		return fromUTF16(b), true
	case n == "x-imap4-modified-utf7":
		return fromIMAPUTF7(b), true
	}
	e := lookupCharset(n)
	if e == nil {
		return decodeRaw(b, ""), isASCII(b)
	}
	if isASCII(b) && !isStateful(n) {
		return dropNUL(string(b)), true
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil && len(out) == 0 {
		return decodeRaw(b, ""), false
	}
	s = strings.TrimPrefix(dropNUL(string(out)), "\ufeff")
	if !isStateful(n) && wrongLabel(b, s, n) {
		return decodeRaw(b, ""), false
	}
	return s, true
}

// isStateful: encodings in which ASCII bytes are not ASCII.
func isStateful(n string) bool {
	return strings.HasPrefix(n, "iso-2022") || strings.HasPrefix(n, "utf-16") || strings.HasPrefix(n, "utf-32") || strings.HasPrefix(n, "ucs") ||
		strings.HasPrefix(n, "iso-10646") || strings.HasPrefix(n, "hz-") || strings.HasPrefix(n, "cp5022") || strings.HasPrefix(n, "csiso2022") || strings.HasPrefix(n, "unicode") || n == "utf16"
}

// fromUTF8 takes b as UTF-8; when most of it is not, the label was wrong.
func fromUTF8(b []byte) (s string, right bool) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if utf8.Valid(b) {
		return dropNUL(string(b)), true
	}
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if bad > 2*good {
		return guessCharset(b), false
	}
	return dropNUL(strings.ToValidUTF8(string(b), "\ufffd")), true
}

// decodeRaw decodes bytes without a label: ASCII, UTF-8, the hint, a guess.
func decodeRaw(b []byte, hint string) string {
	if isASCII(b) {
		if bytes.IndexByte(b, 0x1b) >= 0 && looksISO2022JP(b) {
			return fromISO2022(b)
		}
		return dropNUL(string(b))
	}
	if utf8.Valid(b) {
		s, _ := fromUTF8(b)
		return s
	}
	if n := charsetName(hint); !isUTF8Name(n) && !isASCIIName(n) {
		if e := lookupCharset(n); e != nil {
			return decodeCharset(b, n)
		}
	}
	return guessCharset(b)
}

// looksISO2022JP: the escape sequences that start and end Japanese are there (RFC 1468).
func looksISO2022JP(b []byte) bool {
	return bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@")) || bytes.Contains(b, []byte("\x1b(J"))
}

func isASCII(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func dropNUL(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// isISO2022Name: charsets that switch sets by escape sequences.
func isISO2022Name(n string) bool {
	return strings.HasPrefix(n, "iso-2022-") || strings.HasPrefix(n, "csiso2022") || n == "jis" || n == "cp50220" || n == "cp50221" || n == "cp50222" || n == "cp50225"
}

// isUTF16Name: UTF-16 without a word about the order of its bytes.
func isUTF16Name(n string) bool {
	switch n {
	case "utf-16", "utf16", "ucs-2", "ucs2", "iso-10646-ucs-2", "unicode", "csunicode":
		return true
	}
	return false
}

// fromUTF16 decodes UTF-16 by its byte order mark. Without one RFC 2781 says big-endian and WHATWG says little-endian;
// where the zeros of ASCII characters stand tells who was right.
func fromUTF16(b []byte) string {
	zeros := [2]int{}
	for i, c := range b[:min(len(b), maxGuess)] {
		if c == 0 {
			zeros[i&1]++
		}
	}
	order := unicode.LittleEndian
	if zeros[0] > zeros[1] {
		order = unicode.BigEndian
	}
	out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return dropNUL(string(out))
}
