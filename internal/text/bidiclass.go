package text

import "golang.org/x/text/unicode/bidi"

// bclass is a Bidi_Class (UAX #44). Our own small type keeps a paragraph's classes in one byte a character.
type bclass uint8

const (
	clL bclass = iota
	clR
	clAL
	clEN
	clES
	clET
	clAN
	clCS
	clNSM
	clBN
	clB
	clS
	clWS
	clON
	clLRE
	clRLE
	clLRO
	clRLO
	clPDF
	clLRI
	clRLI
	clFSI
	clPDI
)

// xclass maps the classes of x/text to ours; x/text's tables follow the Go release (Unicode 15 to 17).
var xclass = [...]bclass{
	bidi.L: clL, bidi.R: clR, bidi.EN: clEN, bidi.ES: clES, bidi.ET: clET, bidi.AN: clAN, bidi.CS: clCS,
	bidi.B: clB, bidi.S: clS, bidi.WS: clWS, bidi.ON: clON, bidi.BN: clBN, bidi.NSM: clNSM, bidi.AL: clAL,
	bidi.LRO: clLRO, bidi.RLO: clRLO, bidi.LRE: clLRE, bidi.RLE: clRLE, bidi.PDF: clPDF,
	bidi.LRI: clLRI, bidi.RLI: clRLI, bidi.FSI: clFSI, bidi.PDI: clPDI,
}

// lowClass answers for U+0000..U+07FF (Latin, Greek, Cyrillic, Hebrew, Arabic, Syriac), where nearly all mail lives,
// without walking x/text's trie.
var lowClass = func() (t [0x800]bclass) {
	for r := range t {
		t[r] = lookupClass(rune(r))
	}
	return t
}()

func lookupClass(r rune) bclass {
	if r >= 0xD800 && r <= 0xDFFF || r > 0x10FFFF || r < 0 {
		return clL
	}
	p, _ := bidi.LookupRune(r)
	c := p.Class()
	if int(c) >= len(xclass) {
		return clL
	}
	return xclass[c]
}

// classOf returns the Bidi_Class of a rune.
func classOf(r rune) bclass {
	if uint32(r) < 0x800 {
		return lowClass[r]
	}
	return lookupClass(r)
}

// Sets of classes, as bit masks.
const (
	maskStrongRTL = 1<<clR | 1<<clAL
	maskExplicit  = 1<<clLRE | 1<<clRLE | 1<<clLRO | 1<<clRLO | 1<<clPDF | 1<<clLRI | 1<<clRLI | 1<<clFSI | 1<<clPDI
	maskIsolate   = 1<<clLRI | 1<<clRLI | 1<<clFSI
	maskRemoved   = 1<<clLRE | 1<<clRLE | 1<<clLRO | 1<<clRLO | 1<<clPDF | 1<<clBN
	maskNeutral   = 1<<clB | 1<<clS | 1<<clWS | 1<<clON | 1<<clLRI | 1<<clRLI | 1<<clFSI | 1<<clPDI
	// Trailing characters that rule L1 sets back to the paragraph's level.
	maskTrailing = 1<<clWS | 1<<clLRI | 1<<clRLI | 1<<clFSI | 1<<clPDI | maskRemoved
	// needsBidi: when none of these occurs and the base is left-to-right, every level is 0.
	maskNeedsBidi = maskStrongRTL | 1<<clAN | maskExplicit
)

func (c bclass) in(mask uint32) bool { return 1<<c&mask != 0 }
