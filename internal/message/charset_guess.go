package message

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding/charmap"
)

// maxGuess is how much of a text is looked at for guessing.
const maxGuess = 16 << 10

// guessCharset decodes text whose charset nobody told: neither ASCII nor UTF-8.
func guessCharset(b []byte) string { return dropNUL(guessRaw(b)) }

func guessRaw(b []byte) string {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		return fromUTF16(b)
	}
	sample := b[:min(len(b), maxGuess)]
	n := guessByLetters(sample)
	if n == "" && len(b) >= 8 {
		n = detect(sample)
	}
	if n != "" {
		if out, err := lookupCharset(n).NewDecoder().Bytes(b); err == nil && !bytes.Contains(out, []byte("\ufffd")) {
			return string(out)
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(out)
}

// detect names the likeliest charset of text that is neither ASCII nor UTF-8; "" when nothing is likely. Of equally
// likely ones the first by name counts: the detector itself gives them in any order.
func detect(sample []byte) string {
	all, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		return ""
	}
	best, confidence := "", 39
	for _, r := range all {
		n := charsetName(r.Charset)
		if isUTF8Name(n) || strings.HasPrefix(n, "utf-") || lookupCharset(n) == nil {
			continue
		}
		if r.Confidence > confidence || r.Confidence == confidence && n < best {
			best, confidence = n, r.Confidence
		}
	}
	return best
}

// scripts are single-byte charsets of alphabets other than Latin with the letters that make up most of any text in
// them. The detector knows these charsets by languages of its own choice, Persian not among them.
var scripts = []struct{ charset, letters string }{
	{"windows-1256", "ایينرمدهوتلبسشک"},
	{"windows-1251", "оеаинтсрвлкмдп"},
	{"koi8-u", "оеаинтсрвлкмдп"},
	{"windows-1253", "αοιετσνηυρπκ"},
	{"windows-1255", "יוהלארתבמש"},
	{"iso-8859-5", "оеаинтсрвлкмдп"},
	{"iso-8859-6", "اينرمدهوتلبس"},
}

// foreignWords counts the words of another alphabet: runs of 8-bit bytes. None when there are more of the 8-bit bytes
// that stand alone between ASCII letters, as the accents of a Latin alphabet do. It counts what is a letter in most charsets.
func foreignWords(b []byte) int {
	words, runs, alone := 0, 0, 0
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		j, letters := i, 0
		for j < len(b) && b[j] >= 0x80 {
			if b[j] >= 0xc0 {
				letters++
			}
			j++
		}
		switch {
		case j-i >= 3 && letters*2 > j-i:
			words++
			runs += j - i
		case letters > 0 && (i > 0 && isLetter(b[i-1]) || j < len(b) && isLetter(b[j])):
			alone += j - i // short words of another alphabet have no ASCII letter beside them
		}
		i = j
	}
	if runs < 4 || runs <= 2*alone {
		return 0
	}
	return words
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// leastShare is how much of a text its common letters must be: they are three quarters, in a wrong alphabet 40 percent.
const leastShare = 0.6

// guessByLetters names the single-byte charset whose alphabet fits by the frequency of letters, "" when none does.
func guessByLetters(sample []byte) string {
	if foreignWords(sample) == 0 {
		return ""
	}
	best, share := "", leastShare
	for _, s := range scripts {
		out, err := lookupCharset(s.charset).NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		if f := letterShare(string(out), s.letters); f > share {
			best, share = s.charset, f
		}
	}
	return best
}

// letterShare is the part of the characters outside ASCII that are among letters. Characters of no alphabet, and Latin
// letters, count against it.
func letterShare(s, letters string) float64 {
	common, all := 0, 0
	for _, r := range s {
		if r < utf8.RuneSelf || unicode.IsSpace(r) {
			continue
		}
		all++
		if strings.ContainsRune(letters, unicode.ToLower(r)) {
			common++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(common) / float64(all)
}

// wrongLabel tells whether a label of a charset, which made s of b, is plainly wrong. Mailers that know nothing of
// charsets write their default one over whatever text they are given.
func wrongLabel(b []byte, s, charset string) bool {
	sample := b[:min(len(b), maxGuess)]
	if utf8.Valid(b) {
		// Text in another charset is hardly ever valid UTF-8 too, but a short one may be: "Ã©" is.
		return strings.Contains(s, "\ufffd") || !isMultiByte(charset) && multiByteChars(sample) >= 3
	}
	return isLatin1(charset) && foreignWords(sample) >= 3 && guessByLetters(sample) != ""
}

// multiByteChars counts the characters of valid UTF-8 that are not ASCII.
func multiByteChars(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0xc0 {
			n++
		}
	}
	// U+FFFD is what a program wrote that could not read the text either; it says nothing about the charset.
	return n - bytes.Count(b, []byte("\ufffd"))
}

func isLatin1(n string) bool {
	switch lookupCharset(n) {
	case charmap.Windows1252, charmap.ISO8859_1, charmap.ISO8859_15:
		return true
	}
	return false
}

// isMultiByte: the charset has characters of several bytes, in which UTF-8 may be valid text by accident.
func isMultiByte(n string) bool {
	_, single := lookupCharset(n).(*charmap.Charmap)
	return !single
}
