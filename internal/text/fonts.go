package text

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"

	"peyk/assets"
)

// face is a parsed font file; immutable and safe for concurrent use (typesetting's font.Face is not: each worker has
// its own, see worker.hbFont).
type face struct {
	id      uint32
	font    *font.Font
	upem    float32
	ascent  float32 // above the baseline, in font units
	descent float32 // below the baseline, positive
	lineGap float32
	xHeight float32
	ulPos   float32 // top of the underline below the baseline, positive
	ulThick float32
	stPos   float32 // middle of the strike line above the baseline
	words   bool    // the rules of the font look no further than over one space: words may be shaped alone
	arabic  bool    // the font has rules for Arabic letters
	bitmap  bool    // colour bitmaps only: Noto Color Emoji, Apple Color Emoji
	file    string  // where it was read from; "": embedded
	index   int     // in a collection
	data    []byte  // of an embedded one
}

var faceIDs atomic.Uint32

func newFace(f *font.Font) *face {
	c := &face{id: faceIDs.Add(1), font: f, upem: float32(f.Upem()), arabic: f.GSUB.FindScript(ot.MustNewTag("arab")) >= 0}
	if c.upem <= 0 {
		c.upem = 1000
	}
	fc := font.NewFace(f)
	if ext, ok := fc.FontHExtents(); ok {
		c.ascent, c.descent, c.lineGap = ext.Ascender, -ext.Descender, max(0, ext.LineGap)
	}
	if c.ascent+c.descent <= 0 || c.ascent+c.descent > 5*c.upem {
		c.ascent, c.descent = 0.9*c.upem, 0.3*c.upem
	}
	if c.xHeight = fc.LineMetric(font.XHeight); c.xHeight <= 0 || c.xHeight > c.upem {
		c.xHeight = c.upem / 2
	}
	c.ulPos = -fc.LineMetric(font.UnderlinePosition)
	c.ulThick = fc.LineMetric(font.UnderlineThickness)
	if c.ulThick <= 0 || c.ulThick > c.upem/5 {
		c.ulThick = c.upem / 18
	}
	if c.ulPos <= 0 || c.ulPos > c.upem/2 {
		c.ulPos = c.upem / 9
	}
	c.ulPos = min(c.ulPos, 0.13*c.upem) // Vazirmatn asks for a place below its own marks, far from the letters
	c.stPos = fc.LineMetric(font.StrikethroughPosition)
	if c.stPos <= 0 || c.stPos > c.upem {
		c.stPos = c.upem / 3.5
	}
	c.bitmap = len(f.BitmapSizes()) > 0
	return c
}

// has reports whether the font maps r to a glyph.
func (f *face) has(r rune) bool {
	_, ok := f.font.NominalGlyph(r)
	return ok
}

// The embedded fonts are parsed once for the whole process, each when it is first wanted.
var embedded [4]struct {
	once sync.Once
	face *face
}

func embeddedFace(w Weight) *face {
	if w > Bold {
		w = Bold
	}
	e := &embedded[w]
	e.once.Do(func() {
		data := [4][]byte{assets.FontRegular, assets.FontMedium, assets.FontSemiBold, assets.FontBold}[w]
		fc, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			panic(fmt.Sprintf("text: embedded font of weight %d: %v", w, err)) // a broken build, not bad input
		}
		e.face = newFace(fc.Font)
		e.face.words, e.face.data = true, data
	})
	return e.face
}
